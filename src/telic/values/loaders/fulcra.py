"""FULCRA (Yao et al. 2024): dialogues labelled with Schwartz values.

JSON lines with ``dialogue`` and ``value_types``, a list of ``NAME: +1`` or ``NAME: -1``. Each pair
of a dialogue and a labelled value becomes a question for the valence of the reply, whose truth
is the label, so that an evaluator can be measured; :func:`read_labels` gives the labels
themselves. Labels are written as ``+1``, ``1``, ``-1`` and, by slips of the key, ``1+`` and ``=1``:
anything with a 1 and no minus sign is positive.
"""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from telic.errors import MeasurementError
from telic.values._table import Row, cell, read_rows, require_columns
from telic.values.instrument import Instrument, Question
from telic.values.loaders._faulty import Faulty, convert
from telic.values.questions import valence

__all__ = ["load_fulcra", "read_labels"]

_LABEL = re.compile(r"^(?P<name>[^:]+):\s*(?P<sign>[+=\-]?)\s*1\s*[+]?$")
_COLUMNS = ("dialogue", "value_types")


def load_fulcra(path: Path, *, faulty: Faulty = "refuse") -> Instrument:
    """Load labelled dialogues as questions of valence.

    Args:
        path: the file.
        faulty: what to do with a dialogue whose labels are unreadable or contradict each other;
            the published file has some.

    Raises:
        MeasurementError: if a line is malformed or a label unreadable.
    """
    questions: list[Question] = []
    dialogues, left_out = convert(_rows(path), _dialogue, faulty)
    for number, (dialogue, labels) in enumerate(dialogues, start=1):
        for name, sign in labels.items():
            question = valence(f"f{number}/{name}", dialogue, tags={name: 1.0})
            questions.append(
                msgspec.structs.replace(
                    question,
                    ask=f"Does the last reply support or oppose the value of {name}?",
                    truth="supports" if sign > 0 else "opposes",
                )
            )
    if not questions:
        raise MeasurementError(f"{path.name}: no dialogue has a labelled value")
    return Instrument(name="fulcra", questions=tuple(questions), source="FULCRA", limits=left_out)


def read_labels(
    path: Path, *, faulty: Faulty = "refuse"
) -> tuple[tuple[str, dict[str, float]], ...]:
    """Read dialogues with value → label in {-1, 1}; values without a label are left out (0).

    Raises:
        MeasurementError: if a line is malformed, or a label unreadable and that is refused.
    """
    return tuple(convert(_rows(path), _dialogue, faulty)[0])


def _rows(path: Path) -> list[Row]:
    rows = read_rows(path)
    known = (*_COLUMNS, "value_items", "query_source", "response_source")
    require_columns(rows, _COLUMNS, known=known)
    return rows


def _dialogue(row: Row) -> tuple[str, dict[str, float]]:
    return cell(row, "dialogue"), _labels(row)


def _labels(row: Row) -> dict[str, float]:
    try:
        texts = msgspec.convert(row.fields["value_types"], tuple[str, ...])
    except msgspec.ValidationError as error:
        raise MeasurementError(
            f"{row.where}: value_types is no list of labels ({error})"
        ) from error
    labels: dict[str, float] = {}
    for text in texts:
        match = _LABEL.match(text.strip())
        if match is None:
            raise MeasurementError(f"{row.where}: label {text!r} is not like 'security: +1'")
        name, sign = match["name"].strip().lower(), -1.0 if match["sign"] == "-" else 1.0
        if labels.setdefault(name, sign) != sign:
            raise MeasurementError(f"{row.where}: {name!r} is labelled both +1 and -1")
    return labels
