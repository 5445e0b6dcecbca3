"""Compiling a candidate before it is sent, in warm memory that no fork has to copy.

Compiling runs nothing of it. What is too large, might take long or does not compile is left
to the candidate's own process, which has deadlines and reports why.
"""

from __future__ import annotations

import marshal
import warnings

__all__ = ["compiled"]

_MOST_CHARACTERS = 1 << 16
_MOST_DOUBLED = 6
"""Each ``finally`` inside another doubles the code of what is in it."""


def compiled(text: str, path: str) -> bytes:
    """Return the marshalled code of a text, empty if its own process had better compile it.

    Args:
        text: Python source.
        path: what its tracebacks call it.
    """
    if len(text) > _MOST_CHARACTERS or text.count("finally") > _MOST_DOUBLED:
        return b""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return marshal.dumps((compile(text, path, "exec", dont_inherit=True),))
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
        return b""
