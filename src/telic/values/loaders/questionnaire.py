"""Questionnaires of self-description, in the manner of the PVQ-21 and the MFQ.

A table with ``id, text, dimension`` and optionally ``keyed`` (-1 where agreeing speaks against the
dimension). The published questionnaires' texts belong to their authors; the two shipped with
Telic, ``portrait`` and ``foundations``, were written for it and are not validated.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from telic.errors import MeasurementError
from telic.values._table import cell, number, read_rows, require_columns
from telic.values.instrument import Instrument, Question
from telic.values.questions import RATING_WORDS, rating

__all__ = ["load_questionnaire"]


def load_questionnaire(
    path: Path,
    *,
    words: Sequence[str] = RATING_WORDS,
    ask: str = "How well does this describe you?",
) -> Instrument:
    """Load a questionnaire as ratings.

    Args:
        path: the table.
        words: of the points, lowest first.
        ask: the question after each statement.

    Raises:
        MeasurementError: if a column is missing, an id repeated, or a key is 0.
    """
    rows = read_rows(path)
    require_columns(rows, ("id", "text", "dimension"), known=("id", "text", "dimension", "keyed"))
    questions: list[Question] = []
    for row in rows:
        keyed = number(row, "keyed", default=1.0)
        if keyed == 0:
            raise MeasurementError(f"{row.where}: 'keyed' is 0; expected 1 or -1")
        tags = {cell(row, "dimension"): keyed}
        questions.append(
            rating(cell(row, "id"), cell(row, "text"), tags=tags, words=words, ask=ask)
        )
    return Instrument(
        name=path.stem,
        questions=tuple(questions),
        source=path.name,
        limits="Self-descriptions; take the mean answer off each person before comparing.",
    )
