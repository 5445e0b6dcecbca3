"""The one object that ``--json`` gives on standard output; docs/json.md explains each key."""

from __future__ import annotations

import json
import math
import sys
from typing import Any

import msgspec

__all__ = ["ErrorDocument", "ErrorReport", "InitDocument", "emit"]


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
