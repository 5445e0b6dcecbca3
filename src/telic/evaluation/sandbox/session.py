"""Many executions of one template in one child, for numeric tuning.

The main file reads its tuned literals from ``__telic_slots__[i]``. It is compiled once and
executed anew, with fresh globals and reseeded randomness, for every vector of values.
Executions of one session share a process, so a program could remember; it can only do so to
its own later executions.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from . import frames
from .frames import FRAME, frame
from .verdict import Facts, describe_death, new_reader
from .wire import encode

if TYPE_CHECKING:
    from .client import Job

__all__ = ["Answer", "Session"]

Failure = tuple[str, str]

Answer = tuple[tuple[Any, ...], Failure | None]
"""The outputs of one execution, one per call, and its failure or ``None``."""

_READ_SIZE = 1 << 18


class Session:
    """One child that executes a template for batches of vectors.

    Args:
        job: the template, its calls and bounds.
        open_channel: forks a child and returns the socket to it.
        close_channel: ends the child and returns what was seen of it.
    """

    def __init__(
        self,
        job: Job,
        open_channel: Callable[[Job], socket.socket],
        close_channel: Callable[[], Facts | None],
    ) -> None:
        self._job = job
        self._open_channel = open_channel
        self._close_channel = close_channel
        self._channel: socket.socket | None = None

    def run(
        self, vectors: Sequence[Sequence[float]], *, seconds: float | None = None
    ) -> list[Answer]:
        """Execute the template once for each vector, in order.

        A vector whose execution raises fails alone. If the child dies or one execution passes
        its deadline, that vector carries the reason and the rest of the batch is not run; the
        next batch starts a new child.

        Args:
            vectors: values of the slots.
            seconds: wall-clock deadline of the whole batch; ``None`` leaves it to the
                deadlines of the executions.

        Raises:
            SandboxError: if no child can be started.
        """
        if not vectors:
            return []
        if self._channel is None:
            self._channel = self._open_channel(self._job)
        deadline = float("inf") if seconds is None else time.monotonic() + seconds
        message = frame(frames.BATCH, encode(list(vectors), name="vectors"))
        answers: list[Answer] = []
        failure = _Exchange(self._channel, self._job, deadline).run(message, len(vectors), answers)
        if failure is None:
            return answers
        facts = self.end()
        reason = failure if failure[0] else describe_death(facts)
        answers.append(((), reason))
        rest = ("sandbox", f"not run: execution {len(answers)} of the batch ended the child")
        return answers + [((), rest)] * (len(vectors) - len(answers))

    def end(self) -> Facts | None:
        """End the child, if there is one; return what was seen of it."""
        if self._channel is None:
            return None
        self._channel.close()
        self._channel = None
        return self._close_channel()


class _Exchange:
    """Sends one batch and reads its answers at the same time."""

    def __init__(self, channel: socket.socket, job: Job, deadline: float) -> None:
        channel.setblocking(False)
        self._channel = channel
        self._job = job
        self._deadline = deadline
        self._limit = int(job.output_mb * (1 << 20)) + 1024
        self._buffer = bytearray()
        self._reader = new_reader(self._job)

    def run(self, message: bytes, count: int, answers: list[Answer]) -> Failure | None:
        """Fill ``answers`` up to ``count``.

        Returns:
            ``None`` when all came; else why not, with an empty kind if the child has gone.
        """
        poll = select.poll()
        poll.register(self._channel, select.POLLIN | select.POLLOUT)
        unsent = memoryview(message)
        progress = time.monotonic()
        while len(answers) < count:
            try:
                if unsent:
                    unsent = unsent[self._channel.send(unsent) :]
                    if not unsent:
                        poll.modify(self._channel, select.POLLIN)
                data = self._channel.recv(_READ_SIZE)
            except BlockingIOError:
                limit = min(progress + self._job.seconds, self._deadline)
                wait = limit - time.monotonic()
                if wait <= 0 or not poll.poll(wait * 1000 + 1):
                    if time.monotonic() >= self._deadline:
                        return "timeout", "the batch ran past its deadline"
                    return "timeout", f"ran longer than {self._job.seconds:g} s"
                continue
            except OSError:
                return "", ""
            if not data:
                return "", ""
            self._buffer += data
            came = len(answers)
            if not self._take_frames(answers, count):
                return "output", f"output: larger than the limit of {self._job.output_mb:g} MB"
            if len(answers) > came:
                progress = time.monotonic()
        return None

    def _take_frames(self, answers: list[Answer], count: int) -> bool:
        """Move whole frames from the buffer to ``answers``; tell whether all may be so large."""
        at = 0
        buffer = self._buffer
        while len(buffer) - at >= FRAME.size and len(answers) < count:
            kind, length = FRAME.unpack_from(buffer, at)
            if length > self._limit:
                return False
            start = at + FRAME.size
            at_next = start + length
            if at_next > len(buffer):
                break
            reader = self._reader
            reader.take(kind, bytes(buffer[start:at_next]), 0.0)
            at = at_next
            if reader.is_done or kind == frames.DONE:
                answers.append((tuple(reader.outputs), reader.failure or reader.incomplete()))
                self._reader = new_reader(self._job)
        del buffer[:at]
        return True
