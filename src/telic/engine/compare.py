"""Several strategies on one problem, under equal budgets and the same seeds.

Every strategy runs once with every seed. Runs with the same seed share the seed program,
the operators and the budget, so differences are compared within seeds; a single lucky run
says nothing.
"""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import msgspec

from telic.budget import Budget
from telic.component import Component
from telic.engine.plan import Plan
from telic.engine.prices import suited
from telic.engine.run import Runtime, continue_run, recorded_plan, start_run
from telic.engine.summary import Summary, interval, summarise
from telic.errors import UsageError
from telic.journal import Journal
from telic.objectives import Objective
from telic.problem import Problem
from telic.registry import build

__all__ = ["BASELINES", "Arm", "Comparison", "Trial", "Watch", "compare", "label_of", "tabulate"]

BASELINES = ("hill-climb", "best-of-n", "random")
"""Strategies that any other one should beat; greedy hill climbing is the hard one."""


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a comparison."""

    strategy: str
    """As written on the command line."""
    seed: int
    """Root of its random numbers."""
    score: float | None
    """Best score; ``None`` when nothing feasible was found."""
    seed_score: float | None
    """Score of the problem's seed."""
    evaluations: int
    """Scored executions."""
    candidates: int
    """Records."""
    seconds: float
    """Running time."""
    stop_reason: str | None
    """As in a summary."""
    journal: str
    """Its path."""


