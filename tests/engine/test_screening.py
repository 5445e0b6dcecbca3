"""A critic in the loop: the seed alone decides, and what was skipped is on record."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import msgspec
import pytest

from telic.budget import Budget
from telic.candidate import Proposal, Record
from telic.component import Component
from telic.engine.loop import Engine
from telic.engine.observer import Silent
from telic.engine.plan import Plan
from telic.engine.screening import Screening, ScreeningTally
from telic.operators.base import Context, Operator
from telic.registry import build
from telic.seeding import stream
from tests.engine.parts import FakePool, NumberOperator, Slow, number_problem
from tests.engine.test_loop import content, seed_record

UNIFORM = Component("portfolio", "uniform")


@dataclass(frozen=True)
class Walk(NumberOperator):
    """Adds to the number, or takes away from it: what it is worth follows from its name."""

    sign: int = 1

    async def propose(self, context: Context) -> Proposal:
        parent = context.parents[0].candidate.artifact
        step = stream(context.seed, self.name, context.index).randint(1, 50)
        return Proposal(parent.with_text(f"{float(parent.text) + self.sign * step}"))


@dataclass(frozen=True)
class Either(NumberOperator):
    """Goes up seldom, and says where it goes."""

    name: str = "either"

    async def propose(self, context: Context) -> Proposal:
        parent = context.parents[0].candidate.artifact
        rng = stream(context.seed, self.name, context.index)
        word, sign = ("up", 1) if rng.random() < 0.2 else ("down", -1)
        text = f"{float(parent.text) + sign * rng.randint(1, 50)}"
        return Proposal(parent.with_text(text), note=f"line 1: {word}")


WALKS = (Walk("up"), *(Walk(f"down{n}", sign=-1) for n in range(3)), Slow())
SKIP: dict[str, object] = {"policy": "skip", "learn": 16, "skip": 0.7}
POSTPONE: dict[str, object] = {"policy": "postpone", "learn": 16, "skip": 0.6}


def run(
    settings: dict[str, object] = SKIP,
    *,
    timing: int = 0,
    recorded: list[Record] | None = None,
    evaluations: int = 1200,
    operators: tuple[Operator, ...] = WALKS,
) -> list[Record]:
    critic = Component("critic", "credit", settings)
    plan = Plan(seed=3, budget=Budget(evaluations=evaluations), critic=critic, portfolio=UNIFORM)
    problem, kept = number_problem(), list(recorded or [])
    engine = Engine(
        problem,
        plan,
        pool=FakePool(timing),  # pyright: ignore[reportArgumentType]
        strategy=build(plan.strategy, problem=problem),
        portfolio=build(plan.portfolio),
        operators=operators,
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


def test_evaluations_saved_by_running_first_are_told_apart_and_leave_no_regret() -> None:
    tally = ScreeningTally()
    for record in WHOLE:
        tally.add(record, is_best=False)
    before = tally.result()
    skipped = next(record for record in WHOLE if record.outcome == "skipped")
    assert skipped.prediction is not None
    said = msgspec.structs.replace(skipped.prediction, settled="its output is known")
    tally.add(msgspec.structs.replace(skipped, prediction=said), is_best=False)
    after = tally.result()

    assert before is not None
    assert after is not None
    assert (after.settled, after.skipped) == (1, before.skipped + 1)
    assert after.regret == before.regret


def test_a_run_without_a_critic_has_nothing_to_say_of_one() -> None:
    tally = ScreeningTally()
    tally.add(seed_record(number_problem()), is_best=True)

    assert tally.result() is None


def chosen(timing: int = 0, recorded: list[Record] | None = None) -> list[Record]:
    settings: dict[str, object] = {"proposals": 5, "by": "chance", "explore": 0.3}
    return run(
        settings, timing=timing, recorded=recorded, evaluations=300, operators=(Either(), Slow())
    )


CHOSEN = chosen()


def test_the_critic_chooses_among_proposals_of_one_parent() -> None:
    said = [r.prediction for r in CHOSEN if r.prediction is not None]

    assert {p.decision for p in said} >= {"wanted", "explored"}
    assert max(p.among for p in said) == 5
    assert not [r for r in CHOSEN if r.outcome == "skipped"]


@pytest.mark.parametrize("timing", [1, 2])
def test_a_run_with_choices_does_not_depend_on_timing(timing: int) -> None:
    assert said(chosen(timing)) == said(CHOSEN)


@pytest.mark.parametrize("cut", [3, 40, 120])
def test_a_run_with_choices_cut_anywhere_ends_as_an_uncut_one(cut: int) -> None:
    assert said(chosen(5, CHOSEN[:cut])) == said(CHOSEN)


@pytest.mark.parametrize("cut", [40, 300])
def test_a_run_that_postpones_cut_anywhere_ends_as_an_uncut_one(cut: int) -> None:
    whole = run(POSTPONE)
    again = run(POSTPONE, timing=3, recorded=whole[:cut])

    assert said(again) == said(whole)
    assert any(r.prediction and r.prediction.revived is not None for r in whole)


def test_what_choosing_saved_follows_from_the_records() -> None:
    tally = ScreeningTally()
    for record in CHOSEN:
        tally.add(record, is_best=False)
    found = tally.result()

    assert found is not None
    assert found.chosen == sum(
        r.prediction is not None and r.prediction.decision == "wanted"
        for r in CHOSEN
        if r.outcome == "evaluated"
    )
    assert found.saved is not None
    assert found.saved > 0
    assert "evaluations saved" in found.sentence()
