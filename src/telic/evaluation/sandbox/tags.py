"""What encoder and decoder of the wire format agree on."""

from __future__ import annotations

from math import isfinite
from struct import Struct

__all__ = [
    "ARRAY",
    "ARRAY_HEAD",
    "BIG",
    "BYTES",
    "DICT",
    "DTYPES",
    "DTYPE_CODES",
    "FALSE",
    "FLOAT",
    "FLOAT_FORM",
    "FLOAT_LIST",
    "FLOAT_TUPLE",
    "HEAD",
    "INT",
    "INT_FORM",
    "INT_LIST",
    "INT_TUPLE",
    "ITEM_SIZES",
    "LIST",
    "MAX_DEPTH",
    "MAX_DIMENSIONS",
    "MAX_LENGTH",
    "MAX_NODES",
    "NONE",
    "SCALAR_KEYS",
    "STR",
    "TABLE",
    "TABLE_HEAD",
    "TRUE",
    "TUPLE",
    "WireError",
    "all_finite",
    "type_name",
]

MAX_DEPTH = 64
"""Levels of nesting; a container that holds itself reaches it at once."""
MAX_NODES = 2_000_000
"""Values in one message, not counting those inside arrays and lists of one number type."""
MAX_LENGTH = 2**32 - 1
MAX_DIMENSIONS = 32

# Values that stand alone, containers of anything, containers of one type of number.
NONE, FALSE, TRUE, INT, BIG, FLOAT, STR, BYTES = range(8)
LIST, TUPLE, DICT = range(8, 11)
FLOAT_LIST, FLOAT_TUPLE, INT_LIST, INT_TUPLE = range(11, 15)
TABLE = 15  # +1 when the rows are tuples, +2 when the whole is a tuple
ARRAY = 19

DTYPES = ("|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8")
DTYPE_CODES = {name: code for code, name in enumerate(DTYPES)}
ITEM_SIZES = tuple(int(name[2:]) for name in DTYPES)

HEAD = Struct("<BI")
"""Tag; length in bytes or number of items."""
INT_FORM = Struct("<Bq")
FLOAT_FORM = Struct("<Bd")
TABLE_HEAD = Struct("<BII")
"""Tag, rows, columns."""
ARRAY_HEAD = Struct("<BBB")
"""Tag, index into ``DTYPES``, number of dimensions."""

SCALAR_KEYS = (str, int, float, bool, bytes, type(None))
"""Types of dict keys, beside tuples of them."""


class WireError(ValueError):
    """A value is not plain data, or bytes are not a message; the text says what and where."""


def all_finite(values: list[float] | tuple[float, ...]) -> bool:
    """Tell whether no value is NaN or infinite."""
    # A finite sum proves it at C speed; an overflowing one does not disprove it.
    return isfinite(sum(values)) or all(map(isfinite, values))


def type_name(value: object) -> str:
    """Return a short name of a value's type."""
    return str(type(value).__qualname__)[:80]
