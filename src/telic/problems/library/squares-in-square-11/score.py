"""Side of the upright square around 11 unit squares that keep a guarded distance."""

import math
from typing import Any

import numpy as np

from telic.exact import float_array
from telic.problems.polygons import GUARD, clearances, corners, separations
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
    # The side that each corner needs in each direction; the score is the greatest.
    needs = 2.0 * np.concatenate((squares, -squares), axis=2)
    feasible = bool(gaps.min() >= 0.0)
    return Score(
        metrics={"score": float(needs.max())},
        feasible=feasible,
        feedback="" if feasible else f"two squares overlap by {-gaps.min():.3g}",
        margins=(clearances(squares) - GUARD).ravel().tolist(),
        terms=needs.ravel().tolist(),
    )
