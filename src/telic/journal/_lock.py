"""One writer a journal: an advisory lock that the system drops when its process dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from telic.errors import JournalBusyError

__all__ = ["WriterLock", "is_locked"]


class WriterLock:
    """Holds ``<journal>.lock`` until released.

    The lock is on a sibling file because closing any descriptor of a SQLite file would drop
    SQLite's own locks on it. The file itself stays: deleting it would let two processes lock
    two different files of one name.

    Raises:
        JournalBusyError: if another process (or another journal here) holds it.
        OSError: if the lock file cannot be made.
    """

    def __init__(self, journal: Path) -> None:
        self.path = journal.with_name(journal.name + ".lock")
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self._file, 20).decode("ascii", "replace").strip()
            os.close(self._file)
            who = f"process {holder}" if holder else "another process"
            raise JournalBusyError(
                f"{who} is writing {journal}; wait until it ends, or stop it"
            ) from None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Give the lock back; doing so twice is harmless."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def is_locked(journal: Path) -> bool:
    """Tell whether some process holds a journal's writer lock now.

    Asks by taking the lock together with other askers for a moment. A writer that starts in
    this moment would find the journal busy, so this is for people's questions, not for loops.
    """
    try:
        file = os.open(journal.with_name(journal.name + ".lock"), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False
