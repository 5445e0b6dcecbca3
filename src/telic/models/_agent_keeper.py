"""A process between Telic and a coding agent that leaves nothing of the agent alive.

It starts the command in a session of its own, and waits for the command's end or for the end of its
leash: a pipe whose other end Telic holds, so that it closes when Telic lets go, at a deadline for
example, or when Telic itself is killed. Then it kills the command's group and every descendant.
On Linux orphans come back to it however they have left their session (it is their *subreaper*);
elsewhere only the group is killed.

Run as a script with the standard library alone: ``keeper.py LEASH PROGRAM ARGUMENT...``. It ends
with the command's own code, 128 + N after signal N, 126 if the command cannot be started, and 125
if something could not be ended.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType

_PR_SET_CHILD_SUBREAPER = 36
_PATIENCE = 5.0
_CANNOT_END, _CANNOT_START = 125, 126


def main(leash: int, command: list[str]) -> int:
    """Run a command to its end or to the end of the leash, and return the code to end with."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    ended, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, _told)  # wakes the poll below
    try:
        # The leash is not handed on: what the command leaves behind must not hold it.
        process = subprocess.Popen(command, start_new_session=True)
    except OSError as error:
        sys.stderr.write(f"{command[0]} cannot be started: {error.strerror or error}\n")
        return _CANNOT_START
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # whoever feeds the command sees it close
    poll = select.poll()
    poll.register(leash, select.POLLIN | select.POLLHUP)
    poll.register(ended, select.POLLIN)
    while not _is_over(process):
        if any(handle == leash for handle, _ in poll.poll()):
            break
        os.read(ended, 4096)
    code = ended_all(process.pid, process.returncode)
    process.returncode = 0  # it is reaped
    if code is None:
        sys.stderr.write("processes of the agent could not be ended\n")
        return _CANNOT_END
    return code if code >= 0 else 128 - code


def _told(signum: int, frame: FrameType | None) -> None:
    """Take note of a child's end."""
    del signum, frame


def _is_over(process: subprocess.Popen[bytes]) -> bool:
    """Tell whether the command has ended.

    It is not reaped, so that its number, which is its group's, stays its own; macOS before Python
    3.13 has no way to do so.
    """
    if not hasattr(os, "waitid"):
        return process.poll() is not None
    seen = os.WEXITED | os.WNOHANG | os.WNOWAIT
    return os.waitid(os.P_PID, process.pid, seen) is not None


def ended_all(leader: int, code: int | None) -> int | None:
    """Kill a child, its group and every orphan that comes back.

    Args:
        leader: the child, which leads its session.
        code: what it ended with, if it is reaped already.

    Returns:
        What it ended with, minus N after signal N; ``None`` if something is left.
    """
    deadline = time.monotonic() + _PATIENCE
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
    while time.monotonic() < deadline:
        for child in _children():
            with suppress(ProcessLookupError, PermissionError):
                os.kill(child, signal.SIGKILL)
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return code
        if pid == leader:
            code = os.waitstatus_to_exitcode(status)
        elif not pid:
            time.sleep(0.001)
    return None


def _children() -> list[int]:
    """Return the children of this process: its own, and the orphans that it has adopted."""
    mine: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):  # none where there is no Linux
        with suppress(OSError):  # it ended meanwhile
            parent = (folder / "stat").read_bytes().rpartition(b")")[2].split()[1]
            if int(parent) == os.getpid():
                mine.append(int(folder.name))
    return mine


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
