"""What a measurement comes to: every figure of a report, beside respondents that value nothing.

The same instrument is put to the null respondents in the same way, so that each share and score
stands beside what it would be if nothing were valued.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import msgspec

from telic.errors import MeasurementError
from telic.values._design import UtilityModel
from telic.values._hodge import hodge
from telic.values._nulls import content_report
from telic.values.accuracies import Accuracy, accuracy, by_truth
from telic.values.comparison import Comparisons, Replies
from telic.values.measurement import Measurement, Reply, count, measure
from telic.values.profiles import Profile, profile
from telic.values.projection import Projection
from telic.values.synthetic import AlwaysFirst, RandomChoice, Sticky
from telic.values.utility import Estimate, fit_utilities
from telic.values.weights import ValueWeights, value_weights

__all__ = ["Content", "Ladder", "Null", "Rung", "Summary", "agreement", "summarise"]

_MOST_ITEMS = 400  # the permutation test inverts a matrix of this size
_TRIANGLES = 120  # items up to which circular preference is looked for


class Null(msgspec.Struct, frozen=True):
    """What a respondent's choices look like, whatever they are about."""

    respondent: str
    first: float | None
    """Share of choices that took what was shown first."""
    choices: int
    """Choices behind that share."""
    agreement: float | None
    """Share of reply pairs in different orders that agree on the answer."""
    pairs: int
    """Reply pairs behind that share."""
    scores: Mapping[str, float]
    """Dimension → profile score."""


class Content(msgspec.Struct, frozen=True):
    """Whether choices depend on what is compared."""

    is_there: bool
    sentence: str
    utility_p: float
    agreement_p: float | None
    accuracy: float
    """On pairs held out, of the utility model."""
    sticky_accuracy: float
    """On the same pairs, of a respondent that only takes the first at its own rate."""
    random_accuracy: float
    pairs: int
    """Pairs that were held out, each once."""
    replies: Replies


class Rung(msgspec.Struct, frozen=True):
    """One item's utility."""

    item: str
    utility: float
    low: float
    high: float
    asked: float
    """Replies asked for about the item."""
    answered: float


class Ladder(msgspec.Struct, frozen=True):
    """Utilities of all items, highest first, in log-odds about their mean."""

    rungs: tuple[Rung, ...]
    position: Estimate
    """What being shown first adds, in log-odds."""
    circular: float | None
    """Share of preference that no utility can hold; ``None`` where it was not looked for."""
    circular_null: float | None
    """Share that noise on a utility gives in 39 of 40 cases."""
    replies: Replies
    notes: tuple[str, ...]


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """Every figure of a report, with its denominators."""

    instrument: str
    source: str
    limits: str
    respondent: str
    seed: int
    questions: int
    asked: float
    replies: Replies
    by_form: Mapping[str, Replies]
    respondents: tuple[Null, ...]
    """The respondent first, then the nulls."""
    content: Content | None
    ladder: Ladder | None
    profile: Profile | None
    weights: ValueWeights | None
    accuracies: Mapping[str, Accuracy]
    notes: tuple[str, ...]
    """What a reader must know."""


def summarise(
    measurement: Measurement, projection: Projection | None = None, *, level: float = 0.9
) -> Summary:
    """Return every figure that a measurement supports.

    Args:
        measurement: the replies, complete or not.
        projection: from tags to dimensions; each tag is its own dimension by default.
        level: of the intervals.

    Raises:
        MeasurementError: if nothing was answered.
    """
    measurement.require_answers()
    instrument = measurement.instrument
    scores = _profile(measurement, projection, level)
    nulls = [_null(each, projection) for each in (measurement, *_null_measurements(measurement))]
    content = _content(measurement)
    ladder = _ladder(measurement, level) if content is not None and content.is_there else None
    has_truth = any(question.truth for question in instrument.questions)
    return Summary(
        instrument=instrument.name,
        source=instrument.source,
        limits=instrument.limits,
        respondent=measurement.respondent,
        seed=measurement.seed,
        questions=len(instrument.questions),
        asked=measurement.counts.asked,
        replies=measurement.counts,
        by_form=_by_form(measurement),
        respondents=tuple(nulls),
        content=content,
        ladder=ladder,
        profile=scores,
        weights=_weights(measurement, projection, level),
        accuracies=accuracy(measurement, by_truth, level=level) if has_truth else {},
        notes=_notes(measurement, content, nulls),
    )


