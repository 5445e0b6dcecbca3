"""A critic in the loop: the seed alone decides, and what was skipped is on record."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from telic.budget import Budget
from telic.candidate import Proposal, Record
from telic.component import Component
from telic.engine.loop import Engine
from telic.engine.observer import Silent
from telic.engine.plan import Plan
from telic.engine.screening import Screening, ScreeningTally
from telic.operators.base import Context
from telic.problem import Problem
from telic.registry import build
from telic.seeding import stream
from tests.engine.parts import FakePool, Slow, number_problem
from tests.engine.test_loop import content, seed_record

UNIFORM = Component("portfolio", "uniform")


@dataclass(frozen=True)
class Walk:
    """Adds to the number, or takes away from it: what it is worth follows from its name."""

    name: str
    sign: int
    trials: int = 0

    def applies(self, problem: Problem) -> bool:
        return problem.seed.suffix == ".txt"

    async def propose(self, context: Context) -> Proposal:
        parent = context.parents[0].candidate.artifact
        step = stream(context.seed, self.name, context.index).randint(1, 50)
        return Proposal(parent.with_text(f"{float(parent.text) + self.sign * step}"))


def run(*, timing: int = 0, recorded: list[Record] | None = None) -> list[Record]:
    critic = Component("critic", "credit", {"policy": "skip", "learn": 16, "skip": 0.7})
    plan = Plan(seed=3, budget=Budget(evaluations=1200), critic=critic, portfolio=UNIFORM)
    problem, kept = number_problem(), list(recorded or [])
    engine = Engine(
        problem,
        plan,
        pool=FakePool(timing),  # pyright: ignore[reportArgumentType]
        strategy=build(plan.strategy, problem=problem),
        portfolio=build(plan.portfolio),
        operators=(Walk("up", 1), *(Walk(f"down{n}", -1) for n in range(3)), Slow()),
        keep=lambda records, seconds: kept.extend(records),
        recorded=iter(recorded or ()),
        observer=Silent(),
        noisy=False,
        screen=build(critic, seed=plan.seed),
    )
    asyncio.run(engine.run(None if recorded else seed_record(problem)))
    return kept


WHOLE = run()


def said(records: list[Record]) -> list[object]:
    return [*content(records), *(record.prediction for record in records)]


def test_some_candidates_are_skipped_with_a_reason() -> None:
    skipped = [record for record in WHOLE if record.outcome == "skipped"]

    assert skipped
    assert all(record.evaluation is None and record.fitness is None for record in skipped)
    assert all("chance to beat its parent" in record.reason for record in skipped)


@pytest.mark.parametrize("timing", [1, 2])
def test_a_screened_run_does_not_depend_on_timing(timing: int) -> None:
    assert said(run(timing=timing)) == said(WHOLE)


@pytest.mark.parametrize("cut", [3, 40, 120])
def test_a_screened_run_cut_anywhere_ends_as_an_uncut_one(cut: int) -> None:
    assert said(run(timing=5, recorded=WHOLE[:cut])) == said(WHOLE)


def test_operators_that_paid_for_trials_are_not_screened() -> None:
    paid = [record for record in WHOLE if record.candidate.cost.trials]

    assert paid
    assert all(record.prediction is None for record in paid)


def test_what_was_saved_and_missed_follows_from_the_records() -> None:
    tally = ScreeningTally()
    for record in WHOLE:
        tally.add(record, is_best=False)
    screening = tally.result()

    assert isinstance(screening, Screening)
    assert screening.skipped == sum(record.outcome == "skipped" for record in WHOLE)
    assert screening.regret == (0 if screening.explored else None)
    assert "evaluations saved" in screening.sentence()


def test_a_run_without_a_critic_has_nothing_to_say_of_one() -> None:
    tally = ScreeningTally()
    tally.add(seed_record(number_problem()), is_best=True)

    assert tally.result() is None
