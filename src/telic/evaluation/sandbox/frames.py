"""The messages between client, zygote and candidate: a type, a length, a payload.

Client and zygote trust each other's framing; what a candidate writes is only ever parsed by
the client, with :mod:`telic.evaluation.sandbox.wire`.
"""

from __future__ import annotations

import os
from struct import Struct

__all__ = [
    "FACTS",
    "FRAME",
    "JOB_LIMITS",
    "PRINTED_BYTES",
    "STAMP",
    "frame",
    "read_exactly",
    "write_all",
]

FRAME = Struct("<BI")
"""Type and length of the payload that follows."""
STAMP = Struct("<d")
"""Seconds since the candidate was forked."""

JOB_LIMITS = Struct("<qddqqqqq???")
"""Opens a job: seed, seconds, processor seconds, their hard limit, bytes of memory, of one
output, of all output frames, of a file; is it a session, are NaN and infinities allowed, do
calls follow (or are they those of the job before)."""
FACTS = Struct("<Bidd?H")
"""Opens a report: cause, wait status, seconds, processor seconds, whether it was stopped,
length of the text that says why the zygote is spoiled; that text follows, then what was printed."""
PRINTED_BYTES = 64 << 20
"""What a candidate may print before it is ended."""

# Client to zygote.
CONFIGURE, JOB, SESSION, STOP = 1, 2, 3, 4
# Zygote to client.
READY, CHUNK, END, BROKEN, NO_PACKAGE = 11, 12, 13, 14, 15
# Candidate to client, inside chunks or over a session's own channel.
OUTPUT, FAILURE, DONE = 21, 22, 23
# Client to candidate, over a session's own channel.
BATCH = 31

# Why the zygote ended a candidate.
ENDED, WALL, CPU, OVERFLOW, PRINTED_OVERFLOW, STOPPED = range(6)


def frame(kind: int, payload: bytes = b"") -> bytes:
    """Return a message."""
    return FRAME.pack(kind, len(payload)) + payload


def write_all(descriptor: int, data: bytes) -> None:
    """Write everything to a blocking descriptor."""
    sent = os.write(descriptor, data)
    while sent < len(data):
        data = data[sent:]
        sent = os.write(descriptor, data)


def read_exactly(descriptor: int, size: int) -> bytes:
    """Read ``size`` bytes from a blocking descriptor.

    Raises:
        EOFError: if the other side has gone.
    """
    data = os.read(descriptor, size)
    if len(data) == size:
        return data
    pieces = [data]
    while data and size > len(data):
        size -= len(data)
        data = os.read(descriptor, size)
        pieces.append(data)
    if not data:
        raise EOFError
    return b"".join(pieces)
