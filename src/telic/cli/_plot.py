"""Curves drawn with braille dots: two columns and four rows of dots to a character."""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["draw_steps"]

_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""Bits of a braille character by column and row, rows from the top."""
_EMPTY = 0x2800


def draw_steps(
    points: Sequence[tuple[float, float]], end: float, *, width: int, height: int
) -> list[str]:
    """Draw a quantity that keeps each value until the next point.

    Args:
        points: place and value, places ascending from 0; finite.
        end: where the last value ends.
        width: columns of characters, 1 or more.
        height: rows of characters, 1 or more.

    Returns:
        ``height`` lines of ``width`` characters, the largest value at the top; all blank
        without points.
    """
    columns, rows = width * 2, height * 4
    levels = _levels(points, max(end, 1e-9), columns)
    known = [level for level in levels if level is not None]
    cells = [[_EMPTY] * width for _ in range(height)]
    if known:
        low, high = min(known), max(known)
        before: int | None = None
        for column, level in enumerate(levels):
            if level is None:
                continue
            row = _row(level, low, high, rows)
            start, stop = sorted((row if before is None else before, row))
            for dot in range(start, stop + 1):
                cells[dot // 4][column // 2] |= _DOTS[column % 2][dot % 4]
            before = row
    return ["".join(map(chr, line)) for line in cells]


def _levels(points: Sequence[tuple[float, float]], end: float, columns: int) -> list[float | None]:
    """Return the value at the right edge of each column of dots."""
    levels: list[float | None] = []
    place = 0
    value: float | None = None
    for column in range(columns):
        edge = end * (column + 1) / columns
        while place < len(points) and points[place][0] <= edge:
            value = points[place][1]
            place += 1
        levels.append(value)
    return levels


def _row(level: float, low: float, high: float, rows: int) -> int:
    """Return the row of dots, counted from the top; a flat curve lies at the bottom."""
    spread = high - low
    if spread <= 0 or not math.isfinite(spread):
        return rows - 1
    return rows - 1 - round((level - low) / spread * (rows - 1))
