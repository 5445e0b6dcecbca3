"""Records, headers and artifacts as bytes.

MessagePack rather than JSON, because a foreign evaluator's metrics may hold NaN and
infinities, which JSON has no words for. Texts are stored once per digest, deflated with the
seed artifact as dictionary: a child mostly repeats its seed.
"""

from __future__ import annotations

import zlib
from typing import Any

import msgspec

from telic.artifact import Artifact
from telic.candidate import Record
from telic.component import Component
from telic.errors import JournalError
from telic.problem import Problem

__all__ = [
    "ArtifactCodec",
    "Event",
    "Header",
    "StoredAnswer",
    "decode",
    "deflated",
    "encode",
    "encode_record",
    "inflated",
]

_BLANK = Artifact.of("")
_WINDOW = 1 << 15  # bytes that deflate looks back over
_encoder = msgspec.msgpack.Encoder()
_artifact_decoder = msgspec.msgpack.Decoder(list[tuple[bytes, bytes]])


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What a run is: enough to rebuild it."""

    run: str
    """Identifier of the run."""
    created: str
    """Time of creation, ISO 8601 with its offset."""
    telic: str
    """Version of Telic that began the run."""
    seed: int
    """The run's seed for all random numbers."""
    problem: Problem
    """With the seed artifact and, in the scorer, the scorer's source."""
    components: tuple[Component, ...] = ()
    """Strategy, operators, portfolio and so on, with their arguments."""
    settings: dict[str, Any] = {}
    """Plain data: mode, window, budget and whatever else the engine was told."""


class Event(msgspec.Struct, frozen=True):
    """Something that happened in a run besides records."""

    seq: int
    time: float
    """Seconds since 1970, UTC."""
    records: int
    """Number of records in the journal when it happened."""
    kind: str
    """For example ``started``, ``resumed``, ``stopped``, ``seed-mismatch``, ``note``."""
    data: dict[str, Any]
    """Plain JSON data."""


class StoredAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One answer of a language model as it is kept."""

    key: str
    """Hash of all that was asked."""
    candidate: int
    """For which it was asked."""
    model: str
    ending: str
    """How the answer ended, for example ``complete``."""
    tokens: int
    money: float
    """US dollars."""
    seconds: float
    """Wall-clock."""
    data: bytes
    """Request and answer, in a form that whoever stored them knows."""


class ArtifactCodec:
    """Deflates artifacts against one seed artifact.

    Args:
        seed: the problem's seed, which must be the same when reading.
    """

    def __init__(self, seed: Artifact) -> None:
        self._dictionary = _flat(seed)[-_WINDOW:]

    def pack(self, artifact: Artifact) -> bytes:
        """Return the compressed form of an artifact."""
        # The small hash table (memLevel 6) quarters the set-up time, which dominates here.
        deflate = zlib.compressobj(3, memLevel=6, zdict=self._dictionary)
        return deflate.compress(_flat(artifact)) + deflate.flush()

    def unpack(self, data: bytes) -> Artifact:
        """Return the artifact of a compressed form.

        Raises:
            JournalError: if the bytes are damaged.
        """
        try:
            inflate = zlib.decompressobj(zdict=self._dictionary)
            files = _artifact_decoder.decode(inflate.decompress(data) + inflate.flush())
        except (zlib.error, msgspec.DecodeError) as error:
            raise JournalError(f"a stored artifact is damaged: {error}") from error
        return Artifact(tuple((_text(name), _text(text)) for name, text in files))


def deflated(data: bytes) -> bytes:
    """Return data that mostly is text, compressed quickly."""
    return zlib.compress(data, 1)


def inflated(data: bytes) -> bytes:
    """Return what :func:`deflated` was given.

    Raises:
        JournalError: if the bytes are damaged.
    """
    try:
        return zlib.decompress(data)
    except zlib.error as error:
        raise JournalError(f"a stored answer is damaged: {error}") from error


def encode_record(record: Record) -> bytes:
    """Return a record without its artifact's text as bytes."""
    candidate = msgspec.structs.replace(record.candidate, artifact=_BLANK)
    return encode(msgspec.structs.replace(record, candidate=candidate))


def encode(data: object) -> bytes:
    """Return any struct or plain data as MessagePack."""
    try:
        return _encoder.encode(data)
    except UnicodeEncodeError:
        # A candidate's message may hold lone surrogates, which no encoding accepts.
        return _encoder.encode(_printable(msgspec.to_builtins(data)))


def decode(decoder: msgspec.msgpack.Decoder[Any], data: bytes, what: str) -> Any:
    """Return what ``data`` holds.

    Raises:
        JournalError: naming ``what``, if it is damaged.
    """
    try:
        return decoder.decode(data)
    except msgspec.DecodeError as error:
        raise JournalError(f"{what} of the journal is damaged: {error}") from error


def _flat(artifact: Artifact) -> bytes:
    return _encoder.encode([(_bytes(name), _bytes(text)) for name, text in artifact.files])


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")


def _printable(data: Any) -> Any:
    if isinstance(data, str):
        return data.encode("utf-8", "backslashreplace").decode()
    if isinstance(data, dict):
        return {_printable(key): _printable(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_printable(value) for value in data]
    return data
