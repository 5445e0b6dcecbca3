"""Checking a finished run: its best artifact is evaluated again, from scratch.

The artifact comes from the journal, the workers are new ones and nothing is cached, so a
score that only the process that found it could produce does not survive.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import msgspec

from telic.artifact import Artifact
from telic.candidate import Evaluation, Record
from telic.engine.observer import Silent
from telic.engine.records import evaluation_seeds
from telic.engine.run import Runtime, opened_pool
from telic.engine.summary import interval
from telic.evaluation import load_held_out
from telic.journal import Journal
from telic.problem import Problem, Stage

__all__ = ["HeldOut", "Verification", "compared", "verify_best"]

_LEAST_REPEATS = 3
"""Fewer fresh evaluations than these give no useful interval."""


class HeldOut(msgspec.Struct, frozen=True, kw_only=True):
    """What the best candidate is worth on cases that the search never saw."""

    score: float | None
    """The objective's metric; ``None`` when it failed or was infeasible there."""
    metrics: dict[str, float] = {}
    reason: str = ""
    """Why there is no score, as one sentence; empty when there is one."""


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What evaluating the best candidate again gave."""

    candidate: int
    """Its id."""
    recorded: float
    """Mean of the objective's metric in the journal."""
    score: float | None
    """Mean of the new evaluations; ``None`` when they failed or were infeasible."""
    interval: tuple[float, float] | None
    """95 % interval of ``score`` when there are several evaluations."""
    evaluations: int
    """New executions that gave a score."""
    exact: bool
    """Whether the new samples equal the recorded ones, with no tolerance."""
    agrees: bool
    """``exact`` when the evaluator is deterministic, else whether the intervals overlap."""
    reason: str
    """Why it does not agree, as one sentence; empty when it does."""
    seconds: float
    """Wall-clock seconds, starting new workers included."""
    held_out: HeldOut | None = None
    """``None`` when the scorer holds no cases out."""


async def verify_best(path: Path, runtime: Runtime) -> Verification | None:
    """Evaluate a run's best candidate again in a new pool of one worker.

    With a deterministic evaluator the same random seeds are used and the scores must be
    equal; with a noisy one fresh seeds are, and the 95 % intervals of both means must overlap.

    Args:
        path: a journal.
        runtime: the scorer's functions, if it was given as such; its observer is not told.

    Returns:
        The comparison, or ``None`` when nothing feasible was found.

    Raises:
        JournalError: if the journal cannot be read.
        ProblemError: if the scorer cannot be used any more.
        SandboxError: if no worker can be kept alive.
    """
    began = perf_counter()
    with Journal.read(path) as journal:
        header, best = journal.header, journal.best()
        started = next((e.data for e in journal.events() if e.kind == "started"), {})
    if best is None:
        return None
    problem = header.problem
    noisy = bool(started.get("noisy", not problem.deterministic))
    samples = _samples(best.evaluation)
    if noisy:
        fresh = max(_LEAST_REPEATS, len(samples))
        seeds = evaluation_seeds(header.seed, best.candidate.id, len(samples), fresh)
    else:
        seeds = evaluation_seeds(header.seed, None, 0, problem.repeats)
    alone = replace(runtime, workers=1, observer=Silent())
    async with opened_pool(problem, alone) as pool:
        again = await pool.evaluate(best.candidate.artifact, seeds)
    verification = compared(best, again, noisy=noisy, seconds=perf_counter() - began)
    held_out = await _held_out(problem, best.candidate.artifact, seeds, alone)
    return msgspec.structs.replace(verification, held_out=held_out)


async def _held_out(
    problem: Problem, artifact: Artifact, seeds: Sequence[int], runtime: Runtime
) -> HeldOut | None:
    """Evaluate an artifact on the cases that its scorer holds out, if there are any."""
    path = problem.scorer.path
    if path is None or not problem.is_verified or runtime.functions is not None:
        return None
    functions = load_held_out(path)
    if functions is None:
        return None
    whole = msgspec.structs.replace(problem, stages=(Stage(),))
    async with opened_pool(whole, replace(runtime, functions=functions)) as pool:
        evaluation = await pool.evaluate(artifact, seeds)
    if evaluation.failure is not None:
        failure = evaluation.failure
        return HeldOut(score=None, reason=f"it failed ({failure.kind}): {failure.reason}")
    if not evaluation.samples:
        return HeldOut(score=None, metrics=evaluation.metrics, reason="it was infeasible")
    return HeldOut(score=_mean(evaluation.samples), metrics=evaluation.metrics)


def compared(best: Record, again: Evaluation, *, noisy: bool, seconds: float) -> Verification:
    """Compare a recorded best with its new evaluation.

    Args:
        best: a feasible record.
        again: the new evaluation of its artifact.
        noisy: whether two evaluations may differ.
        seconds: what the new evaluation took.
    """
    before = _samples(best.evaluation)
    after = _samples(again) if again.failure is None and again.feasible else ()
    exact = bool(after) and after == before
    recorded, score = _mean(before), _mean(after) if after else None
    spread = interval(after)
    agrees = _overlap(before, after) if noisy else exact
    return Verification(
        candidate=best.candidate.id,
        recorded=recorded,
        score=score,
        interval=spread,
        evaluations=len(after),
        exact=exact,
        agrees=agrees,
        reason="" if agrees else _reason(again, recorded, score),
        seconds=round(seconds, 3),
    )


def _samples(evaluation: Evaluation | None) -> tuple[float, ...]:
    return () if evaluation is None else tuple(evaluation.samples)


def _mean(samples: Sequence[float]) -> float:
    return math.fsum(samples) / len(samples)


def _overlap(before: Sequence[float], after: Sequence[float]) -> bool:
    """Tell whether two 95 % intervals of means meet; a single sample is a point."""
    if not after:
        return False
    first = interval(before) or (_mean(before), _mean(before))
    second = interval(after) or (_mean(after), _mean(after))
    return first[0] <= second[1] and second[0] <= first[1]


def _reason(again: Evaluation, recorded: float, score: float | None) -> str:
    if again.failure is not None:
        return f"it failed ({again.failure.kind}): {again.failure.reason}"
    if score is None:
        return "it was infeasible this time"
    return f"recorded {recorded!r}, now {score!r}"
