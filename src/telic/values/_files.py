"""Comparison tables in CSV and JSON lines.

Two shapes are read. *Counts*: columns ``left, right, n`` and any of ``wins, ties, shown,
respondent, context, abstained, refused, unparsed, error``. *Replies*: one reply per row,
columns ``left, right, winner`` (``left``, ``right``, ``tie``, or empty with a ``status``)
and any of ``shown, respondent, context, status``. Either may have an ``id`` column, whose
values must be unique. ``shown`` names the side that came first: ``left``, ``right``, or
the item itself. What is written is always the first shape.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal, cast

import msgspec

from telic.errors import MeasurementError, UnknownNameError
from telic.values.comparison import UNANSWERED, Comparison, Comparisons

__all__ = ["read_comparisons", "write_comparisons"]

Cut = Literal["refuse", "drop"]

_COLUMNS = Comparison.__struct_fields__
_REPLY_COLUMNS = ("left", "right", "winner", "status", "shown", "respondent", "context")
_WINNERS = ("left", "right", "tie")


def read_comparisons(
    path: Path, *, ignore: Collection[str] = (), cut: Cut = "refuse"
) -> Comparisons:
    """Read a ``.csv`` or ``.jsonl`` file of comparisons.

    Args:
        path: the file.
        ignore: columns to skip; any other unknown column is refused.
        cut: what to do when the last line is incomplete, as a killed writer leaves it:
            ``"refuse"``, or ``"drop"`` it and keep every complete row.

    Raises:
        MeasurementError: if the file cannot be read, lacks rows or columns, repeats an id,
            is cut off, or a row contradicts itself.
        UnknownNameError: if a column is unknown.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise MeasurementError(f"{path.name} cannot be read as text: {error}") from error
    if path.suffix == ".jsonl":
        records = _json_records(text, path.name, cut)
    elif path.suffix == ".csv":
        records = _csv_records(text, path.name, cut)
    else:
        raise MeasurementError(f"{path.name}: comparisons are read from .csv or .jsonl files")
    rows = list(_rows(records, path.name, frozenset(ignore)))
    if not rows:
        raise MeasurementError(f"{path.name} holds no comparison; expected at least one row")
    return Comparisons.of(rows)


def write_comparisons(table: Comparisons, path: Path) -> None:
    """Write a table as ``.csv`` or ``.jsonl``; reading it back gives the same rows.

    Raises:
        MeasurementError: if the suffix is neither.
    """
    records = [msgspec.to_builtins(row) for row in table.rows()]
    out = io.StringIO()
    if path.suffix == ".jsonl":
        out.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    elif path.suffix == ".csv":
        writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)
    else:
        raise MeasurementError(f"{path.name}: comparisons are written to .csv or .jsonl files")
    path.write_text(out.getvalue(), encoding="utf-8")


def _csv_records(text: str, name: str, cut: Cut) -> Iterator[tuple[int, dict[str, object]]]:
    reader = csv.reader(io.StringIO(text), strict=True)
    header = next(reader, None)
    if header is None:
        raise MeasurementError(f"{name} is empty; expected a header line")
    if len(set(header)) < len(header):
        twice = next(column for column in header if header.count(column) > 1)
        raise MeasurementError(f"{name}: column {twice!r} appears twice in the header")
    count = 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            if cut == "drop" and "end of data" in str(error):
                return
            raise _cut_off(name, reader.line_num, str(error), count) from error
        if cells is None:
            return
        if len(cells) != len(header):
            is_last = reader.line_num >= len(text.splitlines())
            if len(cells) > len(header) or not is_last:
                raise MeasurementError(
                    f"{name}:{reader.line_num}: {len(cells)} cells under {len(header)} columns"
                )
            if cut == "drop":
                return
            reason = f"{len(cells)} of {len(header)} cells"
            raise _cut_off(name, reader.line_num, reason, count)
        count += 1
        yield reader.line_num, dict(zip(header, cells, strict=True))


