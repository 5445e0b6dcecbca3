"""What the live view shows, made anew from the view's state for each drawing."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from telic.budget import Budget, Spent
from telic.cli._plot import draw_steps
from telic.cli._text import count, duration, gap, harmless, number, one_line, plural, rate, signed
from telic.cli._view import View, left_share, seconds_left

__all__ = ["panel"]

_FIXED_LINES = 11
"""Lines that are always there: title, scores, axis, budget, speeds, results, work, two
headings, the state, and the one below."""
_LABEL = 10
"""Columns left of the curve."""
_SLOW = 1.0
"""Seconds after which work in flight is named."""


def panel(view: View, width: int, height: int) -> RenderableType:
    """Return the whole view; no line of it is wrapped.

    Args:
        view: what is shown.
        width: columns of the terminal.
        height: its lines; 14 and the number of notices are the least that is drawn.
    """
    width = min(width, 120)
    seconds = view.seconds()
    rows = height - _FIXED_LINES - len(view.notices)
    gaps = [Text()] if rows >= 14 else []
    rows -= 3 * len(gaps)
    plot = min(10, max(2, rows // 3))
    latest = min(4, max(1, (rows - plot) // 2))
    operators = max(1, rows - plot - latest)
    return Group(
        _title(view),
        _scores(view),
        *_curve(view, seconds, width, plot),
        *gaps,
        _budget(view, seconds, width),
        _speeds(view),
        _results(view),
        _in_flight(view),
        *gaps,
        _operators(view, operators),
        *gaps,
        *_latest(view, latest, width),
        *(_line(one_line(f"note: {note}", width), "yellow") for note in view.notices),
        _line("" if view.state == "running" else view.state, "bold yellow"),
    )


def _line(text: str = "", style: str = "") -> Text:
    """Return a text that is cut where the terminal ends."""
    return Text(text, style=style, no_wrap=True, overflow="ellipsis")


def _title(view: View) -> Text:
    layer = view.progress.layer if view.progress is not None else ""
    parts = [
        view.plan.strategy.name,
        f"random seed {view.plan.seed}",
        plural(view.workers, "worker"),
        *([f"sandbox {layer}"] if layer else []),
        str(view.path),
    ]
    line = _line()
    line.append(harmless(view.problem.name), style="bold")
    return line.append(f"  {harmless('  '.join(parts))}", style="dim")


def _scores(view: View) -> Text:
    best = view.curve[-1][1] if view.curve else None
    line = _line("best ").append(number(best), style="bold green")
    if view.curve:
        line.append(f"   seed {number(view.curve[0][1])}")
    known = view.problem.best_known
    if known is not None and best is not None:
        higher = view.problem.objective.direction == "maximize"
        line.append(f"   best known {number(known.value)}: ", style="dim")
        line.append(gap(best, known.value, higher_is_better=higher), style="dim")
    return line


def _curve(view: View, seconds: float, width: int, height: int) -> list[Text]:
    lines = draw_steps(view.curve, seconds, width=max(1, width - _LABEL - 2), height=height)
    scores = [score for _, score in view.curve]
    labels = [""] * height
    if scores:
        labels[0], labels[-1] = number(max(scores), 5), number(min(scores), 5)
        if height > 1 and max(scores) == min(scores):
            labels[0] = ""
    drawn = [
        _line().append(f"{label:>{_LABEL}} ", style="dim").append(line, style="cyan")
        for label, line in zip(labels, lines, strict=True)
    ]
    end = duration(seconds)
    axis = f"{'0 s':>{_LABEL + 4}}{end:>{max(1, width - _LABEL - 5)}}"
    return [*drawn, _line(axis, "dim")]


def _budget(view: View, seconds: float, width: int) -> Text:
    progress, budget = view.progress, view.plan.budget
    nearest = None if progress is None else left_share(budget, progress, seconds)
    if progress is None or nearest is None:
        return _line("no bound: Ctrl-C ends the run", "dim")
    name, share = nearest
    left = seconds_left(budget, progress, seconds, view.speeds()[0])
    words = _spent(name, budget, progress.spent, seconds)
    words = words if left is None else f"{words}, {duration(left)} left"
    room = max(10, width - len(words) - 2)
    full = round(min(1.0, share) * room)
    bar = _line().append("━" * full, style="green").append("─" * (room - full), style="dim")
    return bar.append(f"  {words}")


def _spent(name: str, budget: Budget, spent: Spent, seconds: float) -> str:
    bound: float = getattr(budget, name)
    if name == "seconds":
        return f"{duration(min(seconds, bound))} of {duration(bound)}"
    if name == "money":
        return f"{spent.money:.4f} of {bound:.2f} dollars"
    return f"{count(getattr(spent, name))} of {count(int(bound))} {name}"


def _speeds(view: View) -> Text:
    if view.progress is None:
        return _line()
    evaluations, candidates = view.speeds()
    spent, told = view.progress.spent, view.progress.told
    line = _line().append(rate(evaluations), style="bold")
    line.append(f" evaluations  {rate(candidates)} candidates   ")
    line.append(
        f"{count(spent.evaluations)} evaluations, {plural(told, 'candidate')}, "
        f"{plural(max(0, view.progress.improvements - 1), 'improvement')}",
        style="dim",
    )
    if spent.tokens or spent.money:
        line.append(f"   {count(spent.tokens)} tokens, {spent.money:.4f} dollars", style="dim")
    return line


def _results(view: View) -> Text:
    if view.progress is None:
        return _line()
    progress = view.progress
    counts = [("feasible", progress.feasible), ("infeasible", progress.infeasible)]
    counts += [
        (kind, progress.outcomes[kind]) for kind in ("duplicate", "declined", "skipped", "noted")
    ]
    line = _line().append("   ".join(f"{name} {count(n)}" for name, n in counts if n), "dim")
    if progress.failures:
        failed = ", ".join(f"{kind} {count(n)}" for kind, n in progress.failures.most_common())
        line.append(f"   failed: {failed}", style="red")
    return line


def _in_flight(view: View) -> Text:
    working = view.in_flight()
    if not working:
        return _line()
    slow = [f"{harmless(name)} {duration(age)}" for name, age in working if age >= _SLOW]
    line = _line(f"{len(working)} in flight", "dim")
    return line.append(f": {', '.join(slow)}", style="dim") if slow else line


def _operators(view: View, rows: int) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("operator", no_wrap=True, overflow="ellipsis")
    for title in ("share", "proposals", "new bests", "gain"):
        table.add_column(title, justify="right", no_wrap=True, overflow="ellipsis")
    ranked = sorted(
        ((name, credit) for name, credit in view.operators.items() if name != "seed"),
        key=lambda item: (-item[1].gain, -item[1].proposals, item[0]),
    )
    total = sum(credit.executions for _, credit in ranked) or 1
    for name, credit in ranked[:rows]:
        table.add_row(
            harmless(name),
            f"{credit.executions / total:.0%}".replace("%", " %"),
            count(credit.proposals),
            count(credit.improvements) if credit.improvements else "",
            f"{credit.gain:.3g}" if credit.improvements else "",
            style="" if credit.improvements else "dim",
        )
    return table


def _latest(view: View, rows: int, width: int) -> list[Text]:
    lines = [_line("latest improvements", "dim")]
    for news in list(view.latest)[-rows:][::-1]:
        step = "" if news.step is None else signed(news.step)
        line = _line(f"{duration(news.seconds):>{_LABEL}}  {number(news.score):<10} ")
        line.append(f"{step:<11} ", style="green")
        lines.append(line.append(one_line(news.made_by, max(10, width - 36))))
    return lines
