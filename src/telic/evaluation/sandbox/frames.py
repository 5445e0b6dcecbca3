"""The messages between client, zygote and candidate: a type, a length, a payload.

Client and zygote trust each other's framing; what a candidate writes is only ever parsed by
the client, with :mod:`telic.evaluation.sandbox.wire`.
"""

from __future__ import annotations

import os
from struct import Struct

__all__ = ["FACTS", "FRAME", "NUDGE", "PRINTED_BYTES", "frame", "read_exactly", "write_all"]

FRAME = Struct("<BI")
"""Type and length of the payload that follows."""
FACTS = Struct("<id??")
"""Opens a report: wait status, processor seconds, whether they were used up, whether it was
stopped when it was ended; the text that says why the zygote is spoiled follows."""
LEFT = Struct("<d")
"""Processor seconds that a running candidate has left."""
NUDGE = Struct("<BQd")
"""What to do about which job, counted from 1, and the processor seconds that it has."""
PRINTED_BYTES = 64 << 20
"""What a candidate may print before it is ended."""

# Client to zygote, over the socket.
CONFIGURE, CALLS, JOB = 1, 2, 3
# Client to zygote, over the pipe of nudges.
KILL, CHECK = 5, 6
# Zygote to client.
READY, REPORT, STILL_RUNS, BROKEN, NO_PACKAGE = 11, 12, 13, 14, 15
# Candidate to client, over its pipe or its session's channel.
OUTPUT, FAILURE, DONE = 21, 22, 23
# Client to candidate, over a session's own channel.
BATCH = 31

# Why a candidate was ended.
ENDED, WALL, CPU, OVERFLOW, PRINTED_OVERFLOW = range(5)


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
