"""Affect probe: events that are plainly good or bad news, as one-word continuations.

Columns ``id``, ``event`` (a clause that follows "that") and, where it is plain, ``feeling``:
``happy`` or ``sad``. A language model too small to choose a letter still continues "I heard that X,
so I feel very" sensibly.
"""

from __future__ import annotations

from pathlib import Path

from telic.errors import MeasurementError
from telic.values._table import cell, read_rows, require_columns
from telic.values.instrument import Instrument
from telic.values.questions import affect_probe

__all__ = ["load_affect_probe"]

_FEELINGS = ("happy", "sad")


def load_affect_probe(path: Path) -> Instrument:
    """Load events as an affect probe.

    Raises:
        MeasurementError: if a column is missing, an id is listed twice or a feeling is neither.
    """
    rows = read_rows(path)
    require_columns(rows, ("id", "event"), known=("id", "event", "feeling"))
    events: dict[str, str] = {}
    feelings: dict[str, str] = {}
    for row in rows:
        name, feeling = cell(row, "id"), cell(row, "feeling", default="")
        if name in events:
            raise MeasurementError(f"{row.where}: event {name!r} is listed twice")
        if feeling and feeling not in _FEELINGS:
            raise MeasurementError(f"{row.where}: 'feeling' is happy or sad; got {feeling!r}")
        events[name] = cell(row, "event")
        feelings[name] = feeling
    return affect_probe(events, name=path.stem.replace("_", "-"), feelings=feelings)
