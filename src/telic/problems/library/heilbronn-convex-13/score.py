"""Smallest triangle of 13 points, as a share of the area of their convex hull."""

from typing import Any

import numpy as np

from telic.exact import float_array
from telic.problems.points import hull_area, triangle_areas, triangles
from telic.scoring import Case, Score, infeasible

COUNT = 13
CORNERS = triangles(COUNT)


def score(output: Any, case: Case) -> Score:
    try:
        points = float_array(output, (COUNT, 2))
    except ValueError as error:
        return infeasible(str(error))
    spread = float(np.ptp(points, axis=0).max())
    if not 1e-3 <= spread <= 1e3 or np.abs(points).max() > 1e3:
        return infeasible("the points must spread over 0.001 to 1000, with coordinates below 1000")
    hull = hull_area(points)
    if hull < 1e-6 * spread**2:
        return infeasible("the points lie almost on a line")
    shares = triangle_areas(points, CORNERS) / hull
    return Score(metrics={"score": float(shares.min())}, terms=shares.tolist())
