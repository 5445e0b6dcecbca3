"""What every strategy must keep to.

Each check takes a factory, ``make(problem) -> Strategy``, and raises ``AssertionError`` with
the reason when the strategy breaks the contract. With pytest::

    @pytest.mark.parametrize("check", STRATEGY_CHECKS, ids=lambda check: check.__name__)
    def test_conformance(check):
        check(lambda problem: MyStrategy(problem=problem))
"""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Callable, Iterable
from random import Random

import msgspec

from telic.candidate import Record, Request
from telic.problem import ObjectiveSpec, Problem
from telic.seeding import stream
from telic.strategies.base import Strategy
from telic.testing._examples import toy_problem, toy_record

__all__ = ["STRATEGY_CHECKS", "MakeStrategy", "check_strategy", "toy_history"]

MakeStrategy = Callable[[Problem], Strategy]

_WINDOW = 4
_LENGTH = 200


def toy_history(count: int, *, problem: Problem, seed: int = 0) -> list[Record]:
    """Return ``count`` records of every kind, told in an order that lags and overtakes.

    The first is the feasible seed; the others are feasible, infeasible, failed, duplicates
    (some with an evaluation that must not count) and declined requests.
    """
    rng = stream(seed, "history")
    records = [toy_record(0, rng.uniform(-9, -1), problem=problem)]
    for index in range(1, count):
        kind = rng.random()
        value = None if kind < 0.15 else rng.uniform(-10, -0.5)
        record = toy_record(
            index,
            value,
            problem=problem,
            text=problem.seed.text + "# filler\n" * rng.randrange(30),
            parents=(rng.randrange(index),),
            island=rng.choice([None, 0, 1, 2, 7]),
            violation=rng.random() if 0.15 < kind < 0.3 else 0.0,
            outcome="declined" if kind > 0.95 else "evaluated",
        )
        if 0.9 < kind < 0.95:
            record = msgspec.structs.replace(record, outcome="duplicate", duplicate_of=0)
        records.append(record)
    # Within a window results may overtake each other.
    tail = sorted(records[1:], key=lambda r: r.candidate.id + rng.uniform(0, _WINDOW))
    return [records[0], *tail]


def asking_changes_nothing(make: MakeStrategy) -> None:
    """Asking, however often, leaves the strategy as it was."""
    problem = toy_problem()
    asked, quiet = make(problem), make(problem)
    for record in toy_history(_LENGTH, problem=problem):
        for strategy in (asked, quiet):
            strategy.tell(record)
        index = record.candidate.id + 1
        first = asked.ask(index, Random(index))
        assert _ids(first) == _ids(asked.ask(index, Random(index))), (
            "the same question got two answers; ask must draw from its rng alone"
        )
        assert _ids(first) == _ids(quiet.ask(index, Random(index))), (
            "an earlier ask changed a later answer; only tell may change state"
        )
        _ids(asked.ask(index + 1, Random(7)))


def telling_a_journal_restores_it(make: MakeStrategy) -> None:
    """A new strategy that is told the same records gives the same answers."""
    problem = toy_problem()
    history = toy_history(_LENGTH, problem=problem)
    live = _told(make(problem), history)
    copies = [msgspec.msgpack.decode(msgspec.msgpack.encode(r), type=Record) for r in history]
    restored = _told(make(toy_problem()), copies)
    assert _answers(live) == _answers(restored), "a replay of the records gives other answers"


def only_feasible_candidates_breed(make: MakeStrategy) -> None:
    """Once anything feasible is known, nothing else is a parent or an inspiration."""
    problem = toy_problem()
    strategy = make(problem)
    told: dict[int, Record] = {}
    for record in toy_history(_LENGTH, problem=problem):
        strategy.tell(record)
        told[record.candidate.id] = record
        request = strategy.ask(record.candidate.id + 1, Random(record.candidate.id))
        assert request.parents, "a request needs at least one parent"
        for used in (*request.parents, *request.inspirations):
            assert told.get(used.candidate.id) == used, "a record was used that was never told"
            assert used.outcome == "evaluated", f"a {used.outcome} record was used"
            assert used.fitness is not None, "a record without a score was used"
        ids = [r.candidate.id for r in (*request.parents[:1], *request.inspirations)]
        assert len(set(ids)) == len(ids), "the parent or an inspiration is given twice"


