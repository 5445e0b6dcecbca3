"""The logistic link: Bradley-Terry.

``P(left) = logistic(u_left - u_right)``. R. A. Bradley and M. E. Terry, "Rank analysis of
incomplete block designs", Biometrika 39 (1952), 324-345.
"""

from __future__ import annotations

import numpy as np

from telic.values._arrays import Floats

__all__ = ["log_logistic"]


def log_logistic(x: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the logistic link, see :data:`telic.values._arrays.LogLink`."""
    small = np.exp(-np.abs(x))
    value = np.minimum(x, 0.0) - np.log1p(small)
    slope = np.where(x > 0, small, 1.0) / (1.0 + small)
    return value, value - x, slope, 1.0 - slope
