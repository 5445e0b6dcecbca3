"""SIGKILL at any moment loses nothing that was recorded, and leaves nothing alive."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from telic.journal import Journal

EVALUATIONS = 250
LATEST = 60
"""Record at which a run is killed last; many evaluations go into trials of operators."""
KILLS = 5
"""Of each run; four runs make it twenty moments."""
MARK = "TELIC_TEST_RUN"


def telic(*arguments: str, mark: str = "") -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "telic", *arguments, "--quiet"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=os.environ | {MARK: mark},
        start_new_session=True,
    )


def run_arguments(journal: Path, *, workers: int = 2) -> list[str]:
    budget = ["--evaluations", str(EVALUATIONS), "--no-target", "--seed", "5"]
    return ["run", "symbolic-regression", *budget, "--workers", str(workers), "-o", str(journal)]


def finished(process: subprocess.Popen[bytes]) -> None:
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors.decode()


def survivors(mark: str) -> list[int]:
    """Processes of this user that were started with the mark in their environment."""
    found: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"{MARK}={mark}".encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue  # it ended meanwhile, or belongs to someone else
    return found


def wait_until_gone(mark: str, seconds: float = 5.0) -> list[int]:
    deadline = time.monotonic() + seconds
    while (left := survivors(mark)) and time.monotonic() < deadline:
        os.sched_yield()
    return left


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("whole") / "run.journal"
    finished(telic(*run_arguments(path)))
    with Journal.read(path) as journal:
        return journal.content_hash()


@pytest.mark.slow
def test_the_number_of_workers_leaves_no_trace_in_the_journal(
    tmp_path: Path, uninterrupted: str
) -> None:
    path = tmp_path / "one.journal"

    finished(telic(*run_arguments(path, workers=1)))

    with Journal.read(path) as journal:
        assert journal.content_hash() == uninterrupted


@pytest.mark.slow
@pytest.mark.parametrize("attempt", range(4))
def test_a_run_that_is_killed_five_times_goes_on_to_the_same_end(
    tmp_path: Path, uninterrupted: str, attempt: int
) -> None:
    path = tmp_path / "run.journal"
    arguments, before = run_arguments(path), list[tuple[int, str, float | None]]()
    for moment in sorted(random.Random(attempt).sample(range(1, LATEST), KILLS)):
        wanted, mark = max(moment, len(before) + 1), f"kill-{attempt}-{moment}"
        victim = telic(*arguments, mark=mark)
        while victim.poll() is None and recorded(path) < wanted:
            os.sched_yield()

        victim.send_signal(signal.SIGKILL)
        victim.communicate()
        assert victim.returncode == -signal.SIGKILL, "it ended by itself"
        after = contents(path)
        assert len(after) >= wanted
        assert after[: len(before)] == before
        assert wait_until_gone(mark) == []
        arguments, before = ["resume", str(path)], after

    finished(telic("resume", str(path)))

    assert contents(path)[: len(before)] == before
    with Journal.read(path) as journal:
        assert journal.content_hash() == uninterrupted


def recorded(path: Path) -> int:
    if not path.exists():
        return 0
    with Journal.read(path) as journal:
        return journal.count()


def contents(path: Path) -> list[tuple[int, str, float | None]]:
    with Journal.read(path) as journal:
        return [(r.candidate.id, r.outcome, r.fitness) for r in journal.records()]
