"""Side of the upright square around 11 unit squares that keep a guarded distance."""

import math
from typing import Any

import numpy as np

from telic.exact import float_array
from telic.problems.polygons import GUARD, corners, separations
from telic.scoring import Case, Score, infeasible

COUNT = 11


def score(output: Any, case: Case) -> Score:
    try:
        places = float_array(output, (COUNT, 3))
    except ValueError as error:
        return infeasible(str(error))
    if np.abs(places).max() > 100.0:
        return infeasible("a square lies far away, or an angle is beyond 100")
    turned = places + np.array([0.0, 0.0, math.pi / 4])
    squares = corners(turned, sides=4, radius=math.sqrt(0.5))
    gaps = separations(squares) - GUARD
    side = float(np.ptp(squares.reshape(-1, 2), axis=0).max())
    feasible = bool(gaps.min() >= 0.0)
    return Score(
        metrics={"score": side},
        feasible=feasible,
        feedback="" if feasible else f"two squares overlap by {-gaps.min():.3g}",
        margins=gaps.tolist(),
    )
