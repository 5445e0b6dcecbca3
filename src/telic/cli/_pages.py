"""The pages that ``telic show`` prints, put together from the parts of a report."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from telic.cli import _report as parts
from telic.cli._console import show
from telic.cli._diff import DiffLine, diff_lines
from telic.cli._text import harmless
from telic.engine.summary import Summary, summarise
from telic.journal import Journal

__all__ = ["show_diff", "show_run"]

_DIFF_LINES = 40
_IMPROVEMENTS = 8
_HEIGHT = 10


def show_diff(console: Console, journal: Journal) -> None:
    """Print the whole difference between seed and best."""
    show(console, parts.diff_text(_diff(journal), None))


def show_run(console: Console, journal: Journal) -> None:
    """Print everything worth knowing about a run on one page."""
    header, summary = journal.header, summarise(journal)
    title = Text(harmless(summary.run), style="bold")
    title.append(f"  {harmless(str(journal.path))}, begun {header.created}", style="dim")
    known = parts.known_line(summary, header.problem)
    show(
        console,
        title,
        Text(),
        parts.headline(summary),
        *([known] if known is not None else []),
        *parts.spending(summary),
        Text(f"content hash {summary.content_hash}", style="dim"),
    )
    lines = parts.curve(summary, min(console.width, 100), _HEIGHT)
    if lines:
        show(console, Text(), *lines, Text())
        show(console, *parts.improvement_lines(summary, _IMPROVEMENTS))
    if summary.best is not None:
        show(console, Text(), parts.metrics_table(summary, header.problem.objective.metric))
    if header.problem.objective.combine == "pareto":
        from telic.cli._front import front_table

        show(console, Text(), front_table(journal))
    if summary.operators:
        show(console, Text(), parts.operators_table(summary))
    _show_failures(console, journal, summary)
    show(console, Text(), parts.events_table(journal.events()))
    difference = _diff(journal)
    show(console, Text(), parts.diff_text(difference, _DIFF_LINES))
    if len(difference) > _DIFF_LINES:
        show(console, Text("  all of it: --diff", style="dim"))


def _show_failures(console: Console, journal: Journal, summary: Summary) -> None:
    """Print how often each kind of failure occurred, with the last reason of each."""
    if not summary.evaluations.failed:
        return
    reasons: dict[str, tuple[int, str]] = {}
    for entry in journal.entries(with_artifacts=False):
        evaluation = entry.record.evaluation
        if evaluation is not None and evaluation.failure is not None:
            failure = evaluation.failure
            reasons[failure.kind] = (entry.record.candidate.id, failure.reason)
    show(console, Text(), parts.failures_table(summary, reasons))


def _diff(journal: Journal) -> list[DiffLine]:
    best = journal.best()
    if best is None:
        return []
    label = f"candidate {best.candidate.id}"
    return diff_lines(journal.header.problem.seed, best.candidate.artifact, label=label)
