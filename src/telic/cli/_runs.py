"""Where runs live: names under ``runs/``, paths, and places for new ones."""

from __future__ import annotations

import os
import re
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from telic.errors import JournalError, StorageError, suggestion

__all__ = ["RUNS", "SUFFIX", "find_run", "free_folder", "place_for_run"]

RUNS = Path("runs")
SUFFIX = ".journal"


def find_run(name: str | None, folder: Path = RUNS) -> Path:
    """Return the journal that a person means.

    Args:
        name: a path, or the name of a run in ``folder`` with or without its suffix;
            ``None`` means the run written last.
        folder: where runs are kept.

    Raises:
        JournalError: if there is none.
    """
    if name is None:
        runs = [*folder.glob(f"*{SUFFIX}")]
        if not runs:
            raise JournalError(f"there is no run in {folder}/ yet; `telic run PROBLEM` makes one")
        return max(runs, key=_last_written)
    for path in (Path(name), folder / name, folder / f"{name}{SUFFIX}"):
        if path.is_file():
            return path
    known = [path.stem for path in folder.glob(f"*{SUFFIX}")]
    raise JournalError(f"there is no run or journal {name!r}{suggestion(name, known)}")


def _last_written(path: Path) -> float:
    """When a journal changed last; until it is folded back, changes are in a file beside it."""
    times = [path.stat().st_mtime]
    with suppress(OSError):
        times.append(path.with_name(path.name + "-wal").stat().st_mtime)
    return max(times)


@contextmanager
def place_for_run(chosen: Path | None, problem: str, folder: Path = RUNS) -> Generator[Path]:
    """Give the path of a new journal: the chosen one, or ``runs/<problem>-<n>.journal``.

    A number is taken by making the writer's lock file, so that runs started together get
    different ones; it is given back if no journal came of it.

    Raises:
        StorageError: if something is at the chosen path, or ``folder`` cannot be written.
    """
    if chosen is not None:
        if chosen.exists():
            what = "is a folder; give the path of a file" if chosen.is_dir() else "already exists"
            hint = "" if chosen.is_dir() else f"; `telic resume {chosen}` goes on with it"
            raise StorageError(f"{chosen} {what}{hint}")
        yield chosen
        return
    made_folder = not folder.exists()
    path, lock = _take_number(_plain_name(problem), folder)
    try:
        yield path
    finally:
        if not path.exists():
            lock.unlink(missing_ok=True)
            if made_folder:
                with suppress(OSError):  # another run may have begun there meanwhile
                    folder.rmdir()


def free_folder(chosen: Path | None, name: str, folder: Path = RUNS) -> Path:
    """Return the chosen folder, or the first free ``runs/<name>-<n>``."""
    if chosen is not None:
        return chosen
    numbered = (folder / f"{_plain_name(name)}-{n}" for n in range(1, 1_000_000))
    return next(path for path in numbered if not path.exists())


def _plain_name(problem: str) -> str:
    return re.sub(r"[^\w.-]+", "-", problem).strip("-.") or "run"


def _take_number(name: str, folder: Path) -> tuple[Path, Path]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        number = 1
        while True:
            path = folder / f"{name}-{number}{SUFFIX}"
            lock = path.with_name(path.name + ".lock")
            number += 1
            if path.exists():
                continue
            with suppress(FileExistsError):
                os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o644))
                return path, lock
    except OSError as error:
        reason = error.strerror or str(error)
        raise StorageError(
            f"cannot keep runs in {folder.absolute()}: {reason}; "
            "choose a place with --output, on a disk with free space"
        ) from error
