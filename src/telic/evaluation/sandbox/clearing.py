"""Clearing away what a candidate leaves: processes where no namespace does it, and files."""

from __future__ import annotations

import errno
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
    """Delete everything in a folder; return why that failed, or nothing.

    Folders below are lifted up one by one, so that no depth exceeds a path or a stack.
    """
    left = _MAX_ENTRIES
    try:
        _unlock(folder)
        pending = _delete_files(folder)
        while pending:
            path = pending.pop()
            _unlock(path)
            for below in _delete_files(path):
                left -= 1
                lifted = f"{folder}/.lifted-{left}"
                _unlock(below)
                os.rename(below, lifted)
                pending.append(lifted)
            os.rmdir(path)
            left -= 1
            if left < 0:
                return "the work folder holds too many folders"
    except OSError as error:
        return f"the work folder could not be emptied: {error}"
    return ""


def _unlock(folder: str) -> None:
    if os.stat(folder).st_mode & 0o700 != 0o700:
        os.chmod(folder, 0o700)


def _delete_files(folder: str) -> list[str]:
    """Delete what is not a folder; return the paths of the folders.

    Raises:
        OSError: if something cannot be deleted, or there is too much of it.
    """
    folders: list[str] = []
    count = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            count += 1
            if count > _MAX_ENTRIES:
                raise OSError(errno.EFBIG, f"more than {_MAX_ENTRIES:,} files")
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.path)
            else:
                os.unlink(entry.path)
    return folders
