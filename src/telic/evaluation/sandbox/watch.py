"""Watching one candidate from outside: its data, its printing, its deadlines, its end."""

from __future__ import annotations

import os
import select
import time
from typing import TYPE_CHECKING

from . import frames
from .frames import FACTS, LEFT, PRINTED_BYTES
from .verdict import Facts

if TYPE_CHECKING:
    from .client import Job
    from .launch import Started
    from .verdict import Reader

__all__ = ["Watch", "read_report"]

_READ_SIZE = 1 << 16
_TAIL_BYTES = 4096
_FRAMING = 1024
_GRACE_SECONDS = 20.0
_KILL_AGAIN_SECONDS = 1.0
_PROCESSORS = os.cpu_count() or 1


class Watch:
    """One candidate's run.

    Args:
        zygote: forks it.
        job: its bounds.
        reader: takes what it writes.
    """

    def __init__(self, zygote: Started, job: Job, reader: Reader) -> None:
        self._zygote = zygote
        self._reader = reader
        self._cause = frames.ENDED
        self._tail = b""
        self._cpu_seconds = job.cpu_seconds
        self._room = int(job.output_mb * (1 << 20)) + _FRAMING * (len(job.calls) + 2)
        self._printed_room = PRINTED_BYTES
        self._start = start = time.monotonic()
        self._deadline = start + job.seconds
        self._check_cpu_at = start + job.cpu_seconds / _PROCESSORS
        self._give_up_at = self._deadline + _GRACE_SECONDS
        self._poll = select.poll()

    def run(self, message: bytes) -> Facts:
        """Send the job and stay with it until nothing of it is alive.

        Raises:
            OSError: if the zygote does not answer.
        """
        self._result, result = os.pipe()
        self._printed, printed = os.pipe()
        try:
            try:
                self._zygote.send_job(message, [result, printed])
            finally:
                os.close(result)
                os.close(printed)
            report = self._until_end()
        finally:
            os.close(self._result)
            os.close(self._printed)
        return read_report(
            report, cause=self._cause, seconds=time.monotonic() - self._start, printed=self._tail
        )

    def _until_end(self) -> bytes:
        control = self._zygote.sock.fileno()
        for descriptor in (control, self._result, self._printed):
            self._poll.register(descriptor, select.POLLIN)
        while True:
            wait = min(self._deadline, self._check_cpu_at) - time.monotonic()
            ready = self._poll.poll(max(0.0, wait * 1000 + 1))
            report = None
            for descriptor, _ in ready:
                if descriptor == control:
                    report = self._take_message()
                else:
                    self._take(descriptor)
            if report is not None:
                self._drain()
                return report
            self._mind_deadlines()

    def _take_message(self) -> bytes | None:
        """Return the zygote's report, or ``None`` if it says something else."""
        kind, payload = self._zygote.receive()
        if kind == frames.REPORT:
            return payload
        if kind == frames.BROKEN:
            raise ConnectionResetError(payload.decode("utf-8", "replace"))
        (left,) = LEFT.unpack(payload)
        self._check_cpu_at = time.monotonic() + max(left / _PROCESSORS, 0.001)
        return None

    def _drain(self) -> None:
        """Take what is left in the pipes, when nobody writes to them any more."""
        while ready := [d for d, _ in self._poll.poll(0) if d in (self._result, self._printed)]:
            for descriptor in ready:
                self._take(descriptor)

    def _take(self, descriptor: int) -> None:
        data = os.read(descriptor, _READ_SIZE)
        if not data:
            self._poll.unregister(descriptor)
        elif descriptor == self._result:
            self._room -= len(data)
            if self._room < 0:
                self._end(frames.OVERFLOW)
                self._poll.unregister(descriptor)
            else:
                self._reader.feed(data, time.monotonic() - self._start)
        else:
            self._printed_room -= len(data)
            self._tail = (self._tail + data)[-_TAIL_BYTES:]
            if self._printed_room < 0:
                self._end(frames.PRINTED_OVERFLOW)
                self._poll.unregister(descriptor)

    def _mind_deadlines(self) -> None:
        now = time.monotonic()
        if now >= self._give_up_at:
            raise TimeoutError
        if now >= self._deadline:
            self._end(frames.WALL)
            self._deadline = now + _KILL_AGAIN_SECONDS
        elif now >= self._check_cpu_at:
            self._zygote.nudge(frames.CHECK, self._cpu_seconds)
            self._check_cpu_at = now + self._cpu_seconds / _PROCESSORS

    def _end(self, cause: int) -> None:
        self._cause = self._cause or cause
        self._zygote.nudge(frames.KILL)


def read_report(
    report: bytes, *, cause: int = frames.ENDED, seconds: float = 0.0, printed: bytes = b""
) -> Facts:
    """Return what the zygote and its client saw of a candidate.

    Args:
        report: the zygote's.
        cause: why the client had it ended.
        seconds: how long it took.
        printed: the last of what it printed.
    """
    status, cpu_seconds, is_used_up, was_stopped = FACTS.unpack_from(report)
    if is_used_up:
        cause = cause or frames.CPU
    spoiled = report[FACTS.size :].decode()
    return Facts(cause, status, seconds, cpu_seconds, was_stopped, printed, spoiled)
