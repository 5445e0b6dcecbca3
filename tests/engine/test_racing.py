"""Candidates that race: fewer repeats for the same best, which is always measured whole."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from telic.artifact import Artifact
from telic.budget import Budget
from telic.candidate import Candidate, Evaluation, Prediction, Proposal, Race, Record
from telic.component import Component
from telic.engine.evaluating import Evaluator
from telic.engine.loop import Engine
from telic.engine.observer import Silent
from telic.engine.plan import Plan
from telic.engine.progress import Progress, executions
from telic.engine.screening import Screening, ScreeningTally
from telic.objectives import Objective
from telic.operators.base import Context
from telic.registry import build
from telic.seeding import stream
from tests.engine.parts import FakePool, NumberOperator, number_problem
from tests.engine.test_loop import content, seed_record

REPEATS = 8
ARMS = 160
PROBLEM = number_problem(repeats=REPEATS, deterministic=False)
RACE: dict[str, object] = {"policy": "race", "learn": 20}


@dataclass(frozen=True)
class Arm(NumberOperator):
    """Draws a number, whatever its parent is: an arm of a bandit with many."""

    name: str = "arm"

    async def propose(self, context: Context) -> Proposal:
        parent = context.parents[0].candidate.artifact
        value = stream(context.seed, self.name, context.index).gauss(0, 2)
        return Proposal(parent.with_text(f"{value:.6f}"))


@dataclass(frozen=True)
class Until(Silent):
    """Ends a run when the arms are used up."""

    stop: Callable[[], None]

    def told(self, record: Record, progress: Progress, *, is_best: bool) -> None:
        del record, is_best
        if progress.told > ARMS:
            self.stop()


def run(
    settings: dict[str, object] | None,
    *,
    seed: int = 3,
    timing: int = 0,
    recorded: list[Record] | None = None,
) -> list[Record]:
    """Return the seed's record and those of the arms, evaluated with noise of deviation 1."""
    critic = Component("critic", "credit", settings) if settings is not None else None
    plan = Plan(seed=seed, budget=Budget(), critic=critic)
    kept = list(recorded or [])
    engine = Engine(
        PROBLEM,
        plan,
        pool=FakePool(timing, noise=1.0),  # pyright: ignore[reportArgumentType]
        strategy=build(plan.strategy, problem=PROBLEM),
        portfolio=build(plan.portfolio),
        operators=(Arm(),),
        keep=lambda records, seconds: kept.extend(records),
        recorded=iter(recorded or ()),
        observer=Until(lambda: engine.stop()),
        noisy=True,
        screen=build(critic, seed=plan.seed) if critic is not None else None,
    )
    asyncio.run(engine.run(None if recorded else seed_record(PROBLEM)))
    return kept[: ARMS + 1]


def races(records: list[Record]) -> list[tuple[Record, Race]]:
    said = [(record, record.prediction) for record in records]
    return [(record, p.race) for record, p in said if p is not None and p.race is not None]


def best_of(records: list[Record]) -> Record:
    return max(records, key=lambda record: record.fitness or 0.0)


WHOLE = run(RACE)


def taken(records: list[Record]) -> int:
    return sum(map(executions, records))


def said(records: list[Record]) -> list[object]:
    return [*content(records), *(record.prediction for record in records)]


@pytest.mark.parametrize("seed", range(4))
def test_racing_finds_as_good_an_arm_with_fewer_evaluations(seed: int) -> None:
    with_race, without = run(RACE, seed=seed), run(None, seed=seed)
    best, reference = best_of(with_race), best_of(without)

    assert best.candidate.artifact == reference.candidate.artifact
    assert taken(with_race) < 0.7 * taken(without)


def test_what_is_stopped_is_an_evaluation_of_fewer_samples() -> None:
    stopped = [(record, race) for record, race in races(WHOLE) if race.spared]

    assert stopped
    for record, race in stopped:
        assert record.outcome == "evaluated"
        assert executions(record) == REPEATS - race.spared
        assert record.fitness == race.rungs[-1]
        assert "upper part" in record.reason


def test_no_best_has_fewer_repeats_than_asked() -> None:
    best = WHOLE[0]
    for record in WHOLE[1:]:
        if record.fitness is not None and record.fitness > (best.fitness or 0.0):
            best = record
            assert executions(record) >= REPEATS


@pytest.mark.parametrize("value", ["5.0", "1.0"])
def test_a_stopped_would_be_best_is_finished_before_it_is_believed(value: str) -> None:
    pool = FakePool(noise=1.0)
    evaluator = Evaluator(
        PROBLEM,
        Plan(confirmations=0),
        pool,  # pyright: ignore[reportArgumentType]
        Objective(PROBLEM.objective),
        None,  # pyright: ignore[reportArgumentType]
        noisy=True,
    )
    race = Race((9.0,), chance=0.01, spared=REPEATS - 1)
    prediction = Prediction(0.5, 0.0, 1.0, 0.5, 0.0, 0.0, "unknown", race=race)
    lucky = Record(
        Candidate(1, Artifact.of(value, "number.txt"), (0,), "arm"),
        "evaluated",
        Evaluation(metrics={"score": 9.0}, feasible=True, samples=(9.0,)),
        9.0,
        reason="stopped",
        prediction=prediction,
        opened=1,
    )

    finished = asyncio.run(evaluator.confirmed(lucky, seed_record(PROBLEM, 4.0)))
    left = asyncio.run(evaluator.confirmed(lucky, seed_record(PROBLEM, 10.0)))

    assert left is lucky
    assert (executions(finished), finished.reason, finished.opened) == (REPEATS, "", 1)
    assert finished.prediction is not None
    assert finished.prediction.race is not None
    assert finished.prediction.race.spared == 0


def test_a_share_of_the_lost_races_is_evaluated_whole() -> None:
    records = run(RACE | {"explore": 0.5})
    lost = [(record, race) for record, race in races(records) if race.spared or race.explored]
    explored = [record for record, race in lost if race.explored]

    assert 0.3 < len(explored) / len(lost) < 0.7
    assert all(executions(record) >= REPEATS for record in explored)


@pytest.mark.parametrize("timing", [1, 2])
def test_a_race_does_not_depend_on_timing(timing: int) -> None:
    assert said(run(RACE, timing=timing)) == said(WHOLE)


@pytest.mark.parametrize("cut", [3, 40, 120])
def test_a_run_with_races_cut_anywhere_ends_as_an_uncut_one(cut: int) -> None:
    assert said(run(RACE, timing=5, recorded=WHOLE[:cut])) == said(WHOLE)


def test_a_share_of_zero_stops_nothing() -> None:
    assert not any(race.spared for _, race in races(run(RACE | {"skip": 0.0})))


def test_what_racing_saved_follows_from_the_records() -> None:
    tally = ScreeningTally()
    for record in WHOLE:
        tally.add(record, is_best=False)
    found = tally.result()

    assert isinstance(found, Screening)
    assert found.raced == len(races(WHOLE))
    assert found.spared == sum(race.spared for _, race in races(WHOLE))
    assert f"race: {found.spared} evaluations saved" in found.sentence()
