"""Trusted measures of point sets, shared by several geometric problems.

The measures are distances, areas or minima whose relative error is a few units in the last
place, so candidates gain nothing from it; the one constraint, that points are at least 1 apart,
is decided on integers that equal the floats exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from telic.exact import float_array, integers
from telic.scoring import Case, Score, infeasible

__all__ = ["distance_ratio_scorer", "hull_area", "triangle_areas", "triangles", "unit_vectors"]

Floats = NDArray[np.float64]

_FAR = 1e6
_CLEAR = 1e-9
"""Slack of a squared distance that is decided by floats."""


def distance_ratio_scorer(count: int, dimension: int) -> Callable[[Any, Case], Score]:
    """Return the scorer of the largest squared distance of points that are at least 1 apart.

    The margins are the squared distances less 1, the terms the squared distances.
    """
    first, second = np.triu_indices(count, 1)

    def score(output: Any, case: Case) -> Score:
        del case
        try:
            points = float_array(output, (count, dimension))
        except ValueError as error:
            return infeasible(str(error))
        if np.abs(points).max() > _FAR:
            return infeasible(f"coordinates beyond {_FAR:g} are not accepted")
        squares = ((points[first] - points[second]) ** 2).sum(axis=1)
        nearest = float(squares.min())
        least = nearest - 1.0
        apart = least > _CLEAR or (least > -_CLEAR and decide(points, squares))
        return Score(
            metrics={"score": float(squares.max())},
            feasible=apart,
            feedback="" if apart else f"two points are only {nearest**0.5:.9g} apart",
            margins=(squares - 1.0).tolist(),
            terms=squares.tolist(),
        )

    def decide(points: Floats, squares: Floats) -> bool:
        """Decide on integers the pairs that floats leave open."""
        flat, one = integers(points.ravel().tolist())
        place = [flat[at : at + dimension] for at in range(0, len(flat), dimension)]
        return all(
            sum((a - b) ** 2 for a, b in zip(place[first[k]], place[second[k]], strict=True))
            >= one * one
            for k in np.flatnonzero(squares < 1.0 + _CLEAR).tolist()
        )

    return score


def triangles(count: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the three corner indices of every triangle of ``count`` points."""
    corners = np.array(list(combinations(range(count), 3)), dtype=np.int64)
    return corners[:, 0], corners[:, 1], corners[:, 2]


def triangle_areas(
    points: Floats,
    corners: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
) -> Floats:
    """Return the areas of the given triangles of points of shape ``(n, 2)``."""
    a, b, c = (points[index] for index in corners)
    u, v = b - a, c - a
    return np.abs(u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]) / 2.0


def hull_area(points: Floats) -> float:
    """Return the area of the convex hull, computed exactly and rounded once."""
    flat, one = integers(points.ravel().tolist())
    ordered = sorted(zip(flat[0::2], flat[1::2], strict=True))
    hull: list[tuple[int, int]] = []
    for path in (ordered, ordered[::-1]):
        start = len(hull)
        for point in path:
            while len(hull) >= start + 2 and _turn(hull[-2], hull[-1], point) <= 0:
                hull.pop()
            hull.append(point)
        hull.pop()
    twice = sum(a[0] * b[1] - a[1] * b[0] for a, b in zip(hull, hull[1:] + hull[:1], strict=True))
    return twice / (2 * one * one)


def _turn(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> int:
    """Return twice the signed area of a triangle; positive for a left turn."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def unit_vectors(output: Any, count: int) -> Floats:
    """Return ``count`` directions of three coordinates, scaled to length 1.

    Raises:
        ValueError: if the output is not of that shape, or a vector is nearly zero or huge.
    """
    vectors = float_array(output, (count, 3))
    lengths = np.sqrt((vectors**2).sum(axis=1))
    if not ((lengths > 1e-6) & (lengths < _FAR)).all():
        raise ValueError(f"a direction must be between 1e-6 and {_FAR:g} long")
    return vectors / lengths[:, None]
