"""Editing source text by offsets, so that comments and layout survive."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

__all__ = ["Lines", "Splice", "apply_splices", "overlap"]

_NEWLINE = re.compile(r"\r\n|\n|\r")


class Splice(NamedTuple):
    """Replace the characters ``[start, end)`` by ``text``."""

    start: int
    end: int
    text: str


def overlap(splices: Iterable[Splice]) -> bool:
    """Tell whether two splices touch the same characters or insert at the same place."""
    ordered = sorted(splices)
    if len(ordered) == 1:
        return False
    return any(
        later.start < earlier.end or later.start == earlier.start
        for earlier, later in pairwise(ordered)
    )


def apply_splices(text: str, splices: Sequence[Splice]) -> str:
    """Return ``text`` with non-overlapping splices applied."""
    parts: list[str] = []
    position = 0
    for splice in sorted(splices):
        parts.append(text[position : splice.start])
        parts.append(splice.text)
        position = splice.end
    parts.append(text[position:])
    return "".join(parts)


class Lines:
    """Where the lines of a text begin, and the way from ``ast`` positions to offsets.

    ``ast`` counts lines from 1 and columns in bytes of UTF-8.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(match.end() for match in _NEWLINE.finditer(text))]
        self._ascii = text.isascii()
        self.plain_starts = self.starts if self._ascii else None
        """:attr:`starts` if columns are characters in this text, else ``None``."""

    def offset(self, line: int, column: int) -> int:
        """Return the character offset of a position."""
        start = self.starts[line - 1]
        if self._ascii:
            return start + column
        end = self.starts[line] if line < len(self.starts) else len(self.text)
        head = self.text[start:end].encode("utf-8", "surrogatepass")[:column]
        return start + len(head.decode("utf-8", "surrogatepass"))

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Return the offsets at which a node starts and ends."""
        last, column = node.end_lineno, node.end_col_offset
        assert last is not None
        assert column is not None
        if self._ascii:
            starts = self.starts
            return starts[node.lineno - 1] + node.col_offset, starts[last - 1] + column
        return self.offset(node.lineno, node.col_offset), self.offset(last, column)

    def line_of(self, offset: int) -> int:
        """Return the number, from 1, of the line that holds an offset."""
        return bisect_right(self.starts, offset)

    def end_of(self, line: int) -> int:
        """Return the offset just behind a line's text, before its line break."""
        if line >= len(self.starts):
            return len(self.text)
        end = self.starts[line] - 1
        return end - 1 if self.text[end - 1 : end + 1] == "\r\n" else end

    def after(self, line: int) -> int:
        """Return the offset behind a line's break."""
        return self.starts[line] if line < len(self.starts) else len(self.text)