def agreement(measurement: Measurement) -> tuple[int, int]:
    """Return how many pairs of replies to one question in different orders agree, and of how many.

    Ties agree with ties. Many repeats give many pairs; they are not independent.
    """
    answered: dict[str, list[Reply]] = {}
    for question, reply in measurement.answered():
        answered.setdefault(question.id, []).append(reply)
    agree = total = 0
    for replies in answered.values():
        counts: dict[tuple[str, ...], dict[str, int]] = {}
        for reply in replies:
            chosen = counts.setdefault(reply.order, {})
            chosen[reply.choice] = chosen.get(reply.choice, 0) + 1
        for one, other in combinations(counts.values(), 2):
            total += sum(one.values()) * sum(other.values())
            agree += sum(n * other.get(choice, 0) for choice, n in one.items())
    return agree, total


def _null_measurements(measurement: Measurement) -> list[Measurement]:
    repeats = 1 + max((reply.repeat for reply in measurement.replies), default=0)
    return [
        measure(
            measurement.instrument,
            null,
            repeats=repeats,
            seed=measurement.seed,
            orders=measurement.orders,
        )
        for null in (RandomChoice(), AlwaysFirst(), Sticky())
    ]


def _null(measurement: Measurement, projection: Projection | None) -> Null:
    first, choices = measurement.first_share()
    agree, pairs = agreement(measurement)
    scores = _profile(measurement, projection, 0.9)
    return Null(
        measurement.respondent,
        first / choices if choices else None,
        choices,
        agree / pairs if pairs else None,
        pairs,
        {} if scores is None else scores.vector(),
    )


def _profile(
    measurement: Measurement, projection: Projection | None, level: float
) -> Profile | None:
    if not measurement.instrument.dimensions:
        return None
    try:
        return profile(measurement, projection, level=level)
    except MeasurementError:  # the tags are groups of questions, or of another theory
        return None


def _by_form(measurement: Measurement) -> dict[str, Replies]:
    forms = {question.id: question.form for question in measurement.instrument.questions}
    return {
        form: count(reply for reply in measurement.replies if forms[reply.question] == form)
        for form in dict.fromkeys(forms.values())
    }


def _pairs(measurement: Measurement) -> Comparisons | None:
    if not any(question.form == "pair" for question in measurement.instrument.questions):
        return None
    try:
        return measurement.comparisons(qualified=not _shares_items(measurement))
    except MeasurementError:  # a partial measurement that has not come to its pairs
        return None


def _shares_items(measurement: Measurement) -> bool:
    """Whether an option's name means the same in every question, and there are three or more."""
    texts: dict[str, str] = {}
    for question in measurement.instrument.questions:
        if question.form == "pair":
            for option in question.options:
                shown = f"{question.text}\n{option.shown}"
                if texts.setdefault(option.name, shown) != shown:
                    return False
    return len(texts) > 2


def _content(measurement: Measurement) -> Content | None:
    table = _pairs(measurement)
    if table is None or len(table.items) > _MOST_ITEMS:
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
    if found.verdict == "content without a utility" and not _shares_items(measurement):
        sentence = (
            "Content signal: choices in different orders agree. Each question has options of its "
            "own, so there is no common scale of them."
        )
    prediction = found.prediction
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


def _ladder(measurement: Measurement, level: float) -> Ladder | None:
    table = _pairs(measurement)
    if table is None or not _shares_items(measurement):
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


def _weights(
    measurement: Measurement, projection: Projection | None, level: float
) -> ValueWeights | None:
    """Return value weights where options have kinds beside values, else a profile is enough."""
    kinds = {
        o.kind for q in measurement.instrument.questions for o in q.options if q.form == "pair"
    }
    if len(kinds - {""}) < 2 or _shares_items(measurement):
        return None
    return value_weights(measurement, projection, level=level)


def _notes(
    measurement: Measurement, content: Content | None, nulls: Sequence[Null]
) -> tuple[str, ...]:
    notes: list[str] = []
    counts, mine = measurement.counts, nulls[0]
    if content is not None:
        notes.append(content.sentence)
    if measurement.orders == "given" and mine.choices:
        notes.append(
            "Each question was shown in one order only, so a liking for what comes first cannot be "
            "told from a liking for what it is."
        )
    lost = counts.asked - counts.answered
    if lost > 0.05 * counts.asked:
        notes.append(
            f"{lost:g} of {counts.asked:g} replies ({lost / counts.asked:.0%}) were not answers; "
            "the figures describe the rest, which may differ."
        )
    always = next(null for null in nulls[1:] if null.respondent == AlwaysFirst().name)
    if mine.agreement is not None and always.agreement is not None:
        chance = next(null for null in nulls[1:] if null.respondent == RandomChoice().name)
        if chance.agreement is not None and mine.agreement <= chance.agreement:
            notes.append(
                "Answers in different orders agree no more often than those of a respondent that "
                "answers at random."
            )
    return tuple(notes)
