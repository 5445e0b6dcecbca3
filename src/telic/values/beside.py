"""Two measurements beside each other: every difference, paired where questions are shared.

Scores and accuracies are compared within each question that both answered
(:mod:`telic.values.contrasts`); utilities of the same items by the two fits, whose replies are
independent of each other. Nothing is compared that is not there: a respondent without a content
signal has no utilities to differ in.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import msgspec

from telic.errors import MeasurementError
from telic.values._design import UtilityModel
from telic.values.accuracies import by_truth, gap
from telic.values.comparison import Replies
from telic.values.contrasts import Difference, contrast
from telic.values.instrument import Question
from telic.values.ladder import content_of, pairs_of, shares_items
from telic.values.measurement import Measurement, Reply
from telic.values.projection import Projection
from telic.values.utility import UtilityFit, fit_utilities, interval_of

__all__ = ["ItemDifference", "SideBySide", "side_by_side"]

_MODEL = UtilityModel(position_bias="shared")


class ItemDifference(msgspec.Struct, frozen=True):
    """How far two respondents' utilities of one item lie apart."""

    item: str
    """What is valued."""
    first: float
    """Log-odds about the mean of all items."""
    second: float
    """The same of the second."""
    value: float
    """First minus second."""
    low: float
    """Lower end of the interval."""
    high: float
    """Upper end of the interval."""


class SideBySide(msgspec.Struct, frozen=True, kw_only=True):
    """Every difference of two measurements, first minus second."""

    first: str
    """Who is compared."""
    second: str
    """With whom."""
    first_replies: Replies
    """How the first one's replies ended."""
    second_replies: Replies
    """How the second one's replies ended."""
    shared: int
    """Questions that both answered."""
    same: float
    """Mean chance over shared questions that a reply of either is the same answer."""
    same_at_random: float
    """What that would be, did one of them choose at random."""
    dimensions: Mapping[str, Difference | None]
    """Dimension → difference of scores; `null` where no question was answered by both."""
    accuracies: Mapping[str, Difference | None]
    """Truth → difference of shares of right answers; `all` has every question."""
    utilities: tuple[ItemDifference, ...]
    """Largest difference first; empty where the two have no common scale."""
    level: float
    """Of all intervals."""
    notes: tuple[str, ...]
    """What a reader must know."""


def side_by_side(
    first: Measurement,
    second: Measurement,
    projection: Projection | None = None,
    *,
    level: float = 0.9,
    names: tuple[str, str] | None = None,
) -> SideBySide:
    """Compare two measurements of the same questions.

    Args:
        first: a measurement.
        second: another; questions are the same where their ids are.
        projection: from tags to dimensions; each tag is its own dimension by default.
        level: of the intervals.
        names: of the two in reports; the respondents' by default.

    Raises:
        MeasurementError: if either answered nothing, or no question was answered by both.
    """
    found = contrast(first, second, projection, level=level, names=names)
    same, same_at_random, shared = _agreement(first, second)
    if not shared:
        raise MeasurementError(f"{found.first!r} and {found.second!r} answered no common question")
    has_truth = all(any(q.truth for q in one.instrument.questions) for one in (first, second))
    utilities, notes = _utilities(first, second, level, (found.first, found.second))
    return SideBySide(
        first=found.first,
        second=found.second,
        first_replies=found.first_replies,
        second_replies=found.second_replies,
        shared=shared,
        same=same,
        same_at_random=same_at_random,
        dimensions={name: one for name, one in found.differences.items() if name},
        accuracies=gap(first, second, by_truth, level=level) if has_truth else {},
        utilities=utilities,
        level=level,
        notes=notes,
    )


def _agreement(first: Measurement, second: Measurement) -> tuple[float, float, int]:
    """Return agreement, agreement at random, and the number of shared questions."""
    shares = _shares(first), _shares(second)
    same: list[float] = []
    chance: list[float] = []
    for name, (question, mine) in shares[0].items():
        if name in shares[1]:
            theirs = shares[1][name][1]
            same.append(math.fsum(much * theirs.get(each, 0.0) for each, much in mine.items()))
            chance.append(1 / (len(question.options) + question.offers_ambivalent))
    if not same:
        return 0.0, 0.0, 0
    return math.fsum(same) / len(same), math.fsum(chance) / len(chance), len(same)


def _shares(measurement: Measurement) -> dict[str, tuple[Question, dict[str, float]]]:
    """Return question → itself and the share of its answered replies that gave each answer."""
    replies: dict[str, list[Reply]] = {}
    questions: dict[str, Question] = {}
    for question, reply in measurement.answered():
        questions[question.id] = question
        replies.setdefault(question.id, []).append(reply)
    out: dict[str, tuple[Question, dict[str, float]]] = {}
    for name, given in replies.items():
        counts: dict[str, float] = {}
        for reply in given:
            counts[reply.choice] = counts.get(reply.choice, 0.0) + 1 / len(given)
        out[name] = questions[name], counts
    return out


def _utilities(
    first: Measurement, second: Measurement, level: float, names: tuple[str, str]
) -> tuple[tuple[ItemDifference, ...], tuple[str, ...]]:
    """Return differences of utilities, and why there are none where there might be."""
    fits: list[UtilityFit] = []
    silent: list[str] = []
    for measurement, name in zip((first, second), names, strict=True):
        table = pairs_of(measurement)
        if table is None or not shares_items(measurement):
            return (), ()
        content = content_of(measurement)
        if content is None:
            silent.append(f"{name}: too few answers for a content test, so no utilities.")
        elif not content.is_there:
            silent.append(f"{name}: {content.sentence}")
        else:
            fits.append(fit_utilities(table, _MODEL))
    if silent:
        return (), tuple(silent)
    one, other = fits
    if set(one.items) != set(other.items):
        return (), ("The two compared different items, so their utilities have different means.",)
    differences: list[ItemDifference] = []
    for item in one.items:
        mine, theirs = one.utility(item), other.utility(item)
        variance = mine.error**2 + theirs.error**2
        apart = interval_of(mine.value - theirs.value, variance, level)
        differences.append(
            ItemDifference(item, mine.value, theirs.value, apart.value, apart.low, apart.high)
        )
    return tuple(sorted(differences, key=lambda each: -abs(each.value))), ()
