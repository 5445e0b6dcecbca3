"""Tables of a journal and the path from every older version to the present one.

Version ``n`` is what the first ``n`` steps give; a new journal takes all of them, so the
path is walked by every run. Released steps never change: a new version appends one.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import quote

from telic.errors import JournalError, JournalVersionError

__all__ = ["STEPS", "connect_reader", "connect_writer", "migrate", "write_new"]

Step = tuple[str, ...]

_APPLICATION_ID = 0x54454C43  # "TELC"


def _append_only(table: str) -> Step:
    return tuple(
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'a journal is append-only'); END"
        for verb in ("update", "delete")
    )


STEPS: tuple[Step, ...] = (
    (
        f"PRAGMA application_id = {_APPLICATION_ID}",
        "CREATE TABLE header (number INTEGER PRIMARY KEY CHECK (number = 0), data BLOB NOT NULL)",
        # Deflate-compressed text, with the seed artifact as its dictionary.
        """CREATE TABLE artifacts (
            number INTEGER PRIMARY KEY,
            digest BLOB NOT NULL UNIQUE,
            data BLOB NOT NULL
        )""",
        # ``data`` holds the whole record but its text; the other columns are for queries.
        """CREATE TABLE records (
            seq INTEGER PRIMARY KEY,
            candidate INTEGER NOT NULL UNIQUE,
            outcome TEXT NOT NULL,
            operator TEXT NOT NULL,
            artifact INTEGER NOT NULL REFERENCES artifacts (number),
            fitness REAL,
            failure TEXT,
            seconds REAL NOT NULL,
            data BLOB NOT NULL
        )""",
        """CREATE TABLE events (
            seq INTEGER PRIMARY KEY,
            time REAL NOT NULL,
            records INTEGER NOT NULL,
            kind TEXT NOT NULL,
            data TEXT NOT NULL
        )""",
        *_append_only("header"),
        *_append_only("artifacts"),
        *_append_only("records"),
        *_append_only("events"),
    ),
    (
        # What language models answered: written before the candidate that came of it, so that
        # no answer is paid for twice. ``data`` is deflated, and holds what was asked, too.
        """CREATE TABLE answers (
            seq INTEGER PRIMARY KEY,
            key TEXT NOT NULL,
            candidate INTEGER NOT NULL,
            model TEXT NOT NULL,
            ending TEXT NOT NULL,
            tokens INTEGER NOT NULL,
            money REAL NOT NULL,
            seconds REAL NOT NULL,
            data BLOB NOT NULL
        )""",
        "CREATE INDEX answers_key ON answers (key)",
        *_append_only("answers"),
    ),
)


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring a database to the present version, in one transaction.

    Raises:
        JournalVersionError: if it is of a newer version.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in STEPS[_version(connection, path) :]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(STEPS)}")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def write_new(path: Path, header: bytes) -> None:
    """Write a journal without records beside ``path`` and move it there."""
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    connection = sqlite3.connect(partial, isolation_level=None)
    try:
        migrate(connection, partial)
        connection.execute("INSERT INTO header VALUES (0, ?)", (header,))
        connection.close()
        partial.rename(path)
    except BaseException:
        connection.close()
        partial.unlink(missing_ok=True)
        raise


def connect_writer(path: Path) -> sqlite3.Connection:
    """Open an existing journal for appending and bring it to the present version.

    Raises:
        JournalError: if the file is not a journal.
        JournalVersionError: if a newer Telic wrote it.
        sqlite3.Error: as SQLite does.
    """
    connection = _connect(path, "mode=rw")
    try:
        _check_application(connection, path)
        _version(connection, path)  # a newer journal must not be touched at all
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """Open a journal for reading, whether or not another process is writing it.

    A journal of an older version is copied into memory and brought up to date there.

    Raises:
        JournalError: if the file is not a journal.
        JournalVersionError: if a newer Telic wrote it.
        sqlite3.Error: as SQLite does.
    """
    connection = _connect(path, "mode=ro")
    try:
        try:
            _check_application(connection, path)
        except sqlite3.OperationalError:
            if path.with_name(path.name + "-wal").exists():
                raise
            # A finished journal in a folder that may not be written: no shared memory needed.
            connection.close()
            connection = _connect(path, "mode=ro&immutable=1")
            _check_application(connection, path)
        if _version(connection, path) < len(STEPS):
            copy = sqlite3.connect(":memory:", isolation_level=None)
            try:
                connection.backup(copy)
            finally:
                connection.close()
                connection = copy
            migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _connect(path: Path, options: str) -> sqlite3.Connection:
    address = f"file:{quote(str(path.absolute()))}?{options}"
    return sqlite3.connect(address, uri=True, isolation_level=None)


def _check_application(connection: sqlite3.Connection, path: Path) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != _APPLICATION_ID:
        raise JournalError(f"{path} is a SQLite file but not a Telic journal; check the path")


def _version(connection: sqlite3.Connection, path: Path) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(STEPS):
        raise JournalVersionError(
            f"{path} has journal format {version}, written by a newer Telic; this one reads "
            f"formats up to {len(STEPS)}: upgrade Telic"
        )
    return version
