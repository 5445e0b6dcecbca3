"""Sum of radii of 26 disjoint circles in the unit square; decided exactly, no tolerance."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from telic.exact import float_array, integers
from telic.scoring import Case, Score, infeasible

COUNT = 26
FIRST, SECOND = np.triu_indices(COUNT, 1)
CLEAR = 1e-12  # far above the rounding error of a slack computed in floats near 1


def score(output: Any, case: Case) -> Score:
    try:
        circles = float_array(output, (COUNT, 3))
    except ValueError as error:
        return infeasible(str(error))
    if np.abs(circles).max() > 2.0:
        return infeasible("a circle lies far outside the unit square")
    x, y, r = circles.T
    gaps = np.hypot(x[FIRST] - x[SECOND], y[FIRST] - y[SECOND]) - (r[FIRST] + r[SECOND])
    slacks = np.concatenate((r, x - r, y - r, 1.0 - x - r, 1.0 - y - r, gaps))
    worst = slacks.min()
    feasible = worst > CLEAR or (worst > -CLEAR and _fits_exactly(circles, gaps))
    return Score(
        metrics={"score": math.fsum(r.tolist())},
        feasible=bool(feasible),
        feedback="" if feasible else f"a circle overlaps another or a side by {-worst:.3g}",
        margins=slacks.tolist(),
    )


def _fits_exactly(circles: NDArray[np.float64], gaps: NDArray[np.float64]) -> bool:
    """Decide all sides, and the pairs that floats leave open, on integers."""
    flat, one = integers(circles.ravel().tolist())
    x, y, r = flat[0::3], flat[1::3], flat[2::3]
    for a, b, radius in zip(x, y, r, strict=True):
        if radius < 0 or min(a, b) < radius or max(a, b) + radius > one:
            return False
    for pair in np.flatnonzero(gaps <= CLEAR).tolist():
        i, j = FIRST[pair], SECOND[pair]
        if (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2 < (r[i] + r[j]) ** 2:
            return False
    return True
