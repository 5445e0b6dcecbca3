"""Content and utilities of an instrument's pairs, as a report shows them."""

from __future__ import annotations

import msgspec

from telic.errors import MeasurementError
from telic.values._design import UtilityModel
from telic.values._hodge import hodge
from telic.values._nulls import content_report
from telic.values.comparison import Comparisons, Replies
from telic.values.measurement import Measurement
from telic.values.utility import Estimate, fit_utilities

__all__ = [
    "MOST_ITEMS",
    "Content",
    "Ladder",
    "Rung",
    "content_of",
    "ladder_of",
    "pairs_of",
    "shares_items",
]

MOST_ITEMS = 1200
"""Items up to which content is tested: the permutation test inverts a matrix of this size."""

_FEWEST_PAIRS = 12  # below, even orders that agree on every pair may be chance: 12 / 2^11 > 0.005
_TRIANGLES = 120  # items up to which circular preference is looked for


class Content(msgspec.Struct, frozen=True):
    """Whether choices depend on what is compared."""

    is_there: bool
    """Whether there is a content signal."""
    sentence: str
    """The verdict in words."""
    utility_p: float
    """p-value of "no utility predicts the replies better than the order shown"."""
    agreement_p: float | None
    """p-value of "the orders of a pair agree by chance"; ``None`` with one order."""
    accuracy: float
    """On pairs held out, of the utility model."""
    sticky_accuracy: float
    """On the same pairs, of a respondent that only takes the first at its own rate."""
    random_accuracy: float
    """On the same pairs, of a coin."""
    pairs: int
    """Pairs that were held out, each once."""
    replies: Replies
    """How the replies to pairs ended."""


class Rung(msgspec.Struct, frozen=True):
    """One item's utility."""

    item: str
    """Its name."""
    utility: float
    """In log-odds about the mean of all items."""
    low: float
    """Lower end of the interval."""
    high: float
    """Upper end of the interval."""
    asked: float
    """Replies asked for about the item."""
    answered: float
    """Those that were answered."""


class Ladder(msgspec.Struct, frozen=True):
    """Utilities of all items, highest first, in log-odds about their mean."""

    rungs: tuple[Rung, ...]
    """An item each."""
    position: Estimate
    """What being shown first adds, in log-odds."""
    circular: float | None
    """Share of preference that no utility can hold; ``None`` where it was not looked for."""
    circular_null: float | None
    """Share that noise on a utility gives in 39 of 40 cases."""
    replies: Replies
    """How the replies to pairs ended."""
    notes: tuple[str, ...]
    """What a reader must know."""


def pairs_of(measurement: Measurement) -> Comparisons | None:
    """Return the comparison table of the pairs, if any was asked."""
    if not any(question.form == "pair" for question in measurement.instrument.questions):
        return None
    try:
        return measurement.comparisons(qualified=not shares_items(measurement))
    except MeasurementError:  # a partial measurement that has not come to its pairs
        return None


def shares_items(measurement: Measurement) -> bool:
    """Whether an option's name means the same in every question, and there are three or more."""
    texts: dict[str, str] = {}
    for question in measurement.instrument.questions:
        if question.form == "pair":
            for option in question.options:
                shown = f"{question.text}\n{option.shown}"
                if texts.setdefault(option.name, shown) != shown:
                    return False
    return len(texts) > 2


def content_of(measurement: Measurement) -> Content | None:
    """Return whether choices in pairs depend on what is compared, if enough were answered."""
    table = pairs_of(measurement)
    if table is None or len(table.items) > MOST_ITEMS:
        return None
    try:
        found = content_report(table, UtilityModel(position_bias="shared"), seed=measurement.seed)
    except MeasurementError:  # too few pairs were answered to hold some out
        return None
    is_there = found.verdict != "no content signal"
    sentence = {
        "content signal": "Content signal: choices depend on what is compared.",
        "content without a utility": "Content without a utility: choices in different orders "
        "agree, but no single scale of the options explains them.",
        "no content signal": "No content signal: beyond the order shown, choices do not depend on "
        "what is compared. This is what a respondent that values nothing gives; no utilities are "
        "reported.",
    }[found.verdict]
    if found.verdict == "content without a utility" and not shares_items(measurement):
        sentence = (
            "Content signal: choices in different orders agree. Each question has options of its "
            "own, so there is no common scale of them."
        )
    prediction = found.prediction
    if not is_there and prediction.pairs < _FEWEST_PAIRS:
        sentence = (
            f"Too few pairs for a content test: {prediction.pairs} were answered, and it needs "
            f"{_FEWEST_PAIRS}. Whether choices depend on what is compared cannot be told; no "
            "utilities are reported."
        )
    return Content(
        is_there,
        sentence,
        found.utility_p,
        found.agreement_p,
        prediction.model.accuracy,
        prediction.sticky.accuracy,
        prediction.random.accuracy,
        prediction.pairs,
        found.replies,
    )


def ladder_of(measurement: Measurement, level: float) -> Ladder | None:
    """Return the utilities of all items, where pairs have a common scale."""
    table = pairs_of(measurement)
    if table is None or not shares_items(measurement):
        return None
    fit = fit_utilities(table, UtilityModel(position_bias="shared"))
    ends = fit.intervals(level=level)
    asked, answered = _per_item(table)
    order = sorted(range(len(fit.items)), key=lambda place: (-fit.utilities[place], place))
    rungs = tuple(
        Rung(
            fit.items[place],
            float(fit.utilities[place]),
            float(ends[place, 0]),
            float(ends[place, 1]),
            asked.get(fit.items[place], 0.0),
            answered.get(fit.items[place], 0.0),
        )
        for place in order
    )
    circular = circular_null = None
    if len(table.items) <= _TRIANGLES and fit.connected.is_connected:
        found = hodge(table, seed=measurement.seed).cyclic
        circular, circular_null = found.value, found.null_high
    position = fit.position_bias(level=level)
    return Ladder(rungs, position, circular, circular_null, fit.replies, fit.sentences)


def _per_item(table: Comparisons) -> tuple[dict[str, float], dict[str, float]]:
    asked: dict[str, float] = {}
    answered: dict[str, float] = {}
    for row in table.rows():
        lost = row.abstained + row.refused + row.unparsed + row.error
        for item in (row.left, row.right):
            asked[item] = asked.get(item, 0.0) + row.n + lost
            answered[item] = answered.get(item, 0.0) + row.n
    return asked, answered
