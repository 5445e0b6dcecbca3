"""How the numeric operators hand work to a worker and turn the answer into a proposal."""

from __future__ import annotations

from collections.abc import Sized

import msgspec

from telic.artifact import Artifact
from telic.candidate import Cost, Proposal
from telic.operators.base import Context, Routine
from telic.problem import ObjectiveSpec, Problem
from telic.seeding import evaluation_seeds

__all__ = ["Result", "Task", "can_execute", "counted", "delegate", "metric_text"]


class Task(msgspec.Struct, frozen=True):
    """A program to work on; crosses to a worker as plain data."""

    artifact: Artifact
    seed: int
    index: int
    """With ``seed``, the address of the routine's random draws."""
    trials: int
    """The most trials to spend."""
    seeds: tuple[int, ...]
    """Random seeds of the programs; each vector is run with each of them."""


class Result(msgspec.Struct, frozen=True):
    """The new main text, or ``None`` and why there is none."""

    text: str | None
    note: str
    trials: int = 0


def can_execute(problem: Problem) -> bool:
    """Tell whether literals of a Python program can be tried out beside a trusted scorer."""
    return problem.format == "telic" and bool(problem.entry) and problem.seed.suffix == ".py"


async def delegate(context: Context, function: str, *, trials: int, repeats: int) -> Proposal:
    """Run a routine on the main parent and return its answer as a proposal.

    Args:
        context: what to work on.
        function: ``"package.module:name"`` of the routine.
        trials: the most trials to spend.
        repeats: runs of each vector when the problem is noisy.
    """
    problem = context.problem
    artifact = context.parents[0].candidate.artifact
    if problem.deterministic and problem.repeats == 1:
        seeds = evaluation_seeds(context.seed, None, 0, 1)
    else:
        seeds = evaluation_seeds(context.seed, context.index, 0, repeats)
    task = Task(artifact, context.seed, context.index, trials, tuple(seeds))
    answer = await context.run(Routine(function, msgspec.to_builtins(task)))
    result = msgspec.convert(answer, Result)
    cost = Cost(trials=result.trials)
    if result.text is None or result.text == artifact.text:
        return Proposal(None, note=result.note, cost=cost)
    changed = artifact.with_text(result.text)
    if context.is_known(changed):
        return Proposal(None, note=f"{result.note}, which was known", cost=cost)
    return Proposal(changed, note=result.note, cost=cost)


def metric_text(value: float | None, objective: ObjectiveSpec) -> str:
    """Return a value, higher is better, as the metric in its own direction, for a note."""
    if value is None:
        return "infeasible"
    return f"{value if objective.direction == 'maximize' else 0.0 - value:.8g}"


def counted(slots: Sized) -> str:
    """Return how many literals there are, in words for a note."""
    return "1 literal" if len(slots) == 1 else f"{len(slots)} literals"
