"""From a measure to a part of a worth: affine, rank and log-sigmoid transforms.

The log-sigmoid centred at a reference follows Wang et al. (2024), "Transforming and Combining
Rewards for Aligning Large Language Models": ``u = log sigmoid(r - r_ref)`` with ``r_ref`` a
high quantile of what a base policy gets in the same context. Above the reference more adds little,
below it every bit less costs. All of them increase with the value, and none needs an array.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from telic.errors import MeasurementError, UsageError

__all__ = ["affine", "log_sigmoid", "quantile", "rank", "reference_points", "require_finite"]


def affine(value: float, *, reference: float = 0.0, scale: float = 1.0) -> float:
    """Return ``(value - reference) / scale``, in units of ``scale`` above the reference."""
    return (value - reference) / scale


def log_sigmoid(value: float) -> float:
    """Return ``log(1 / (1 + exp(-value)))``, at most 0, without overflow for any finite value."""
    if value >= 0:
        return -math.log1p(math.exp(-value))
    return value - math.log1p(math.exp(value))


def rank(value: float, ranked: Sequence[float]) -> float:
    """Return the share of a sample that the value exceeds, ties counting half; 0 to 1.

    Args:
        value: finite.
        ranked: the sample in increasing order, not empty.
    """
    below, upto = bisect_left(ranked, value), bisect_right(ranked, value)
    return (below + upto) / (2.0 * len(ranked))


def quantile(sample: Sequence[float], level: float) -> float:
    """Return a quantile, interpolated linearly between the sample's values.

    Args:
        sample: finite values, at least one.
        level: 0 gives the least, 1 the greatest.

    Raises:
        MeasurementError: if the sample is empty or holds a value that is not finite.
        UsageError: if the level is outside [0, 1].
    """
    if not 0 <= level <= 1:
        raise UsageError(f"a quantile lies in [0, 1]; got {level}")
    ranked = sorted(require_finite(sample, "a quantile"))
    place = level * (len(ranked) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ranked) - 1)
    if ranked[below] == ranked[above]:
        return ranked[below]
    share = place - below
    return (1.0 - share) * ranked[below] + share * ranked[above]


def reference_points(
    base: Mapping[str, Sequence[float]], *, level: float = 0.85
) -> dict[str, float]:
    """Return each case's own reference: a quantile of what a base population got on it.

    Args:
        base: case → values of the base population.
        level: the paper's 0.85 by default.

    Raises:
        MeasurementError: if a case has no value, or one that is not finite.
        UsageError: if the level is outside [0, 1].
    """
    return {case: quantile(values, level) for case, values in base.items()}


def require_finite(values: Sequence[float], what: str) -> Sequence[float]:
    """Return the values.

    Raises:
        MeasurementError: if there is none, or one is not finite; the sentence begins with ``what``.
    """
    if not values:
        raise MeasurementError(f"{what} needs at least one value; got none")
    for value in values:
        if not math.isfinite(value):
            raise MeasurementError(f"{what} needs finite values; got {value}")
    return values
