"""Plain data to bytes; runs beside hostile code, and refuses in words."""

from __future__ import annotations

import sys
from itertools import chain
from math import isfinite
from struct import error as StructError  # noqa: N812
from struct import pack as pack_struct

from .tags import (
    ARRAY,
    ARRAY_HEAD,
    BIG,
    BYTES,
    DICT,
    DTYPE_CODES,
    DTYPES,
    FALSE,
    FLOAT,
    FLOAT_FORM,
    FLOAT_LIST,
    FLOAT_TUPLE,
    HEAD,
    INT,
    INT_FORM,
    INT_LIST,
    INT_TUPLE,
    LIST,
    MAX_DEPTH,
    MAX_DIMENSIONS,
    MAX_LENGTH,
    NONE,
    SCALAR_KEYS,
    STR,
    TABLE,
    TABLE_HEAD,
    TRUE,
    TUPLE,
    WireError,
    all_finite,
    type_name,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["encode"]

_ALL_FLOAT = {float}
_ALL_INT = {int}
_ALL_LIST = {list}
_ALL_TUPLE = {tuple}


class _Refused(Exception):  # noqa: N818
    """Inside the encoder: what is wrong, and the path to it from the inside out."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.path: list[str] = []


def encode(
    value: object,
    *,
    limit: int = MAX_LENGTH,
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
        self.limit = min(limit, MAX_LENGTH)
        self.allow_nonfinite = allow_nonfinite

    def put(self, value: object, depth: int) -> None:
        write = _WRITERS.get(type(value))
        if write is not None:
            write(self, value, depth)
        else:
            self.put_other(value, depth)

    def put_none(self, _value: None, _depth: int) -> None:
        self.out.append(NONE)

    def put_bool(self, value: bool, _depth: int) -> None:
        self.out.append(TRUE if value else FALSE)

    def put_int(self, value: int, _depth: int) -> None:
        try:
            self.out += INT_FORM.pack(INT, value)
        except StructError:
            size = value.bit_length() // 8 + 1
            self.check_room(size)
            self.out += HEAD.pack(BIG, size)
            self.out += value.to_bytes(size, "little", signed=True)

    def put_float(self, value: float, _depth: int) -> None:
        if not self.allow_nonfinite and not isfinite(value):
            raise _Refused(f"{value!r} is not a finite number")
        self.out += FLOAT_FORM.pack(FLOAT, value)

    def put_str(self, value: str, _depth: int) -> None:
        self.check_room(len(value))
        try:
            data = value.encode()
        except UnicodeEncodeError:
            raise _Refused("a string with lone surrogates is not valid Unicode text") from None
        self.out += HEAD.pack(STR, len(data))
        self.out += data

    def put_bytes(self, value: bytes, _depth: int) -> None:
        self.check_room(len(value))
        self.out += HEAD.pack(BYTES, len(value))
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
            self.out += HEAD.pack(FLOAT_TUPLE if is_tuple else FLOAT_LIST, len(value))
            self.out += pack_struct(f"<{len(value)}d", *value)
            return
        if kinds == _ALL_INT:
            self.check_room(8 * len(value))
            try:
                data = pack_struct(f"<{len(value)}q", *value)
            except StructError:
                pass  # an integer beyond 64 bits: element by element
            else:
                self.out += HEAD.pack(INT_TUPLE if is_tuple else INT_LIST, len(value))
                self.out += data
                return
        elif kinds in (_ALL_LIST, _ALL_TUPLE) and self.put_table(
            value, rows_are_tuples=kinds == _ALL_TUPLE, is_tuple=is_tuple
        ):
            return
        self.enter(depth)
        self.check_room(len(value))
        self.out += HEAD.pack(TUPLE if is_tuple else LIST, len(value))
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
        if not self.allow_nonfinite and not all_finite(flat):
            return False  # element by element, to say where
        self.out += TABLE_HEAD.pack(TABLE + rows_are_tuples + 2 * is_tuple, len(rows), columns)
        self.out += pack_struct(f"<{len(flat)}d", *flat)
        return True

    def put_dict(self, value: dict[Any, Any], depth: int) -> None:
        self.enter(depth)
        self.check_room(2 * len(value))
        self.out += HEAD.pack(DICT, len(value))
        key: object = None
        try:
            for key, item in value.items():
                if not _is_key(key):
                    raise _Refused(f"a dict key of type {type_name(key)} is not plain data")
                self.put(key, depth + 1)
                self.put(item, depth + 1)
        except _Refused as refused:
            shown = repr(key)[:40] if isinstance(key, SCALAR_KEYS) else f"<{type_name(key)}>"
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
                plain: object = value.item()  # pyright: ignore[reportAttributeAccessIssue]
                if type(plain) in (bool, int, float):
                    return self.put(plain, depth)
        raise _Refused(_refusal(value))

    def put_array(self, value: Any, numpy: Any) -> None:
        if isinstance(value, numpy.ma.MaskedArray):
            raise _Refused("a masked array is not plain data; fill it first")
        array = numpy.ascontiguousarray(numpy.asarray(value)).reshape(value.shape)
        code = DTYPE_CODES.get(array.dtype.newbyteorder("<").str)
        if code is None:
            raise _Refused(f"an array of dtype {array.dtype} is not plain data")
        if array.ndim > MAX_DIMENSIONS:
            raise _Refused(f"an array of {array.ndim} dimensions is not plain data")
        self.check_room(array.nbytes)
        if not self.allow_nonfinite and array.dtype.kind == "f":
            finite = numpy.isfinite(array)
            if not finite.all():
                where = numpy.argwhere(~finite)[0].tolist()
                raise _Refused(f"{array[tuple(where)]} at {where} is not a finite number")
        self.out += ARRAY_HEAD.pack(ARRAY, code, array.ndim)
        self.out += pack_struct(f"<{array.ndim}Q", *array.shape)
        self.out += array.astype(DTYPES[code], copy=False).tobytes()

    def enter(self, depth: int) -> None:
        if depth >= MAX_DEPTH:
            raise _Refused(f"nested deeper than {MAX_DEPTH} levels, or contains itself")

    def check_room(self, size: int) -> None:
        if len(self.out) + size > self.limit:
            self.refuse_size()

    def check_finite(self, values: list[float] | tuple[float, ...]) -> None:
        if self.allow_nonfinite or all_finite(values):
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


def _plain_tuple(value: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple.__getitem__(value, slice(None))


# The base class's own methods, so that what a subclass overrides has no say.
_BASES: tuple[tuple[type, Callable[[Any], object]], ...] = (
    (int, int.__pos__),
    (float, float.__pos__),
    (str, lambda value: str.__add__(value, "")),
    (bytes, lambda value: bytes.__add__(value, b"")),
    (list, list.copy),
    (tuple, _plain_tuple),
    (dict, dict.copy),
)


def _is_key(key: object) -> bool:
    if isinstance(key, tuple):
        return all(map(_is_key, key))
    return isinstance(key, SCALAR_KEYS) or _type_module(key) == "numpy"


def _type_module(value: object) -> str:
    return str(type(value).__module__)


def _refusal(value: object) -> str:
    if isinstance(value, complex) or type_name(value).startswith("complex"):
        return "complex numbers are not plain data"
    hint = {"set": "; return a sorted list", "generator": "; return a list"}
    name = type_name(value)
    return f"a value of type {name} is not plain data{hint.get(name, '')}"
