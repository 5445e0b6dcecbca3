"""Bytes to plain data; trusts nothing that it reads."""

from __future__ import annotations

from math import isfinite
from struct import Struct, unpack_from
from struct import error as StructError  # noqa: N812

from .tags import (
    ARRAY,
    ARRAY_HEAD,
    BYTES,
    DICT,
    DTYPES,
    FLOAT,
    FLOAT_LIST,
    FLOAT_TUPLE,
    INT,
    INT_TUPLE,
    ITEM_SIZES,
    LIST,
    MAX_DEPTH,
    MAX_DIMENSIONS,
    MAX_LENGTH,
    MAX_NODES,
    SCALAR_KEYS,
    STR,
    TABLE,
    TABLE_HEAD,
    TRUE,
    WireError,
    all_finite,
    type_name,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["decode"]

_COUNT = Struct("<I")
_INT64 = Struct("<q")
_FLOAT64 = Struct("<d")


def decode(data: bytes, *, allow_nonfinite: bool = False) -> Any:
    """Return the value that ``data`` encodes.

    Args:
        data: any bytes, however hostile.
        allow_nonfinite: whether NaN and infinities may cross.

    Raises:
        WireError: if they are not exactly one well-formed message.
    """
    decoder = _Decoder(data, allow_nonfinite)
    try:
        value = decoder.take(0)
    except (StructError, IndexError):
        raise WireError("the message is cut short") from None
    except (UnicodeDecodeError, OverflowError, MemoryError, ValueError) as error:
        if isinstance(error, WireError):
            raise
        raise WireError(f"the message is malformed: {type(error).__name__}") from None
    if decoder.at != len(data):
        raise WireError(f"{len(data) - decoder.at} bytes follow the message")
    return value


class _Decoder:
    """Reads values from ``data`` at offset ``at``; every count is checked against what is left."""

    def __init__(self, data: bytes, allow_nonfinite: bool) -> None:
        self.data = data
        self.at = 0
        self.nodes = 0
        self.allow_nonfinite = allow_nonfinite

    def take(self, depth: int) -> Any:
        at = self.at
        tag = self.data[at]
        self.nodes += 1
        if tag == FLOAT:
            self.at = at + 9
            value: float = _FLOAT64.unpack_from(self.data, at + 1)[0]
            if not self.allow_nonfinite and not isfinite(value):
                raise WireError(f"{value!r} is not a finite number")
            return value
        if tag == INT:
            self.at = at + 9
            return _INT64.unpack_from(self.data, at + 1)[0]
        if tag <= TRUE:
            self.at = at + 1
            return (None, False, True)[tag]
        if tag == ARRAY:
            return self.take_array()
        if TABLE <= tag < ARRAY:
            return self.take_table(tag - TABLE)
        if tag > ARRAY:
            raise WireError(f"unknown tag {tag}")
        count: int = _COUNT.unpack_from(self.data, at + 1)[0]
        self.at = at + 5
        if tag >= FLOAT_LIST:
            return self.take_numbers(tag, count)
        if tag <= BYTES:
            return self.take_text(tag, self.raw(count))
        if depth >= MAX_DEPTH:
            raise WireError(f"nested deeper than {MAX_DEPTH} levels")
        if self.nodes + count > MAX_NODES:
            raise WireError(f"more than {MAX_NODES:,} values")
        if count > len(self.data) - self.at:
            raise WireError("the message is cut short")
        if tag == DICT:
            return self.take_dict(count, depth + 1)
        items = [self.take(depth + 1) for _ in range(count)]
        return items if tag == LIST else tuple(items)

    def raw(self, size: int) -> bytes:
        end = self.at + size
        if end > len(self.data):
            raise WireError("the message is cut short")
        piece = self.data[self.at : end]
        self.at = end
        return piece

    def take_text(self, tag: int, raw: bytes) -> str | bytes | int:
        if tag == STR:
            return raw.decode()
        if tag == BYTES:
            return raw
        return int.from_bytes(raw, "little", signed=True)

    def take_numbers(self, tag: int, count: int) -> list[Any] | tuple[Any, ...]:
        at = self.at
        self.raw(8 * count)
        is_float = tag <= FLOAT_TUPLE
        values = unpack_from(f"<{count}{'d' if is_float else 'q'}", self.data, at)
        if is_float:
            self.check_finite(values)
        return values if tag in (FLOAT_TUPLE, INT_TUPLE) else list(values)

    def take_table(self, flags: int) -> Any:
        _, rows, columns = TABLE_HEAD.unpack_from(self.data, self.at)
        if not rows or not columns:
            raise WireError("an empty table")
        at = self.at = self.at + TABLE_HEAD.size
        self.nodes += rows
        self.raw(8 * rows * columns)
        flat = unpack_from(f"<{rows * columns}d", self.data, at)
        self.check_finite(flat)
        starts = range(0, len(flat), columns)
        if flags & 1:
            table: list[Any] = [flat[start : start + columns] for start in starts]
        else:
            table = [list(flat[start : start + columns]) for start in starts]
        return tuple(table) if flags & 2 else table

    def take_dict(self, count: int, depth: int) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        pairs: list[tuple[Any, Any]] = []
        for _ in range(count):
            key = self.take(depth)
            if not _is_plain_key(key):
                raise WireError(f"a dict key of type {type_name(key)}")
            pairs.append((key, self.take(depth)))
        # Keys made to collide would turn insertion quadratic.
        if count > 64 and count - len({hash(key) for key, _ in pairs}) > 64:
            raise WireError("dict keys whose hashes collide")
        result.update(pairs)
        if len(result) != count:
            raise WireError("equal dict keys")
        return result

    def take_array(self) -> Any:
        _, code, dimensions = ARRAY_HEAD.unpack_from(self.data, self.at)
        if code >= len(DTYPES) or dimensions > MAX_DIMENSIONS:
            raise WireError(f"an array with dtype code {code} and {dimensions} dimensions")
        self.at += ARRAY_HEAD.size
        shape: tuple[int, ...] = unpack_from(f"<{dimensions}Q", self.data, self.at)
        self.at += 8 * dimensions
        size = ITEM_SIZES[code]
        for length in shape:
            if length > MAX_LENGTH:
                raise WireError("an array dimension that is too long")
            size *= length
        raw = self.raw(size)

        import numpy

        array = numpy.frombuffer(bytearray(raw), dtype=DTYPES[code]).reshape(shape)
        if code == 0 and raw.translate(None, b"\x00\x01"):
            raise WireError("a boolean array with other bytes than 0 and 1")
        if not self.allow_nonfinite and array.dtype.kind == "f" and not numpy.isfinite(array).all():
            raise WireError("an array with NaN or infinity")
        return array

    def check_finite(self, values: tuple[float, ...]) -> None:
        if not self.allow_nonfinite and not all_finite(values):
            raise WireError("NaN or infinity in a list of numbers")


def _is_plain_key(key: object) -> bool:
    if isinstance(key, tuple):
        return all(map(_is_plain_key, key))
    return isinstance(key, SCALAR_KEYS)
