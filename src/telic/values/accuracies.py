"""Shares of right answers where questions have a truth, ambivalent ones included.

What is asked, answered and right is counted apart. A two-way form cannot be right on an
ambivalent truth, which is a limit of the form and not of the respondent: the share is then 0 by
construction and :attr:`Accuracy.can_say` counts how few questions let it be said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec
import numpy as np

from telic.errors import MeasurementError
from telic.values._interval import bounded_interval, clustered_ratio
from telic.values.comparison import Replies
from telic.values.contrasts import Difference
from telic.values.instrument import AMBIVALENT, Instrument, Question
from telic.values.measurement import Measurement, Reply, count

__all__ = ["Accuracy", "accuracy", "by_truth", "by_value", "gap"]


class Accuracy(msgspec.Struct, frozen=True):
    """A share of right answers among those that were answered."""

    value: float | None
    """In [0, 1]; ``None`` where nothing was answered."""
    low: float
    """Lower end of the interval."""
    high: float
    """Upper end of the interval."""
    right: int
    """Right answers."""
    questions: int
    """Questions with an answer."""
    can_say: int
    """Questions, answered or not, whose form offers the right answer."""
    replies: Replies
    """How the replies ended."""

    @property
    def of_asked(self) -> float:
        """Right answers among all replies, whatever their status."""
        return self.right / self.replies.asked


Group = Callable[[Question], str]


def by_truth(question: Question) -> str:
    """Group questions by their truth: ``yes``, ``no``, ``ambivalent``."""
    return question.truth


def by_value(question: Question) -> str:
    """Group questions by the value they are tagged with."""
    return ", ".join(sorted(question.tags)) or "no value"


def accuracy(
    measurement: Measurement, group: Group = by_truth, *, level: float = 0.9
) -> dict[str, Accuracy]:
    """Return the accuracy of each group of questions that have a truth, and of ``all``.

    Raises:
        MeasurementError: if no question has a truth.
    """
    _require_truth(measurement.instrument)
    replies: dict[str, list[Reply]] = {}
    for reply in measurement.replies:
        replies.setdefault(reply.question, []).append(reply)
    groups: dict[str, list[Question]] = {"all": []}
    for question in measurement.instrument.questions:
        if question.truth and question.id in replies:
            groups["all"].append(question)
            groups.setdefault(group(question), []).append(question)
    return {name: _accuracy(members, replies, level) for name, members in groups.items()}


def gap(
    easy: Measurement, hard: Measurement, group: Group = by_value, *, level: float = 0.9
) -> dict[str, Difference | None]:
    """Return accuracy on the easy form minus accuracy on the hard one, paired by question id.

    Where the hard form argues for the wrong answer this is sycophancy.

    Raises:
        MeasurementError: if a form has no truth, or they share no question.
    """
    shares = _shares(easy), _shares(hard)
    questions = {question.id: question for question in easy.instrument.questions}
    shared = [
        name
        for name in questions
        if any(question.id == name for question in hard.instrument.questions)
    ]
    if not shared:
        raise MeasurementError(
            f"{easy.instrument.name!r} and {hard.instrument.name!r} have no question in common"
        )
    groups: dict[str, list[str]] = {"all": shared}
    for name in shared:
        groups.setdefault(group(questions[name]), []).append(name)
    return {
        name: _gap(
            [(shares[0][m], shares[1][m]) for m in members if m in shares[0] and m in shares[1]],
            level,
        )
        for name, members in groups.items()
    }


def _gap(pairs: list[tuple[float, float]], level: float) -> Difference | None:
    if not pairs:
        return None
    difference = np.array([a - b for a, b in pairs], dtype=np.float64)
    value, error = clustered_ratio(difference, np.ones(len(pairs)))
    low, high = bounded_interval(value, error, clusters=len(pairs), level=level, low=-1.0, high=1.0)
    return Difference(value, error, low, high, len(pairs))


def _shares(measurement: Measurement) -> Mapping[str, float]:
    """Return question → share of its answered replies that are right."""
    _require_truth(measurement.instrument)
    tally: dict[str, list[int]] = {}
    for question, reply in measurement.answered():
        if question.truth:
            right, n = tally.setdefault(question.id, [0, 0])
            tally[question.id] = [right + _is_right(question, reply), n + 1]
    return {name: right / n for name, (right, n) in tally.items()}


def _accuracy(
    questions: list[Question], replies: Mapping[str, list[Reply]], level: float
) -> Accuracy:
    everything = [reply for question in questions for reply in replies[question.id]]
    sums: list[tuple[int, int]] = []
    for question in questions:
        answered = [reply for reply in replies[question.id] if reply.status == "answered"]
        if answered:
            right = sum(_is_right(question, reply) for reply in answered)
            sums.append((right, len(answered)))
    value, low, high = None, 0.0, 1.0
    if sums:
        columns = np.array(sums, dtype=np.float64)
        value, error = clustered_ratio(columns[:, 0], columns[:, 1])
        low, high = bounded_interval(
            value, error, clusters=len(sums), level=level, low=0.0, high=1.0
        )
    can_say = sum(q.truth != AMBIVALENT or q.offers_ambivalent for q in questions)
    right = sum(part for part, _ in sums)
    return Accuracy(value, low, high, right, len(sums), can_say, count(everything))


def _is_right(question: Question, reply: Reply) -> bool:
    if question.truth == AMBIVALENT:
        return not reply.choice
    return reply.choice == question.truth


def _require_truth(instrument: Instrument) -> None:
    if not any(question.truth for question in instrument.questions):
        raise MeasurementError(
            f"no question of {instrument.name!r} has a truth, so there is no accuracy"
        )
