"""Putting an instrument to a respondent.

Every question is shown in each of its orders and asked ``repeats`` times; reply ``k`` to an item
has its own seed, so what was recorded need never be asked again and more repeats may follow
later. Nothing is folded: a :class:`Measurement` holds every reply with its status.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from telic import seeding
from telic.errors import MeasurementError, UsageError
from telic.values._record import Header, Record, Reply, read_record
from telic.values.comparison import UNANSWERED, Comparison, Comparisons, Replies
from telic.values.instrument import Instrument, Question
from telic.values.respondent import Answer as _Answer
from telic.values.respondent import Orders, Respondent, tally

__all__ = ["Measurement", "Progress", "Reply", "count", "measure", "read_measurement"]


class Progress(NamedTuple):
    """How far a measurement is."""

    done: int
    """Replies known, those recorded before included."""
    total: int
    recorded: int
    """Replies that were known from the record and not asked again."""


class Measurement(msgspec.Struct, frozen=True):
    """The replies of one respondent to one instrument."""

    instrument: Instrument
    respondent: str
    seed: int
    orders: Orders
    replies: tuple[Reply, ...]

    @property
    def counts(self) -> Replies:
        """Totals by status."""
        return count(self.replies)

    def answered(self) -> Iterator[tuple[Question, Reply]]:
        """Yield each answered reply with its question."""
        questions = {question.id: question for question in self.instrument.questions}
        for reply in self.replies:
            if reply.status == "answered":
                yield questions[reply.question], reply

    def require_answers(self) -> None:
        """Check that something was answered.

        Raises:
            MeasurementError: if nothing was.
        """
        counts = self.counts
        if counts.answered == 0:
            raise MeasurementError(
                f"{self.respondent!r} answered no question of {self.instrument.name!r} "
                f"({counts}), so there is nothing to report"
            )

    def by_question(self) -> dict[str, list[Reply]]:
        """Return question id → its replies, questions in order of their first reply."""
        grouped: dict[str, list[Reply]] = {}
        for reply in self.replies:
            grouped.setdefault(reply.question, []).append(reply)
        return grouped

    def comparisons(self, *, qualified: bool = False) -> Comparisons:
        """Return the comparison table of the questions that are pairs.

        Args:
            qualified: whether items are named ``question:option``, so that options of one name
                in different questions stay different items.

        Raises:
            MeasurementError: if no question is a pair.
        """
        grouped = self.by_question()
        rows: list[Comparison] = []
        for question in self.instrument.questions:
            if question.form == "pair":
                rows += self._rows(question, grouped.get(question.id, []), qualified=qualified)
        if not rows:
            raise MeasurementError(
                f"no pair of instrument {self.instrument.name!r} was asked, so there is "
                "nothing to compare"
            )
        return Comparisons.of(rows)

    def _rows(
        self, question: Question, replies: list[Reply], *, qualified: bool
    ) -> Iterator[Comparison]:
        left, right = question.names
        for order in dict.fromkeys(reply.order for reply in replies):
            answers = [
                _Answer(r.status, order.index(r.choice) if r.choice else None)
                for r in replies
                if r.order == order
            ]
            row = tally(
                question.item(order), answers, left=left, right=right, respondent=self.respondent
            )
            if qualified:
                full = {"left": f"{question.id}:{left}", "right": f"{question.id}:{right}"}
                row = msgspec.structs.replace(row, **full)
            yield row

    def first_share(self) -> tuple[int, int]:
        """Return how many choices took what was shown first, and how many choices there were.

        Scales and ties are left out. Where each question is shown in balanced orders, a
        respondent that looks at the content takes the first of k in one case of k.
        """
        chosen = [
            reply for question, reply in self.answered() if reply.choice and not question.is_scale
        ]
        return sum(reply.order[0] == reply.choice for reply in chosen), len(chosen)


def count(replies: Iterable[Reply]) -> Replies:
    """Return how many replies ended in each status."""
    statuses = [reply.status for reply in replies]
    return Replies(
        float(statuses.count("answered")), *(statuses.count(status) for status in UNANSWERED)
    )


def measure(
    instrument: Instrument,
    respondent: Respondent,
    *,
    repeats: int = 1,
    seed: int = 0,
    orders: Orders = "both",
    record: Path | None = None,
    progress: Callable[[Progress], object] | None = None,
) -> Measurement:
    """Put an instrument to a respondent.

    Args:
        instrument: the questions.
        respondent: who is asked.
        repeats: replies per question and order, 1 or more.
        seed: address of the draws.
        orders: ``"both"`` counterbalances, ``"given"`` shows each question in its own order.
        record: an append-only file that every reply is written to as soon as it is known. Where
            it exists, its replies are taken over and only the rest is asked.
        progress: called after each reply, and once at the start.

    Raises:
        UsageError: if ``repeats`` is below 1.
        MeasurementError: if the record is of another measurement or damaged.
        JournalBusyError: if another process writes the record.
        StorageError: if the record cannot be written.
    """
    if repeats < 1:
        raise UsageError(f"repeats must be 1 or more; got {repeats}")
    plan = [
        (question, order, repeat)
        for repeat in range(repeats)
        for question in instrument.questions
        for order in question.orders(orders)
    ]
    header = Header(
        instrument.name, instrument.digest, respondent.name, seed, repeats, orders, instrument
    )
    with contextlib.ExitStack() as stack:
        file: Record | None = None
        if record is not None:
            file = Record(record, header)
            stack.callback(file.close)
            _check(file.replies, instrument)
        replies = tuple(_replies(plan, respondent, seed, file, progress))
    return Measurement(instrument, respondent.name, seed, orders, replies)


def read_measurement(path: Path, instrument: Instrument | None = None) -> Measurement:
    """Read a record, complete or not, as a measurement of its instrument.

    Args:
        path: the record.
        instrument: what it must be a record of; by default what it says it is.

    Raises:
        MeasurementError: if the file is no record, or of another instrument, or names none.
    """
    header, replies = read_record(path)
    asked = instrument or header.asks
    if asked is None:
        raise MeasurementError(f"{path.name} does not hold its questions; name the instrument")
    if header.digest != asked.digest:
        raise MeasurementError(
            f"{path.name} records instrument {header.instrument!r} with other questions than "
            f"{asked.name!r} has now"
        )
    _check(replies, asked)
    own = {question.id: question.names for question in asked.questions}
    # A record that began with one order may have grown the others since.
    orders: Orders = "both" if any(r.order != own[r.question] for r in replies) else header.orders
    return Measurement(asked, header.respondent, header.seed, orders, replies)


def _replies(
    plan: Sequence[tuple[Question, tuple[str, ...], int]],
    respondent: Respondent,
    seed: int,
    file: Record | None,
    progress: Callable[[Progress], object] | None,
) -> Iterator[Reply]:
    """Yield a reply to each planned question: the recorded one, or a new one that is recorded."""
    known = {} if file is None else {reply.key: reply for reply in file.replies}
    recorded = sum((question.id, order, repeat) in known for question, order, repeat in plan)
    done = recorded
    if progress is not None:
        progress(Progress(done, len(plan), recorded))
    for question, order, repeat in plan:
        reply = known.get((question.id, order, repeat))
        if reply is None:
            answer = respondent.ask(question.item(order), seeding.address(seed, "reply", repeat))
            reply = Reply.of(question.id, order, repeat, answer)
            if file is not None:
                file.append(reply)
            done += 1
            if progress is not None:
                progress(Progress(done, len(plan), recorded))
        yield reply


def _check(replies: Iterable[Reply], instrument: Instrument) -> None:
    """Check that recorded replies answer the instrument's questions."""
    questions = {question.id: question for question in instrument.questions}
    for reply in replies:
        question = questions.get(reply.question)
        if question is None or sorted(reply.order) != sorted(question.names):
            raise MeasurementError(
                f"the record has a reply to {reply.question!r} in the order {reply.order}, which "
                f"{instrument.name!r} does not ask"
            )
        if reply.choice and (reply.status != "answered" or reply.choice not in reply.order):
            raise MeasurementError(
                f"the record has {reply.choice!r} with status {reply.status!r} for "
                f"{reply.question!r}, which is none of its answers"
            )
