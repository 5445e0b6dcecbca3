"""Smallest triangle of 11 points in a triangle, as a share of its area; the border is exact."""

from typing import Any

import numpy as np

from telic.exact import float_array, integers
from telic.problems.points import triangle_areas, triangles
from telic.scoring import Case, Score, infeasible

COUNT = 11
CORNERS = triangles(COUNT)


def score(output: Any, case: Case) -> Score:
    try:
        points = float_array(output, (COUNT, 2))
    except ValueError as error:
        return infeasible(str(error))
    if np.abs(points).max() > 2.0:
        return infeasible("a point lies far outside the triangle")
    flat, one = integers(points.ravel().tolist())
    inside = min(flat) >= 0 and all(
        x + y <= one for x, y in zip(flat[0::2], flat[1::2], strict=True)
    )
    margins = np.concatenate((points[:, 0], points[:, 1], 1.0 - points.sum(axis=1)))
    areas = 2.0 * triangle_areas(points, CORNERS)
    return Score(
        metrics={"score": float(areas.min())},
        feasible=inside,
        feedback="" if inside else "a point lies outside the triangle",
        margins=margins.tolist(),
        terms=areas.tolist(),
    )
