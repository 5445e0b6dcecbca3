"""The paired difference between two arms, and what it says of a claim.

Two arms are compared unit by unit (a unit is a seed, or a problem), because runs that share a
unit share its luck. The verdict follows from the interval of the mean difference and a threshold
that the recipe declares; nobody writes it by hand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import msgspec

from telic.errors import MeasurementError, UsageError
from telic.recipes._arm import Arm, Method, mean_interval

__all__ = [
    "Effect",
    "Threshold",
    "Verdict",
    "at_least",
    "compare_arms",
    "within",
    "worst",
]

Verdict = Literal["reproduced", "direction only", "not reproduced"]

VERDICTS: tuple[Verdict, ...] = Verdict.__args__
"""From best to worst."""


class Threshold(msgspec.Struct, frozen=True, kw_only=True):
    """What an effect must be for its claim to count as reproduced.

    Exactly one of the two is set.
    """

    least: float | None = None
    """The whole interval of the effect must lie above this."""
    within: float | None = None
    """The whole interval must lie between minus this and this: a claim of no difference."""

    def __post_init__(self) -> None:
        if (self.least is None) == (self.within is None):
            raise UsageError("a threshold needs either `least` or `within`")

    def judge(self, mean: float, interval: tuple[float, float] | None) -> Verdict:
        """Return what a mean effect and its interval say; without an interval never the best."""
        low, high = interval if interval is not None else (-math.inf, math.inf)
        if self.within is not None:
            if -self.within <= low and high <= self.within:
                return "reproduced"
            return "direction only" if abs(mean) <= self.within else "not reproduced"
        assert self.least is not None
        if low > self.least:
            return "reproduced"
        return "direction only" if mean > min(self.least, 0.0) else "not reproduced"

    def describe(self) -> str:
        """Return it for people, for example ``above 0``."""
        return f"above {self.least:g}" if self.within is None else f"within ±{self.within:g}"


def at_least(least: float) -> Threshold:
    """Return the threshold of a claimed gain: the interval lies above ``least``.

    0 claims that an arm is better; a negative number, that it is not worse by more than that.
    """
    return Threshold(least=least)


def within(margin: float) -> Threshold:
    """Return the threshold of a claim of no difference beyond ``margin``."""
    return Threshold(within=margin)


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """How much better one arm is than another, over the units that both have."""

    what: str
    """The claim that this effect bears on, as a short phrase."""
    treatment: str
    """Name of the arm that the claim favours."""
    baseline: str
    """Name of the arm it is compared with."""
    better: Literal["higher", "lower"]
    """Which values of the metric are better."""
    threshold: Threshold
    """Declared by the recipe."""
    differences: list[float]
    """One for each pair; positive favours the treatment, whatever the metric's direction."""
    failed: int
    """Units where the treatment failed; with any the claim is at most `direction only`."""
    unpaired: int
    """Units where the baseline alone failed, which are left out."""
    method: Method = "student"
    """Of the interval: Student's t, or the percentile bootstrap over pairs."""
    mean: float | None = None
    """Computed: of the differences; ``None`` without any pair."""
    interval: tuple[float, float] | None = None
    """Computed: 95 % interval of the mean; ``None`` with fewer than two pairs."""
    verdict: Verdict = "not reproduced"
    """Computed from the interval and the threshold."""

    def __post_init__(self) -> None:
        differences = self.differences
        mean = math.fsum(differences) / len(differences) if differences else None
        interval = mean_interval(differences, method=self.method, purpose=self.what)
        verdict = "not reproduced" if mean is None else self.threshold.judge(mean, interval)
        if self.failed and verdict == "reproduced":
            verdict = "direction only"
        msgspec.structs.force_setattr(self, "mean", mean)
        msgspec.structs.force_setattr(self, "interval", interval)
        msgspec.structs.force_setattr(self, "verdict", verdict)


def compare_arms(
    what: str,
    treatment: Arm,
    baseline: Arm,
    *,
    better: Literal["higher", "lower"] = "higher",
    threshold: Threshold | None = None,
    method: Method = "student",
) -> Effect:
    """Return the paired effect of one arm over another.

    Args:
        what: the claim that it bears on, as a short phrase.
        treatment: the arm that the claim favours.
        baseline: the other, with as many values, in the same order of units.
        better: which values are better.
        threshold: what the effect must be; above 0 when left out.
        method: of the interval; the bootstrap is for twenty pairs or more.

    Raises:
        MeasurementError: if the arms have different numbers of values.
    """
    if len(treatment.values) != len(baseline.values):
        raise MeasurementError(
            f"arms are compared unit by unit, but {treatment.name!r} has {len(treatment.values)} "
            f"values and {baseline.name!r} has {len(baseline.values)}"
        )
    sign = 1.0 if better == "higher" else -1.0
    pairs = list(zip(treatment.values, baseline.values, strict=True))
    return Effect(
        what=what,
        treatment=treatment.name,
        baseline=baseline.name,
        better=better,
        threshold=threshold or at_least(0.0),
        differences=[sign * (a - b) for a, b in pairs if a is not None and b is not None],
        failed=sum(a is None for a, _ in pairs),
        unpaired=sum(a is not None and b is None for a, b in pairs),
        method=method,
    )


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict of a claim with several parts: that of its weakest part."""
    if not verdicts:
        return "not reproduced"
    return VERDICTS[max(VERDICTS.index(verdict) for verdict in verdicts)]
