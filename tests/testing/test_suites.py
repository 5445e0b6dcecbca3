"""The conformance suites pass what is right and name what is wrong."""

import asyncio
import random
from collections.abc import Callable, Sequence
from random import Random

import msgspec
import pytest

from telic.artifact import Artifact
from telic.candidate import Cost, Proposal, Record, Request
from telic.operators.base import Context, Routine
from telic.operators.portfolio import UniformPortfolio
from telic.problem import Problem
from telic.seeding import stream
from telic.strategies import HillClimb, RandomParents
from telic.testing import (
    check_operator,
    check_portfolio,
    check_strategy,
    toy_context,
    toy_history,
    toy_problem,
    toy_record,
)


class CountsAsks(HillClimb):
    """Changes state in ask."""

    asks = 0

    def ask(self, index: int, rng: Random) -> Request:
        self.asks += 1
        request = super().ask(index, rng)
        return msgspec.structs.replace(request, island=self.asks // 50)


class DrawsInTell(RandomParents):
    """Does not restore from a replay."""

    def tell(self, record: Record) -> None:
        if self._seed is None or random.random() < 0.5:
            super().tell(record)


class BreedsTheLatest(HillClimb):
    """Takes whatever comes, failed or not."""

    def tell(self, record: Record) -> None:
        self._best = record


class NeedsFeasible(HillClimb):
    """Gives up when nothing has a score."""

    def ask(self, index: int, rng: Random) -> Request:
        request = super().ask(index, rng)
        return request if request.parents[0].fitness is not None else Request(())


class BelievesTheMetric(HillClimb):
    """Maximizes the raw metric whatever the direction."""

    def tell(self, record: Record) -> None:
        best = self._best
        if best is None or (record.outcome == "evaluated" and raw(record) > raw(best)):
            self._best = record


def raw(record: Record) -> float:
    evaluation = record.evaluation
    if evaluation is None or record.fitness is None:
        return -1e99
    return next(iter(evaluation.metrics.values()))


class KeepsAll(HillClimb):
    """Remembers every record."""

    def __init__(self, *, problem: Problem) -> None:
        super().__init__(problem=problem)
        self.all: list[Record] = []

    def tell(self, record: Record) -> None:
        super().tell(record)
        self.all.append(record)


def test_a_sound_strategy_passes():
    check_strategy(lambda problem: HillClimb(problem=problem))


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (CountsAsks, "ask"),
        (DrawsInTell, "answer"),
        (BreedsTheLatest, "was used"),
        (NeedsFeasible, "nothing to try"),
        (BelievesTheMetric, "direction"),
        (KeepsAll, "memory"),
    ],
)
def test_a_faulty_strategy_is_told_its_fault(
    make: type[HillClimb] | type[RandomParents], fault: str
):
    with pytest.raises(AssertionError, match=fault):
        check_strategy(lambda problem: make(problem=problem))


class TakesTurns(UniformPortfolio):
    """Counts its choices."""

    turn = 0

    def choose(self, index: int, arms: Sequence[str], rng: Random) -> str:
        self.turn += 1
        return arms[self.turn % len(arms)]


class LikesAlpha(UniformPortfolio):
    """Offers what was not offered."""

    def choose(self, index: int, arms: Sequence[str], rng: Random) -> str:
        return "alpha"


class WatchesTheClock(UniformPortfolio):
    """Decides by measured seconds."""

    seconds = 0.0

    def tell(self, record: Record) -> None:
        self.seconds += record.candidate.cost.seconds

    def choose(self, index: int, arms: Sequence[str], rng: Random) -> str:
        return arms[0] if self.seconds > 1000 else arms[-1]


class NeverTriesTheLast(UniformPortfolio):
    """Leaves one operator out."""

    def choose(self, index: int, arms: Sequence[str], rng: Random) -> str:
        return rng.choice(arms[:-1] or arms)


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (TakesTurns, "choose"),
        (LikesAlpha, "'alpha' was chosen from"),
        (WatchesTheClock, "seconds"),
        (NeverTriesTheLast, "hardly got a turn"),
    ],
)
def test_a_faulty_portfolio_is_told_its_fault(make: type[UniformPortfolio], fault: str):
    with pytest.raises(AssertionError, match=fault):
        check_portfolio(make)


