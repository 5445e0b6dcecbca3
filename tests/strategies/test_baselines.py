from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.component import Component
from telic.errors import UsageError
from telic.registry import build
from telic.strategies import BestOfN, HillClimb, RandomParents
from telic.testing import toy_problem, toy_record

PROBLEM = toy_problem()


def parent(strategy: BestOfN | HillClimb | RandomParents, seed: int = 0) -> int:
    return strategy.ask(99, Random(seed)).parents[0].candidate.id


@given(st.lists(st.none() | st.floats(-5, 5), max_size=20))
def test_best_of_n_always_breeds_from_the_seed(values: list[float | None]):
    strategy = BestOfN(problem=PROBLEM)
    for index, value in enumerate([0.0, *values]):
        strategy.tell(toy_record(index, value))

    assert parent(strategy) == 0


@given(st.lists(st.none() | st.integers(-5, 5), max_size=20))
def test_hill_climbing_breeds_from_the_latest_of_the_best(values: list[int | None]):
    strategy = HillClimb(problem=PROBLEM)
    scores = [-9, *values]
    for index, value in enumerate(scores):
        strategy.tell(toy_record(index, None if value is None else float(value)))

    best = max(value for value in scores if value is not None)
    assert parent(strategy) == max(i for i, value in enumerate(scores) if value == best)


def test_hill_climbing_moves_toward_feasibility_first():
    strategy = HillClimb(problem=PROBLEM)
    steps = [(None, 0.0), (1.0, 3.0), (1.0, 1.0), (1.0, 2.0), (None, 0.0), (-99.0, 0.0), (1.0, 0.5)]
    followed: list[int] = []
    for index, (value, violation) in enumerate(steps):
        strategy.tell(toy_record(index, value, violation=violation))
        followed.append(parent(strategy))

    assert followed == [0, 1, 2, 2, 2, 5, 5]


def test_random_parents_are_uniform_over_feasible_candidates_whatever_their_score():
    strategy = RandomParents(problem=PROBLEM)
    for index in range(10):
        strategy.tell(toy_record(index, None if index in (3, 4) else 10.0**index))

    drawn = Counter(parent(strategy, seed) for seed in range(8000))

    assert set(drawn) == {0, 1, 2, 5, 6, 7, 8, 9}
    assert min(drawn.values()) > 850
    assert max(drawn.values()) < 1150


def test_the_reservoir_is_a_fair_sample_of_the_whole_run():
    strategy = RandomParents(problem=PROBLEM, capacity=200)
    for index in range(4000):
        strategy.tell(toy_record(index, 1.0, text="x"))

    kept = [record.candidate.id for record in strategy._kept]

    assert len(set(kept)) == 200
    quarters = Counter(index // 1000 for index in kept)
    assert min(quarters.values()) > 30


def test_settings_are_checked():
    with pytest.raises(UsageError, match="capacity"):
        build(Component("strategy", "random", {"capacity": 0}), problem=PROBLEM)
