"""Watching one candidate: its data, its printing, its deadlines, its end."""

from __future__ import annotations

import os
import select
import time

from . import frames
from .frames import PRINTED_BYTES, STAMP, frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .clearing import Reaped

__all__ = ["Watch"]

_READ_SIZE = 1 << 16
_TAIL_BYTES = 4096
_FORWARD_BYTES = 1 << 18
_TICK = 0.02
_LONGEST_POLL = 1e6
_PROCESSOR_CLOCK = 2
_PROCESSORS = os.cpu_count() or 1


class Watch:
    """One candidate's run, seen from outside it.

    It is made before the fork: whatever the parent touches while the child lives is copied.

    Args:
        seconds: its deadline.
        cpu_seconds: processor seconds that it has.
        room: bytes that its data may have.
        result: where its data arrives, or -1 if that goes elsewhere.
        printed: where what it prints arrives.
        control: the client's socket; watched for a request to stop.
        stop_requested: reads that socket and tells whether it asked to stop.
        forward: sends bytes to the client.
    """

    def __init__(
        self,
        *,
        seconds: float,
        cpu_seconds: float,
        room: int,
        result: int,
        printed: int,
        control: int,
        stop_requested: Callable[[], bool],
        forward: Callable[[bytes], object],
    ) -> None:
        self.tail = b""
        self.was_stopped = False
        self.reaped: Reaped | None = None
        self._result = result
        self._printed = printed
        self._stop_requested = stop_requested
        self._forward = forward
        self._cpu_seconds = cpu_seconds
        self._room = room
        self._printed_room = PRINTED_BYTES
        self._chunks: list[bytes] = []
        self._held = 0
        self._poll = poll = select.poll()
        poll.register(control, select.POLLIN)
        poll.register(printed, select.POLLIN)
        if result >= 0:
            poll.register(result, select.POLLIN)
        self._start = start = time.monotonic()
        self._deadline = start + seconds
        self._check_cpu_at = start + cpu_seconds / _PROCESSORS

    def until_end(self, pid: int, *, has_handles: bool) -> int:
        """Wait for the child; return why it is over, one of the causes in ``frames``.

        Args:
            pid: the child.
            has_handles: whether the system may be asked for a descriptor that tells its end;
                without one it is looked for at short intervals.
        """
        handle = _open_handle(pid) if has_handles else -1
        if handle >= 0:
            self._poll.register(handle, select.POLLIN)
        try:
            while True:
                wait = min(self._deadline, self._check_cpu_at) - time.monotonic()
                if handle < 0:
                    wait = min(wait, _TICK)
                ready = self._poll.poll(min(max(0.0, wait * 1000 + 1), _LONGEST_POLL))
                for descriptor, _ in ready:
                    if descriptor == handle:
                        return frames.ENDED
                    cause = self._take(descriptor)
                    if cause:
                        return cause
                if handle < 0 and self._has_ended(pid):
                    return frames.ENDED
                if not ready or time.monotonic() >= self._deadline:
                    cause = self._deadline_passed(pid)
                    if cause:
                        self.was_stopped = _is_stopped(pid)
                        return cause
        finally:
            if handle >= 0:
                self._poll.unregister(handle)
                os.close(handle)

    def _has_ended(self, pid: int) -> bool:
        gone, status, usage = os.wait4(pid, os.WNOHANG)
        if gone:
            self.reaped = (status, usage.ru_utime + usage.ru_stime)
        return bool(gone)

    def seconds(self) -> float:
        """Return the seconds since the start."""
        return time.monotonic() - self._start

    def _take(self, descriptor: int) -> int:
        """Read from a descriptor that is ready; return why that is the end, or 0."""
        if descriptor == self._result:
            return frames.ENDED if self._take_result() else frames.OVERFLOW
        if descriptor == self._printed:
            return frames.ENDED if self._take_printed() else frames.PRINTED_OVERFLOW
        return frames.STOPPED if self._stop_requested() else frames.ENDED

    def drain(self) -> int:
        """Take what is left in the pipes, when nobody writes to them any more.

        Returns:
            A cause if it was too much, else 0.
        """
        while True:
            ready = [fd for fd, _ in self._poll.poll(0) if fd in (self._result, self._printed)]
            if not ready:
                return frames.ENDED
            for descriptor in ready:
                cause = self._take(descriptor)
                if cause:
                    return cause

    def take_chunks(self) -> bytes:
        """Return the data that has not been forwarded, as frames for the client."""
        data = b"".join(self._chunks)
        self._chunks = []
        self._held = 0
        return data

    def _take_result(self) -> bool:
        data = os.read(self._result, _READ_SIZE)
        self._room -= len(data)
        stamp = STAMP.pack(time.monotonic() - self._start)
        self._chunks.append(frame(frames.CHUNK, stamp + data))
        self._held += len(data)
        if self._held > _FORWARD_BYTES:
            self._forward(self.take_chunks())
        return self._room >= 0

    def _take_printed(self) -> bool:
        data = os.read(self._printed, _READ_SIZE)
        self._printed_room -= len(data)
        self.tail = (self.tail + data)[-_TAIL_BYTES:]
        return self._printed_room >= 0

    def _deadline_passed(self, pid: int) -> int:
        now = time.monotonic()
        if now >= self._deadline:
            return frames.WALL
        if now >= self._check_cpu_at:
            left = self._cpu_seconds - _processor_seconds(pid)
            if left <= 0:
                return frames.CPU
            self._check_cpu_at = now + max(left / _PROCESSORS, 0.001)
        return frames.ENDED


def _open_handle(pid: int) -> int:
    """Return a descriptor that becomes readable when the process ends; -1 if there is none."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return -1


def _is_stopped(pid: int) -> bool:
    try:
        return os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None
    except (AttributeError, OSError):
        return False


def _processor_seconds(pid: int) -> float:
    """Return the processor time of a running child; 0 where it cannot be asked."""
    try:
        return time.clock_gettime((~pid << 3) | _PROCESSOR_CLOCK)
    except OSError:
        return 0.0
