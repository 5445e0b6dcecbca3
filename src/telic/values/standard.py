"""Value cards, norms and standards.

A :class:`Standard` is what the people concerned have agreed that somebody in a role should live up
to: norms with thresholds on the dimensions of a profile, and the record of its adoption. After
"Beyond Preferences" (Zhi-Xuan et al. 2024) it is contractual and particular to its role. It orders
things only as far as its norms agree, and can say that two things are not comparable: across
roles always, and within one where each is better by some norm.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

import msgspec

from telic.errors import MeasurementError
from telic.values.profiles import Profile

__all__ = [
    "Adoption",
    "Finding",
    "Norm",
    "Order",
    "Standard",
    "Threshold",
    "ValueCard",
    "Verdict",
    "compare",
    "judge",
]

Order = Literal["better", "worse", "equal", "not comparable"]
Outcome = Literal["met", "missed", "undecided", "unmeasured"]


class ValueCard(msgspec.Struct, frozen=True):
    """A way of living or choosing that somebody finds meaningful, after Klingefjord et al. 2024.

    Raises:
        MeasurementError: if it has no title or attends to nothing.
    """

    id: str
    title: str
    attends_to: tuple[str, ...]
    """What one pays attention to when choosing by this value."""
    context: str = ""
    """When it applies."""

    def __post_init__(self) -> None:
        if not self.id or not self.title.strip() or not self.attends_to:
            raise MeasurementError(
                f"value card {self.id!r} needs an id, a title and something it attends to"
            )


class Norm(msgspec.Struct, frozen=True):
    """Something that should hold, as text and as the dimension that shows it."""

    text: str
    dimension: str
    kind: Literal["value", "right", "duty", "rule"] = "value"


class Threshold(msgspec.Struct, frozen=True):
    """Bounds on a dimension's score.

    Raises:
        MeasurementError: if it has no bound, a bound is NaN, or they exclude everything.
    """

    at_least: float | None = None
    at_most: float | None = None

    def __post_init__(self) -> None:
        bounds = [bound for bound in (self.at_least, self.at_most) if bound is not None]
        if not bounds or any(math.isnan(bound) for bound in bounds):
            raise MeasurementError(f"a threshold needs a bound that is a number; got {bounds}")
        if len(bounds) == 2 and bounds[0] > bounds[1]:
            raise MeasurementError(f"no score lies between {bounds[0]} and {bounds[1]}")

    def margin(self, value: float) -> float:
        """Return how far a value is inside the bounds, negative outside."""
        below = math.inf if self.at_least is None else value - self.at_least
        above = math.inf if self.at_most is None else self.at_most - value
        return min(below, above)


class Adoption(msgspec.Struct, frozen=True, kw_only=True):
    """Who agreed to a standard: counts by group of those concerned, nobody folded.

    Raises:
        MeasurementError: if a count is negative.
    """

    in_favour: Mapping[str, int] = {}
    against: Mapping[str, int] = {}
    abstained: Mapping[str, int] = {}
    note: str = ""
    """When and how it was adopted."""

    def __post_init__(self) -> None:
        for votes in (self.in_favour, self.against, self.abstained):
            for group, count in votes.items():
                if count < 0:
                    raise MeasurementError(f"group {group!r} cannot have {count} votes")

    @property
    def groups(self) -> tuple[str, ...]:
        """Every group that was asked, sorted."""
        return tuple(sorted({*self.in_favour, *self.against, *self.abstained}))

    def support(self, group: str) -> float | None:
        """Return the share in favour among a group's votes for or against, if there are any."""
        yes, no = self.in_favour.get(group, 0), self.against.get(group, 0)
        return yes / (yes + no) if yes + no else None

    @property
    def least_support(self) -> float | None:
        """Support in the group that supports it least; ``None`` if some group did not vote."""
        shares = [self.support(group) for group in self.groups]
        known = [share for share in shares if share is not None]
        return min(known) if known and len(known) == len(shares) else None


