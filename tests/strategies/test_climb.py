from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from telic.strategies import Climb
from telic.testing import toy_problem, toy_record

PROBLEM = toy_problem()


def parent(strategy: Climb, seed: int = 0) -> int:
    return strategy.ask(99, Random(seed)).parents[0].candidate.id


@given(st.lists(st.none() | st.integers(-5, 5), max_size=20))
def test_it_breeds_from_the_first_of_the_best(values: list[int | None]):
    strategy = Climb(problem=PROBLEM)
    scores = [-9, *values]
    for index, value in enumerate(scores):
        strategy.tell(toy_record(index, None if value is None else float(value)))

    best = max(value for value in scores if value is not None)
    assert parent(strategy) == scores.index(best)


def test_when_the_best_was_tried_in_vain_others_have_a_share():
    strategy = Climb(problem=PROBLEM, kept=3, patience=5, aside=0.5)
    for index, value in enumerate([0.0, 1.0, 2.0, 3.0]):
        strategy.tell(toy_record(index, value))
    before = Counter(parent(strategy, seed) for seed in range(400))
    for index in range(4, 9):
        strategy.tell(toy_record(index, None, parents=(3,)))

    after = Counter(parent(strategy, seed) for seed in range(400))

    assert set(before) == {3}
    assert set(after) == {1, 2, 3}
    assert 140 < after[3] < 260


def test_a_better_one_ends_the_turns_of_the_others():
    strategy = Climb(problem=PROBLEM, patience=1)
    for index, value in enumerate([0.0, 1.0, -1.0, 2.0]):
        strategy.tell(toy_record(index, value, parents=(1,) if index > 1 else ()))

    assert {parent(strategy, seed) for seed in range(100)} == {3}


def test_an_equal_score_is_never_shown_twice():
    strategy = Climb(problem=PROBLEM, inspirations=5)
    for index, value in enumerate([0.0, 1.0, 1.0, 0.0, 0.5]):
        strategy.tell(toy_record(index, value))

    request = strategy.ask(9, Random(0))

    assert [record.candidate.id for record in request.parents] == [1]
    assert [record.candidate.id for record in request.inspirations] == [4, 0]


def test_children_that_repeat_earlier_programs_turn_tries_to_others():
    strategy = Climb(problem=PROBLEM, kept=2)
    for index, value in enumerate([0.0, 1.0]):
        strategy.tell(toy_record(index, value))
    for index in range(2, 22):
        outcome = "duplicate" if index % 4 == 0 else "evaluated"
        strategy.tell(toy_record(index, None, parents=(1,), outcome=outcome))

    drawn = Counter(parent(strategy, seed) for seed in range(400))

    assert set(drawn) == {0, 1}
    assert 150 < drawn[0] < 250
