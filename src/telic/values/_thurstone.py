"""The normal link: Thurstone, with one spread for all items or one for each.

An item's worth on an occasion is normal around its utility, so
``P(left) = Φ((u_left - u_right) / √(σ²_left + σ²_right))``. L. L. Thurstone, "A law of
comparative judgment", Psychological Review 34 (1927), 273-286. The unit of utility is the
spread of a difference of two typical items: with a shared spread ``σ² = ½``; with item
spreads ``σ² = ½ exp(s)`` and the ``s`` are shrunk to 0.
"""

from __future__ import annotations

import numpy as np
from scipy.special import erfcx, log_ndtr

from telic.values._arrays import Floats

__all__ = ["log_normal", "standardised"]

_PEAK = np.sqrt(2 / np.pi)


def log_normal(x: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the normal link, see :data:`telic.values._arrays.LogLink`."""
    # The slope is density over distribution; this form has no overflow in either tail.
    scaled = x * np.sqrt(0.5)
    slopes = _PEAK / erfcx(-scaled), _PEAK / erfcx(scaled)
    return log_ndtr(x), log_ndtr(-x), *slopes


def standardised(
    difference: Floats, left: Floats, right: Floats
) -> tuple[Floats, tuple[Floats, Floats, Floats]]:
    """Divide differences of utility by their spread.

    Args:
        difference: (m,) ``u_left - u_right``.
        left: (m,) log variance of the left item relative to a typical one.
        right: the same of the right item.

    Returns:
        The quotient and its derivatives by the three arguments.
    """
    total = np.logaddexp(left, right)
    scale = np.exp(0.5 * (np.log(2.0) - total))
    quotient = difference * scale
    share = np.exp(left - total)
    return quotient, (scale, -0.5 * quotient * share, -0.5 * quotient * (1 - share))