def _json_records(text: str, name: str, cut: Cut) -> Iterator[tuple[int, dict[str, object]]]:
    lines = [(n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip()]
    for position, (number, line) in enumerate(lines):
        try:
            record: object = json.loads(line)
        except json.JSONDecodeError as error:
            if position < len(lines) - 1:
                raise MeasurementError(f"{name}:{number}: not a JSON object: {error}") from error
            if cut == "drop":
                return
            raise _cut_off(name, number, str(error), position) from error
        if not isinstance(record, dict):
            raise MeasurementError(f"{name}:{number}: expected a JSON object per line")
        yield number, cast("dict[str, object]", record)


def _cut_off(name: str, line: int, reason: str, complete: int) -> MeasurementError:
    return MeasurementError(
        f"{name}:{line}: the last row is cut off ({reason}); "
        f"read with cut='drop' to keep the {complete} complete rows before it"
    )


def _rows(
    records: Iterable[tuple[int, Mapping[str, object]]], name: str, ignore: frozenset[str]
) -> Iterator[Comparison]:
    seen: dict[object, int] = {}
    for line, record in records:
        known = _REPLY_COLUMNS if "winner" in record else _COLUMNS
        for column in record:
            if column not in known and column != "id" and column not in ignore:
                raise UnknownNameError("column", column, known)
        for column in ("left", "right", "winner" if "winner" in record else "n"):
            if column not in record:
                raise MeasurementError(f"{name}:{line}: column {column!r} is missing")
        if "id" in record:
            first = seen.setdefault(record["id"], line)
            if first != line:
                raise MeasurementError(
                    f"{name}:{line}: id {record['id']!r} was already used on line {first}"
                )
        fields = {key: record[key] for key in record if key in known and record[key] is not None}
        fields["shown"] = _shown(fields, f"{name}:{line}")
        try:
            yield _reply(fields) if "winner" in record else _counts(fields)
        except (msgspec.ValidationError, ValueError) as error:
            raise MeasurementError(f"{name}:{line}: {error}") from error


def _shown(fields: Mapping[str, object], where: str) -> str:
    shown = fields.get("shown", "")
    if shown in ("left", "right", ""):
        return str(shown)
    sides = {fields["left"]: "left", fields["right"]: "right"}
    if shown not in sides:
        raise MeasurementError(
            f"{where}: shown first is {shown!r}, which is neither 'left', 'right' nor one of "
            f"the compared items {fields['left']!r} and {fields['right']!r}"
        )
    return sides[shown]


def _counts(fields: Mapping[str, object]) -> Comparison:
    filled = {key: value for key, value in fields.items() if value != "" or key in ("shown",)}
    row = msgspec.convert(filled, Comparison, strict=False)
    if row.left == row.right:
        raise ValueError(f"{row.left!r} is compared with itself")
    if row.wins < 0 or row.ties < 0 or not row.wins + row.ties <= row.n:
        raise ValueError(
            f"wins {row.wins:g} and ties {row.ties:g} contradict {row.n:g} answered replies"
        )
    return row


def _reply(fields: Mapping[str, object]) -> Comparison:
    winner = fields.get("winner", "")
    status = fields.get("status") or ("answered" if winner else "")
    if status == "answered" and winner not in _WINNERS:
        raise ValueError(f"winner must be one of {', '.join(_WINNERS)}; got {winner!r}")
    if status != "answered" and (winner or status not in UNANSWERED):
        raise ValueError(
            f"a row needs a winner, or no winner and a status among {', '.join(UNANSWERED)}; "
            f"got winner {winner!r} and status {status!r}"
        )
    keys = {
        key: fields[key]
        for key in ("left", "right", "shown", "respondent", "context")
        if key in fields
    }
    if status == "answered":
        counts = {"n": 1, "wins": int(winner == "left"), "ties": int(winner == "tie")}
    else:
        counts = {str(status): 1}
    return _counts({**keys, **counts})