class Appends:
    """A sound operator: writes a comment into the evolvable region."""

    name = "append"
    trials = 0

    def applies(self, problem: Problem) -> bool:
        return True

    def change(self, text: str, rng: Random) -> str:
        mark = "# EVOLVE-BLOCK-END"
        comment = f"# {rng.randrange(10**6)}\n"
        return text.replace(mark, comment + mark) if mark in text else text + comment

    async def propose(self, context: Context) -> Proposal:
        rng = stream(context.seed, self.name, context.index)
        parent = context.parents[0].candidate.artifact
        return Proposal(parent.with_text(self.change(parent.text, rng)), note="appended")


class AppendsAnything(Appends):
    def change(self, text: str, rng: Random) -> str:
        return text + f"# {rng.randrange(10**6)}\n"


class ChangesNothing(Appends):
    def change(self, text: str, rng: Random) -> str:
        return text


class GlobalRandom(Appends):
    def change(self, text: str, rng: Random) -> str:
        return super().change(text, Random(random.random()))


class CountsCalls(Appends):
    calls = 0

    async def propose(self, context: Context) -> Proposal:
        self.calls += 1
        proposal = await super().propose(context)
        return msgspec.structs.replace(proposal, note=str(self.calls))


class SpendsMore(Appends):
    async def propose(self, context: Context) -> Proposal:
        proposal = await super().propose(context)
        return msgspec.structs.replace(proposal, cost=Cost(trials=5))


class NamesStrangers(Appends):
    async def propose(self, context: Context) -> Proposal:
        return msgspec.structs.replace(await super().propose(context), parents=(99,))


class Meddles(Appends):
    async def propose(self, context: Context) -> Proposal:
        evaluation = context.parents[0].evaluation
        assert evaluation is not None
        evaluation.metrics["touched"] = 1.0
        return await super().propose(context)


class Silent(Appends):
    async def propose(self, context: Context) -> Proposal:
        return Proposal(None)


class SendsRoutines(Appends):
    trials = 1

    async def propose(self, context: Context) -> Proposal:
        await context.run(Routine("package:work", {}))
        return await super().propose(context)


def test_a_sound_operator_passes():
    check_operator(Appends())


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (AppendsAnything, "outside the evolvable regions"),
        (ChangesNothing, "parent unchanged"),
        (GlobalRandom, "global generator"),
        (CountsCalls, "two proposals"),
        (SpendsMore, "spent 5 trials"),
        (NamesStrangers, "other parents"),
        (Meddles, "changes what it was shown"),
        (Silent, "does not say why"),
        (SendsRoutines, "package:work"),
    ],
)
def test_a_faulty_operator_is_told_its_fault(make: type[Appends], fault: str):
    with pytest.raises(AssertionError, match=fault):
        check_operator(make())


def test_routines_are_answered_by_the_author():
    async def answer(routine: Routine) -> dict[str, object]:
        await asyncio.sleep(0)
        return {"done": routine.function}

    check_operator(SendsRoutines(), run=answer)


def test_a_toy_history_has_every_kind_of_record():
    problem = toy_problem()
    history = toy_history(200, problem=problem)

    def some(condition: Callable[[Record], bool]) -> bool:
        return any(map(condition, history))

    assert history[0].candidate.id == 0
    assert history[0].fitness is not None
    assert sorted(record.candidate.id for record in history) == list(range(200))
    assert {"evaluated", "duplicate", "declined"} == {record.outcome for record in history}
    assert some(lambda r: r.evaluation is not None and r.evaluation.failure is not None)
    assert some(lambda r: r.evaluation is not None and r.evaluation.violation > 0)
    assert some(lambda r: r.outcome == "duplicate" and r.fitness is not None)


def test_a_toy_context_knows_its_own_programs():
    context = toy_context(toy_problem())

    assert context.is_known(context.parents[0].candidate.artifact)
    assert not context.is_known(Artifact.of("new"))
    assert toy_record(0, 1.0) == context.parents[0]
