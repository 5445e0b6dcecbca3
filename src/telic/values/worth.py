"""From measured values to worth that a search can maximise.

Each function returns an :class:`~telic.objectives.Assessment`: fitness that is higher when
better, or none with its reason. They are pure functions of metrics, so that objectives can be
built on them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from telic.errors import MeasurementError, UsageError
from telic.objectives import Assessment
from telic.values.standard import Standard

__all__ = [
    "from_profile",
    "from_standard",
    "from_utility",
    "log_sigmoid_and",
    "reference_at",
]


def from_profile(
    metrics: Mapping[str, float],
    target: Mapping[str, float],
    *,
    weights: Mapping[str, float] | None = None,
) -> Assessment:
    """Return worth as nearness to a target profile: minus the weighted Euclidean distance.

    Args:
        metrics: dimension → score; more than the target's are ignored.
        target: dimension → wanted score.
        weights: dimension → weight, 0 or more; 1 each by default.

    Raises:
        MeasurementError: if the target is empty or not finite, or a weight is negative.
    """
    if not target or not all(math.isfinite(value) for value in target.values()):
        raise MeasurementError(f"a target profile needs finite scores; got {dict(target)}")
    importance = {each: 1.0 if weights is None else weights.get(each, 0.0) for each in target}
    if any(not 0 <= weight < math.inf for weight in importance.values()):
        raise MeasurementError(f"weights must be 0 or more; got {importance}")
    reason = _missing(metrics, target)
    if reason:
        return Assessment(None, True, 0.0, reason)
    parts = [math.sqrt(importance[each]) * (metrics[each] - target[each]) for each in target]
    return _finite(-math.hypot(*parts))


def from_utility(
    metrics: Mapping[str, float], utilities: Mapping[str, float], *, scale: float = 1.0
) -> Assessment:
    """Return worth as the expected utility of a lottery over valued outcomes.

    Args:
        metrics: outcome → how much of it, or its probability; outcomes without utility are
            ignored, and an outcome that is missing counts as none.
        utilities: outcome → utility, on any scale; they are taken relative to their mean.
        scale: utility that counts as 1, positive: the standard deviation, for example.

    Raises:
        MeasurementError: if there are fewer than two utilities or one is not finite.
        UsageError: if ``scale`` is not positive.
    """
    if not scale > 0:
        raise UsageError(f"scale must be positive; got {scale}")
    if len(utilities) < 2 or not all(math.isfinite(value) for value in utilities.values()):
        raise MeasurementError("worth from utilities needs two or more outcomes of finite utility")
    present = {each: metrics[each] for each in utilities if each in metrics}
    if not present:
        return Assessment(None, True, 0.0, f"none of {len(utilities)} valued outcomes is a metric")
    reason = _missing(present, present)
    if reason:
        return Assessment(None, True, 0.0, reason)
    mean = math.fsum(utilities.values()) / len(utilities)
    return _finite(_sum(much * (utilities[each] - mean) / scale for each, much in present.items()))


def from_standard(metrics: Mapping[str, float], standard: Standard) -> Assessment:
    """Return feasibility by a standard's thresholds, and worth among what meets them.

    What misses a threshold is infeasible by the sum of its misses. Worth is the least score among
    the norms without threshold, as norms are not traded against each other; where every norm has
    one, worth is 0 for all that meet them: the standard then only says what is acceptable.
    """
    dimensions = {norm.dimension: 0.0 for norm in standard.norms}
    reason = _missing(metrics, dimensions)
    if reason:
        return Assessment(None, True, 0.0, reason)
    margins = {
        each: threshold.margin(metrics[each]) for each, threshold in standard.thresholds.items()
    }
    violation = _sum(max(0.0, -margin) for margin in margins.values())
    if violation > 0:
        missed = ", ".join(sorted(each for each, margin in margins.items() if margin < 0))
        return Assessment(
            None, False, violation, f"the standard for {standard.role} misses {missed}"
        )
    free = [metrics[each] for each in dimensions if each not in standard.thresholds]
    return _finite(min(free, default=0.0))


def log_sigmoid_and(rewards: Mapping[str, float], references: Mapping[str, float]) -> Assessment:
    """Return the soft conjunction of rewards: ``Σ log sigmoid(r_i - reference_i)``.

    Above its reference more of a reward adds little, below it every bit less costs: so no reward
    can be exploited at the others' expense (Wang et al. 2024, "Transforming and Combining
    Rewards"). References belong to a context, for example a prompt: see :func:`reference_at`.

    Args:
        rewards: name → reward; more than the references' are ignored.
        references: name → reward that is good enough.

    Raises:
        MeasurementError: if there is no reference or one is not finite.
    """
    if not references or not all(math.isfinite(value) for value in references.values()):
        raise MeasurementError(f"rewards need finite references; got {dict(references)}")
    reason = _missing(rewards, references)
    if reason:
        return Assessment(None, True, 0.0, reason)
    return _finite(_sum(_log_sigmoid(rewards[each] - references[each]) for each in references))


def reference_at(rewards: Sequence[float], *, quantile: float = 0.85) -> float:
    """Return a reference from what a base policy got in one context.

    Args:
        rewards: of base samples in the context.
        quantile: the paper's 0.85 by default; interpolated linearly between samples.

    Raises:
        MeasurementError: if there is no reward or one is not finite.
        UsageError: if the quantile is outside [0, 1].
    """
    if not 0 <= quantile <= 1:
        raise UsageError(f"a quantile lies in [0, 1]; got {quantile}")
    if not rewards or not all(math.isfinite(value) for value in rewards):
        raise MeasurementError("a reference needs one or more finite rewards")
    ranked = sorted(rewards)
    place = quantile * (len(ranked) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ranked) - 1)
    return ranked[below] + (place - below) * (ranked[above] - ranked[below])


def _log_sigmoid(x: float) -> float:
    return -math.log1p(math.exp(-x)) if x >= 0 else x - math.log1p(math.exp(x))


def _sum(parts: Iterable[float]) -> float:
    try:
        return math.fsum(parts)
    except OverflowError:  # finite parts whose sum is not; infinite is what it comes to
        return math.inf


def _missing(metrics: Mapping[str, float], needed: Mapping[str, float]) -> str:
    for each in sorted(needed):
        if each not in metrics:
            return f"there is no metric {each!r}"
        if not math.isfinite(metrics[each]):
            return f"metric {each!r} is {metrics[each]}, which is not a finite number"
    return ""


def _finite(value: float) -> Assessment:
    if not math.isfinite(value):
        return Assessment(None, True, 0.0, "the worth is beyond the range of numbers")
    return Assessment(value + 0.0, True, 0.0)
