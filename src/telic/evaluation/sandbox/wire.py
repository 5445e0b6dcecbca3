"""Plain data across the border between candidate and judge.

What may cross: ``None``, ``bool``, ``int``, ``float``, ``str``, ``bytes``, ``list``, ``tuple``,
``dict`` (keys: everything before ``list``, and tuples of those) and NumPy arrays of booleans,
integers and floats of at most 64 bits. NumPy scalars become Python numbers; subclasses (a
named tuple, a ``Counter``, an ``IntEnum``) become their base type; anything else is refused
with a sentence that says where it was found. There is no code in the format: decoding any
bytes gives plain data or :class:`WireError`, in time and memory proportional to their length.
"""

from __future__ import annotations

import sys
from itertools import chain
from math import isfinite
from struct import Struct, unpack_from
from struct import error as StructError  # noqa: N812
from struct import pack as pack_struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["MAX_DEPTH", "MAX_NODES", "WireError", "decode", "encode"]

MAX_DEPTH = 64
"""Levels of nesting; a container that holds itself reaches it at once."""
MAX_NODES = 2_000_000
"""Values in one message, not counting those inside arrays and lists of one number type."""

_NONE, _FALSE, _TRUE, _INT, _BIG, _FLOAT, _STR, _BYTES = range(8)
_LIST, _TUPLE, _DICT = range(8, 11)
_FLOAT_LIST, _FLOAT_TUPLE, _INT_LIST, _INT_TUPLE = range(11, 15)
_TABLE = 15  # +1 when the rows are tuples, +2 when the whole is a tuple
_ARRAY = 19

_DTYPES = ("|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8")
_DTYPE_CODES = {name: code for code, name in enumerate(_DTYPES)}
_ITEM_SIZES = tuple(int(name[2:]) for name in _DTYPES)
_MAX_DIMENSIONS = 32

_HEAD = Struct("<BI")  # tag, length or count
_INT_STRUCT = Struct("<Bq")
_FLOAT_STRUCT = Struct("<Bd")
_TABLE_HEAD = Struct("<BII")  # tag, rows, columns
_ARRAY_HEAD = Struct("<BBB")  # tag, dtype code, dimensions
_COUNT = Struct("<I")
_INT64 = Struct("<q")
_FLOAT64 = Struct("<d")
_MAX_INT64 = 2**63 - 1
_MAX_LENGTH = 2**32 - 1

_ALL_FLOAT = {float}
_ALL_INT = {int}
_ALL_LIST = {list}
_ALL_TUPLE = {tuple}
_SCALAR_KEYS = (str, int, float, bool, bytes, type(None))


class WireError(ValueError):
    """A value is not plain data, or bytes are not a message; the text says what and where."""


