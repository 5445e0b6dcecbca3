"""Clearing away what a candidate leaves: processes where no namespace does it, and files."""

from __future__ import annotations

import os
import time

__all__ = ["Reaped", "empty_folder", "kill_descendants", "reap"]

Reaped = tuple[int, float]
"""A child's wait status and processor seconds."""

_SIGKILL = 9
_MAX_ENTRIES = 20_000
_PATIENCE = 1.0


def reap(pid: int) -> Reaped:
    """Wait for a child, or for any if ``pid`` is -1; return its status and processor seconds.

    Raises:
        ChildProcessError: if there is none.
    """
    _, status, usage = os.wait4(pid, 0)
    return status, usage.ru_utime + usage.ru_stime


def kill_descendants(pid: int | None, reaped: Reaped | None, *, killed: bool) -> tuple[Reaped, str]:
    """Kill a child's group and every orphan that came back to this process.

    Args:
        pid: the child, which leads its own session; ``None`` if there is none.
        reaped: what its end gave, if it has been waited for already.
        killed: whether it is to be killed rather than already over.

    Returns:
        Its status with the processor seconds of all, and why something may be left, empty if
        nothing is.
    """
    status, cpu_seconds = reaped or (0, 0.0)
    if pid is not None:
        if killed:
            _kill(pid)
        _kill_group(pid)
        if reaped is None:
            status, cpu_seconds = reap(pid)
        _kill_group(pid)
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        for child in _children():
            _kill(child)
        try:
            gone, _, usage = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return (status, cpu_seconds), ""
        if gone:
            cpu_seconds += usage.ru_utime + usage.ru_stime
        else:
            time.sleep(0.001)
    return (status, cpu_seconds), "processes of the candidate could not be ended"


def _children() -> list[int]:
    """Return this process's children; orphans are adopted by it on Linux."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def _kill(pid: int) -> None:
    try:
        os.kill(pid, _SIGKILL)
    except ProcessLookupError:
        return


def _kill_group(pid: int) -> None:
    try:
        os.killpg(pid, _SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def empty_folder(folder: str) -> str:
    """Delete everything in a folder; return why that failed, or nothing."""
    try:
        if os.stat(folder).st_mode & 0o700 != 0o700:
            os.chmod(folder, 0o700)
        with os.scandir(folder) as entries:
            found = list(entries)
        left = _MAX_ENTRIES
        for entry in found:
            left = _delete(entry.path, entry.is_dir(follow_symlinks=False), left)
    except (OSError, RecursionError) as error:
        return f"the work folder could not be emptied: {error}"
    return "" if left > 0 else "the work folder holds too many files"


def _delete(path: str, is_folder: bool, left: int) -> int:
    """Delete one entry and what is below it; return how many more deletions are allowed."""
    if left <= 0:
        return 0
    if not is_folder:
        os.unlink(path)
        return left - 1
    os.chmod(path, 0o700)
    with os.scandir(path) as entries:
        below = [(entry.path, entry.is_dir(follow_symlinks=False)) for entry in entries]
    for child, child_is_folder in below:
        left = _delete(child, child_is_folder, left)
    if left > 0:
        os.rmdir(path)
    return left - 1
