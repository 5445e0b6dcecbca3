"""Writing an artifact to disk, and what ``telic best --json`` gives."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from telic.artifact import Artifact
from telic.cli._text import harmless
from telic.errors import StorageError, UsageError

__all__ = ["BestDocument", "print_text", "write_artifact"]


class BestDocument(msgspec.Struct, frozen=True):
    """What ``telic best --json`` gives."""

    candidate: int
    """Its id."""
    score: float
    """In the metric's own sign."""
    files: dict[str, str]
    """Relative path → text, the main file first."""
    written: str | None
    """Where the files were written, ``None`` when they were not."""


def print_text(text: str) -> None:
    """Write a program to standard output: every byte as it is, but harmless in a terminal."""
    if sys.stdout.isatty():
        sys.stdout.write(harmless(text))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
    sys.stdout.buffer.flush()


def write_artifact(artifact: Artifact, target: Path) -> None:
    """Write an artifact of one file to a file, or any artifact into a folder.

    Args:
        artifact: what is written; its paths stay inside ``target``.
        target: a file, replaced if it is there; or a folder, made if it is missing.

    Raises:
        UsageError: if an artifact of several files is to be written over a file.
        StorageError: if it cannot be written.
    """
    is_folder = target.is_dir() or len(artifact.files) > 1
    if is_folder and target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file, but the artifact has several; give a folder")
    try:
        for name, text in artifact.files:
            path = target / name if is_folder else target
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageError(f"cannot write {target}: {reason}") from error
