"""What SQLite's and the system's errors mean to a user."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from telic.errors import JournalBusyError, JournalError, StorageError, TelicError

__all__ = ["translated"]

_INTACT = "everything recorded so far is intact"
_ADVICE = "choose a folder that you may write to, on a disk with free space"
_UNWRITABLE = {
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
}


@contextmanager
def translated(path: Path) -> Generator[None]:
    """Turn storage errors inside the block into Telic's own.

    Raises:
        StorageError: the disk is full, fails, or may not be written.
        JournalBusyError: another process holds the file.
        JournalError: the file is damaged or is no journal.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _meaning(path, error) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageError(f"cannot use {path} for a journal: {reason}; {_ADVICE}") from error


def _meaning(path: Path, error: sqlite3.Error) -> TelicError:
    extended: int | None = getattr(error, "sqlite_errorcode", None)
    if extended is None:
        return JournalError(f"cannot use the journal {path}: {error}")
    code = extended & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return StorageError(
            f"the disk that holds {path} is full; {_INTACT}: free some space and resume the run"
        )
    if code == sqlite3.SQLITE_IOERR:
        return StorageError(
            f"the disk that holds {path} fails or is full ({error}); {_INTACT}: "
            "check the disk and resume the run"
        )
    if code in _UNWRITABLE:
        return StorageError(f"the journal {path} cannot be opened or written ({error}); {_ADVICE}")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return JournalBusyError(f"another program holds the journal {path}; close it and try again")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return JournalError(
            f"{path} is not a journal or is damaged ({error}); give the path of a run's journal, "
            "or restore this one from a copy"
        )
    if code == sqlite3.SQLITE_CONSTRAINT and "records.candidate" in str(error):
        return JournalError(f"a candidate of this id is already recorded in {path}")
    return JournalError(f"cannot use the journal {path}: {error}")
