"""``telic values``: look at measurements again, compare two, or rank values from votes."""

from __future__ import annotations

from pathlib import Path

__all__ = ["values"]


def values(
    action: str,
    first: Path,
    second: Path | None = None,
    *,
    projection: str | None = None,
    level: float = 0.9,
    draws: int = 200,
    seed: int = 0,
    report: Path | None = None,
    json: bool = False,
) -> int:
    """Look at a measurement again, compare two, or make a moral graph of votes.

    The actions: `show RECORD` gives the figures of a record of `telic measure`, complete or not.
    `compare RECORD RECORD` gives first minus second, paired by question, with intervals.
    `graph VOTES` ranks values by who finds which wiser, and says how sure that is.

    Args:
        action: show, compare or graph.
        first: A record, or a table of votes: participant, source, to, answer (wiser, not wiser
            or unsure) and context.
        second: The record to compare with.
        projection: From tags to a theory's dimensions: a name, or FILE#COLUMN.
        level: Of the intervals of a comparison, between 0 and 1.
        draws: Resamples of participants of a graph.
        seed: Of those resamples.
        report: Folder for a page with plots, tables and JSON.
        json: Print one JSON object on standard output.

    Examples:
        telic values show runs/clash-3way-third-informed-0-1f2e3d.replies
        telic values compare ann.replies bob.replies --report ann-and-bob/
        telic values compare plain.replies persona.replies --projection schwartz-higher
        telic values graph votes.csv --report graph/
    """
    from telic.cli._values import compare_records, show_record, tell_graph
    from telic.errors import UnknownNameError, UsageError

    if (second is not None) != (action == "compare") and action in ("show", "compare", "graph"):
        wanted = "two files" if action == "compare" else "one file"
        raise UsageError(f"`telic values {action}` takes {wanted}; see `telic values --help`")
    if action == "show":
        return show_record(first, projection, report=report, as_json=json)
    if action == "graph":
        return tell_graph(first, seed=seed, draws=draws, report=report, as_json=json)
    if action == "compare" and second is not None:
        return compare_records(first, second, projection, level, report=report, as_json=json)
    raise UnknownNameError("action", action, ("show", "compare", "graph"))