class Arm(msgspec.Struct, frozen=True, kw_only=True):
    """What one strategy reached over all seeds."""

    strategy: str
    """As written on the command line."""
    trials: int
    """Runs that ended."""
    failed: int
    """Runs without any feasible candidate; they are in no mean and lose to every other."""
    mean: float | None
    """Of the best scores."""
    interval: tuple[float, float] | None
    """95 % Student interval of the mean over seeds; ``None`` with fewer than two."""
    best: float | None
    """Over seeds."""
    worst: float | None
    """Over seeds."""
    wins: int
    """Seeds on which it is better than the first strategy."""
    ties: int
    """Seeds on which both are equal."""
    losses: int
    """Seeds on which it is worse."""
    evaluations: float
    """Mean over seeds."""
    seconds: float
    """Mean over seeds."""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Stable keys of ``telic compare --json``."""

    problem: str
    """Its name."""
    objective: str
    """For people, for example ``maximize score``."""
    budget: Budget
    """Of each run."""
    seeds: list[int]
    """Each strategy runs with each of them."""
    is_complete: bool
    """False when it was interrupted before every run ended."""
    arms: list[Arm]
    """In the order asked for; wins, ties and losses are against the first."""
    trials: list[Trial]
    """Every run."""
    folder: str
    """Where the journals are."""


@dataclass(frozen=True)
class Watch:
    """What a comparison tells while it goes."""

    began: Callable[[str, int], Runtime]
    """Given strategy and seed before a run; returns where it runs."""
    ended: Callable[[Trial], None]
    is_stopped: Callable[[], bool]
    """Asked before each run: whether to leave it at what there is."""


async def compare(
    problem: Problem,
    strategies: Sequence[Component],
    seeds: Sequence[int],
    *,
    plan: Plan,
    folder: Path,
    watch: Watch,
) -> Comparison:
    """Run every strategy with every seed, one run after the other, and compare.

    Journals in ``folder`` that belong to this comparison are used, and continued where they
    are unfinished, so an interrupted comparison goes on when it is started again.

    Args:
        problem: what is improved.
        strategies: at least one; the first is the one others are compared with.
        seeds: at least one.
        plan: budget, operators and mode of every run.
        folder: where the journals are kept.
        watch: told what happens.

    Raises:
        UsageError: if a strategy or seed is missing or doubled, a strategy is not known, or a
            journal in ``folder`` is of another comparison.
        The errors of :func:`telic.engine.run.start_run`.
    """
    labels = [label_of(strategy) for strategy in strategies]
    for what, values in (("strategy", labels), ("seed", list(seeds))):
        if not values or len(set(values)) < len(values):
            raise UsageError(f"each {what} must be given once, and at least one; got {values}")
    for strategy in strategies:  # a misspelt one is refused before any run, not after some
        build(strategy, problem=problem)
    trials: list[Trial] = []
    for seed, (strategy, label) in product(seeds, zip(strategies, labels, strict=True)):
        if watch.is_stopped():
            break
        path = folder / f"{re.sub(r'[^a-zA-Z0-9.-]+', '-', label)}-seed-{seed}.journal"
        one = msgspec.structs.replace(plan, seed=seed, strategy=strategy)
        try:
            summary = await _run(problem, one, path, watch.began(label, seed))
        except asyncio.CancelledError:
            if not watch.is_stopped():
                raise
            break  # stopped before the run had an engine that could end it
        if not watch.is_stopped():  # a run that was cut short would be compared unfairly
            trials.append(_trial(summary, label))
            watch.ended(trials[-1])
    return Comparison(
        problem=problem.name,
        objective=Objective(problem.objective).describe(),
        budget=plan.budget,
        seeds=list(seeds),
        is_complete=len(trials) == len(seeds) * len(strategies),
        arms=tabulate(trials, labels, Objective(problem.objective)),
        trials=trials,
        folder=str(folder),
    )


def label_of(strategy: Component) -> str:
    """Return how a strategy is written on the command line."""
    settings = ",".join(f"{name}={value}" for name, value in strategy.arguments.items())
    return f"{strategy.name}:{settings}" if settings else strategy.name


def tabulate(trials: Sequence[Trial], labels: Sequence[str], objective: Objective) -> list[Arm]:
    """Return what each strategy reached, in the order of ``labels``.

    Args:
        trials: any number for each strategy.
        labels: strategies; the first is the one others are compared with.
        objective: says which score is better.
    """
    first = [trial for trial in trials if trial.strategy == labels[0]]
    return [
        _arm(label, [trial for trial in trials if trial.strategy == label], first, objective)
        for label in labels
    ]


def _arm(label: str, trials: Sequence[Trial], first: Sequence[Trial], objective: Objective) -> Arm:
    def worth(trial: Trial) -> float:
        # Turning a score gives its fitness; a run without any is below every other.
        return -math.inf if trial.score is None else objective.value(trial.score)

    scores = sorted((t.score for t in trials if t.score is not None), key=objective.value)
    theirs = {trial.seed: worth(trial) for trial in first}
    pairs = [(worth(t), theirs[t.seed]) for t in trials if t.seed in theirs]
    return Arm(
        strategy=label,
        trials=len(trials),
        failed=len(trials) - len(scores),
        mean=math.fsum(scores) / len(scores) if scores else None,
        interval=interval(scores),
        best=scores[-1] if scores else None,
        worst=scores[0] if scores else None,
        wins=sum(ours > other for ours, other in pairs),
        ties=sum(ours == other for ours, other in pairs),
        losses=sum(ours < other for ours, other in pairs),
        evaluations=_mean([trial.evaluations for trial in trials]),
        seconds=_mean([trial.seconds for trial in trials]),
    )


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values) if values else 0.0


async def _run(problem: Problem, plan: Plan, path: Path, runtime: Runtime) -> Summary:
    """Make, continue or just read the run at ``path``."""
    plan = suited(plan)
    if not path.exists():
        await start_run(problem, plan, path, runtime)
    else:
        with Journal.resume(path) as journal:
            if journal.header.problem != problem or recorded_plan(journal) != plan:
                raise UsageError(
                    f"{path} is a run of another comparison: its problem, budget or settings "
                    "differ; choose another folder"
                )
            if summarise(journal, with_hash=False).status != "finished":
                await continue_run(journal, plan, runtime)
    with Journal.read(path) as journal:
        return summarise(journal, with_hash=False)


def _trial(summary: Summary, label: str) -> Trial:
    return Trial(
        strategy=label,
        seed=summary.seed,
        score=None if summary.best is None else summary.best.score,
        seed_score=summary.seed_score,
        evaluations=summary.evaluations.total,
        candidates=summary.candidates,
        seconds=summary.seconds,
        stop_reason=summary.stop_reason,
        journal=summary.journal,
    )
