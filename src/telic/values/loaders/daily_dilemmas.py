"""DailyDilemmas (Chiu et al. 2024): everyday dilemmas with the values behind either action.

The action table has two rows per dilemma, ``dilemma_idx, dilemma_situation, action_type``
(``to_do`` or ``not_to_do``), ``action`` and ``values_aggregated``, a list of values written as in
Python. The dilemma table has only ``idx`` and ``dilemma_situation``: its questions then have no
values. Which value belongs to which dimension of a theory is in ``values.csv``
(:func:`telic.values.projection.read_projection`).
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

from telic.errors import MeasurementError
from telic.values._table import Row, cell, read_rows, require_columns
from telic.values.instrument import Instrument, Option, Question

__all__ = ["load_daily_dilemmas"]

_KINDS = ("to_do", "not_to_do")
_ACTIONS = ("dilemma_idx", "dilemma_situation", "action_type", "action", "values_aggregated")
_KNOWN = (
    *_ACTIONS,
    "idx",
    "basic_situation",
    "negative_consequence",
    "topic",
    "topic_group",
)
_ASK = "What do you do?"
_LIMITS = (
    "One action of each dilemma is the active one; a liking for acting (or for refraining) is told "
    "from values only by fitting both together."
)


def load_daily_dilemmas(path: Path) -> Instrument:
    """Load the action table, or the dilemma table without values.

    Raises:
        MeasurementError: if columns are missing, or a dilemma lacks or repeats an action.
    """
    rows = read_rows(path)
    if "action_type" not in rows[0].fields and "idx" in rows[0].fields:
        questions = tuple(_bare(row) for row in rows)
    else:
        require_columns(rows, _ACTIONS, known=_KNOWN)
        dilemmas: dict[str, dict[str, Row]] = {}
        for row in rows:
            kind = cell(row, "action_type")
            if kind not in _KINDS:
                raise MeasurementError(f"{row.where}: action_type {kind!r} is not {_KINDS}")
            actions = dilemmas.setdefault(cell(row, "dilemma_idx"), {})
            if kind in actions:
                raise MeasurementError(
                    f"{row.where}: dilemma {cell(row, 'dilemma_idx')} has {kind!r} twice"
                )
            actions[kind] = row
        questions = tuple(_dilemma(name, actions) for name, actions in dilemmas.items())
    return Instrument(
        name="daily-dilemmas", questions=questions, source="DailyDilemmas", limits=_LIMITS
    )


def _dilemma(name: str, actions: Mapping[str, Row]) -> Question:
    for kind in _KINDS:
        if kind not in actions:
            raise MeasurementError(f"dilemma {name} has no {kind!r} action")
    options = tuple(
        Option(kind, cell(actions[kind], "action"), tags=_values(actions[kind]), kind=kind)
        for kind in _KINDS
    )
    text = cell(actions["to_do"], "dilemma_situation")
    return Question(id=f"d{name}", form="pair", options=options, text=text, ask=_ASK)


def _values(row: Row) -> dict[str, float]:
    text = cell(row, "values_aggregated", default="[]")
    try:
        names = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
        raise MeasurementError(
            f"{row.where}: values_aggregated is no list: {text[:60]!r}"
        ) from error
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise MeasurementError(f"{row.where}: values_aggregated is no list of names: {text[:60]!r}")
    return {str(name).strip().lower(): 1.0 for name in names}


def _bare(row: Row) -> Question:
    options = (
        Option("to_do", "Yes, do it.", kind="to_do"),
        Option("not_to_do", "No, do not do it.", kind="not_to_do"),
    )
    return Question(
        id=f"d{cell(row, 'idx')}",
        form="pair",
        options=options,
        text=cell(row, "dilemma_situation"),
        ask=_ASK,
    )
