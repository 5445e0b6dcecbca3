"""From a problem and a plan to a finished run and its journal."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from telic import __version__
from telic.candidate import Candidate, Evaluation, Record
from telic.component import Component
from telic.engine.asking import Asking, check_models
from telic.engine.loop import Engine
from telic.engine.memory import rare_collections
from telic.engine.observer import Observer, Silent
from telic.engine.people import People
from telic.engine.plan import Plan, default_workers
from telic.engine.prices import suited
from telic.engine.records import evaluation_seeds, scored
from telic.engine.script import Script
from telic.errors import JournalError, SeedError, StorageError, UsageError
from telic.evaluation import Foreign, Pool, ScoringFunctions, WorkerPlan
from telic.evaluation.starting import Forked
from telic.identity import normalised_key
from telic.journal import Header, Journal
from telic.models import Model
from telic.objectives import Objective
from telic.operators.base import Operator
from telic.problem import Problem
from telic.registry import build

__all__ = [
    "Runtime",
    "continue_run",
    "opened_pool",
    "recorded_plan",
    "recorded_seconds",
    "repeat_run",
    "start_run",
    "worker_plan",
]


@dataclass(frozen=True)
class Runtime:
    """What a run needs from the process it lives in; none of it changes the results."""

    workers: int | None = None
    """Worker processes; ``None``: one for each processor."""
    functions: ScoringFunctions | None = None
    """The scorer, when it was given as Python functions."""
    observer: Observer = field(default_factory=Silent)
    on_engine: Callable[[Engine], None] | None = None
    """Given the engine before it starts, so that a signal handler can stop it."""
    forced_off: frozenset[str] = frozenset()
    """Sandbox layers to leave off."""
    first: Forked | None = None
    """A worker for this problem that has been forked already, with all layers."""


async def start_run(problem: Problem, plan: Plan, path: Path, runtime: Runtime) -> str:
    """Make a new run in a new journal at ``path`` and return why it ended.

    Raises:
        ProblemError: if the scorer cannot be used or, as :class:`SeedError`, the seed
            artifact fails; nothing is written then.
        UnknownNameError: if a component is not known.
        StorageError: if the journal cannot be written.
        SandboxError: if no worker can be kept alive.
    """
    return await _begin(problem, suited(plan), path, runtime)


async def repeat_run(
    source: Journal, plan: Plan, path: Path, runtime: Runtime, script: Script
) -> str:
    """Make a recorded run again in a new journal, with the recorded answers of its models.

    Args:
        source: the recorded run.
        plan: its plan, without a budget of seconds.
        path: of the new journal.
        runtime: where it runs now.
        script: when each request was opened and told.

    Raises:
        ReplayError: if a model is asked what it was not asked then.
        The errors of :func:`start_run`.
    """
    return await _begin(source.header.problem, plan, path, runtime, source=source, script=script)


async def _begin(
    problem: Problem,
    plan: Plan,
    path: Path,
    runtime: Runtime,
    *,
    source: Journal | None = None,
    script: Script | None = None,
) -> str:
    parts = _Parts.of(problem, plan)
    async with opened_pool(problem, runtime) as pool:
        noisy, values, seed_record = not problem.deterministic or problem.repeats > 1, [], None
        if plan.budget.evaluations != 0 and plan.budget.seconds != 0:
            seed_record, values = await _evaluate_seed(problem, plan, pool)
            noisy = noisy or len(set(values)) > 1
        header = make_header(problem, plan, parts.components)
        with Journal.create(path, header) as journal:
            details = {"workers": _workers(runtime), "layer": pool.layer, "missing": pool.missing}
            journal.append_event("started", details | {"noisy": noisy})
            if problem.deterministic and len(set(values)) > 1:
                _report_mismatch(journal, runtime.observer, values)
            engine = parts.engine(
                problem,
                plan,
                pool,
                journal,
                iter(()),
                runtime.observer,
                noisy=noisy,
                source=source,
                script=script,
            )
            return await _drive(engine, parts, journal, runtime, seed_record, 0.0)


async def continue_run(journal: Journal, plan: Plan, runtime: Runtime) -> str:
    """Go on with a recorded run, under a new plan's budget, and return why it ended.

    Args:
        journal: open for writing.
        plan: the recorded plan, perhaps with another budget or target.
        runtime: where it runs now.

    Raises:
        The same errors as :func:`start_run`.
    """
    problem = journal.header.problem
    if problem.scorer.path is None and runtime.functions is None:
        raise UsageError(
            "this run was scored by a Python function: continue it with "
            "telic.evolve(..., resume=path) and the same function"
        )
    parts = _Parts.of(problem, plan)
    events = list(journal.events())
    started = next((e.data for e in events if e.kind == "started"), {})
    async with opened_pool(problem, runtime) as pool:
        seed_record = None
        if journal.count() == 0 and plan.budget.evaluations != 0:
            seed_record, _ = await _evaluate_seed(problem, plan, pool)
        journal.append_event("resumed", {"layer": pool.layer, "workers": _workers(runtime)})
        noisy = bool(started.get("noisy", not problem.deterministic))
        engine = parts.engine(
            problem, plan, pool, journal, journal.records(), runtime.observer, noisy=noisy
        )
        seconds = recorded_seconds(journal)
        return await _drive(engine, parts, journal, runtime, seed_record, seconds)


@dataclass(frozen=True)
class _Parts:
    """The components of a run, built from their records."""

    components: tuple[Component, ...]
    strategy: Any
    portfolio: Any
    operators: tuple[Operator, ...]
    models: tuple[Model, ...]
    screen: Any = None

    @classmethod
    def of(cls, problem: Problem, plan: Plan) -> _Parts:
        models = tuple(build(component) for component in plan.models)
        operators: list[Operator] = [build(component) for component in plan.operators]
        usable = tuple(operator for operator in operators if operator.applies(problem))
        if not usable:
            names = ", ".join(operator.name for operator in operators)
            raise UsageError(
                f"no operator can work on {problem.name!r} ({problem.seed.name}); tried: {names}"
            )
        strategy = plan.strategy
        check_models(models, usable, plan.budget)
        _check_novelty(plan, models)
        critics = () if plan.critic is None else (plan.critic,)
        components = (strategy, plan.portfolio, *plan.operators, *plan.models, *critics)
        searcher = build(strategy, problem=problem)
        screen = None if plan.critic is None else build(plan.critic, seed=plan.seed)
        if screen is not None and screen.observes:
            from telic.engine.observing import check_observable

            check_observable(problem)
        return cls(components, searcher, build(plan.portfolio), usable, models, screen)

    def engine(
        self,
        problem: Problem,
        plan: Plan,
        pool: Pool,
        journal: Journal,
        recorded: Iterator[Record],
        observer: Observer,
        *,
        noisy: bool,
        source: Journal | None = None,
        script: Script | None = None,
    ) -> Engine:
        asking = None
        if self.models:
            also = plan.novelty.models if plan.novelty is not None else ()
            notice = observer.notice
            asking = Asking(self.models, journal, source=source, notice=notice, also=also)
        return Engine(
            problem,
            plan,
            pool=pool,
            strategy=self.strategy,
            portfolio=self.portfolio,
            operators=self.operators,
            keep=lambda records, seconds: journal.extend(records, seconds=seconds),
            recorded=recorded,
            observer=observer,
            noisy=noisy,
            asking=asking,
            script=script,
            screen=self.screen,
            people=People((source or journal).events(), problem.seed),
        )

    async def close(self) -> None:
        """Close the models."""
        for model in self.models:
            await model.close()


def _check_novelty(plan: Plan, models: Sequence[Model]) -> None:
    if plan.novelty is None:
        return
    known = {model.name: model for model in models}
    for name, needed in ((plan.novelty.embed, "embed"), (plan.novelty.judge, "generate")):
        if name and name not in known:
            named = ", ".join(sorted(known)) or "none"
            raise UsageError(f"novelty asks the model {name!r}; models of this run: {named}")
        if name and needed not in known[name].capabilities:
            raise UsageError(f"novelty asks the model {name!r} for what it cannot do: {needed}")


@asynccontextmanager
async def opened_pool(problem: Problem, runtime: Runtime) -> AsyncGenerator[Pool]:
    """Start workers for a problem, tell the observer what is missing, and close them again.

    Raises:
        ProblemError: if the scorer cannot be used.
        SandboxError: if no worker can be kept alive.
    """
    main = worker_plan(problem, runtime)
    limits = problem.limits
    deadline = len(problem.stages) * (limits.seconds + 5.0) + limits.scorer_seconds + 5.0
    workers = _workers(runtime)
    async with Pool(main, workers=workers, deadline=deadline, first=runtime.first) as pool:
        if pool.missing:
            runtime.observer.notice(
                f"sandbox layers missing here: {', '.join(pool.missing)} (telic doctor says more)"
            )
        if not problem.is_verified:
            runtime.observer.notice(
                f"unverified score: {problem.format} evaluators share a process with the candidate"
            )
        yield pool


def worker_plan(problem: Problem, runtime: Runtime) -> WorkerPlan:
    """Return what the workers of a problem are to do."""
    if problem.is_verified:
        return WorkerPlan(problem, runtime.functions, forced_off=runtime.forced_off)
    from telic.formats.job import foreign_evaluation, foreign_job

    first = foreign_job(problem, problem.seed)
    return WorkerPlan(
        problem,
        foreign=Foreign(foreign_job, foreign_evaluation),
        readable=first.readable,
        import_path=first.import_paths,
        forced_off=runtime.forced_off,
    )


async def _evaluate_seed(problem: Problem, plan: Plan, pool: Pool) -> tuple[Record, list[float]]:
    """Evaluate the seed, twice if it should not matter; return its record and both values."""
    candidate = Candidate(0, problem.seed, note="seed", identity=normalised_key(problem.seed))
    index = None if problem.deterministic and problem.repeats == 1 else 0
    seeds = evaluation_seeds(plan.seed, index, 0, problem.repeats)
    evaluation = await pool.evaluate(problem.seed, seeds)
    _require_success(problem, evaluation)
    values = list(evaluation.samples[:1])
    if problem.deterministic and problem.repeats == 1:
        again = await pool.evaluate(problem.seed, [seeds[0] ^ 1])
        values += again.samples[:1]
    return scored(candidate, evaluation, Objective(problem.objective)), values


def _require_success(problem: Problem, evaluation: Evaluation) -> None:
    if evaluation.failure is None:
        return
    kind, reason = evaluation.failure.kind, evaluation.failure.reason
    raise SeedError(f"the seed of {problem.name!r} fails its own evaluation ({kind}): {reason}")


def _report_mismatch(journal: Journal, observer: Observer, values: list[float]) -> None:
    journal.append_event("seed-mismatch", {"values": values})
    observer.notice(
        f"declared deterministic, but two evaluations of the seed gave {values[0]:g} and "
        f"{values[1]:g}: treated as noisy (set deterministic = false)"
    )


async def _drive(
    engine: Engine,
    parts: _Parts,
    journal: Journal,
    runtime: Runtime,
    seed: Record | None,
    seconds: float,
) -> str:
    if runtime.on_engine is not None:
        runtime.on_engine(engine)
    reason = "failed"
    try:
        with rare_collections():
            reason = await engine.run(seed, seconds_before=seconds)
    finally:
        await parts.close()
        with suppress(StorageError, JournalError):  # an error that ended the run matters more
            journal.append_event("stopped", {"reason": reason})
    runtime.observer.ended(reason, engine.progress)
    return reason


def _workers(runtime: Runtime) -> int:
    workers = default_workers() if runtime.workers is None else runtime.workers
    if workers < 1:
        raise UsageError(f"workers must be 1 or more; got {workers}")
    return workers


def make_header(problem: Problem, plan: Plan, components: tuple[Component, ...]) -> Header:
    """Return the header of a new run; its name is the problem's, the seed's and the time's."""
    now = datetime.now().astimezone()
    return Header(
        run=f"{problem.name}-{plan.seed}-{now:%Y%m%d-%H%M%S}",
        created=now.isoformat(timespec="seconds"),
        telic=__version__,
        seed=plan.seed,
        problem=problem,
        components=components,
        settings=msgspec.to_builtins(plan),
    )


def recorded_plan(journal: Journal) -> Plan:
    """Return the plan that a journal's run was begun with.

    Raises:
        JournalError: if this version cannot read it.
    """
    try:
        return msgspec.convert(journal.header.settings, Plan)
    except msgspec.ValidationError as error:
        raise JournalError(f"{journal.path}: the recorded plan cannot be read: {error}") from error


def recorded_seconds(journal: Journal) -> float:
    """Return the running time up to a journal's last record."""
    count = journal.count()
    if not count:
        return 0.0
    return next(journal.entries(count - 2, with_artifacts=False)).seconds
