"""Pages, tables and plain text of two measurements side by side."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

import msgspec

from telic.values._page import page, table, write_files
from telic.values._svg import PlotRow, rows_plot
from telic.values.beside import SideBySide
from telic.values.contrasts import Difference

__all__ = ["side_by_side_html", "side_by_side_text", "write_side_by_side"]

_MOST_ITEMS = 20


def side_by_side_text(found: SideBySide) -> str:
    """Return a comparison as plain lines for a terminal."""
    lines = [
        f"{found.first} minus {found.second}, paired by the {found.shared} questions that both "
        "answered",
        f"  {found.first}: {found.first_replies}",
        f"  {found.second}: {found.second_replies}",
        f"  same answer to the same question: {found.same:.2f}; at random "
        f"{found.same_at_random:.2f}",
    ]
    lines += [f"! {note}" for note in found.notes]
    for name, one in found.dimensions.items():
        lines.append(f"  {name}: {_said(one)}")
    for name, one in found.accuracies.items():
        lines.append(f"  right on {name}: {_said(one)}")
    for each in found.utilities[:_MOST_ITEMS]:
        lines.append(
            f"  {each.value:+.2f} [{each.low:+.2f}, {each.high:+.2f}] {each.item[:70]} "
            f"({each.first:+.2f} and {each.second:+.2f})"
        )
    if len(found.utilities) > _MOST_ITEMS:
        lines.append(f"  the {_MOST_ITEMS} largest of {len(found.utilities)} differences")
    lines.append(f"Intervals at {found.level:.0%}; * leaves out 0.")
    return "".join(c if c.isprintable() or c == "\n" else " " for c in "\n".join(lines)) + "\n"


def side_by_side_html(found: SideBySide) -> str:
    """Return the comparison as one self-contained page."""
    both = f"{escape(found.first)} minus {escape(found.second)}"
    parts = [
        f"<p>{both}, paired by the {found.shared} questions that both answered. "
        f"{escape(found.first)}: {escape(str(found.first_replies))}. "
        f"{escape(found.second)}: {escape(str(found.second_replies))}.</p>",
        f"<p>Same answer to the same question: {found.same:.2f}; at random "
        f"{found.same_at_random:.2f}.</p>",
        *(f'<p class="note">{escape(note)}</p>' for note in found.notes),
    ]
    for title, rows, end in (
        ("Differences per dimension", found.dimensions, 2.0),
        ("Differences in right answers", found.accuracies, 1.0),
    ):
        if rows:
            plotted = [_row(name, one) for name, one in rows.items()]
            plot = rows_plot(title, plotted, span=(-end, end), reference=0.0)
            parts += [f"<h2>{title}</h2>", plot]
    if found.utilities:
        rows = [
            PlotRow(u.item, u.value, u.low, u.high, f"{u.first:+.2f} | {u.second:+.2f}")
            for u in found.utilities
        ]
        end = max(max(abs(u.low), abs(u.high)) for u in found.utilities)
        plot = rows_plot("Differences in utility", rows, span=(-end, end), reference=0.0)
        parts += ["<h2>Differences in utility</h2><p>Log-odds about the mean.</p>", plot]
    parts.append(f'<p class="soft">Intervals at {found.level:.0%}.</p>')
    return page(f"{found.first} against {found.second}", parts)


def _row(name: str, found: Difference | None) -> PlotRow:
    if found is None:
        return PlotRow(name, None, note="in neither")
    return PlotRow(name, found.value, found.low, found.high, f"{found.questions} questions")


def write_side_by_side(folder: Path, found: SideBySide) -> tuple[Path, ...]:
    """Write ``comparison.html``, ``comparison.json`` and ``differences.csv`` into a folder.

    Raises:
        StorageError: if the folder cannot be written.
    """
    encoded = msgspec.json.format(msgspec.json.encode(found), indent=2).decode()
    columns = ("kind", "name", "difference", "low", "high", "questions")
    return write_files(
        folder,
        {
            "comparison.html": side_by_side_html(found),
            "comparison.json": f"{encoded}\n",
            "differences.csv": table(columns, _cells(found)),
        },
    )


def _cells(found: SideBySide) -> Iterator[tuple[object, ...]]:
    for kind, rows in (("dimension", found.dimensions), ("accuracy", found.accuracies)):
        for name, one in rows.items():
            if one is None:
                yield kind, name, "", "", "", 0
            else:
                yield kind, name, one.value, one.low, one.high, one.questions
    for each in found.utilities:
        yield "utility", each.item, each.value, each.low, each.high, found.shared


def _said(found: Difference | None) -> str:
    if found is None:
        return "no question answered by both"
    star = " *" if found.is_clear else ""
    ends = f"[{found.low:+.2f}, {found.high:+.2f}]"
    return f"{found.value:+.2f} {ends}, {found.questions} questions{star}"
