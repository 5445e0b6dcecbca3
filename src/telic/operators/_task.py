"""How the numeric operators hand work to a worker and turn the answer into a proposal."""

from __future__ import annotations

from collections.abc import Sized
from typing import ClassVar

import msgspec

from telic.artifact import Artifact
from telic.candidate import Cost, Proposal
from telic.operators.base import Appetite, Context, Routine
from telic.problem import ObjectiveSpec, Problem
from telic.seeding import evaluation_seeds

__all__ = ["Delegating", "Result", "Task", "can_execute", "counted", "delegate", "metric_text"]


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


def _sendable(seed: int) -> int:
    """Return a seed that a message can hold: seeds of rival proposals have 128 bits."""
    return seed if -(2**63) <= seed < 2**63 else seed % 2**63


def can_execute(problem: Problem) -> bool:
    """Tell whether literals of a Python program can be tried out beside a trusted scorer."""
    return problem.format == "telic" and bool(problem.entry) and problem.seed.suffix == ".py"


async def delegate(context: Context, function: str, *, trials: int, repeats: int) -> Proposal:
    """Run a routine on the main parent and return its answer as a proposal.

    Args:
        context: what to work on, perhaps with fewer trials.
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
    if context.trials is not None:
        trials = min(trials, context.trials)
    task = Task(artifact, _sendable(context.seed), context.index, trials, tuple(seeds))
    answer = await context.run(Routine(function, msgspec.to_builtins(task)))
    result = msgspec.convert(answer, Result)
    cost = Cost(trials=result.trials)
    if result.text is None or result.text == artifact.text:
        return Proposal(None, note=result.note, cost=cost)
    changed = artifact.with_text(result.text)
    if context.is_known(changed):
        return Proposal(None, note=f"{result.note}, which was known", cost=cost)
    return Proposal(changed, note=result.note, cost=cost)


class Delegating:
    """An operator whose work a routine does beside the sandbox; named by its subclass.

    Args:
        trials: the most that one call spends.
        repeats: runs of each vector when the problem is noisy, at least 1.

    Raises:
        ValueError: if a setting is too small.
    """

    routine: ClassVar[str]
    """``"package.module:name"``."""
    appetite: Appetite
    """What it makes do with in a run of few evaluations."""

    def __init__(self, *, trials: int = 1_000, repeats: int = 3) -> None:
        if trials < 20 or repeats < 1:
            raise ValueError(
                f"trials must be 20 or more and repeats 1 or more; got {trials} and {repeats}"
            )
        self.trials = trials
        self._repeats = repeats

    def applies(self, problem: Problem) -> bool:
        """Tell whether the problem has Python programs with an entry and a trusted scorer."""
        return can_execute(problem)

    async def propose(self, context: Context) -> Proposal:
        """Return the main parent with what the routine found better, or why there is nothing."""
        return await delegate(context, self.routine, trials=self.trials, repeats=self._repeats)


def metric_text(value: float | None, objective: ObjectiveSpec) -> str:
    """Return a value, higher is better, as the metric in its own direction, for a note."""
    if value is None:
        return "infeasible"
    return f"{value if objective.direction == 'maximize' else 0.0 - value:.8g}"


def counted(slots: Sized) -> str:
    """Return how many literals there are, in words for a note."""
    return "1 literal" if len(slots) == 1 else f"{len(slots)} literals"
