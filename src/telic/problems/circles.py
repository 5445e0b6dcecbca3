"""Trusted check of disjoint circles in a container, shared by the circle packing problems.

Clear cases are decided by floats, near-ties on integers that equal the floats exactly, so
that there is no tolerance: touching is allowed and the smallest overlap is refused.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from telic.exact import float_array, integers
from telic.scoring import Case, Score, infeasible

__all__ = ["rectangle_scorer", "square_scorer"]

Floats = NDArray[np.float64]

_CLEAR = 1e-12
"""Slack that is decided by floats; far above the rounding error of coordinates near 1."""


def square_scorer(count: int) -> Callable[[Any, Case], Score]:
    """Return the scorer for ``count`` circles ``[x, y, r]`` in the unit square: sum of radii.

    The margins are, in this order: radii, the distances to the left, lower, right and upper
    side, and the gaps between all pairs.
    """

    def walls(x: Floats, y: Floats, r: Floats) -> tuple[Floats, ...]:
        return (x - r, y - r, 1.0 - x - r, 1.0 - y - r)

    def fits(x: list[int], y: list[int], r: list[int], one: int) -> bool:
        return all(
            min(a, b) >= radius and max(a, b) + radius <= one
            for a, b, radius in zip(x, y, r, strict=True)
        )

    return _scorer(count, walls, fits)


def rectangle_scorer(count: int) -> Callable[[Any, Case], Score]:
    """Return the scorer for ``count`` circles ``[x, y, r]`` in a rectangle of perimeter 4.

    The rectangle has its lower left corner at the origin. The margins are: radii, distances to
    the left and lower side, 2 minus the width that one circle and the height that another one
    needs, for all such pairs, and the gaps between all pairs. Each is smooth, unlike the width
    and the height themselves.
    """

    def walls(x: Floats, y: Floats, r: Floats) -> tuple[Floats, ...]:
        return (x - r, y - r, 2.0 - np.add.outer(x + r, y + r).ravel())

    def fits(x: list[int], y: list[int], r: list[int], one: int) -> bool:
        inside = all(min(a, b) >= radius for a, b, radius in zip(x, y, r, strict=True))
        sides = sum(max(c + radius for c, radius in zip(cs, r, strict=True)) for cs in (x, y))
        return inside and sides <= 2 * one

    return _scorer(count, walls, fits)


def _scorer(
    count: int,
    walls: Callable[[Floats, Floats, Floats], tuple[Floats, ...]],
    fits: Callable[[list[int], list[int], list[int], int], bool],
) -> Callable[[Any, Case], Score]:
    first, second = np.triu_indices(count, 1)

    def score(output: Any, case: Case) -> Score:
        del case
        try:
            circles = float_array(output, (count, 3))
        except ValueError as error:
            return infeasible(str(error))
        if np.abs(circles).max() > 4.0:
            return infeasible("a circle lies far outside the container")
        x, y, r = circles.T
        gaps = np.hypot(x[first] - x[second], y[first] - y[second]) - (r[first] + r[second])
        slacks = np.concatenate((r, *walls(x, y, r), gaps))
        worst = float(slacks.min())
        feasible = worst > _CLEAR or (worst > -_CLEAR and decide(circles, gaps))
        return Score(
            metrics={"score": math.fsum(r.tolist())},
            feasible=feasible,
            feedback="" if feasible else f"a circle overlaps another or a side by {-worst:.3g}",
            margins=slacks.tolist(),
        )

    def decide(circles: Floats, gaps: Floats) -> bool:
        """Decide the container, and the pairs that floats leave open, on integers."""
        flat, one = integers(circles.ravel().tolist())
        x, y, r = flat[0::3], flat[1::3], flat[2::3]
        if min(r) < 0 or not fits(x, y, r, one):
            return False
        for pair in np.flatnonzero(gaps <= _CLEAR).tolist():
            i, j = first[pair], second[pair]
            if (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2 < (r[i] + r[j]) ** 2:
                return False
        return True

    return score
