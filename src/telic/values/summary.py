"""What a measurement comes to: every figure of a report, beside respondents that value nothing.

The same instrument is put to the null respondents in the same way, so that each share and score
stands beside what it would be if nothing were valued.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import msgspec

from telic.errors import MeasurementError
from telic.values.accuracies import Accuracy, accuracy, by_truth
from telic.values.affect import Separation, separation
from telic.values.comparison import Replies
from telic.values.ladder import (
    MOST_ITEMS,
    Content,
    Ladder,
    content_of,
    ladder_of,
    pairs_of,
    shares_items,
)
from telic.values.measurement import Measurement, Reply, count, measure
from telic.values.profiles import Profile, profile
from telic.values.projection import Projection
from telic.values.synthetic import AlwaysFirst, RandomChoice, Sticky
from telic.values.weights import ValueWeights, value_weights

__all__ = ["Null", "Summary", "agreement", "summarise"]


class Null(msgspec.Struct, frozen=True):
    """What a respondent's choices look like, whatever they are about."""

    respondent: str
    """Who."""
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


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """Every figure of a report, with its denominators."""

    instrument: str
    """Its name."""
    source: str
    """Where its questions come from."""
    limits: str
    """What the instrument cannot tell."""
    respondent: str
    """Who was asked."""
    seed: int
    """Address of the draws."""
    questions: int
    """How many it has."""
    asked: float
    """Replies asked for, whatever became of them."""
    replies: Replies
    """How they ended."""
    by_form: Mapping[str, Replies]
    """Form of question → how its replies ended."""
    respondents: tuple[Null, ...]
    """The respondent first, then the nulls."""
    content: Content | None
    """Whether choices depend on what is compared; ``None`` where pairs are missing or too few."""
    ladder: Ladder | None
    """Utilities; ``None`` where there is no common scale or no content signal."""
    profile: Profile | None
    """Scores per dimension; ``None`` where nothing is tagged."""
    weights: ValueWeights | None
    """Weights of values beside biases for kinds of options; ``None`` where options have no
    kinds."""
    accuracies: Mapping[str, Accuracy]
    """Truth → share of right answers; `all` has every question that has one."""
    separation: Separation | None
    """How well good and bad news are told apart, for an affect probe with probabilities."""
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
    content = content_of(measurement)
    ladder = ladder_of(measurement, level) if content is not None and content.is_there else None
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
        separation=_separation(measurement),
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


def _separation(measurement: Measurement) -> Separation | None:
    try:
        return separation(measurement)
    except MeasurementError:  # no affect probe, or a respondent without probabilities
        return None


def _by_form(measurement: Measurement) -> dict[str, Replies]:
    forms = {question.id: question.form for question in measurement.instrument.questions}
    return {
        form: count(reply for reply in measurement.replies if forms[reply.question] == form)
        for form in dict.fromkeys(forms.values())
    }


def _weights(
    measurement: Measurement, projection: Projection | None, level: float
) -> ValueWeights | None:
    """Return value weights where options have kinds beside values, else a profile is enough."""
    kinds = {
        o.kind for q in measurement.instrument.questions for o in q.options if q.form == "pair"
    }
    if len(kinds - {""}) < 2 or shares_items(measurement):
        return None
    return value_weights(measurement, projection, level=level)


def _notes(
    measurement: Measurement, content: Content | None, nulls: Sequence[Null]
) -> tuple[str, ...]:
    notes: list[str] = []
    counts, mine = measurement.counts, nulls[0]
    if content is not None:
        notes.append(content.sentence)
    elif pairs_of(measurement) is not None:
        notes.append(
            "Whether choices depend on what is compared was not tested, and no utilities are "
            f"reported: it needs 5 answered pairs or more, of {MOST_ITEMS} items or fewer."
        )
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
