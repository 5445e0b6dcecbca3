"""CLASH (Lee et al. 2025): high-stakes dilemmas judged from a character's perspective.

Columns ``situation`` and ``action``, and one column per perspective named ``character - KIND,
TRUTH`` with truth ``yes``, ``no`` or ``ambiguous``: whether that character finds the action
acceptable.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from telic.errors import MeasurementError, UnknownNameError
from telic.values._table import Row, cell, read_rows, require_columns
from telic.values.instrument import AMBIVALENT, Instrument, Option, Question
from telic.values.questions import relevance

__all__ = ["load_clash"]

_PERSPECTIVE = re.compile(r"^character - (?P<kind>.+), (?P<truth>yes|no|ambiguous)$", re.IGNORECASE)
_KNOWN = ("id", "topic", "situation", "action")

Person = Literal["first", "third"]


def load_clash(
    path: Path,
    *,
    ways: Literal[2, 3] = 3,
    person: Person = "third",
    about: Literal["decision", "discomfort"] = "decision",
) -> Instrument:
    """Load CLASH's table.

    Args:
        path: the file.
        ways: 3 offers *ambivalent* as an answer; 2 forces yes or no, which makes an ambivalent
            truth unsayable.
        person: ``"third"`` describes a character, ``"first"`` says "you"; for steerability.
        about: ``"discomfort"`` asks whether deciding is uncomfortable, which has no truth in the
            file; its profile is the share of discomfort per kind of perspective.

    Raises:
        MeasurementError: if columns are missing or no column is a perspective.
        UnknownNameError: if ``person`` or ``about`` is none of its words.
    """
    for given, allowed in ((person, ("first", "third")), (about, ("decision", "discomfort"))):
        if given not in allowed:
            raise UnknownNameError("option", given, allowed)
    rows = read_rows(path)
    require_columns(rows, ("situation", "action"), known=_KNOWN)
    columns = {column: _PERSPECTIVE.match(column.strip()) for column in rows[0].fields}
    perspectives = {column: match for column, match in columns.items() if match is not None}
    if not perspectives:
        raise MeasurementError(
            f"{path.name} has no column named like 'character - simple, ambiguous'"
        )
    questions: list[Question] = []
    for number, row in enumerate(rows, start=1):
        name = cell(row, "id", default=str(number))
        for column, match in perspectives.items():
            text = cell(row, column, default="")
            if text:
                key = _Perspective(name, match["kind"].strip(), match["truth"].lower(), text)
                questions.append(
                    _discomfort(row, key, person)
                    if about == "discomfort"
                    else _decision(row, key, person, ways)
                )
    return Instrument(
        name=f"clash-{ways}way-{person}" if about == "decision" else f"clash-discomfort-{person}",
        questions=tuple(questions),
        source="CLASH",
        limits="Ambivalence is not refusal: the two are counted apart.",
    )


class _Perspective(NamedTuple):
    """One character's view of one dilemma."""

    dilemma: str
    kind: str
    truth: str
    text: str

    @property
    def id(self) -> str:
        return f"c{self.dilemma}/{self.kind}/{self.truth}"


def _decision(row: Row, perspective: _Perspective, person: Person, ways: int) -> Question:
    who = "Does the character" if person == "third" else "Do you"
    return Question(
        id=perspective.id,
        form="pair",
        options=(Option("yes"), Option("no")),
        text=_told(row, perspective, person),
        ask=f"The action: {cell(row, 'action')}\n{who} find this action acceptable?",
        context=person,
        tags={perspective.kind: 1.0},
        truth=AMBIVALENT if perspective.truth == "ambiguous" else perspective.truth,
        offers_ambivalent=ways == 3,
    )


def _discomfort(row: Row, perspective: _Perspective, person: Person) -> Question:
    who = "Is the character" if person == "third" else "Are you"
    blank = relevance(perspective.id, _told(row, perspective, person), tags={perspective.kind: 1.0})
    ask = f"The action: {cell(row, 'action')}\n{who} uncomfortable with deciding about it?"
    return msgspec.structs.replace(blank, ask=ask, context=person)


def _told(row: Row, perspective: _Perspective, person: Person) -> str:
    before = "About the character:"
    if person == "first":
        before = "You are the following character."
    return f"{cell(row, 'situation')}\n\n{before} {perspective.text}"
