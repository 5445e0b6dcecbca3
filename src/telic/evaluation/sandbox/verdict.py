"""From what arrived and what was observed to outputs and a failure with a reason."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import frames
from .frames import FRAME, PRINTED_BYTES
from .wire import WireError, decode

if TYPE_CHECKING:
    from .client import Job

__all__ = ["Facts", "Reader", "describe_death", "failure_of", "new_reader"]

_FRAMING = 1 << 14  # room for a failure and its reason
_MAX_REASON = 4000
_MEDDLING = ("output", "the candidate wrote to its result channel itself")
_KINDS = ("syntax", "exception", "memory", "exit", "output")
_MEANING = {
    signal.SIGSEGV: "invalid memory access",
    signal.SIGABRT: "aborted itself",
    signal.SIGKILL: "killed, perhaps for want of memory",
    signal.SIGBUS: "bus error",
    signal.SIGFPE: "arithmetic error",
    signal.SIGILL: "illegal instruction",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the zygote and its client saw of one child."""

    cause: int
    status: int
    seconds: float
    cpu_seconds: float
    was_stopped: bool
    printed: bytes
    spoiled: str


class Reader:
    """Takes apart what a candidate wrote, trusting none of it.

    Args:
        calls: how many outputs are expected; one more is an offence.
        limit: bytes that one frame may have.
        allow_nonfinite: whether outputs may hold NaN and infinities.
    """

    def __init__(self, calls: int, *, limit: int, allow_nonfinite: bool) -> None:
        self.outputs: list[Any] = []
        self.failure: tuple[str, str] | None = None
        self.is_done = False
        self._calls = calls
        self._limit = limit
        self._allow_nonfinite = allow_nonfinite
        self._buffer = bytearray()
        self._arrivals: list[float] = []

    def feed(self, chunk: bytes, arrival: float) -> None:
        """Take bytes that arrived so many seconds after the start."""
        self._buffer += chunk
        at = 0
        while len(self._buffer) - at >= FRAME.size:
            kind, length = FRAME.unpack_from(self._buffer, at)
            end = at + FRAME.size + length
            if length > self._limit:
                self.failure = self.failure or _MEDDLING
                at = len(self._buffer)
                break
            if end > len(self._buffer):
                break
            self.take(kind, bytes(self._buffer[at + FRAME.size : end]), arrival)
            at = end
        del self._buffer[:at]

    def take(self, kind: int, payload: bytes, arrival: float) -> None:
        """Take one frame that arrived so many seconds after the start."""
        if self.is_done:
            self.failure = self.failure or ("output", "the candidate wrote after its end")
        elif kind == frames.DONE:
            self.is_done = True
        elif self.failure is not None:
            return
        elif kind == frames.FAILURE:
            self.failure = _read_failure(payload)
        elif kind == frames.OUTPUT and len(self.outputs) < self._calls:
            try:
                self.outputs.append(decode(payload, allow_nonfinite=self._allow_nonfinite))
            except WireError as error:
                self.failure = ("output", f"output: {error}")
                return
            self._arrivals.append(arrival)
        else:
            self.failure = _MEDDLING

    def incomplete(self) -> tuple[str, str] | None:
        """Return the failure that outputs are missing or something is left over, or ``None``."""
        if self._buffer:
            return _MEDDLING
        missing = self._calls - len(self.outputs)
        return ("output", f"{missing} of {self._calls} outputs are missing") if missing else None

    def call_seconds(self) -> tuple[float, ...]:
        """Return the seconds between arrivals."""
        starts = [0.0, *self._arrivals]
        return tuple(b - a for a, b in zip(starts, self._arrivals, strict=False))


def new_reader(job: Job) -> Reader:
    """Return a reader of what a job's candidate writes."""
    limit = int(job.output_mb * (1 << 20)) + _FRAMING
    return Reader(len(job.calls), limit=limit, allow_nonfinite=job.allow_nonfinite)


def _read_failure(payload: bytes) -> tuple[str, str]:
    try:
        kind, reason = decode(payload)
    except (WireError, TypeError, ValueError):
        kind = reason = None
    if kind in _KINDS and isinstance(reason, str):
        return kind, reason[:_MAX_REASON]
    return _MEDDLING


def failure_of(facts: Facts, reader: Reader, job: Job) -> tuple[str, str] | None:
    """Return why a job failed, or ``None`` if it did not."""
    if facts.cause == frames.WALL:
        stopped = "; it had stopped itself" if facts.was_stopped else ""
        return "timeout", f"ran longer than {job.seconds:g} s{stopped}"
    if facts.cause == frames.CPU or facts.cpu_seconds > job.cpu_seconds:
        return "timeout", f"used more than {job.cpu_seconds:g} s of processor time"
    if facts.cause == frames.OVERFLOW:
        return "output", f"output: larger than the limit of {job.output_mb:g} MB"
    if facts.cause == frames.PRINTED_OVERFLOW:
        return "output", f"printed more than {PRINTED_BYTES >> 20} MB"
    if reader.failure is not None:
        return reader.failure
    if facts.status or not reader.is_done:
        return describe_death(facts)
    return reader.incomplete()


def describe_death(facts: Facts | None) -> tuple[str, str]:
    """Return the failure of a child that ended before it was done."""
    if facts is None:
        return "sandbox", "the zygote died"
    if os.WIFSIGNALED(facts.status):
        return "crash", _describe_signal(os.WTERMSIG(facts.status))
    code = os.waitstatus_to_exitcode(facts.status)
    return "exit", f"the process left with status {code} before it had returned"


def _describe_signal(number: int) -> str:
    try:
        name = signal.Signals(number).name
    except ValueError:
        return f"died by signal {number}"
    meaning = _MEANING.get(signal.Signals(number))
    return f"died by {name}" + (f" ({meaning})" if meaning else "")
