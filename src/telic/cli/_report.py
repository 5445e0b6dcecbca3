"""What is said of a run: the parts of a report, each a piece of text or a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from rich.table import Table
from rich.text import Text

from telic.cli._diff import DiffLine, Role
from telic.cli._plot import draw_steps
from telic.cli._text import (
    count,
    duration,
    exactly,
    gap,
    harmless,
    number,
    one_line,
    plural,
    rate,
    signed,
)
from telic.engine.summary import Summary
from telic.engine.verify import HeldOut, Verification
from telic.journal import Event
from telic.problem import Problem

__all__ = [
    "curve",
    "diff_text",
    "events_table",
    "failures_table",
    "headline",
    "held_out_line",
    "improvement_lines",
    "known_line",
    "metrics_table",
    "operators_table",
    "spending",
    "verification_line",
]

_DIGITS = 10
"""Significant digits of a final score."""
_LABEL = 12
_STYLES: dict[Role, str] = {
    "file": "bold",
    "place": "cyan",
    "added": "green",
    "removed": "red",
    "same": "",
}


def headline(summary: Summary) -> Text:
    """Return the one line that matters: seed score → best score."""
    line = Text(f"{harmless(summary.problem)}: ", style="bold")
    seed = number(summary.seed_score, _DIGITS)
    if summary.best is None or summary.best.score is None:
        return line.append(f"nothing feasible yet (seed {seed})", style="yellow")
    line.append(f"{seed} → ", style="not bold")
    line.append(number(summary.best.score, _DIGITS), style="bold green")
    if summary.best.interval is not None:
        low, high = summary.best.interval
        of = plural(summary.best.evaluations, "evaluation")
        line.append(f"  (95 % interval {number(low)} to {number(high)}, {of})", style="not bold")
    line.append(f"  {harmless(summary.objective)}", style="not bold dim")
    if not summary.verified:
        line.append("  unverified score", style="not bold yellow")
    return line


def spending(summary: Summary) -> list[Text]:
    """Return what the run took and how it ended."""
    evaluations = summary.evaluations
    lines = [
        Text(
            f"{duration(summary.seconds)}, {plural(evaluations.total, 'evaluation')} "
            f"({rate(summary.evaluations_per_second)}), {plural(summary.candidates, 'candidate')} "
            f"({rate(summary.candidates_per_second)})"
            + (f", {count(summary.tokens)} tokens" if summary.tokens else "")
            + (f", {summary.money:.4f} dollars" if summary.money else "")
        )
    ]
    counts = {"feasible": evaluations.feasible, "infeasible": evaluations.infeasible}
    counts |= {name: n for name, n in summary.outcomes.items() if name != "evaluated"}
    text = ", ".join(f"{count(n)} {name}" for name, n in counts.items() if n)
    if evaluations.failed:
        failed = ", ".join(f"{kind} {count(n)}" for kind, n in evaluations.failed.items())
        text += f"; failed: {failed}"
    lines.append(Text(text, style="dim"))
    if summary.screening is not None:
        lines.append(Text(summary.screening.sentence(), style="dim"))
    if summary.refused is not None:
        lines.append(Text(summary.refused.sentence(), style="dim"))
    reason = summary.stop_reason
    how = "" if reason in (None, summary.status) else f" ({harmless(reason)})"
    layer = f", sandbox {harmless(summary.layer)}" if summary.layer else ""
    noise = "" if summary.deterministic else ", noisy evaluator"
    lines.append(Text(f"{summary.status}{how}{layer}{noise}", style="dim"))
    return lines


def known_line(summary: Summary, problem: Problem) -> Text | None:
    """Return how far the best is from the best known value, or ``None``."""
    known = problem.best_known
    if known is None or summary.best is None or summary.best.score is None:
        return None
    higher = problem.objective.direction == "maximize"
    distance = gap(summary.best.score, known.value, higher_is_better=higher)
    line = Text(f"best known: {number(known.value, _DIGITS)}, {distance}")
    if known.source:
        line.append(f"  ({one_line(known.source, 200)})", style="dim")
    if known.proven and distance.endswith("better than it"):
        line.append("  a proven bound: suspect the scorer", style="bold red")
    return line


def verification_line(verification: Verification, *, verified: bool) -> Text:
    """Return what evaluating the best again gave.

    Args:
        verification: the comparison.
        verified: whether scores are computed outside the candidate's process; if not, the
            same score again proves little.
    """
    label = "verified again: " if verified else "evaluated again: "
    took = f"new sandbox, {duration(verification.seconds)}"
    if verification.exact and verification.score is not None:
        score = exactly(verification.score)
        return Text.assemble(label, (f"{score}, exact", "bold green"), f"  ({took})")
    if verification.agrees:
        low, high = verification.interval or (0.0, 0.0)
        return Text.assemble(
            label,
            (f"{number(verification.score, _DIGITS)}, within noise", "bold green"),
            f"  (95 % interval {number(low)} to {number(high)}, "
            f"{plural(verification.evaluations, 'evaluation')}, {took})",
        )
    reason = one_line(verification.reason, 300)
    return Text.assemble(("NOT verified: ", "bold red"), reason, f"  ({took})")


def held_out_line(held_out: HeldOut) -> Text:
    """Return what the best is worth on cases that the search never saw."""
    if held_out.score is None:
        return Text(f"on held-out cases: {one_line(held_out.reason, 300)}", style="yellow")
    return Text(f"on held-out cases: {number(held_out.score, _DIGITS)}")


def curve(summary: Summary, width: int, height: int) -> list[Text]:
    """Return the best score over time as drawn lines."""
    points = [(point.seconds, point.score) for point in summary.curve]
    if not points:
        return []
    room = max(10, width - _LABEL - 2)
    scores = [score for _, score in points]
    labels = ["", *[""] * (height - 2), number(min(scores), 6)]
    if max(scores) != min(scores):
        labels[0] = number(max(scores), 6)
    lines = draw_steps(points, summary.seconds, width=room, height=height)
    drawn = [
        Text.assemble((f"{label:>{_LABEL}} ", "dim"), (line, "cyan"))
        for label, line in zip(labels, lines, strict=True)
    ]
    end = f"{duration(summary.seconds)}, {count(summary.evaluations.total)} evaluations"
    start = f"{'0 s':>{_LABEL + 4}}"
    return [*drawn, Text(f"{start}{end:>{max(1, room + _LABEL + 1 - len(start))}}", style="dim")]


def metrics_table(summary: Summary, metric: str) -> Table:
    """Return every metric of the best candidate; the one that counts with its interval.

    Args:
        summary: of a run with a best candidate.
        metric: name of the objective's metric.
    """
    assert summary.best is not None
    table = Table(box=None, padding=(0, 3, 0, 0), header_style="dim")
    table.add_column("metric of the best")
    table.add_column("value", justify="right")
    table.add_column("95 % interval")
    table.add_column("evaluations", justify="right")
    for name, value in sorted(summary.best.metrics.items()):
        counts = name == metric
        spread = summary.best.interval if counts else None
        interval = "" if spread is None else f"{number(spread[0])} to {number(spread[1])}"
        times = str(summary.best.evaluations)
        style = "bold" if counts else ""
        table.add_row(one_line(name, 60), number(value, _DIGITS), interval, times, style=style)
    return table


def operators_table(summary: Summary) -> Table:
    """Return what each operator did."""
    table = Table(box=None, padding=(0, 3, 0, 0), header_style="dim")
    table.add_column("operator")
    titles = ("share", "proposals", "new bests", "evaluated", "duplicates", "declined", "trials")
    for title in (*titles, "seconds"):
        table.add_column(title, justify="right")
    items = [(name, credit) for name, credit in summary.operators.items() if name != "seed"]
    total = sum(credit.proposals for _, credit in items) or 1
    for name, credit in sorted(items, key=lambda item: (-item[1].improvements, item[0])):
        table.add_row(
            one_line(name, 40),
            f"{credit.proposals / total:.0%}".replace("%", " %"),
            count(credit.proposals),
            count(credit.improvements),
            count(credit.evaluated),
            count(credit.duplicates),
            count(credit.declined),
            count(credit.trials),
            f"{credit.seconds:.1f}",
        )
    return table


def failures_table(summary: Summary, reasons: Mapping[str, tuple[int, str]]) -> Table:
    """Return how often each kind of failure occurred.

    Args:
        summary: of the run.
        reasons: kind → the last candidate that failed so, and why.
    """
    table = Table(box=None, padding=(0, 3, 0, 0), header_style="dim")
    table.add_column("failure")
    table.add_column("times", justify="right")
    table.add_column("the last one", overflow="fold")
    for kind, times in sorted(summary.evaluations.failed.items(), key=lambda item: -item[1]):
        candidate, reason = reasons[kind]
        last = reason.strip().splitlines()[-1] if reason.strip() else ""
        table.add_row(kind, count(times), one_line(f"candidate {candidate}: {last}", 120))
    return table


def events_table(events: Sequence[Event]) -> Table:
    """Return what happened to the run itself."""
    table = Table(box=None, padding=(0, 3, 0, 0), header_style="dim")
    for title in ("event", "time"):
        table.add_column(title, no_wrap=True)
    table.add_column("records", justify="right")
    table.add_column("details", overflow="fold")
    for event in events:
        facts = {key: value for key, value in event.data.items() if value not in (None, "", [])}
        details = ", ".join(f"{key} {value}" for key, value in facts.items())
        when = datetime.fromtimestamp(event.time).astimezone()
        table.add_row(
            one_line(event.kind, 40),
            f"{when:%Y-%m-%d %H:%M:%S}",
            count(event.records),
            one_line(details, 200),
        )
    return table


def improvement_lines(summary: Summary, most: int) -> list[Text]:
    """Return the last improvements, newest first."""
    points = list(summary.curve)
    lines: list[Text] = []
    for before, point in list(zip([None, *points[:-1]], points, strict=True))[-most:][::-1]:
        step = "" if before is None else signed(point.score - before.score)
        lines.append(
            Text(
                f"{duration(point.seconds):>{_LABEL}}  {count(point.evaluations):>9} evaluations  "
                f"candidate {point.candidate}  {number(point.score, _DIGITS)}  {step}"
            )
        )
    return lines


def diff_text(lines: Sequence[DiffLine], most: int | None) -> Text:
    """Return a coloured diff.

    Args:
        lines: the diff.
        most: how many lines are shown; ``None`` shows all.
    """
    if not lines:
        return Text("the best candidate is the seed", style="dim")
    shown = lines if most is None or len(lines) <= most else lines[:most]
    text = Text("\n").join(Text(line, style=_STYLES[role]) for role, line in shown)
    if len(shown) < len(lines):
        text.append(f"\n… {plural(len(lines) - len(shown), 'more line')}", style="dim")
    return text
