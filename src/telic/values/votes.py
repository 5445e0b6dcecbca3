"""Reading *wiser-than* votes.

CSV, TSV, JSON or JSON lines with one vote per row: ``participant, source, to, answer`` and any of
``context``; ``answer`` is ``wiser``, ``not wiser`` or ``unsure``. The columns and words of the
Democratic Fine-Tuning data (``userId, fromId, toId, relationship`` with ``upgrade``,
``no_upgrade`` and ``not_sure``) are read as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from telic.errors import MeasurementError
from telic.values._table import Row, cell, read_rows, require_columns
from telic.values.moral_graph import Judgement, Vote

__all__ = ["read_votes"]

_OTHER_NAMES: Mapping[str, str] = {
    "participant": "userId",
    "source": "fromId",
    "to": "toId",
    "answer": "relationship",
}
_ANSWERS: Mapping[str, Judgement] = {
    "wiser": "wiser",
    "upgrade": "wiser",
    "not wiser": "not wiser",
    "no_upgrade": "not wiser",
    "unsure": "unsure",
    "not_sure": "unsure",
}


def read_votes(path: Path) -> tuple[Vote, ...]:
    """Read a file of votes.

    Raises:
        MeasurementError: if it is malformed, an answer is none of the words, a value is compared
            with itself, or a participant votes twice on one pair in one context.
    """
    rows = read_rows(path)
    is_other = all(name in rows[0].fields for name in _OTHER_NAMES.values())
    names = _OTHER_NAMES if is_other else {name: name for name in _OTHER_NAMES}
    require_columns(rows, tuple(names.values()), known=(*names.values(), "context"))
    votes: dict[tuple[str, ...], Vote] = {}
    for row in rows:
        vote = _vote(row, names)
        key = vote.participant, vote.source, vote.to, vote.context
        if key in votes:
            raise MeasurementError(
                f"{row.where}: participant {vote.participant!r} votes twice on whether "
                f"{vote.to!r} is wiser than {vote.source!r}"
            )
        votes[key] = vote
    return tuple(votes.values())


def _vote(row: Row, names: Mapping[str, str]) -> Vote:
    word = cell(row, names["answer"])
    if word not in _ANSWERS:
        raise MeasurementError(
            f"{row.where}: answer {word!r} is none of wiser, not wiser and unsure"
        )
    try:
        return Vote(
            participant=cell(row, names["participant"]),
            source=cell(row, names["source"]),
            to=cell(row, names["to"]),
            answer=_ANSWERS[word],
            context=cell(row, "context", default=""),
        )
    except MeasurementError as error:
        if str(error).startswith(row.where):
            raise
        raise MeasurementError(f"{row.where}: {error}") from error
