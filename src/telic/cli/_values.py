"""What measurements, comparisons and moral graphs look like on a terminal and in JSON."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from telic.cli._exit import FINISHED
from telic.cli._json import emit
from telic.cli._text import harmless
from telic.errors import MeasurementError, UsageError
from telic.values import (
    Measurement,
    Projection,
    SideBySide,
    Summary,
    graph_text,
    open_projection,
    read_measurement,
    read_votes,
    side_by_side,
    side_by_side_text,
    summarise,
    summarise_votes,
    summary_text,
    write_graph_report,
    write_report,
    write_side_by_side,
)
from telic.values.graph_summary import GraphSummary

__all__ = [
    "CompareDocument",
    "GraphDocument",
    "MeasureDocument",
    "compare_records",
    "show_record",
    "tell_graph",
    "tell_measurement",
]


class MeasureDocument(Summary, frozen=True, kw_only=True):
    """What ``telic measure --json`` and ``telic values show --json`` give."""

    record: str | None
    """File of the replies; `null` where recorded answers were read."""
    files: list[str]
    """What was written for ``--report``."""


class CompareDocument(SideBySide, frozen=True, kw_only=True):
    """What ``telic values compare --json`` gives: every difference, first minus second."""

    files: list[str]
    """What was written for ``--report``."""


class GraphDocument(GraphSummary, frozen=True, kw_only=True):
    """What ``telic values graph --json`` gives: a moral graph and how sure it is."""

    files: list[str]
    """What was written for ``--report``."""


def tell_measurement(
    measured: Measurement,
    projection: Projection | None,
    *,
    record: Path | None,
    report: Path | None,
    as_json: bool,
) -> int:
    """Print what a measurement comes to, and write its report."""
    summary = summarise(measured, projection)
    if projection is not None and summary.profile is None:
        raise MeasurementError(
            f"no question of {summary.instrument!r} is tagged with a value of {projection.name!r}"
        )
    files = () if report is None else write_report(report, measured, summary=summary)
    if as_json:
        fields = {name: getattr(summary, name) for name in Summary.__struct_fields__}
        place = None if record is None else str(record)
        emit(MeasureDocument(**fields, record=place, files=[str(file) for file in files]))
        return FINISHED
    sys.stdout.write(summary_text(summary))
    if record is not None:
        sys.stdout.write(harmless(f"replies  {record}\n"))
    _tell_files(files)
    return FINISHED


def show_record(path: Path, projection: str | None, *, report: Path | None, as_json: bool) -> int:
    """Print what a record comes to, complete or not."""
    chosen = None if projection is None else open_projection(projection)
    measured = read_measurement(path)
    return tell_measurement(measured, chosen, record=path, report=report, as_json=as_json)


def compare_records(
    first: Path,
    second: Path,
    projection: str | None,
    level: float,
    *,
    report: Path | None,
    as_json: bool,
) -> int:
    """Print the differences of two records."""
    chosen = None if projection is None else open_projection(projection)
    if not 0 < level < 1:
        raise UsageError(f"--level must lie between 0 and 1; got {level}")
    one, other = read_measurement(first), read_measurement(second)
    names = one.respondent, other.respondent
    if names[0] == names[1]:
        names = first.stem, second.stem
    found = side_by_side(one, other, chosen, level=level, names=names)
    files = () if report is None else write_side_by_side(report, found)
    if as_json:
        fields = {name: getattr(found, name) for name in SideBySide.__struct_fields__}
        emit(CompareDocument(**fields, files=[str(file) for file in files]))
        return FINISHED
    sys.stdout.write(side_by_side_text(found))
    _tell_files(files)
    return FINISHED


def tell_graph(path: Path, *, seed: int, draws: int, report: Path | None, as_json: bool) -> int:
    """Print the moral graph of a file of votes."""
    if draws < 2:
        raise UsageError(f"--draws must be 2 or more; got {draws}")
    found = summarise_votes(read_votes(path), seed=seed, draws=draws)
    files = () if report is None else write_graph_report(report, found)
    if as_json:
        fields = {name: getattr(found, name) for name in GraphSummary.__struct_fields__}
        emit(GraphDocument(**fields, files=[str(file) for file in files]))
        return FINISHED
    sys.stdout.write(graph_text(found))
    _tell_files(files)
    return FINISHED


def _tell_files(files: Sequence[Path]) -> None:
    if files:
        sys.stdout.write(harmless(f"report   {', '.join(map(str, files))}\n"))
