"""Trusted measures of step functions and their autoconvolution.

A function is a list of heights on equal intervals of [-1/4, 1/4]. The autoconvolution of a
step function is linear between the nodes ``-1/2 + k/(2n)``, so its maximum is at a node and
its norms are exact sums; float rounding is a few units in the last place.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from telic.exact import float_array

__all__ = ["MOST_STEPS", "autoconvolution", "heights"]

Floats = NDArray[np.float64]

MOST_STEPS = 2000


def heights(output: Any) -> Floats:
    """Return a candidate's heights, scaled to the largest absolute height 1.

    Raises:
        ValueError: if they are not 2 to ``MOST_STEPS`` finite numbers, or all nearly zero.
    """
    values = float_array(output, (-1,))
    if not 2 <= len(values) <= MOST_STEPS:
        raise ValueError(f"expected 2 to {MOST_STEPS} heights; got {len(values)}")
    largest = float(np.abs(values).max())
    if not 1e-100 < largest < 1e100:
        raise ValueError("the largest height must be between 1e-100 and 1e100")
    return values / largest


def autoconvolution(values: Floats) -> tuple[Floats, float]:
    """Return ``f*f`` at its inner nodes and the integral of ``f``.

    The step width ``1/(2n)`` is included in both.
    """
    width = 1.0 / (2.0 * len(values))
    return np.convolve(values, values) * width, math.fsum(values.tolist()) * width
