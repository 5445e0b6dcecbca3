"""Plain data across the border between candidate and judge.

What may cross: ``None``, ``bool``, ``int``, ``float``, ``str``, ``bytes``, ``list``, ``tuple``,
``dict`` (keys: everything before ``list``, and tuples of those) and NumPy arrays of booleans,
integers and floats of at most 64 bits. NumPy scalars become Python numbers; subclasses (a
named tuple, a ``Counter``, an ``IntEnum``) become their base type; anything else is refused
with a sentence that says where it was found. There is no code in the format: decoding any
bytes gives plain data or :class:`WireError`, in time and memory proportional to their length.
"""

from __future__ import annotations

from .decoder import decode
from .encoder import encode
from .tags import MAX_DEPTH, MAX_NODES, WireError

__all__ = ["MAX_DEPTH", "MAX_NODES", "WireError", "decode", "encode"]
