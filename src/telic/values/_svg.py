"""Small plots as inline SVG: rows of values with intervals, and a stacked bar.

Colours come from CSS classes of the page, so that they follow its light or dark theme. All text
is escaped here and nowhere else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

import msgspec

__all__ = ["PlotRow", "Segment", "rows_plot", "stacked_bar"]

_WIDTH = 760
_LABEL = 250
_RIGHT = 130
_ROW = 22


class PlotRow(msgspec.Struct, frozen=True):
    """One labelled value."""

    label: str
    value: float | None
    """``None`` draws no dot: there is no number."""
    low: float | None = None
    high: float | None = None
    note: str = ""
    """Right of the plot: the denominators."""
    is_null: bool = False
    """Whether the row is a respondent that values nothing."""
    marks: tuple[float, ...] = ()
    """Small ticks: what nulls give."""


class Segment(msgspec.Struct, frozen=True):
    """A part of a stacked bar."""

    label: str
    count: float


def rows_plot(
    title: str,
    rows: Sequence[PlotRow],
    *,
    span: tuple[float, float],
    reference: float | None = None,
) -> str:
    """Return rows of dots with whiskers over a common axis.

    Args:
        title: read out by screen readers.
        rows: from top to bottom.
        span: ends of the axis; values beyond are drawn at the end.
        reference: a vertical line, such as 0.
    """
    height = _ROW * len(rows) + 34
    parts = [
        f'<svg role="img" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}">',
        f"<title>{escape(title)}</title>",
    ]
    floor = _ROW * len(rows) + 8
    for tick in _ticks(*span):
        x = _x(tick, span)
        parts.append(f'<line class="grid" x1="{x}" x2="{x}" y1="4" y2="{floor}"/>')
        parts.append(
            f'<text class="tick" x="{x}" y="{floor + 16}" text-anchor="middle">{tick:g}</text>'
        )
    if reference is not None:
        x = _x(reference, span)
        parts.append(f'<line class="reference" x1="{x}" x2="{x}" y1="4" y2="{floor}"/>')
    for place, row in enumerate(rows):
        parts += _row(row, 8 + _ROW * place + _ROW // 2 - 3, span)
    return "".join([*parts, "</svg>"])


def stacked_bar(title: str, segments: Sequence[Segment]) -> str:
    """Return a bar whose segments are as wide as their counts, with a legend of all of them."""
    total = math.fsum(segment.count for segment in segments)
    parts = [
        f'<svg role="img" viewBox="0 0 {_WIDTH} 66" width="{_WIDTH}" height="66">',
        f"<title>{escape(title)}</title>",
    ]
    left = 0.0
    for place, segment in enumerate(segments):
        width = _WIDTH * segment.count / total if total else 0.0
        if width:
            parts.append(
                f'<rect class="part{place}" x="{left:.1f}" y="4" width="{width:.1f}" height="24"/>'
            )
        left += width
    step = _WIDTH / max(1, len(segments))
    for place, segment in enumerate(segments):
        x = step * place
        parts.append(f'<rect class="part{place}" x="{x:.1f}" y="44" width="12" height="12"/>')
        text = escape(f"{segment.label} {segment.count:g}")
        parts.append(f'<text x="{x + 17:.1f}" y="54">{text}</text>')
    return "".join([*parts, "</svg>"])


def _row(row: PlotRow, y: int, span: tuple[float, float]) -> list[str]:
    kind = "null" if row.is_null else "own"
    parts = [
        f'<text x="{_LABEL - 8}" y="{y + 4}" text-anchor="end">'
        f"<title>{escape(row.label)}</title>{escape(_short(row.label))}</text>"
    ]
    for mark in row.marks:
        x = _x(mark, span)
        parts.append(f'<line class="mark" x1="{x}" x2="{x}" y1="{y - 5}" y2="{y + 5}"/>')
    if row.low is not None and row.high is not None:
        ends = f'x1="{_x(row.low, span)}" x2="{_x(row.high, span)}"'
        parts.append(f'<line class="{kind} whisker" {ends} y1="{y}" y2="{y}"/>')
    if row.value is not None:
        parts.append(f'<circle class="{kind}" cx="{_x(row.value, span)}" cy="{y}" r="4"/>')
    note = escape(row.note)
    parts.append(f'<text class="tick" x="{_WIDTH - _RIGHT + 10}" y="{y + 4}">{note}</text>')
    return parts


def _x(value: float, span: tuple[float, float]) -> str:
    low, high = span
    share = (min(max(value, low), high) - low) / (high - low)
    return f"{_LABEL + share * (_WIDTH - _LABEL - _RIGHT):.1f}"


def _ticks(low: float, high: float) -> list[float]:
    """Return round numbers that divide an interval into some four to nine parts."""
    rough = (high - low) / 6
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(k * step, 12) for k in range(first, last + 1)]


def _short(text: str, most: int = 36) -> str:
    return text if len(text) <= most else text[: most - 1] + "\u2026"
