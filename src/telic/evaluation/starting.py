"""The first moments of a worker process: forked from the driver, and apart from it.

A worker can be forked before the driver has imported what it needs itself, so that both get
ready at the same time.
"""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from telic.evaluation.sandbox.system import PR_SET_PDEATHSIG, set_process_flag

if TYPE_CHECKING:
    from telic.problem import Problem

__all__ = ["Forked", "WorkerMain", "early_worker", "end_process", "fork_worker"]

WorkerMain = Callable[[socket.socket], None]
"""What a worker process does with its socket; never returns control."""


class Forked:
    """A worker that nobody has taken yet.

    Args:
        pid: its process.
        sock: the driver's end of the socket between them.
    """

    def __init__(self, pid: int, sock: socket.socket) -> None:
        self._pid = pid
        self._sock: socket.socket | None = sock

    def take(self) -> tuple[int, socket.socket] | None:
        """Return process and socket to whoever asks first, to others ``None``."""
        sock, self._sock = self._sock, None
        return None if sock is None else (self._pid, sock)

    def close(self) -> None:
        """End the worker, unless somebody has taken it."""
        taken = self.take()
        if taken is not None:
            taken[1].close()
            end_process(self._pid)


@contextmanager
def early_worker(problem: Problem) -> Generator[Forked | None]:
    """Fork a worker for a problem before anything else is ready; ``None`` if that is no use.

    A foreign problem's workers need to know more than the problem.
    """
    if not problem.is_verified:
        yield None
        return
    from telic.evaluation.worker import WorkerPlan

    worker = fork_worker(WorkerPlan(problem))
    try:
        yield worker
    finally:
        worker.close()


def fork_worker(main: WorkerMain) -> Forked:
    """Fork a process that runs ``main`` and leaves."""
    ours, theirs = socket.socketpair()
    driver = os.getpid()
    pid = os.fork()
    if pid == 0:
        _become_worker(theirs, main, driver)
    theirs.close()
    ours.setblocking(False)
    return Forked(pid, ours)


def end_process(pid: int) -> None:
    """Kill a child, if it lives, and wait for it."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(pid, 0)


def _become_worker(sock: socket.socket, main: WorkerMain, driver: int) -> None:
    """Turn the forked child into a worker: nothing of the driver's stays open in it.

    An inherited descriptor would keep the journal's lock and the other workers' sockets
    alive after the driver is gone. A killed driver takes its workers along, whatever they do.
    """
    code = 1
    try:
        set_process_flag(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != driver:
            return
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN if number == signal.SIGINT else signal.SIG_DFL)
        keep = sock.fileno()
        os.closerange(3, keep)
        os.closerange(keep + 1, os.sysconf("SC_OPEN_MAX") if keep < 1 << 16 else keep + 1)
        os.dup2(2, 1)  # a scorer that prints must not spoil the driver's standard output
        main(sock)
        code = 0
    except BaseException:  # noqa: BLE001 - the last frame of a forked child
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)
