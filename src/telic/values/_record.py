"""The append-only record of a measurement: JSON lines, one reply each, after a header line.

The header holds the whole instrument, so that a record explains itself. A line is handed to the
system as soon as its reply is known, so a killed process loses nothing that it was told; a torn
last line is cut away when the file is opened again.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Literal

import msgspec

from telic.errors import JournalBusyError, JournalVersionError, MeasurementError, StorageError
from telic.values.comparison import Status
from telic.values.instrument import Instrument
from telic.values.respondent import Answer, Orders

__all__ = ["Header", "Record", "Reply", "read_record"]

_VERSION = 1
_SYNC_EVERY = 64


class Reply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One reply to one question in one order."""

    question: str
    order: tuple[str, ...]
    """Names of the options as shown."""
    repeat: int
    """Number of the reply, from 0."""
    status: Status
    choice: str = ""
    """Name of the chosen option; empty with ``answered`` is a tie (ambivalence)."""
    text: str = ""
    """The raw reply, where there is one."""

    @property
    def key(self) -> tuple[str, tuple[str, ...], int]:
        """What makes a reply the same one."""
        return self.question, self.order, self.repeat

    @classmethod
    def of(cls, question: str, order: tuple[str, ...], repeat: int, answer: Answer) -> Reply:
        """Return the reply that an answer makes."""
        chosen = answer.status == "answered" and answer.choice is not None
        choice = order[answer.choice] if chosen and answer.choice is not None else ""
        return cls(question, order, repeat, answer.status, choice, answer.text)


class Header(msgspec.Struct, frozen=True):
    """What a measurement asks, to recognise it when it goes on."""

    instrument: str
    digest: str
    respondent: str
    seed: int
    repeats: int
    orders: Orders
    asks: Instrument | None = None
    """The questions themselves; ``None`` in records that name them by digest alone."""
    format: Literal["telic measurement"] = "telic measurement"
    version: int = _VERSION

    def continues(self, other: Header, path: Path) -> None:
        """Check that this measurement may go on in a file that another began.

        More repeats or the other orders are fine: each reply has its own address.

        Raises:
            MeasurementError: if the instrument, respondent or seed differ.
        """
        for field in ("instrument", "digest", "respondent", "seed"):
            mine, theirs = getattr(self, field), getattr(other, field)
            if mine != theirs:
                raise MeasurementError(
                    f"{path.name} records a measurement with {field} {theirs!r}, not {mine!r}; "
                    "choose another file for this one"
                )


class Record:
    """An open record file with the replies it already holds.

    Raises:
        MeasurementError: if the file records something else or is damaged.
        JournalBusyError: if another process is writing it.
        StorageError: if it cannot be opened or written.
    """

    def __init__(self, path: Path, header: Header) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("a+b", buffering=0)
        except OSError as error:
            raise StorageError(f"cannot write {path}: {error.strerror or error}") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise JournalBusyError(
                f"another process is writing {path}; wait until it ends"
            ) from error
        self.replies: tuple[Reply, ...] = ()
        self._unsynced = 0
        try:
            self._open(header)
        except OSError as error:
            self._file.close()
            raise StorageError(f"cannot use {path}: {error.strerror or error}") from error
        except BaseException:
            self._file.close()
            raise

    def _open(self, header: Header) -> None:
        self._file.seek(0)
        content = self._file.read()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            self._file.truncate(len(whole))
        if not whole:
            self._write(msgspec.json.encode(header))
            return
        before, self.replies = _decode(whole, self._path)
        header.continues(before, self._path)

    def append(self, reply: Reply) -> None:
        """Write a reply.

        Raises:
            StorageError: if the disk is full; everything before is intact.
        """
        self._write(msgspec.json.encode(reply))

    def _write(self, line: bytes) -> None:
        try:
            data = line + b"\n"
            if self._file.write(data) != len(data):
                raise OSError("no space left")
            self._unsynced += 1
            if self._unsynced >= _SYNC_EVERY:
                os.fsync(self._file.fileno())
                self._unsynced = 0
        except OSError as error:
            raise StorageError(
                f"cannot write {self._path} ({error}); everything recorded so far is intact"
            ) from error

    def close(self) -> None:
        """Make sure that everything is on the disk, and let go of the file."""
        if not self._file.closed:
            os.fsync(self._file.fileno())
            self._file.close()


def read_record(path: Path) -> tuple[Header, tuple[Reply, ...]]:
    """Read a record file, complete or not; a torn last line is left out.

    Raises:
        MeasurementError: if it cannot be read or is no record.
        JournalVersionError: if a newer version wrote it.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MeasurementError(f"{path.name} cannot be read: {error.strerror or error}") from error
    return _decode(content[: content.rfind(b"\n") + 1], path)


def _decode(content: bytes, path: Path) -> tuple[Header, tuple[Reply, ...]]:
    lines = content.splitlines()
    try:
        header = msgspec.json.decode(lines[0], type=Header)
    except (IndexError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MeasurementError(f"{path.name} is not a record of a measurement") from error
    if header.version > _VERSION:
        raise JournalVersionError(
            f"{path.name} has format {header.version}; this version reads up to {_VERSION}"
        )
    replies: list[Reply] = []
    seen: set[object] = set()
    for number, line in enumerate(lines[1:], start=2):
        try:
            reply = msgspec.json.decode(line, type=Reply)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise MeasurementError(f"{path.name}:{number}: not a reply ({error})") from error
        if reply.key in seen:
            raise MeasurementError(f"{path.name}:{number}: this reply is recorded twice")
        seen.add(reply.key)
        replies.append(reply)
    return header, tuple(replies)
