"""The loop decides from its seed and from recorded results, whatever the timing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from telic.budget import Budget
from telic.candidate import Candidate, Evaluation, Record
from telic.component import Component
from telic.engine.loop import Engine
from telic.engine.observer import Silent
from telic.engine.plan import Plan
from telic.engine.records import scored
from telic.identity import normalised_key
from telic.objectives import Objective
from telic.operators.base import Context, Operator
from telic.problem import ObjectiveSpec, Problem
from telic.registry import build
from tests.engine.parts import FakePool, Slow, Step, number_problem


def make_engine(
    plan: Plan,
    pool: FakePool,
    kept: list[Record],
    *,
    problem: Problem | None = None,
    recorded: Iterable[Record] = (),
    operators: tuple[Operator, ...] = (Step(), Slow()),
    noisy: bool = False,
) -> Engine:
    problem = problem or number_problem()
    parts: dict[str, Any] = {
        "strategy": build(plan.strategy, problem=problem),
        "portfolio": build(plan.portfolio),
        "pool": pool,
    }
    return Engine(
        problem,
        plan,
        operators=operators,
        keep=lambda records, seconds: kept.extend(records),
        recorded=iter(recorded),
        observer=Silent(),
        noisy=noisy,
        **parts,
    )


def seed_record(problem: Problem, value: float = 0.0) -> Record:
    candidate = Candidate(0, problem.seed, identity=normalised_key(problem.seed))
    evaluation = Evaluation(metrics={"score": value}, feasible=True, samples=(value,))
    return scored(candidate, evaluation, Objective(problem.objective))


def run(
    evaluations: int, *, timing: int = 0, recorded: list[Record] | None = None, **options: Any
) -> list[Record]:
    """Run with a budget and return all records, those of ``recorded`` included."""
    problem = options.pop("problem", number_problem())
    settings = {k: options.pop(k) for k in ("mode", "window", "target", "strategy") if k in options}
    plan = Plan(seed=7, budget=Budget(evaluations=evaluations), **settings)
    kept: list[Record] = list(recorded or [])
    pool = options.pop("pool", FakePool(timing))
    engine = make_engine(plan, pool, kept, problem=problem, recorded=recorded or (), **options)
    first = None if recorded else seed_record(problem)
    asyncio.run(engine.run(first))
    return kept


def content(records: list[Record]) -> list[tuple[Any, ...]]:
    """What must not depend on timing."""
    return [
        (
            r.candidate.id,
            r.candidate.artifact.text,
            r.candidate.parents,
            r.candidate.operator,
            r.outcome,
            r.fitness,
        )
        for r in records
    ]


@pytest.mark.parametrize("window", [1, 2, 8])
def test_an_ordered_run_does_not_depend_on_timing(window: int) -> None:
    runs = [content(run(150, timing=timing, window=window)) for timing in range(4)]

    assert all(again == runs[0] for again in runs)


def test_an_unordered_run_tells_results_as_they_come() -> None:
    records = run(150, mode="unordered")

    ids = [record.candidate.id for record in records]
    assert ids != sorted(ids)
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("cut", [1, 2, 7, 8, 9, 40, 99])
def test_a_run_cut_anywhere_ends_as_an_uncut_one(cut: int) -> None:
    whole = run(150)

    resumed = run(150, timing=3, recorded=whole[:cut])

    assert content(resumed) == content(whole)


def test_recorded_results_are_not_paid_for_again() -> None:
    whole = run(150)
    pool = FakePool()

    run(150, recorded=whole[:60], pool=pool)

    evaluated_first = {r.candidate.artifact.text for r in whole[:60] if r.evaluation}
    assert not evaluated_first & set(pool.evaluated)


def test_the_evaluation_budget_counts_trials_and_is_never_exceeded() -> None:
    for budget in (1, 2, 25, 100):
        records = run(budget)

        spent = sum(r.candidate.cost.trials + (r.evaluation is not None) for r in records)
        assert spent <= budget
        assert spent >= budget - Slow().trials - 1


def test_a_budget_of_one_is_the_seed_alone() -> None:
    assert [record.candidate.id for record in run(1)] == [0]


def test_a_target_ends_the_run() -> None:
    records = run(10_000, target=5.0)

    best = max(r.fitness for r in records if r.fitness is not None)
    assert best >= 5.0
    assert len(records) < 1_000


def test_minimising_turns_the_direction() -> None:
    problem = number_problem(objective=ObjectiveSpec(direction="minimize"))
    strategy = Component("strategy", "hill-climb")

    records = run(200, problem=problem, strategy=strategy, operators=(Step(),))

    values = [
        r.evaluation.metrics["score"] for r in records if r.evaluation and r.fitness is not None
    ]
    assert min(values) < -10


def test_equal_programs_are_evaluated_once_and_marked() -> None:
    records = run(300, operators=(Step(),))

    first: dict[str, int] = {}
    for record in records:
        key = record.candidate.identity
        if record.outcome == "evaluated":
            assert key not in first
            first[key] = record.candidate.id
        if record.outcome == "duplicate":
            assert record.duplicate_of == first[key]


def test_an_operator_that_raises_is_a_declined_proposal_with_its_reason() -> None:
    class Broken(Step):
        async def propose(self, context: Context) -> Any:
            raise ZeroDivisionError("by design")

    records = run(30, operators=(Step(), Broken("broken")))

    reasons = {r.reason for r in records if r.candidate.operator == "broken"}
    assert reasons == {"broken: ZeroDivisionError: by design"}


def test_a_run_without_anything_new_ends() -> None:
    class Stuck(Step):
        async def propose(self, context: Context) -> Any:
            from telic.candidate import Proposal

            return Proposal(context.parents[0].candidate.artifact)

    records = run(100_000, operators=(Stuck("stuck"),))

    assert len(records) < 2_000


def test_a_fault_of_the_pool_is_raised_and_does_not_hang() -> None:
    from telic.errors import SandboxError

    class Dead(FakePool):
        async def evaluate(self, artifact: Any, seeds: Any) -> Evaluation:
            raise SandboxError("no worker is left")

    with pytest.raises(SandboxError, match="no worker"):
        run(30, pool=Dead())


def test_stopping_once_finishes_what_is_open_and_twice_does_not() -> None:
    async def stopped(times: int) -> list[Record]:
        problem, kept = number_problem(), list[Record]()
        engine = make_engine(Plan(), FakePool(), kept)

        def stop_soon() -> None:
            for _ in range(times):
                engine.stop()

        asyncio.get_running_loop().call_later(0.05, stop_soon)
        assert await engine.run(seed_record(problem)) == "interrupted"
        return kept

    once, twice = asyncio.run(stopped(1)), asyncio.run(stopped(2))

    ids = [record.candidate.id for record in once]
    assert ids == list(range(len(ids)))
    assert [r.candidate.id for r in twice] == list(range(len(twice)))


def test_a_lucky_noisy_candidate_is_evaluated_again_before_it_is_believed() -> None:
    records = run(300, noisy=True, pool=FakePool(noise=1.0), operators=(Step(),))

    best = max((r for r in records if r.fitness is not None), key=lambda r: r.fitness or 0.0)
    assert best.evaluation is not None
    assert len(best.evaluation.samples) == 1 + Plan().confirmations