def nothing_feasible_is_survived(make: MakeStrategy) -> None:
    """While everything has failed there is still something to try; then it recovers."""
    problem = toy_problem()
    strategy = make(problem)
    strategy.tell(toy_record(0, None, problem=problem))
    for index in range(1, 60):
        assert strategy.ask(index, Random(index)).parents, "nothing to try after failures"
        violation = float(index % 3)
        value = 5.0 if violation else None
        strategy.tell(toy_record(index, value, problem=problem, violation=violation, island=0))
    assert strategy.ask(60, Random(60)).parents


def directions_are_symmetric(make: MakeStrategy) -> None:
    """Minimizing a metric is maximizing its negative; the sign of scores means nothing."""
    maximize = toy_problem(ObjectiveSpec(direction="maximize"))
    minimize = toy_problem(ObjectiveSpec(direction="minimize"))
    up, down = make(maximize), make(minimize)
    for record in toy_history(_LENGTH, problem=maximize):
        up.tell(record)
        down.tell(_mirrored(record))
    assert _answers(up) == _answers(down), "the direction changes the search"


def cost_is_flat(make: MakeStrategy) -> None:
    """Asking and telling stay cheap, and memory stays bounded, as the run grows."""
    problem = toy_problem()
    strategy = make(problem)
    strategy.tell(toy_record(0, 0.0, problem=problem))
    rng = stream(0, "cost")
    times: list[float] = []
    start = 1
    for _ in range(10):
        chunk = [_long_record(index, rng, problem) for index in range(start, start + 500)]
        before = time.process_time()
        for record in chunk:
            strategy.ask(record.candidate.id, Random(record.candidate.id))
            strategy.tell(record)
        times.append((time.process_time() - before) / len(chunk))
        start += 500
    early, late = min(times[:3]), min(times[-3:])
    assert late < 1e-3, f"one ask and tell take {late * 1e6:.0f} microseconds of CPU"
    assert late < 3 * early + 50e-6, (
        f"cost per candidate grows: {early * 1e6:.0f} microseconds at first, {late * 1e6:.0f} later"
    )
    assert _growth(strategy, start, rng, problem) < 200, "memory grows with every record"


STRATEGY_CHECKS: tuple[Callable[[MakeStrategy], None], ...] = (
    asking_changes_nothing,
    telling_a_journal_restores_it,
    only_feasible_candidates_breed,
    nothing_feasible_is_survived,
    directions_are_symmetric,
    cost_is_flat,
)


def check_strategy(make: MakeStrategy) -> None:
    """Run every check.

    Args:
        make: returns a new strategy for a problem.

    Raises:
        AssertionError: saying which rule is broken.
    """
    for check in STRATEGY_CHECKS:
        check(make)


def _growth(strategy: Strategy, start: int, rng: Random, problem: Problem) -> float:
    """Return bytes kept per record told."""
    count = 2000
    gc.collect()
    tracemalloc.start()
    try:
        for index in range(start, start + count):
            strategy.tell(_long_record(index, rng, problem))
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return kept / count


def _long_record(index: int, rng: Random, problem: Problem) -> Record:
    text = problem.seed.text + f"# {index}\n" + "# filler\n" * rng.randrange(200)
    parents = (max(0, index - rng.randrange(1, 20)),)
    island = rng.randrange(3)
    return toy_record(
        index, rng.uniform(-9, 0), problem=problem, text=text, parents=parents, island=island
    )


def _mirrored(record: Record) -> Record:
    if record.evaluation is None:
        return record
    metrics = {name: -value for name, value in record.evaluation.metrics.items()}
    samples = tuple(-value for value in record.evaluation.samples)
    evaluation = msgspec.structs.replace(record.evaluation, metrics=metrics, samples=samples)
    return msgspec.structs.replace(record, evaluation=evaluation)


def _told(strategy: Strategy, records: Iterable[Record]) -> Strategy:
    for record in records:
        strategy.tell(record)
    return strategy


def _answers(strategy: Strategy) -> list[object]:
    return [_ids(strategy.ask(index, Random(index))) for index in range(_LENGTH, _LENGTH + 40)]


def _ids(request: Request) -> object:
    parents = [record.candidate.id for record in request.parents]
    return parents, [record.candidate.id for record in request.inspirations], request.island
