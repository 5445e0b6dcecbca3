"""What the driver and its workers say to each other: framed MessagePack, both sides trusted."""

from __future__ import annotations

import struct
from typing import Any

import msgspec

from telic.artifact import Artifact
from telic.candidate import Evaluation

__all__ = [
    "EvaluateTask",
    "Evaluated",
    "Fault",
    "Frames",
    "Ready",
    "RoutineDone",
    "RoutineTask",
    "decode_reply",
    "decode_task",
    "frame",
]


class EvaluateTask(msgspec.Struct, frozen=True, tag="evaluate"):
    """Evaluate an artifact once for each random seed."""

    id: int
    artifact: Artifact
    seeds: tuple[int, ...]
    code: bytes = b""
    """The main file's code, if the driver knows it; see :class:`telic.evaluation.sandbox.Job`."""


class RoutineTask(msgspec.Struct, frozen=True, tag="routine"):
    """Run a trusted function beside the sandbox."""

    id: int
    function: str
    arguments: dict[str, Any]


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The worker has loaded the scorer and its sandbox answers."""

    layer: str
    missing: tuple[str, ...]
    cases: int


class Evaluated(msgspec.Struct, frozen=True, tag="evaluated"):
    """The end of an :class:`EvaluateTask`."""

    id: int
    evaluation: Evaluation


class RoutineDone(msgspec.Struct, frozen=True, tag="done"):
    """The end of a :class:`RoutineTask`."""

    id: int
    result: dict[str, Any]


class Fault(msgspec.Struct, frozen=True, tag="fault"):
    """The worker, the scorer or a routine could not do its work."""

    id: int
    """Task that failed; -1 for the worker itself."""
    kind: str
    """``problem``, ``sandbox`` or ``routine``."""
    message: str


_encoder = msgspec.msgpack.Encoder()
_tasks = msgspec.msgpack.Decoder(EvaluateTask | RoutineTask)
_replies = msgspec.msgpack.Decoder(Ready | Evaluated | RoutineDone | Fault)
decode_task = _tasks.decode
decode_reply = _replies.decode

_LENGTH = struct.Struct("<I")


def frame(message: msgspec.Struct) -> bytes:
    """Encode a message with its length in front."""
    body = _encoder.encode(message)
    return _LENGTH.pack(len(body)) + body


class Frames:
    """Cuts a byte stream into frame bodies."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Add received bytes and return every body that is complete now."""
        self._buffer += data
        bodies: list[bytes] = []
        start = 0
        while len(self._buffer) - start >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._buffer, start)
            end = start + _LENGTH.size + length
            if len(self._buffer) < end:
                break
            bodies.append(bytes(self._buffer[start + _LENGTH.size : end]))
            start = end
        del self._buffer[:start]
        return bodies
