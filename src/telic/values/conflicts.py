"""Which rule gives way: dilemmas between rules in conflict, and the order of priority they show.

After the Chinese Value Corpus (2025): every pair of conflicting rules makes a dilemma with three
options, one for each rule and a distractor that follows neither. Here the distractor is used as
what it is, an attention check: who does not read takes it once in three. Which rules conflict is
given as a graph; the corpus finds it with an embedding and an entailment model.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from telic.errors import MeasurementError, UsageError
from telic.values._design import UtilityModel
from telic.values.comparison import Comparison, Comparisons
from telic.values.instrument import Instrument, Option, Question
from telic.values.measurement import Measurement, Reply
from telic.values.utility import UtilityFit, fit_utilities

__all__ = ["Attention", "Priorities", "attention", "dilemmas", "priorities"]

DISTRACTOR = "distractor"


class Attention(msgspec.Struct, frozen=True):
    """How often a respondent took the option that follows neither rule."""

    respondent: str
    distracted: int
    choices: int
    """Answered choices in dilemmas that have a distractor."""
    chance: float
    """Share of distractors that a respondent who does not read takes."""

    @property
    def looks(self) -> float:
        """Estimated share of replies in which the options were read, in [0, 1].

        A reply without reading takes any option alike, one with reading never the distractor.
        """
        if not self.choices:
            return 0.0
        return max(0.0, 1.0 - self.distracted / self.choices / self.chance)


@dataclass(frozen=True, eq=False)
class Priorities:
    """The order in which rules give way to each other."""

    order: tuple[str, ...]
    """The rule that prevails first."""
    fit: UtilityFit
    """Bradley-Terry utilities of the rules, with intervals."""
    attention: tuple[Attention, ...]
    """Of every respondent."""
    left_out: tuple[str, ...]
    """Respondents below the least attention."""


def dilemmas(
    conflicts: Iterable[tuple[str, str]],
    *,
    scene: str = "You can follow one of two rules, not both.",
    distractor: str = "Do something that has to do with neither.",
    name: str = "dilemmas",
) -> Instrument:
    """Return one three-option dilemma per pair of conflicting rules.

    Args:
        conflicts: pairs of different rules; a pair may come again as another dilemma.
        scene: the text of every dilemma.
        distractor: the third option's text.
        name: of the instrument.

    Raises:
        MeasurementError: if a rule conflicts with itself, or there is no conflict.
    """
    questions = tuple(
        Question(
            id=f"d{number}",
            form="choice",
            options=(
                Option("rule1", first, tags={first: 1.0}),
                Option("rule2", second, tags={second: 1.0}),
                Option(DISTRACTOR, distractor, kind=DISTRACTOR),
            ),
            text=scene,
            ask="What do you do?",
        )
        for number, (first, second) in enumerate(map(_different, conflicts), start=1)
    )
    return Instrument(name=name, questions=questions)


def attention(measurement: Measurement) -> Attention:
    """Return how often the distractor was taken.

    Raises:
        MeasurementError: if no question has one.
    """
    checks = {
        question.id: question
        for question in measurement.instrument.questions
        if any(option.kind == DISTRACTOR for option in question.options)
    }
    if not checks:
        raise MeasurementError(f"no question of {measurement.instrument.name!r} has a distractor")
    chosen = [(q, r) for q, r in measurement.answered() if q.id in checks and r.choice]
    distracted = sum(q.option(r.choice).kind == DISTRACTOR for q, r in chosen)
    sizes = [len(question.options) for question in checks.values()]
    return Attention(
        measurement.respondent, distracted, len(chosen), len(sizes) / float(sum(sizes))
    )


def priorities(
    measurements: Sequence[Measurement], *, least_attention: float = 0.5, ridge: float = 0.01
) -> Priorities:
    """Return the order of priority that choices between rules show.

    A choice of one rule's option is a win over the other's. A distractor taken is no choice
    between them: it is counted as an abstention, and many make a respondent be left out.

    Args:
        measurements: replies to dilemmas whose options are tagged with one rule each.
        least_attention: share of replies that must have been read, in [0, 1].
        ridge: precision of the prior on the rules' utilities.

    Raises:
        UsageError: if ``least_attention`` is outside [0, 1].
        MeasurementError: if nobody is left, or no dilemma has two tagged options.
    """
    if not 0 <= least_attention <= 1:
        raise UsageError(f"least_attention lies in [0, 1]; got {least_attention}")
    seen = tuple(attention(each) for each in measurements)
    kept = [
        each for each, look in zip(measurements, seen, strict=True) if look.looks >= least_attention
    ]
    if not kept:
        raise MeasurementError(
            f"none of {len(seen)} respondents read {least_attention:.0%} of the dilemmas"
        )
    table = Comparisons.of(row for each in kept for row in _rows(each))
    fit = fit_utilities(table, UtilityModel(position_bias="shared", ridge=ridge))
    order = sorted(range(len(fit.items)), key=lambda place: -fit.utilities[place])
    return Priorities(
        order=tuple(fit.items[place] for place in order),
        fit=fit,
        attention=seen,
        left_out=tuple(look.respondent for look in seen if look.looks < least_attention),
    )


def _different(conflict: tuple[str, str]) -> tuple[str, str]:
    if conflict[0] == conflict[1]:
        raise MeasurementError(f"the rule {conflict[0]!r} cannot conflict with itself")
    return conflict


def _rows(measurement: Measurement) -> Iterable[Comparison]:
    grouped = measurement.by_question()
    for question in measurement.instrument.questions:
        rules = {option.name: next(iter(option.tags), "") for option in question.options}
        names = [name for name, rule in rules.items() if rule]
        if len(names) == 2:
            for reply in grouped.get(question.id, []):
                yield _row(reply, names, rules, measurement.respondent)


def _row(reply: Reply, names: list[str], rules: dict[str, str], who: str) -> Comparison:
    left, right = names
    decided = reply.status == "answered" and reply.choice in names
    other = reply.status == "answered" and not decided
    return Comparison(
        left=rules[left],
        right=rules[right],
        shown="left" if reply.order.index(left) < reply.order.index(right) else "right",
        respondent=who,
        wins=float(reply.choice == left),
        n=float(decided),
        abstained=int(other or reply.status == "abstained"),
        refused=int(reply.status == "refused"),
        unparsed=int(reply.status == "unparsed"),
        error=int(reply.status == "error"),
    )
