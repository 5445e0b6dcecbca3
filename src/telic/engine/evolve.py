"""``telic.evolve``: a run from Python in one call."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from telic.artifact import Artifact
from telic.budget import Budget
from telic.engine.novelty import declared_novelty
from telic.engine.observer import Observer, Silent
from telic.engine.plan import Plan
from telic.engine.run import Runtime, continue_run, recorded_plan, start_run
from telic.engine.summary import Summary, summarise
from telic.errors import UsageError
from telic.evaluation import ScoringFunctions, tidy_cases
from telic.journal import Journal
from telic.problem import Problem
from telic.registry import parse
from telic.scoring import Case, Score

__all__ = ["Result", "evolve", "evolve_async"]

ScoreFunction = Callable[[Any, Case], Score | Mapping[str, float] | float]


@dataclass(frozen=True)
class Result:
    """A finished run."""

    summary: Summary
    journal: Path
    best: Artifact | None
    """The best feasible artifact, ``None`` if there is none."""

    @property
    def score(self) -> float | None:
        """The best score, in the metric's own sign."""
        return None if self.summary.best is None else self.summary.best.score


def evolve(problem: Problem | str | Path, **options: Any) -> Result:
    """Improve a problem's seed and return the result; see :func:`evolve_async`.

    Raises:
        UsageError: inside a running event loop, where ``await evolve_async(...)`` is right.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(evolve_async(problem, **options))
    raise UsageError("an event loop is running here: use `await telic.evolve_async(...)`")


async def evolve_async(
    problem: Problem | str | Path,
    *,
    score: ScoreFunction | None = None,
    cases: Iterable[Case | tuple[Any, ...]] | None = None,
    evaluations: int | None = None,
    seconds: float | None = None,
    seed: int = 0,
    strategy: str = "islands",
    operators: Iterable[str] | None = None,
    workers: int | None = None,
    target: float | None = None,
    journal: str | Path | None = None,
    resume: bool = False,
    plan: Plan | None = None,
    observer: Observer | None = None,
) -> Result:
    """Improve a problem's seed.

    Args:
        problem: a :class:`telic.Problem`, or the name or folder of one.
        score: trusted scorer as a function; needed if the problem has no scorer file.
        cases: inputs for ``score``; one call without arguments when left out.
        evaluations: budget of scored executions.
        seconds: budget of wall-clock seconds; 60 when no budget is given.
        seed: root of every random draw.
        strategy: name, with settings if any: ``"islands:islands=4"``.
        operators: names; all built-in ones when left out.
        workers: processes; one for each processor when left out.
        target: stop at this value of the metric.
        journal: where the run is recorded; a temporary file when left out.
        resume: go on with the run in ``journal`` instead of beginning one.
        plan: replaces seed, budget, strategy, operators and target together.
        observer: watches the run.

    Raises:
        UsageError: for arguments that make no sense together.
        ProblemError: if the problem, its scorer or its seed cannot be used.
        StorageError: if the journal cannot be written.
        SandboxError: if no worker can be kept alive.
    """
    if isinstance(problem, (str, Path)):
        from telic.engine.load import load_problem

        problem = load_problem(str(problem))
    plan = plan or msgspec.structs.replace(
        _plan(evaluations, seconds, seed, strategy, operators, target),
        novelty=declared_novelty(problem, has_models=False),
    )
    functions = _functions(problem, score, cases)
    runtime = Runtime(workers=workers, functions=functions, observer=observer or Silent())
    path = Path(journal) if journal else Path(tempfile.mkdtemp(prefix="telic-")) / "run.journal"
    if resume:
        with Journal.resume(path) as opened:
            again = msgspec.structs.replace(recorded_plan(opened), budget=plan.budget)
            await continue_run(opened, again, runtime)
    else:
        await start_run(problem, plan, path, runtime)
    return read_result(path)


def read_result(path: Path) -> Result:
    """Return what a journal says of its run, with the best artifact."""
    with Journal.read(path) as opened:
        best = opened.best()
        return Result(summarise(opened), path, None if best is None else best.candidate.artifact)


def _functions(
    problem: Problem,
    score: ScoreFunction | None,
    cases: Iterable[Case | tuple[Any, ...]] | None,
) -> ScoringFunctions | None:
    if score is not None:
        listed = [Case()] if cases is None else list(cases)
        return ScoringFunctions(tidy_cases(listed, "cases"), score)
    if problem.scorer.path is None:
        raise UsageError(f"problem {problem.name!r} has no scorer: give score=function")
    return None


def _plan(
    evaluations: int | None,
    seconds: float | None,
    seed: int,
    strategy: str,
    operators: Iterable[str] | None,
    target: float | None,
) -> Plan:
    if evaluations is None and seconds is None:
        seconds = 60.0
    plan = Plan(
        seed=seed,
        budget=Budget(evaluations=evaluations, seconds=seconds),
        strategy=parse("strategy", strategy),
        target=target,
    )
    if operators is None:
        return plan
    arms = tuple(parse("operator", name) for name in operators)
    return msgspec.structs.replace(plan, operators=arms)