class Standard(msgspec.Struct, frozen=True, kw_only=True):
    """Norms for a role, with thresholds and the record of their adoption.

    Raises:
        MeasurementError: if there is no role or norm, a dimension has two norms, or a threshold
            belongs to no norm.
    """

    role: str
    norms: tuple[Norm, ...]
    thresholds: Mapping[str, Threshold]
    """Dimension → bounds; a norm without bounds only orders, more being better."""
    adoption: Adoption = Adoption()

    def __post_init__(self) -> None:
        dimensions = [norm.dimension for norm in self.norms]
        if not self.role or not dimensions:
            raise MeasurementError(
                f"a standard needs a role and norms; got {self.role!r}, {dimensions}"
            )
        if len(set(dimensions)) < len(dimensions):
            raise MeasurementError(f"the standard for {self.role!r} has two norms on one dimension")
        for dimension in self.thresholds:
            if dimension not in dimensions:
                raise MeasurementError(
                    f"the standard for {self.role!r} bounds {dimension!r} but has no norm for it"
                )


class Finding(msgspec.Struct, frozen=True):
    """Whether one norm is met."""

    norm: Norm
    outcome: Outcome
    """``undecided`` where the score's interval crosses a bound; ``unmeasured`` without a score."""
    margin: float | None
    """Of the score inside the bounds, negative outside."""


class Verdict(msgspec.Struct, frozen=True):
    """What a standard says of one profile."""

    role: str
    findings: tuple[Finding, ...]
    """One per norm that has a threshold."""

    @property
    def outcome(self) -> Outcome:
        """``missed`` if any norm is, else ``unmeasured``, else ``undecided``, else ``met``."""
        outcomes = {finding.outcome for finding in self.findings}
        for outcome in ("missed", "unmeasured", "undecided"):
            if outcome in outcomes:
                return outcome
        return "met"


def judge(standard: Standard, profile: Profile) -> Verdict:
    """Return whether a profile meets a standard's thresholds, norm by norm.

    A norm is met or missed only where the whole interval of the score lies on one side.
    """
    findings: list[Finding] = []
    for norm in standard.norms:
        threshold = standard.thresholds.get(norm.dimension)
        if threshold is None:
            continue
        score = profile.scores.get(norm.dimension)
        if score is None:
            findings.append(Finding(norm, "unmeasured", None))
            continue
        margin = threshold.margin(score.value)
        ends = threshold.margin(score.low), threshold.margin(score.high)
        outcome: Outcome = "undecided"
        if min(ends) >= 0:
            outcome = "met"
        elif margin < 0 and max(ends) < 0 and _same_side(threshold, score.low, score.high):
            outcome = "missed"
        findings.append(Finding(norm, outcome, margin))
    return Verdict(standard.role, tuple(findings))


def compare(
    standard: Standard, left: Mapping[str, float], right: Mapping[str, float], *, role: str = ""
) -> Order:
    """Return how ``left`` stands to ``right`` under a standard.

    One is better if it is at least as good by every norm and better by one. By a norm with a
    threshold, being inside is all that counts and outside nearer is better; by one without, more
    is better. Norms are not traded against each other.

    Args:
        standard: the norms.
        left: dimension → score.
        right: the other's.
        role: of the things compared, if known; another role's standard does not apply.
    """
    if role and role != standard.role:
        return "not comparable"
    ahead = behind = False
    for norm in standard.norms:
        one, other = left.get(norm.dimension), right.get(norm.dimension)
        if one is None or other is None or math.isnan(one) or math.isnan(other):
            return "not comparable"
        threshold = standard.thresholds.get(norm.dimension)
        if threshold is not None:
            one, other = min(0.0, threshold.margin(one)), min(0.0, threshold.margin(other))
        ahead |= one > other
        behind |= one < other
    if ahead and behind:
        return "not comparable"
    return "better" if ahead else "worse" if behind else "equal"


def _same_side(threshold: Threshold, low: float, high: float) -> bool:
    if threshold.at_least is not None and high < threshold.at_least:
        return True
    return threshold.at_most is not None and low > threshold.at_most
