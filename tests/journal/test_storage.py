"""Broken disks, foreign files, other versions, and death in the middle."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import msgspec
import pytest

from telic.errors import JournalError, JournalVersionError, StorageError
from telic.journal import Header, Journal, _schema
from telic.testing import toy_problem, toy_record

HEADER = Header(run="r", created="", telic="0.1.0", seed=1, problem=toy_problem())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "one.journal"


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "telic-test", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small file system needs to be root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(journal: Journal) -> None:
    rng = Random(0)
    for index in range(10_000):
        journal.append(toy_record(index, 1.0, text=rng.randbytes(2000).hex()), seconds=0.0)


def test_a_full_disk_keeps_every_committed_record(tiny_disk: Path):
    path = tiny_disk / "one.journal"
    ballast = tiny_disk / "ballast"
    ballast.write_bytes(bytes(200_000))

    with Journal.create(path, HEADER) as journal:
        with pytest.raises(StorageError, match="full"):
            fill(journal)
        kept = journal.count()
    with Journal.read(path) as journal:
        read = [record.candidate.id for record in journal.records()]
    ballast.unlink()
    with Journal.resume(path) as journal:
        journal.append(toy_record(kept, 2.0), seconds=0.0)
        count = journal.count()

    assert kept > 10
    assert read == list(range(kept))
    assert count == kept + 1


def test_a_database_that_may_not_grow_keeps_every_committed_record(path: Path):
    with Journal.create(path, HEADER) as journal:
        journal._connection.execute("PRAGMA max_page_count = 60")
        with pytest.raises(StorageError, match="full"):
            fill(journal)
        kept = journal.count()
    with Journal.resume(path) as journal:
        journal.append(toy_record(kept, 2.0), seconds=0.0)

        assert journal.count() == kept + 1


def test_a_full_disk_at_creation_leaves_nothing_half_written(tiny_disk: Path):
    (tiny_disk / "ballast").write_bytes(bytes((1 << 20) - 8192))

    with pytest.raises(StorageError):
        Journal.create(tiny_disk / "one.journal", HEADER)
    assert {file.suffix for file in tiny_disk.iterdir()} <= {"", ".lock"}


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path):
    (tmp_path / "file").write_text("")

    with pytest.raises(StorageError, match="choose a folder"):
        Journal.create(tmp_path / "file" / "one.journal", HEADER)


@pytest.mark.parametrize("content", [b"", b"hello, I am a text file. " * 99])
def test_a_foreign_file_is_no_journal(path: Path, content: bytes):
    path.write_bytes(content)

    for attempt in (Journal.read, Journal.resume):
        with pytest.raises(JournalError, match="not a"):
            attempt(path)
    assert path.read_bytes() == content


def test_a_damaged_journal_is_a_clear_error(path: Path):
    with Journal.create(path, HEADER) as journal:
        for index in range(50):
            journal.append(toy_record(index, 1.0), seconds=0.0)
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xa5" * (len(data) - 4096)
    path.write_bytes(data)

    with pytest.raises(JournalError, match="damaged"), Journal.read(path) as journal:
        list(journal.records())


def test_a_newer_journal_is_refused_naming_both_versions(path: Path):
    Journal.create(path, HEADER).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {len(_schema.STEPS) + 1}")
    connection.close()
    before = path.read_bytes()

    for attempt in (Journal.read, Journal.resume):
        expected = f"format {len(_schema.STEPS) + 1},.* up to {len(_schema.STEPS)}"
        with pytest.raises(JournalVersionError, match=expected):
            attempt(path)
    assert path.read_bytes() == before


def test_an_older_journal_is_read_as_it_is_and_migrated_when_resumed(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    with Journal.create(path, HEADER) as journal:
        journal.append(toy_record(0, 1.0), seconds=0.0)
    version = len(_schema.STEPS)
    newer = (*_schema.STEPS, ("ALTER TABLE records ADD COLUMN extra TEXT",))
    monkeypatch.setattr(_schema, "STEPS", newer)

    with Journal.read(path) as journal:
        assert journal._connection.execute("SELECT extra FROM records").fetchall() == [(None,)]
        assert journal.record(0) == toy_record(0, 1.0)
    assert user_version(path) == version

    with Journal.resume(path) as journal:
        assert journal.record(0) == toy_record(0, 1.0)
    assert user_version(path) == version + 1


def test_a_migration_that_fails_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch):
    Journal.create(path, HEADER).close()
    version = len(_schema.STEPS)
    broken = (*_schema.STEPS, ("CREATE TABLE extra (x)", "CREATE TABLE extra (x)"))
    monkeypatch.setattr(_schema, "STEPS", broken)

    with pytest.raises(JournalError):
        Journal.resume(path)
    connection = sqlite3.connect(path)
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    connection.close()

    assert "extra" not in tables
    assert user_version(path) == version


def user_version(path: Path) -> int:
    connection = sqlite3.connect(path)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    return version


def test_an_immutable_copy_of_a_finished_journal_can_be_read(tiny_disk: Path):
    path = tiny_disk / "one.journal"
    with Journal.create(path, HEADER) as journal:
        journal.append(toy_record(0, 1.0), seconds=0.0)
    subprocess.run(["mount", "-o", "remount,ro", str(tiny_disk)], check=True)

    with Journal.read(path) as journal:
        assert journal.count() == 1
    with pytest.raises(StorageError, match="choose a folder"):
        Journal.resume(path)


WRITER = """
import sys
from telic.journal import Journal
from telic.testing import toy_record

with Journal.resume(sys.argv[1]) as journal:
    while True:
        index = journal.count()
        journal.append(toy_record(index, float(index)), seconds=0.0)
        print(index, flush=True)
"""


def test_every_acknowledged_record_survives_sigkill(path: Path):
    Journal.create(path, HEADER).close()
    rng = Random(5)
    last = -1
    for _ in range(6):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        for _ in range(rng.randrange(1, 60)):
            last = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().split()
        last = int(rest[-1]) if rest else last
        process.stdout.close()
        process.wait()

        # The dead writer's lock is free at once, and what it acknowledged is there.
        with Journal.resume(path) as journal:
            ids = [record.candidate.id for record in journal.records()]
            assert ids == list(range(len(ids)))
            assert len(ids) in (last + 1, last + 2)
            last = len(ids) - 1


def test_the_append_only_rows_have_no_artifact_twice_after_a_rollback(path: Path):
    with Journal.create(path, HEADER) as journal:
        journal.append(toy_record(0, 1.0), seconds=0.0)
        with pytest.raises(JournalError):
            journal.append(toy_record(0, 1.0, text="new text"), seconds=0.0)

        (count,) = journal._connection.execute("SELECT COUNT(*) FROM artifacts").fetchone()

    assert count == 1


def test_header_structs_tolerate_fields_of_later_versions(path: Path):
    class LaterHeader(Header, frozen=True, kw_only=True):
        extra: int = 3

    later = LaterHeader(**msgspec.structs.asdict(HEADER))

    with Journal.create(path, later) as journal:
        assert journal.header == HEADER
