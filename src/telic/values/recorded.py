"""A person's recorded answers as a respondent.

The file (CSV, TSV, JSON or JSON lines) has one answer per row: ``question`` (its id), ``choice``
(the option's name, or ``ambivalent``) and any of ``status``, ``context``, ``shown`` (name of the
option that came first; the row then answers that order only) and ``respondent``. An empty choice
without a status is an abstention, as in a survey left blank.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from telic.errors import MeasurementError
from telic.values._table import Row, cell, read_rows, require_columns
from telic.values.comparison import UNANSWERED, Status
from telic.values.instrument import AMBIVALENT
from telic.values.respondent import Answer, Item

__all__ = ["Recorded", "read_recorded"]

_KNOWN = ("question", "choice", "status", "context", "shown", "respondent")

_Key = tuple[str, str, str]
"""Question id, context, first option shown (empty for any)."""


class Recorded(msgspec.Struct, frozen=True):
    """Answers that were given before, one per question, context and order."""

    name: str
    answers: Mapping[_Key, tuple[Status, str]]
    """``(question, context, shown)`` → status and chosen name; empty context or order fits any."""

    def ask(self, item: Item, seed: int) -> Answer:
        """Return the recorded answer, or an error that says that there is none.

        Raises:
            MeasurementError: if the recorded choice is not an option of the question.
        """
        del seed
        for context in (item.context, ""):
            for shown in (item.options[0], ""):
                found = self.answers.get((item.id, context, shown))
                if found is not None:
                    return self._answer(item, *found)
        return Answer("error", text="no recorded answer to this question in this order")

    def _answer(self, item: Item, status: Status, choice: str) -> Answer:
        if status != "answered":
            return Answer(status, text=choice)
        if choice in item.options:
            return Answer("answered", item.options.index(choice), choice)
        if choice == AMBIVALENT and item.allows_tie:
            return Answer("answered", text=choice)
        raise MeasurementError(
            f"the recorded answer to {item.id!r} is {choice!r}, which is none of {item.options}"
        )


def read_recorded(path: Path, *, respondent: str = "") -> Recorded:
    """Read a file of recorded answers.

    Args:
        path: the file.
        respondent: whose rows to take where the file has several people's.

    Raises:
        MeasurementError: if the file is malformed, answers a question twice, or mixes people
            although none is named.
    """
    rows = read_rows(path)
    require_columns(rows, ("question", "choice"), known=_KNOWN)
    people = sorted({cell(row, "respondent", default="") for row in rows})
    if respondent:
        rows = [row for row in rows if cell(row, "respondent", default="") == respondent]
        if not rows:
            raise MeasurementError(f"{path.name} has no answers of {respondent!r}")
    elif len(people) > 1:
        raise MeasurementError(
            f"{path.name} holds answers of {len(people)} respondents; name one of them"
        )
    answers: dict[_Key, tuple[Status, str]] = {}
    for row in rows:
        key = (
            cell(row, "question"),
            cell(row, "context", default=""),
            cell(row, "shown", default=""),
        )
        if key in answers:
            raise MeasurementError(f"{row.where}: question {key[0]!r} is answered twice")
        answers[key] = _status(row)
    return Recorded(respondent or people[0] or path.stem, answers)


def _status(row: Row) -> tuple[Status, str]:
    choice = cell(row, "choice", default="")
    status = cell(row, "status", default="answered" if choice else "abstained")
    if status != "answered" and status not in UNANSWERED:
        raise MeasurementError(
            f"{row.where}: status {status!r} is none of answered, {', '.join(UNANSWERED)}"
        )
    if (status == "answered") != bool(choice):
        raise MeasurementError(f"{row.where}: choice {choice!r} contradicts status {status!r}")
    return status, choice
