"""Intervals for a ratio of sums whose terms come in clusters."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import stdtrit

from telic.errors import UsageError
from telic.values._arrays import Floats

__all__ = ["bounded_interval", "clustered_ratio", "t_quantile"]


def clustered_ratio(evidence: Floats, weight: Floats) -> tuple[float, float]:
    """Return ``Σ evidence / Σ weight`` over clusters and its standard error.

    The error is the linearised (Taylor) one of survey statistics, with the factor m/(m-1):
    replies of one cluster may depend on each other in any way.

    Args:
        evidence: (m,) sum of each cluster's numerators.
        weight: (m,) sum of each cluster's denominators, of positive total.
    """
    total = float(weight.sum())
    ratio = float(evidence.sum()) / total
    size = len(weight)
    if size < 2:
        return ratio, math.inf
    residual = evidence - ratio * weight
    error = math.sqrt(float(residual @ residual) * size / (size - 1)) / total
    return ratio, error


def bounded_interval(
    value: float, error: float, *, clusters: int, level: float, low: float, high: float
) -> tuple[float, float]:
    """Return an interval that never leaves ``[low, high]`` nor shrinks to a point.

    Wilson's interval for a share, with the effective sample size that the standard error
    implies and a t quantile; where the error is 0 (all clusters agree) the number of clusters
    takes its place (Korn and Graubard 1998 modify exact intervals in the same way).
    """
    if clusters < 2:
        return low, high
    p = min(1.0, max(0.0, (value - low) / (high - low)))  # rounding may leave [low, high]
    spread = (error / (high - low)) ** 2
    # Noise around 0 and 1 must not count as information.
    effective = clusters if spread < 1e-15 else max(p * (1 - p) / spread, 1e-9)
    z = t_quantile(level, clusters - 1)
    centre = (p + z * z / (2 * effective)) / (1 + z * z / effective)
    half = z * math.sqrt(p * (1 - p) / effective + (z / (2 * effective)) ** 2)
    half /= 1 + z * z / effective
    ends = low + (high - low) * np.clip([centre - half, centre + half], 0.0, 1.0)
    return float(min(ends[0], value)), float(max(ends[1], value))


def t_quantile(level: float, degrees: int) -> float:
    """Return the two-sided quantile of Student's t.

    Raises:
        UsageError: if the level is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise UsageError(f"an interval's level must lie between 0 and 1; got {level}")
    return float(stdtrit(degrees, 0.5 + level / 2))
