"""Number of convex hexagons among 16 integer points, counted exactly."""

from itertools import combinations
from typing import Any

import numpy as np

from telic.exact import int_list
from telic.scoring import Case, Score, infeasible

COUNT = 16
LARGEST = 1_000_000
TRIPLES = np.array(list(combinations(range(COUNT), 3)))
FOURS = np.array(list(combinations(range(COUNT), 4)))
TRIPLE_INDEX = {tuple(triple): index for index, triple in enumerate(TRIPLES.tolist())}
FOUR_INDEX = {tuple(four): index for index, four in enumerate(FOURS.tolist())}
TRIPLES_OF_FOUR = np.array(
    [[TRIPLE_INDEX[triple] for triple in combinations(four, 3)] for four in FOURS.tolist()]
)
FOURS_OF_SIX = np.array(
    [[FOUR_INDEX[four] for four in combinations(six, 4)] for six in combinations(range(COUNT), 6)]
)


def score(output: Any, case: Case) -> Score:
    rows = output.tolist() if hasattr(output, "tolist") else output
    if not isinstance(rows, list | tuple) or len(rows) != COUNT:
        return infeasible(f"expected {COUNT} points")
    try:
        points = [int_list(row, low=-LARGEST, high=LARGEST, length=2) for row in rows]
    except ValueError as error:
        return infeasible(str(error))
    place = np.array(points, dtype=np.int64)
    a, b, c = (place[TRIPLES[:, corner]] for corner in range(3))
    turn = np.sign(
        (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    )
    if not turn.all():
        return infeasible("three points lie on a line")
    # Four points are in convex position iff the product of their four orientations is
    # positive, and six points iff all fifteen fours among them are.
    convex = turn[TRIPLES_OF_FOUR].prod(axis=1) > 0
    return Score(metrics={"score": float(convex[FOURS_OF_SIX].all(axis=1).sum())})
