"""Pages, tables and plain text of a moral graph; every figure beside its votes."""

from __future__ import annotations

from html import escape
from pathlib import Path

import msgspec

from telic.values._graph_svg import Arrow, graph_plot
from telic.values._page import html_table, page, table, write_files
from telic.values._svg import PlotRow, rows_plot
from telic.values.graph_summary import GraphEdge, GraphSummary, RankedValue

__all__ = ["graph_html", "graph_text", "write_graph_report"]

_MOST_DRAWN = 24
_VALUE_COLUMNS = RankedValue.__struct_fields__
_EDGE_COLUMNS = GraphEdge.__struct_fields__


def graph_text(summary: GraphSummary) -> str:
    """Return a summary as plain lines for a terminal."""
    lines = [f"{summary.participants} participants, {summary.votes} (unsure is abstained)"]
    lines += [f"! {note}" for note in summary.notes]
    for value in summary.values:
        lines.append(
            f"  {value.wisdom:+.2f} [{value.low:+.2f}, {value.high:+.2f}] {value.value}: "
            f"first in {value.first:.0%} of resamples, PageRank {value.page_rank:.3f}, "
            f"{value.decided} of {value.asked} votes decided"
        )
    kept = [edge for edge in summary.edges if edge.kept]
    lines.append(f"{len(kept)} edges kept of {len(summary.edges)} with a vote for them")
    for edge in kept:
        asked = edge.wiser + edge.not_wiser + edge.reversed + edge.unsure
        lines.append(
            f"  {edge.source} -> {edge.to}: {edge.wiser} wiser of {asked - edge.unsure} decided "
            f"of {asked} asked, kept in {edge.survival:.0%} of resamples"
        )
    return "".join(c if c.isprintable() or c == "\n" else " " for c in "\n".join(lines)) + "\n"


def graph_html(summary: GraphSummary) -> str:
    """Return a summary as one self-contained page."""
    rows = [
        PlotRow(v.value, v.wisdom, v.low, v.high, f"{v.decided} of {v.asked}")
        for v in summary.values
    ]
    span = min(-0.1, *(v.low for v in summary.values)), max(0.1, *(v.high for v in summary.values))
    drawn = [value.value for value in summary.values[:_MOST_DRAWN]]
    arrows = [
        Arrow(edge.source, edge.to, edge.survival)
        for edge in summary.edges
        if edge.kept and edge.source in drawn and edge.to in drawn
    ]
    parts = [
        f"<p>{summary.participants} participants; {escape(str(summary.votes))}; an unsure vote is "
        "abstained and part of no share.</p>",
        *(f'<p class="note">{escape(note)}</p>' for note in summary.notes),
        "<h2>Moral graph</h2><p>An arrow leads to the wiser value; it is the fainter the fewer "
        f"of {summary.draws} resamples of participants keep it."
        f" The {len(drawn)} wisest of {len(rows)} values are drawn.</p>",
        graph_plot("Moral graph", drawn, arrows),
        "<h2>Ranking</h2><p>Log-odds of being voted wiser than the mean value, with 90 % posterior "
        "intervals; decided of asked votes.</p>",
        rows_plot("Wisdom", rows, span=span, reference=0.0),
        html_table(_VALUE_COLUMNS, map(_cells, summary.values)),
        "<h2>Edges</h2>",
        html_table(_EDGE_COLUMNS, map(_cells, summary.edges)),
        f'<p class="soft">{summary.draws} resamples, seed {summary.seed}.</p>',
    ]
    return page("Moral graph", parts)


def write_graph_report(folder: Path, summary: GraphSummary) -> tuple[Path, ...]:
    """Write ``graph.html``, ``graph.json``, ``values.csv`` and ``edges.csv`` into a folder.

    Raises:
        StorageError: if the folder cannot be written.
    """
    encoded = msgspec.json.format(msgspec.json.encode(summary), indent=2).decode()
    return write_files(
        folder,
        {
            "graph.html": graph_html(summary),
            "graph.json": f"{encoded}\n",
            "values.csv": table(_VALUE_COLUMNS, map(msgspec.structs.astuple, summary.values)),
            "edges.csv": table(_EDGE_COLUMNS, map(msgspec.structs.astuple, summary.edges)),
        },
    )


def _cells(row: msgspec.Struct) -> tuple[object, ...]:
    """Return a row's cells with numbers as short as people want them."""
    return tuple(
        f"{cell:.2f}" if isinstance(cell, float) else cell for cell in msgspec.structs.astuple(row)
    )
