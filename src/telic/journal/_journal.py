"""The journal itself: create, resume, read; append and iterate."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from telic.artifact import digest
from telic.candidate import Record
from telic.errors import JournalError, StorageError, UsageError
from telic.journal import _rows
from telic.journal._codec import (
    ArtifactCodec,
    Event,
    Header,
    StoredAnswer,
    decode,
    encode,
)
from telic.journal._content import content_hash
from telic.journal._lock import WriterLock, is_locked
from telic.journal._schema import connect_reader, connect_writer, write_new
from telic.journal._storage import translated

__all__ = ["Entry", "Journal"]

_PAGE = 256
"""Rows fetched at once: no read transaction stays open between pages, so that a slow reader
never keeps the write-ahead log from being folded back."""

_record_decoder = msgspec.msgpack.Decoder(Record)
_header_decoder = msgspec.msgpack.Decoder(Header)


class Entry(msgspec.Struct, frozen=True):
    """A record with its place in the journal."""

    seq: int
    """0 for the first record told, and so on without gaps."""
    seconds: float
    """Running time of the run when it was told."""
    record: Record


class Journal:
    """A run's record in one file. Use :meth:`create`, :meth:`resume` or :meth:`read`.

    A journal belongs to the thread that opened it; it is a context manager that closes itself.
    """

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        *,
        lock: WriterLock | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.path = path
        self._connection = connection
        self._lock = lock
        self._clock = clock
        try:
            row = connection.execute("SELECT data FROM header").fetchone()
            if row is None:
                raise JournalError(f"{path} has no header; it is not a run's journal")
            self.header: Header = decode(_header_decoder, row[0], "the header")
            self._codec = ArtifactCodec(self.header.problem.seed)
            self._next = self.count()
        except BaseException:
            connection.close()
            raise

    @classmethod
    def create(
        cls, path: str | Path, header: Header, *, clock: Callable[[], float] = time.time
    ) -> Journal:
        """Begin a journal; its folder is made when missing.

        The file appears complete or not at all.

        Args:
            path: where; nothing may be there yet.
            header: what the run is.
            clock: gives seconds since 1970, for events.

        Raises:
            StorageError: if something is there, or the folder cannot be written.
            JournalBusyError: if another process is creating it.
            UsageError: if the header holds data that cannot be recorded.
        """
        path = Path(path)
        try:
            data = encode(header)
        except (TypeError, ValueError, OverflowError) as error:
            raise UsageError(f"the run's settings cannot be recorded: {error}") from error
        with translated(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = WriterLock(path)
            try:
                if path.exists():
                    raise StorageError(
                        f"{path} already exists; resume it, or choose another path for a new run"
                    )
                write_new(path, data)
                return cls(path, connect_writer(path), lock=lock, clock=clock)
            except BaseException:
                lock.release()
                raise

    @classmethod
    def resume(cls, path: str | Path, *, clock: Callable[[], float] = time.time) -> Journal:
        """Open a journal to append to it, and bring an older format up to date.

        Raises:
            JournalError: if there is no journal at ``path`` or it is damaged.
            JournalBusyError: if another process is writing it.
            JournalVersionError: if a newer Telic wrote it.
            StorageError: if it cannot be written.
        """
        path = _existing(path)
        with translated(path):
            lock = WriterLock(path)
            try:
                return cls(path, connect_writer(path), lock=lock, clock=clock)
            except BaseException:
                lock.release()
                raise

    @classmethod
    def read(cls, path: str | Path) -> Journal:
        """Open a journal to read it, also while another process writes it.

        Raises:
            JournalError: if there is no journal at ``path`` or it is damaged.
            JournalVersionError: if a newer Telic wrote it.
            StorageError: if it cannot be read.
        """
        path = _existing(path)
        with translated(path):
            return cls(path, connect_reader(path))

    @staticmethod
    def is_being_written(path: str | Path) -> bool:
        """Tell whether a process, this one included, has the journal open for writing."""
        return is_locked(Path(path))

    def append(self, record: Record, *, seconds: float) -> int:
        """Record a request's end, durably, and return its place.

        Args:
            record: candidate and evaluation, stored in one transaction.
            seconds: running time of the run so far.

        Raises:
            JournalError: if the candidate's id is already there, or the journal is read-only.
            StorageError: if the disk is full or fails; what was recorded before is intact.
        """
        self.extend((record,), seconds=seconds)
        return self._next - 1

    def extend(self, records: Iterable[Record], *, seconds: float) -> None:
        """Record several requests' ends in one transaction: all of them or, on error, none.

        One wait for the disk serves them all, which a busy engine on a slow disk needs.

        Args:
            records: in the order they are told.
            seconds: running time of the run so far.

        Raises:
            JournalError: if a candidate's id is already there, or the journal is read-only.
            StorageError: if the disk is full or fails; what was recorded before is intact.
        """
        place = self._next
        with self._transaction() as connection:
            for record in records:
                number = self._artifact_number(connection, record)
                connection.execute(
                    _rows.INSERT_RECORD, _rows.record_row(place, record, number, seconds)
                )
                place += 1
        self._next = place

    def append_event(self, kind: str, data: Mapping[str, Any]) -> None:
        """Record something that is not a candidate, durably.

        Args:
            kind: for example ``"resumed"``.
            data: plain JSON data.

        Raises:
            UsageError: if ``data`` is not plain JSON data.
            JournalError: if the journal is read-only.
            StorageError: if the disk is full or fails.
        """
        try:
            text = msgspec.json.encode(data).decode()
        except (TypeError, ValueError) as error:
            raise UsageError(f"event {kind!r} cannot be recorded: {error}") from error
        row = (self._clock(), self._next, kind, text)
        with self._transaction() as connection:
            connection.execute(
                "INSERT INTO events (time, records, kind, data) VALUES (?, ?, ?, ?)", row
            )

    def append_answer(self, answer: StoredAnswer) -> None:
        """Record a language model's answer: safe from a killed process at once.

        It does not wait for the disk, which the next record does for both; its errors are those
        of :meth:`extend`.
        """
        with self._transaction(waits=False) as connection:
            connection.execute(_rows.INSERT_ANSWER, _rows.answer_row(answer))

    def answer(self, key: str) -> StoredAnswer | None:
        """Return the first answer that was given to a request, or ``None``.

        Args:
            key: of the request.
        """
        query = f"SELECT {_rows.ANSWER_COLUMNS} FROM answers WHERE key = ? ORDER BY seq LIMIT 1"
        rows = self._fetch(query, (key,))
        return _rows.answer_of(rows[0]) if rows else None

    def answers(self, after: int = 0) -> Iterator[StoredAnswer]:
        """Yield every answer of a language model, oldest first, in flat memory.

        Args:
            after: how many to leave out.
        """
        query = (
            f"SELECT seq, {_rows.ANSWER_COLUMNS} FROM answers WHERE seq > ? ORDER BY seq LIMIT ?"
        )
        while rows := self._fetch(query, (after, _PAGE)):
            for row in rows:
                yield _rows.answer_of(row[1:])
            after = rows[-1][0]

    def entries(self, after: int = -1, *, with_artifacts: bool = True) -> Iterator[Entry]:
        """Yield records with their places, in the order they were told, in flat memory.

        Records that another process appends meanwhile are included.

        Args:
            after: place of the last record already seen; -1 starts at the beginning.
            with_artifacts: without, each candidate has an empty artifact, ten times cheaper.
        """
        data = "artifacts.data" if with_artifacts else "NULL"
        query = (
            f"SELECT seq, seconds, records.data, {data} FROM records "
            "JOIN artifacts ON artifacts.number = artifact WHERE seq > ? ORDER BY seq LIMIT ?"
        )
        while rows := self._fetch(query, (after, _PAGE)):
            for seq, seconds, stored, text in rows:
                yield Entry(seq, seconds, self._record(stored, text))
            after = rows[-1][0]

    def records(self, after: int = -1, *, with_artifacts: bool = True) -> Iterator[Record]:
        """Yield the records of :meth:`entries`."""
        for entry in self.entries(after, with_artifacts=with_artifacts):
            yield entry.record

    def record(self, candidate: int) -> Record:
        """Return the record of one candidate by its id.

        Raises:
            JournalError: if there is none.
        """
        record = self._one("WHERE candidate = ?", (candidate,))
        if record is None:
            raise JournalError(f"{self.path} has no candidate {candidate}")
        return record

    def best(self) -> Record | None:
        """Return the record of highest fitness, the earliest of equals, or ``None``."""
        return self._one("WHERE fitness IS NOT NULL ORDER BY fitness DESC, seq LIMIT 1", ())

    def count(self) -> int:
        """Return how many records there are."""
        return self._fetch("SELECT COALESCE(MAX(seq) + 1, 0) FROM records", ())[0][0]

    def events(self) -> list[Event]:
        """Return every event, oldest first."""
        rows = self._fetch("SELECT seq, time, records, kind, data FROM events ORDER BY seq", ())
        return [
            Event(seq, time, records, kind, msgspec.json.decode(data))
            for seq, time, records, kind, data in rows
        ]

    def content_hash(self) -> str:
        """Return 32 hexadecimal characters for everything that a replay must give again.

        Ids, lineage, operators, texts, outcomes, metrics and failure kinds count; times,
        messages and sandbox layers do not.
        """
        with translated(self.path):
            return content_hash(self._connection)

    def close(self) -> None:
        """Close the file and release the lock; doing so twice is harmless."""
        if self._lock is None:
            self._connection.close()
            return
        with suppress(sqlite3.Error):  # readers, or a full disk, may keep the log needed
            self._connection.execute("PRAGMA busy_timeout = 0")
            # A finished journal is one plain file, whose readers need no files beside it.
            self._connection.execute("PRAGMA journal_mode = DELETE")
        self._connection.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _transaction(self, *, waits: bool = True) -> Generator[sqlite3.Connection]:
        if self._lock is None:
            raise JournalError(f"{self.path} was opened for reading; use Journal.resume to append")
        connection = self._connection
        with translated(self.path):
            try:
                if not waits:
                    connection.execute("PRAGMA synchronous = NORMAL")
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # the first error is the one to tell
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                raise
            finally:
                if not waits:
                    connection.execute("PRAGMA synchronous = FULL")

    def _artifact_number(self, connection: sqlite3.Connection, record: Record) -> int | None:
        """Return the row of a record's artifact, stored now unless it already was."""
        artifact = record.candidate.artifact
        key = bytes.fromhex(digest(artifact))
        if record.outcome != "evaluated":  # what is evaluated is new but for a few
            row = connection.execute(_rows.FIND_ARTIFACT, (key,)).fetchone()
            if row is not None:
                return row[0]
        stored = connection.execute(_rows.INSERT_ARTIFACT, (key, self._codec.pack(artifact)))
        if stored.rowcount:
            return stored.lastrowid
        return connection.execute(_rows.FIND_ARTIFACT, (key,)).fetchone()[0]

    def _fetch(self, query: str, values: tuple[object, ...]) -> list[Any]:
        with translated(self.path):
            return self._connection.execute(query, values).fetchall()

    def _one(self, condition: str, values: tuple[object, ...]) -> Record | None:
        rows = self._fetch(
            "SELECT records.data, artifacts.data FROM records "
            f"JOIN artifacts ON artifacts.number = artifact {condition}",
            values,
        )
        return self._record(*rows[0]) if rows else None

    def _record(self, stored: bytes, text: bytes | None) -> Record:
        record: Record = decode(_record_decoder, stored, "a record")
        if text is None:
            return record
        candidate = msgspec.structs.replace(record.candidate, artifact=self._codec.unpack(text))
        return msgspec.structs.replace(record, candidate=candidate)


def _existing(path: str | Path) -> Path:
    path = Path(path)
    if not path.is_file():
        raise JournalError(f"there is no journal at {path}; check the path")
    return path
