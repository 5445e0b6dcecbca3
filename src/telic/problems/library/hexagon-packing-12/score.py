"""Side of the hexagon around 12 unit hexagons that keep a guarded distance."""

import math
from typing import Any

import numpy as np

from telic.exact import float_array
from telic.problems.polygons import GUARD, clearances, corners, separations
from telic.scoring import Case, Score, infeasible

COUNT = 12
NORMALS = np.pi / 6 + np.pi / 3 * np.arange(6)
OUTWARD = np.stack((np.cos(NORMALS), np.sin(NORMALS)))


def score(output: Any, case: Case) -> Score:
    try:
        places = float_array(output, (COUNT, 3))
    except ValueError as error:
        return infeasible(str(error))
    if np.abs(places).max() > 100.0:
        return infeasible("a hexagon lies far away, or an angle is beyond 100")
    hexagons = corners(places, sides=6, radius=1.0)
    gaps = separations(hexagons) - GUARD
    # The outer side that each corner needs in each direction; the score is the greatest.
    needs = (hexagons @ OUTWARD) * 2.0 / math.sqrt(3.0)
    feasible = bool(gaps.min() >= 0.0)
    return Score(
        metrics={"score": float(needs.max())},
        feasible=feasible,
        feedback="" if feasible else f"two hexagons overlap by {-gaps.min():.3g}",
        margins=(clearances(hexagons) - GUARD).ravel().tolist(),
        terms=needs.ravel().tolist(),
    )
