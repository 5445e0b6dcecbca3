"""ValuePrism (Sorensen et al. 2024): situations with the values, rights and duties at stake.

Columns ``situation``, ``vrd`` (``Value``, ``Right`` or ``Duty``) and ``text``; and, where the file
has them, ``valence`` (``supports``, ``opposes``, ``either``) and ``explanation``. Each row becomes
a question for the valence or for the relevance of one consideration.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from telic.errors import MeasurementError, UnknownNameError
from telic.values._table import Row, cell, read_rows, require_columns
from telic.values.instrument import Instrument, Question
from telic.values.questions import relevance, valence

__all__ = ["load_value_prism"]

_KINDS = ("value", "right", "duty")
_VALENCES = {
    "supports": "supports",
    "support": "supports",
    "opposes": "opposes",
    "oppose": "opposes",
    "either": "either",
}
_KNOWN = ("situation", "vrd", "text", "valence", "explanation", "relevant")


def load_value_prism(
    path: Path, *, form: Literal["valence", "relevance"] = "valence"
) -> Instrument:
    """Load considerations as questions.

    Raises:
        MeasurementError: if a column is missing, or a kind or valence is unknown.
    """
    if form not in ("valence", "relevance"):
        raise UnknownNameError("form", form, ("valence", "relevance"))
    rows = read_rows(path)
    require_columns(rows, ("situation", "vrd", "text"), known=_KNOWN)
    questions = tuple(_question(row, number, form) for number, row in enumerate(rows, start=1))
    return Instrument(
        name=f"value-prism-{form}",
        questions=questions,
        source="ValuePrism",
        limits="The considerations and their labels were written by a language model.",
    )


def _question(row: Row, number: int, form: str) -> Question:
    kind = cell(row, "vrd").lower()
    if kind not in _KINDS:
        raise MeasurementError(f"{row.where}: vrd {kind!r} is none of {', '.join(_KINDS)}")
    text = f"Situation: {cell(row, 'situation')}\n{kind.capitalize()}: {cell(row, 'text')}"
    tags = {cell(row, "text").lower(): 1.0}
    if form == "relevance":
        blank = relevance(f"v{number}", text, tags=tags)
        return msgspec.structs.replace(blank, ask=f"Does this {kind} matter in the situation?")
    label = cell(row, "valence", default="").lower()
    if label and label not in _VALENCES:
        raise MeasurementError(
            f"{row.where}: valence {label!r} is none of supports, opposes, either"
        )
    return msgspec.structs.replace(
        valence(f"v{number}", text, tags=tags),
        ask=f"Does this {kind} support or oppose the action, or either?",
        truth=_VALENCES.get(label, ""),
    )
