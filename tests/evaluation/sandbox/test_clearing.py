"""Emptying the work folder, whatever a candidate has made of it."""

from __future__ import annotations

import os
from pathlib import Path

from telic.evaluation.sandbox.clearing import empty_folder


def test_everything_is_deleted_and_links_are_not_followed(tmp_path: Path) -> None:
    work, outside = tmp_path / "work", tmp_path / "outside"
    (work / "a" / "b").mkdir(parents=True)
    outside.mkdir()
    (outside / "kept").write_text("kept")
    (work / "a" / "b" / "file").write_text("x")
    (work / "a" / "link").symlink_to(outside)
    (work / "link").symlink_to(outside)
    os.mkfifo(work / "fifo")
    (work / "a" / "b").chmod(0)

    problem = empty_folder(str(work))

    assert problem == ""
    assert list(work.iterdir()) == []
    assert (outside / "kept").read_text() == "kept"


def test_depths_beyond_any_path_are_emptied(tmp_path: Path) -> None:
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(tmp_path)
        for _ in range(1500):
            os.mkdir("deep")  # noqa: PTH102 - paths are what runs out here
            os.chdir("deep")
    finally:
        os.fchdir(here)
        os.close(here)

    problem = empty_folder(str(tmp_path))

    assert problem == ""
    assert list(tmp_path.iterdir()) == []


def test_too_many_files_are_left_and_said(tmp_path: Path) -> None:
    (tmp_path / "0").touch()
    for number in range(1, 21_000):
        os.link(tmp_path / "0", tmp_path / str(number))

    assert "more than 20,000 files" in empty_folder(str(tmp_path))


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    assert "could not be emptied" in empty_folder(str(tmp_path / "gone"))
