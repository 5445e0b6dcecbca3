"""Trusted check of rigid regular polygons that must not overlap.

Corners are cosines and sines, so contact cannot be decided exactly; the check is one-sided
instead. Two polygons are accepted as disjoint only if a separating line leaves a gap of more
than ``GUARD``, which is far above the rounding error of the corners, so no overlap however
small is ever accepted, and a true contact must keep the guard's distance.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["GUARD", "corners", "separations"]

Floats = NDArray[np.float64]

GUARD = 1e-11
"""Required gap, in units of the side length."""


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
    count = len(polygons)
    sides = np.roll(polygons, -1, axis=1) - polygons
    outward = np.stack((sides[..., 1], -sides[..., 0]), axis=2)
    outward /= np.sqrt((outward**2).sum(axis=2, keepdims=True))
    own = (outward * polygons).sum(axis=2)
    # reach[i, s, j, c]: how far corner c of polygon j lies along side s of polygon i.
    reach = np.einsum("isx,jcx->isjc", outward, polygons)
    gaps = (reach.min(axis=3) - own[:, :, None]).max(axis=1)
    best = np.maximum(gaps, gaps.T)
    return best[np.triu_indices(count, 1)]
