"""Names of array types."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["Floats", "Indices", "LogLink"]

Floats = NDArray[np.floating]
Indices = NDArray[np.integer]

LogLink = Callable[[Floats], tuple[Floats, Floats, Floats, Floats]]
"""``x`` → ``log F(x)``, ``log F(-x)`` and the derivatives of ``log F`` at ``x`` and ``-x``, for
the distribution function ``F`` of noise that is symmetric around 0."""
