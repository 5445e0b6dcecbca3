"""Driving a comparison and telling its progress and result."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from telic.cli._drive import Signals, with_signals
from telic.cli._exit import FINISHED, INTERRUPTED
from telic.cli._json import emit
from telic.cli._text import count, duration, harmless, number
from telic.component import Component
from telic.engine.compare import Comparison, Trial, Watch, compare
from telic.engine.plan import Plan
from telic.engine.run import Runtime
from telic.problem import Problem

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["comparison_table", "run_comparison"]


def run_comparison(
    problem: Problem,
    strategies: Sequence[Component],
    seeds: Sequence[int],
    plan: Plan,
    folder: Path,
    *,
    workers: int | None,
    quiet: bool,
    as_json: bool,
) -> int:
    """Run a comparison, print its table or object, and return the exit code."""
    stream = sys.stderr if as_json else sys.stdout
    total = len(strategies) * len(seeds)
    done = 0

    def tell(line: str) -> None:
        if not quiet:
            stream.write(harmless(line) + "\n")
            stream.flush()

    def ended(trial: Trial) -> None:
        nonlocal done
        done += 1
        tell(
            f"{done:>4} of {total}  {trial.strategy:<20} seed {trial.seed}  "
            f"{number(trial.score):<11} {count(trial.evaluations)} evaluations, "
            f"{duration(trial.seconds)}"
        )

    def began(_strategy: str, _seed: int) -> Runtime:
        signals.engine = None  # until this run's engine is there, one Ctrl-C ends everything
        return Runtime(workers=workers, on_engine=signals.watch)

    signals = Signals(on_first=lambda: tell("finishing what is in flight; Ctrl-C again stops now"))
    watch = Watch(began=began, ended=ended, is_stopped=lambda: signals.is_stopped)
    tell(f"{problem.name}: {total} runs, journals in {folder}")
    comparison = with_signals(
        lambda: compare(problem, strategies, seeds, plan=plan, folder=folder, watch=watch), signals
    )
    if as_json:
        emit(comparison)
    else:
        _print(comparison)
    return FINISHED if comparison.is_complete else INTERRUPTED


def _print(comparison: Comparison) -> None:
    from rich.text import Text

    from telic.cli._console import console_for, show

    budget = comparison.budget
    bounds = [f"{count(budget.evaluations)} evaluations"] if budget.evaluations is not None else []
    bounds += [duration(budget.seconds)] if budget.seconds is not None else []
    console = console_for(sys.stdout)
    runs = f"{len(comparison.seeds)} seeds, {' or '.join(bounds)} each"
    show(
        console,
        Text(),
        Text(f"{harmless(comparison.problem)}: {comparison.objective}; {runs}", style="bold"),
        comparison_table(comparison),
        Text(f"\njournals: {comparison.folder}", style="dim"),
    )
    if not comparison.is_complete:
        show(console, Text("interrupted: start it again with -o to go on", style="yellow"))


def comparison_table(comparison: Comparison) -> Table:
    """Return a row for each strategy, best mean marked."""
    from rich.table import Table

    table = Table(box=None, padding=(0, 3, 0, 0), header_style="dim")
    table.add_column("strategy")
    titles = ("mean", "95 % interval", "best", "worst", "won/tied/lost", "evaluations", "seconds")
    for title in titles:
        table.add_column(title, justify="right")
    for place, arm in enumerate(comparison.arms):
        low, high = arm.interval or (None, None)
        failed = f" ({arm.failed} without result)" if arm.failed else ""
        table.add_row(
            harmless(arm.strategy) + failed,
            number(arm.mean),
            "" if arm.interval is None else f"{number(low)} to {number(high)}",
            number(arm.best),
            number(arm.worst),
            "yardstick" if place == 0 else f"{arm.wins}/{arm.ties}/{arm.losses}",
            f"{arm.evaluations:,.0f}",
            f"{arm.seconds:.1f}",
            style="bold" if place == 0 else "",
        )
    return table
