"""Trusted check of rigid regular polygons that must not overlap.

Corners are cosines and sines, so contact cannot be decided exactly; the check is one-sided
instead. Two polygons are accepted as disjoint only if a separating line leaves a gap of more
than ``GUARD``, which is far above the rounding error of the corners, so no overlap however
small is ever accepted, and a true contact must keep the guard's distance.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["GUARD", "clearances", "corners", "separations"]

Floats = NDArray[np.float64]

GUARD = 1e-11
"""Required gap, in units of the side length."""

_TIE = 1e-6
"""Difference of two gaps up to which the first polygon's side is taken."""


def corners(places: Floats, *, sides: int, radius: float) -> Floats:
    """Return the corners of regular polygons.

    Args:
        places: rows of centre x, centre y and rotation in radians, shape ``(n, 3)``.
        sides: number of corners of each polygon.
        radius: from the centre to a corner.

    Returns:
        Coordinates of shape ``(n, sides, 2)``, counter-clockwise.
    """
    angles = places[:, 2:3] + 2.0 * np.pi * np.arange(sides) / sides
    circle = np.stack((np.cos(angles), np.sin(angles)), axis=2)
    return places[:, None, :2] + radius * circle


def separations(polygons: Floats) -> Floats:
    """Return the widest gap that a side of either polygon leaves, for each pair.

    Args:
        polygons: corners of shape ``(n, sides, 2)``, all polygons congruent and convex.

    Returns:
        One number for each pair in the order of ``numpy.triu_indices``; negative where the
        two overlap.
    """
    gaps = _beyond(polygons).min(axis=3).max(axis=1)
    best = np.maximum(gaps, gaps.T)
    return best[np.triu_indices(len(polygons), 1)]


def clearances(polygons: Floats) -> Floats:
    """Return how far each corner of one polygon lies beyond a side of the other that parts them.

    A pair is apart if all its clearances are positive. Unlike the gap, which is the least of
    them, each is smooth, also where two sides touch along their length; of two sides that part
    a pair equally well, the first polygon's is taken, so that small moves do not change it.

    Args:
        polygons: corners of shape ``(n, sides, 2)``, all polygons congruent and convex.

    Returns:
        Shape ``(pairs, sides)``, pairs in the order of ``numpy.triu_indices``.
    """
    beyond = _beyond(polygons)
    gaps = beyond.min(axis=3)
    sides = gaps.argmax(axis=1)
    first, second = np.triu_indices(len(polygons), 1)
    widest = gaps.max(axis=1)
    is_first = widest[first, second] >= widest[second, first] - _TIE
    one, other = np.where(is_first, first, second), np.where(is_first, second, first)
    return beyond[one, sides[one, other], other]


def _beyond(polygons: Floats) -> Floats:
    """Return how far corner ``c`` of polygon ``j`` is beyond side ``s`` of polygon ``i``.

    Shape ``(n, sides, n, sides)``, indices ``i, s, j, c``.
    """
    sides = np.roll(polygons, -1, axis=1) - polygons
    outward = np.stack((sides[..., 1], -sides[..., 0]), axis=2)
    outward /= np.sqrt((outward**2).sum(axis=2, keepdims=True))
    own = (outward * polygons).sum(axis=2)
    return np.einsum("isx,jcx->isjc", outward, polygons) - own[:, :, None, None]
