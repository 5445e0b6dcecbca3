"""Size of a cap set in eight dimensions, checked exactly."""

from typing import Any

import numpy as np

from telic.exact import int_list
from telic.scoring import Case, Score, infeasible

DIMENSION = 8
POWERS = 3 ** np.arange(DIMENSION)


def score(output: Any, case: Case) -> Score:
    rows = output.tolist() if hasattr(output, "tolist") else output
    if not isinstance(rows, list | tuple) or not 1 <= len(rows) <= 3**DIMENSION:
        return infeasible("expected a list of vectors")
    try:
        members = [int_list(row, low=0, high=2, length=DIMENSION) for row in rows]
    except ValueError as error:
        return infeasible(str(error))
    vectors = np.array(members, dtype=np.int64)
    codes = vectors @ POWERS
    present = np.zeros(3**DIMENSION, dtype=bool)
    present[codes] = True
    if int(present.sum()) != len(vectors):
        return infeasible("a vector is listed twice")
    for index in range(1, len(vectors)):
        thirds = (-(vectors[:index] + vectors[index]) % 3) @ POWERS
        if present[thirds].any():
            return infeasible(f"vector {index} lies on a line with two others")
    return Score(metrics={"score": float(len(vectors))})
