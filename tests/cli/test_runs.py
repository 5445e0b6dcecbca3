"""Runs are found by path or name, and new ones get places of their own."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from telic.cli._runs import find_run, free_folder, place_for_run
from telic.errors import JournalError, StorageError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, age in (("old-1", 100), ("new-1", 50)):
        path = tmp_path / f"{name}.journal"
        path.touch()
        os.utime(path, (1e9 - age, 1e9 - age))
    return tmp_path


def test_a_run_is_found_by_path_by_name_and_by_file_name(folder: Path):
    path = folder / "old-1.journal"

    assert find_run(str(path), folder) == path
    assert find_run("old-1", folder) == path
    assert find_run("old-1.journal", folder) == path


def test_without_a_name_the_run_written_last_is_meant(folder: Path):
    assert find_run(None, folder).stem == "new-1"


def test_what_is_not_folded_back_yet_counts_as_written(folder: Path):
    log = folder / "old-1.journal-wal"
    log.touch()
    os.utime(log, (1e9, 1e9))

    assert find_run(None, folder).stem == "old-1"


def test_an_unknown_run_is_refused_with_a_suggestion(folder: Path):
    with pytest.raises(JournalError, match="did you mean 'old-1'"):
        find_run("old-2", folder)


def test_places_taken_at_the_same_time_differ(tmp_path: Path):
    with ExitStack() as stack:
        places = [
            stack.enter_context(place_for_run(None, "my problem!", tmp_path / "runs"))
            for _ in range(3)
        ]
        names = [place.name for place in places]

    assert names == [f"my-problem-{n}.journal" for n in (1, 2, 3)]


def test_a_place_that_was_not_used_leaves_no_trace(tmp_path: Path):
    with place_for_run(None, "p", tmp_path / "runs"):
        pass

    assert list(tmp_path.iterdir()) == []


def test_a_place_that_was_used_stays_taken(tmp_path: Path):
    with place_for_run(None, "p", tmp_path) as first:
        first.touch()
    with place_for_run(None, "p", tmp_path) as second:
        pass

    assert (first.name, second.name) == ("p-1.journal", "p-2.journal")


def test_a_chosen_place_must_be_free(tmp_path: Path):
    taken = tmp_path / "run.journal"
    taken.touch()

    with pytest.raises(StorageError, match="already exists"), place_for_run(taken, "p"):
        pass


def test_free_folders_are_numbered(tmp_path: Path):
    (tmp_path / "compare-p-1").mkdir()

    assert free_folder(None, "compare-p", tmp_path).name == "compare-p-2"
    assert free_folder(tmp_path / "mine", "compare-p", tmp_path).name == "mine"