class _Refused(Exception):  # noqa: N818
    """Inside the encoder: what is wrong, and the path to it from the inside out."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.path: list[str] = []


def encode(
    value: object,
    *,
    limit: int = _MAX_LENGTH,
    allow_nonfinite: bool = False,
    name: str = "output",
) -> bytes:
    """Return ``value`` as bytes.

    Args:
        value: what is to cross.
        limit: largest size of the message in bytes, checked while it grows.
        allow_nonfinite: whether NaN and infinities may cross.
        name: what messages call the value.

    Raises:
        WireError: if it is not plain data, nested too deep, or too large.
    """
    try:
        encoder = _Encoder(limit, allow_nonfinite)
        encoder.put(value, 0)
        if len(encoder.out) > limit:
            encoder.refuse_size()
        return bytes(encoder.out)
    except _Refused as refused:
        path = refused.path[::-1]
        if len(path) > 8:
            path = [*path[:5], "[...]", *path[-2:]]
        raise WireError(f"{name}{''.join(path)}: {refused}") from None


class _Encoder:
    """Appends values to ``out``; methods raise :class:`_Refused`."""

    def __init__(self, limit: int, allow_nonfinite: bool) -> None:
        self.out = bytearray()
        self.limit = min(limit, _MAX_LENGTH)
        self.allow_nonfinite = allow_nonfinite

    def put(self, value: object, depth: int) -> None:
        write = _WRITERS.get(type(value))
        if write is not None:
            write(self, value, depth)
        else:
            self.put_other(value, depth)

    def put_none(self, value: None, depth: int) -> None:
        self.out.append(_NONE)

    def put_bool(self, value: bool, depth: int) -> None:
        self.out.append(_TRUE if value else _FALSE)

    def put_int(self, value: int, depth: int) -> None:
        try:
            self.out += _INT_STRUCT.pack(_INT, value)
        except StructError:
            size = value.bit_length() // 8 + 1
            self.check_room(size)
            self.out += _HEAD.pack(_BIG, size)
            self.out += value.to_bytes(size, "little", signed=True)

    def put_float(self, value: float, depth: int) -> None:
        if not self.allow_nonfinite and not isfinite(value):
            raise _Refused(f"{value!r} is not a finite number")
        self.out += _FLOAT_STRUCT.pack(_FLOAT, value)

    def put_str(self, value: str, depth: int) -> None:
        self.check_room(len(value))
        try:
            data = value.encode()
        except UnicodeEncodeError:
            raise _Refused("a string with lone surrogates is not valid Unicode text") from None
        self.out += _HEAD.pack(_STR, len(data))
        self.out += data

    def put_bytes(self, value: bytes, depth: int) -> None:
        self.check_room(len(value))
        self.out += _HEAD.pack(_BYTES, len(value))
        self.out += value

    def put_list(self, value: list[Any], depth: int) -> None:
        self.put_sequence(value, depth, is_tuple=False)

    def put_tuple(self, value: tuple[Any, ...], depth: int) -> None:
        self.put_sequence(value, depth, is_tuple=True)

    def put_sequence(
        self, value: list[Any] | tuple[Any, ...], depth: int, *, is_tuple: bool
    ) -> None:
        kinds = set(map(type, value))
        if kinds == _ALL_FLOAT:
            self.check_room(8 * len(value))
            self.check_finite(value)
            self.out += _HEAD.pack(_FLOAT_TUPLE if is_tuple else _FLOAT_LIST, len(value))
            self.out += pack_struct(f"<{len(value)}d", *value)
            return
        if kinds == _ALL_INT:
            self.check_room(8 * len(value))
            try:
                data = pack_struct(f"<{len(value)}q", *value)
            except StructError:
                pass  # an integer beyond 64 bits: element by element
            else:
                self.out += _HEAD.pack(_INT_TUPLE if is_tuple else _INT_LIST, len(value))
                self.out += data
                return
        elif (kinds == _ALL_LIST or kinds == _ALL_TUPLE) and self.put_table(
            value, rows_are_tuples=kinds == _ALL_TUPLE, is_tuple=is_tuple
        ):
            return
        self.enter(depth)
        self.check_room(len(value))
        self.out += _HEAD.pack(_TUPLE if is_tuple else _LIST, len(value))
        index = 0
        try:
            for index, item in enumerate(value):  # noqa: B007
                self.put(item, depth + 1)
        except _Refused as refused:
            refused.path.append(f"[{index}]")
            raise

    def put_table(
        self, rows: list[Any] | tuple[Any, ...], *, rows_are_tuples: bool, is_tuple: bool
    ) -> bool:
        """Write equally long rows of floats in one go; tell whether ``rows`` were such."""
        columns = len(rows[0])
        if not columns or set(map(len, rows)) != {columns} or type(rows[0][0]) is not float:
            return False
        self.check_room(8 * columns * len(rows))
        flat = list(chain.from_iterable(rows))
        if set(map(type, flat)) != _ALL_FLOAT:
            return False
        if not self.allow_nonfinite and not _all_finite(flat):
            return False  # element by element, to say where
        self.out += _TABLE_HEAD.pack(_TABLE + rows_are_tuples + 2 * is_tuple, len(rows), columns)
        self.out += pack_struct(f"<{len(flat)}d", *flat)
        return True

    def put_dict(self, value: dict[Any, Any], depth: int) -> None:
        self.enter(depth)
        self.check_room(2 * len(value))
        self.out += _HEAD.pack(_DICT, len(value))
        key: object = None
        try:
            for key, item in value.items():
                if not _is_key(key):
                    raise _Refused(f"a dict key of type {_type_name(key)} is not plain data")
                self.put(key, depth + 1)
                self.put(item, depth + 1)
        except _Refused as refused:
            shown = repr(key)[:40] if isinstance(key, _SCALAR_KEYS) else f"<{_type_name(key)}>"
            refused.path.append(f"[{shown}]")
            raise

    def put_other(self, value: object, depth: int) -> None:
        """Write a subclass as its base, or a NumPy value; refuse the rest."""
        for base, to_base in _BASES:
            if isinstance(value, base):
                return self.put(to_base(value), depth)
        numpy = sys.modules.get("numpy")
        if numpy is not None:
            if isinstance(value, numpy.ndarray):
                return self.put_array(value, numpy)
            if isinstance(value, numpy.bool_ | numpy.integer | numpy.floating):
                plain = value.item()
                if type(plain) in (bool, int, float):
                    return self.put(plain, depth)
        raise _Refused(_refusal(value))

    def put_array(self, value: Any, numpy: Any) -> None:
        if isinstance(value, numpy.ma.MaskedArray):
            raise _Refused("a masked array is not plain data; fill it first")
        array = numpy.ascontiguousarray(numpy.asarray(value)).reshape(value.shape)
        code = _DTYPE_CODES.get(array.dtype.newbyteorder("<").str)
        if code is None:
            raise _Refused(f"an array of dtype {array.dtype} is not plain data")
        if array.ndim > _MAX_DIMENSIONS:
            raise _Refused(f"an array of {array.ndim} dimensions is not plain data")
        self.check_room(array.nbytes)
        if not self.allow_nonfinite and array.dtype.kind == "f":
            finite = numpy.isfinite(array)
            if not finite.all():
                where = numpy.argwhere(~finite)[0].tolist()
                raise _Refused(f"{array[tuple(where)]} at {where} is not a finite number")
        self.out += _ARRAY_HEAD.pack(_ARRAY, code, array.ndim)
        self.out += pack_struct(f"<{array.ndim}Q", *array.shape)
        self.out += array.astype(_DTYPES[code], copy=False).tobytes()

    def enter(self, depth: int) -> None:
        if depth >= MAX_DEPTH:
            raise _Refused(f"nested deeper than {MAX_DEPTH} levels, or contains itself")

    def check_room(self, size: int) -> None:
        if len(self.out) + size > self.limit:
            self.refuse_size()

    def check_finite(self, values: list[float] | tuple[float, ...]) -> None:
        if self.allow_nonfinite or _all_finite(values):
            return
        for index, value in enumerate(values):
            if not isfinite(value):
                refused = _Refused(f"{value!r} is not a finite number")
                refused.path.append(f"[{index}]")
                raise refused

    def refuse_size(self) -> None:
        raise _Refused(f"larger than the limit of {self.limit:,} bytes")


_WRITERS: dict[type, Callable[[_Encoder, Any, int], None]] = {
    type(None): _Encoder.put_none,
    bool: _Encoder.put_bool,
    int: _Encoder.put_int,
    float: _Encoder.put_float,
    str: _Encoder.put_str,
    bytes: _Encoder.put_bytes,
    list: _Encoder.put_list,
    tuple: _Encoder.put_tuple,
    dict: _Encoder.put_dict,
}

# The base class's own methods, so that what a subclass overrides has no say.
_BASES: tuple[tuple[type, Callable[[Any], object]], ...] = (
    (int, int.__pos__),
    (float, float.__pos__),
    (str, lambda value: str.__add__(value, "")),
    (bytes, lambda value: bytes.__add__(value, b"")),
    (list, list.copy),
    (tuple, lambda value: tuple.__getitem__(value, slice(None))),
    (dict, dict.copy),
)


def _all_finite(values: list[float] | tuple[float, ...]) -> bool:
    # A finite sum proves it at C speed; an overflowing one does not disprove it.
    return isfinite(sum(values)) or all(map(isfinite, values))


def _is_key(key: object) -> bool:
    if isinstance(key, tuple):
        return all(map(_is_key, key))
    return isinstance(key, _SCALAR_KEYS) or _type_module(key) == "numpy"


def _type_name(value: object) -> str:
    return str(type(value).__qualname__)[:80]


def _type_module(value: object) -> str:
    return str(type(value).__module__)


def _refusal(value: object) -> str:
    if isinstance(value, complex) or _type_name(value).startswith("complex"):
        return "complex numbers are not plain data"
    hint = {"set": "; return a sorted list", "generator": "; return a list"}
    name = _type_name(value)
    return f"a value of type {name} is not plain data{hint.get(name, '')}"


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
        if tag == _FLOAT:
            self.at = at + 9
            value: float = _FLOAT64.unpack_from(self.data, at + 1)[0]
            if not self.allow_nonfinite and not isfinite(value):
                raise WireError(f"{value!r} is not a finite number")
            return value
        if tag == _INT:
            self.at = at + 9
            return _INT64.unpack_from(self.data, at + 1)[0]
        if tag <= _TRUE:
            self.at = at + 1
            return (None, False, True)[tag]
        if tag == _ARRAY:
            return self.take_array()
        if _TABLE <= tag < _ARRAY:
            return self.take_table(tag - _TABLE)
        if tag > _ARRAY:
            raise WireError(f"unknown tag {tag}")
        count: int = _COUNT.unpack_from(self.data, at + 1)[0]
        self.at = at + 5
        if tag >= _FLOAT_LIST:
            return self.take_numbers(tag, count)
        if tag <= _BYTES:
            return self.take_text(tag, self.raw(count))
        if depth >= MAX_DEPTH:
            raise WireError(f"nested deeper than {MAX_DEPTH} levels")
        if self.nodes + count > MAX_NODES:
            raise WireError(f"more than {MAX_NODES:,} values")
        if count > len(self.data) - self.at:
            raise WireError("the message is cut short")
        if tag == _DICT:
            return self.take_dict(count, depth + 1)
        items = [self.take(depth + 1) for _ in range(count)]
        return items if tag == _LIST else tuple(items)

    def raw(self, size: int) -> bytes:
        end = self.at + size
        if end > len(self.data):
            raise WireError("the message is cut short")
        piece = self.data[self.at : end]
        self.at = end
        return piece

    def take_text(self, tag: int, raw: bytes) -> str | bytes | int:
        if tag == _STR:
            return raw.decode()
        if tag == _BYTES:
            return raw
        return int.from_bytes(raw, "little", signed=True)

    def take_numbers(self, tag: int, count: int) -> list[Any] | tuple[Any, ...]:
        at = self.at
        self.raw(8 * count)
        is_float = tag <= _FLOAT_TUPLE
        values = unpack_from(f"<{count}{'d' if is_float else 'q'}", self.data, at)
        if is_float:
            self.check_finite(values)
        return values if tag in (_FLOAT_TUPLE, _INT_TUPLE) else list(values)

    def take_table(self, flags: int) -> Any:
        _, rows, columns = _TABLE_HEAD.unpack_from(self.data, self.at)
        if not rows or not columns:
            raise WireError("an empty table")
        at = self.at = self.at + _TABLE_HEAD.size
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
                raise WireError(f"a dict key of type {_type_name(key)}")
            pairs.append((key, self.take(depth)))
        # Keys made to collide would turn insertion quadratic.
        if count > 64 and count - len({hash(key) for key, _ in pairs}) > 64:
            raise WireError("dict keys whose hashes collide")
        result.update(pairs)
        if len(result) != count:
            raise WireError("equal dict keys")
        return result

    def take_array(self) -> Any:
        _, code, dimensions = _ARRAY_HEAD.unpack_from(self.data, self.at)
        if code >= len(_DTYPES) or dimensions > _MAX_DIMENSIONS:
            raise WireError(f"an array with dtype code {code} and {dimensions} dimensions")
        self.at += _ARRAY_HEAD.size
        shape: tuple[int, ...] = unpack_from(f"<{dimensions}Q", self.data, self.at)
        self.at += 8 * dimensions
        size = _ITEM_SIZES[code]
        for length in shape:
            if length > _MAX_LENGTH:
                raise WireError("an array dimension that is too long")
            size *= length
        raw = self.raw(size)

        import numpy

        array = numpy.frombuffer(bytearray(raw), dtype=_DTYPES[code]).reshape(shape)
        if code == 0 and raw.translate(None, b"\x00\x01"):
            raise WireError("a boolean array with other bytes than 0 and 1")
        if not self.allow_nonfinite and array.dtype.kind == "f" and not numpy.isfinite(array).all():
            raise WireError("an array with NaN or infinity")
        return array

    def check_finite(self, values: tuple[float, ...]) -> None:
        if not self.allow_nonfinite and not _all_finite(values):
            raise WireError("NaN or infinity in a list of numbers")


def _is_plain_key(key: object) -> bool:
    if isinstance(key, tuple):
        return all(map(_is_plain_key, key))
    return isinstance(key, _SCALAR_KEYS)
