"""Number of tiles that leave one square free in each row and column of a 16 by 16 grid."""

from typing import Any

import numpy as np

from telic.exact import int_list
from telic.scoring import Case, Score, infeasible

SIZE = 16


def score(output: Any, case: Case) -> Score:
    rows = output.tolist() if hasattr(output, "tolist") else output
    if not isinstance(rows, list | tuple) or len(rows) > SIZE * SIZE:
        return infeasible("expected a list of tiles")
    covered = np.zeros((SIZE, SIZE), dtype=np.int64)
    for row in rows:
        try:
            top, left, bottom, right = int_list(row, low=0, high=SIZE - 1, length=4)
        except ValueError as error:
            return infeasible(str(error))
        if top > bottom or left > right:
            return infeasible(f"the tile {row} is turned over")
        covered[top : bottom + 1, left : right + 1] += 1
    if covered.max() > 1:
        return infeasible("two tiles overlap")
    free = covered == 0
    if (free.sum(axis=0) != 1).any() or (free.sum(axis=1) != 1).any():
        return infeasible("a row or column does not have exactly one free square")
    return Score(metrics={"score": float(len(rows))})
