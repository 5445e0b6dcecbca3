"""Reading other people's tables: CSV, JSON lines and JSON, with errors that name the line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import cast

import msgspec

from telic.errors import MeasurementError, suggestion

__all__ = ["Row", "cell", "number", "read_json", "read_rows", "require_columns"]


class Row(msgspec.Struct, frozen=True):
    """One record and the place it stands in."""

    where: str
    """``file:line``, for messages."""
    fields: dict[str, object]


def read_text(path: Path) -> str:
    """Return a file's text.

    Raises:
        MeasurementError: if the file cannot be read as UTF-8, or is empty.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise MeasurementError(f"there is no file {path}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise MeasurementError(f"{path.name} cannot be read as text: {error}") from error
    if not text.strip():
        raise MeasurementError(f"{path.name} is empty")
    return text


def read_rows(path: Path) -> list[Row]:
    """Read ``.csv``, ``.tsv``, ``.jsonl`` or a ``.json`` list of objects.

    Raises:
        MeasurementError: if the file is unreadable, cut off, of another kind or without rows.
    """
    text = read_text(path)
    if path.suffix in (".csv", ".tsv"):
        rows = _csv(text, path.name, "\t" if path.suffix == ".tsv" else ",")
    elif path.suffix == ".jsonl":
        rows = _lines(text, path.name)
    elif path.suffix == ".json":
        content = _decoded(text, path.name)
        if not isinstance(content, list):
            raise MeasurementError(f"{path.name}: expected a list of objects")
        rows = [
            Row(f"{path.name}, entry {place}", _object(entry, f"{path.name}, entry {place}"))
            for place, entry in enumerate(cast("list[object]", content), start=1)
        ]
    else:
        raise MeasurementError(f"{path.name}: expected a .csv, .tsv, .jsonl or .json file")
    if not rows:
        raise MeasurementError(f"{path.name} holds no row; expected at least one")
    return rows


def read_json(path: Path) -> object:
    """Return the content of a JSON file.

    Raises:
        MeasurementError: if it is unreadable, cut off or not JSON.
    """
    return _decoded(read_text(path), path.name)


def require_columns(
    rows: Sequence[Row], needed: Collection[str], *, known: Collection[str]
) -> None:
    """Check that the first row has the needed columns and that no column is a misspelt one.

    Columns that are neither needed nor known are other people's business and ignored, unless a
    needed one is missing: then the message names the closest.

    Raises:
        MeasurementError: if a needed column is missing.
    """
    present = rows[0].fields
    for column in needed:
        if column not in present:
            extra = [name for name in present if name and name not in known]
            raise MeasurementError(
                f"{rows[0].where}: column {column!r} is missing{suggestion(column, extra)}"
            )


def cell(row: Row, column: str, *, default: str | None = None) -> str:
    """Return a cell's text without surrounding blanks.

    Raises:
        MeasurementError: if it is empty and there is no default.
    """
    value = row.fields.get(column)
    text = "" if value is None else str(value).strip()
    if text:
        return text
    if default is None:
        raise MeasurementError(f"{row.where}: {column!r} is empty")
    return default


def number(row: Row, column: str, *, default: float | None = None) -> float:
    """Return a cell as a finite number.

    Raises:
        MeasurementError: if it is none.
    """
    text = cell(row, column, default=None if default is None else repr(default))
    try:
        value = float(text)
    except ValueError as error:
        raise MeasurementError(f"{row.where}: {column!r} is {text!r}, not a number") from error
    if value != value or value in (float("inf"), float("-inf")):
        raise MeasurementError(f"{row.where}: {column!r} is {text!r}, not a finite number")
    return value


def _csv(text: str, name: str, delimiter: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    rows: list[Row] = []
    try:
        header = next(reader)
        repeated = sorted({column for column in header if header.count(column) > 1})
        if repeated:
            raise MeasurementError(f"{name}: column {repeated[0]!r} appears twice in the header")
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(header):
                raise MeasurementError(
                    f"{name}:{reader.line_num}: {len(cells)} cells under {len(header)} columns; "
                    "the row is cut off or has a stray delimiter"
                )
            fields = cast("dict[str, object]", dict(zip(header, cells, strict=True)))
            rows.append(Row(f"{name}:{reader.line_num}", fields))
    except csv.Error as error:
        raise MeasurementError(f"{name}:{reader.line_num}: not CSV ({error}); cut off?") from error
    return rows


def _lines(text: str, name: str) -> list[Row]:
    rows: list[Row] = []
    # Not splitlines: it also breaks at separators that JSON strings may hold unescaped.
    for place, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            where = f"{name}:{place}"
            rows.append(Row(where, _object(_decoded(line, where), where)))
    return rows


def _decoded(text: str, where: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise MeasurementError(f"{where}: not JSON ({error}); is the file cut off?") from error


def _object(content: object, where: str) -> dict[str, object]:
    if not isinstance(content, Mapping):
        raise MeasurementError(f"{where}: expected an object; got {type(content).__name__}")
    return dict(cast("Mapping[str, object]", content))
