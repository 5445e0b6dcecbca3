"""The one object that ``--json`` gives on standard output; docs/json.md explains each key."""

from __future__ import annotations

import json
import math
import sys
from typing import Any

import msgspec

__all__ = [
    "AddedDocument",
    "ErrorDocument",
    "ErrorReport",
    "InitDocument",
    "emit",
    "tell_added",
]


class ErrorReport(msgspec.Struct, frozen=True):
    """Why a command failed."""

    kind: str
    """Name of the error class, see telic.errors."""
    message: str
    """The sentence on standard error."""
    exit_code: int
    """Of the process."""


class ErrorDocument(msgspec.Struct, frozen=True):
    """What ``--json`` gives instead of a command's own document."""

    error: ErrorReport
    """What happened."""


class InitDocument(msgspec.Struct, frozen=True):
    """What ``telic init --json`` gives."""

    folder: str
    """The new folder."""
    files: list[str]
    """Names of the files in it."""


class AddedDocument(msgspec.Struct, frozen=True):
    """What ``telic note --json`` and ``telic inject --json`` give."""

    journal: str
    """Of the run it was added to."""
    added: str
    """``note`` or ``candidate``."""


def tell_added(document: AddedDocument, *, as_json: bool) -> None:
    """Say what was added to which run."""
    if as_json:
        emit(document)
    else:
        sys.stdout.write(f"{document.added} added; go on with: telic resume {document.journal}\n")


def emit(document: msgspec.Struct | dict[str, Any]) -> None:
    """Write a document to standard output: ASCII, and ``null`` where a number is not finite."""
    plain = _finite(msgspec.to_builtins(document))
    sys.stdout.write(json.dumps(plain, indent=2, allow_nan=False) + "\n")
    sys.stdout.flush()


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
