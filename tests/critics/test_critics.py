"""Critics learn what can be learned, say so with honest intervals, and forget nothing by timing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.critics import (
    MODELS,
    NOTHING_KNOWN,
    CreditCritic,
    Critic,
    Estimate,
    RegressionCritic,
    ShuffledCritic,
)
from telic.critics._calibration import Intervals, pooled, probability_at
from telic.critics.scale import ranked_worth
from tests.critics.parts import example, examples

MAKERS: dict[str, Callable[[], Critic]] = {
    "credit": CreditCritic,
    **{name: lambda name=name: RegressionCritic(name) for name in MODELS},
}
needs_torch = pytest.mark.skipif(find_spec("torch") is None, reason="needs PyTorch")
critics = pytest.mark.parametrize(
    "make",
    [
        pytest.param(make, id=name, marks=[needs_torch] if name == "neural" else [])
        for name, make in MAKERS.items()
    ],
)


def taught(critic: Critic, count: int, seed: int = 0) -> Critic:
    for each in examples(count, seed):
        critic.update(each, critic.reader().predict(each.query))
    return critic


@critics
def test_a_critic_that_knows_nothing_says_so(make: Callable[[], Critic]):
    assert make().reader().predict(example(3).query) == NOTHING_KNOWN


@critics
def test_a_taught_critic_prefers_what_works(make: Callable[[], Critic]):
    reader = taught(make(), 200).reader()

    good = reader.predict(example(20, operator="good").query)
    bad = reader.predict(example(20, operator="bad").query)

    assert good.appeal > bad.appeal
    assert good.chance >= bad.chance  # chances rise in steps, and one may hold both
    assert good.worth > bad.worth


@critics
def test_what_a_reader_says_does_not_change_with_later_updates(make: Callable[[], Critic]):
    critic = taught(make(), 60)
    queries = [each.query for each in examples(20, seed=1)]
    reader = critic.reader()
    before = [reader.predict(query) for query in queries]

    taught(critic, 60, seed=2)

    assert [reader.predict(query) for query in queries] == before


@critics
def test_two_critics_told_the_same_say_the_same(make: Callable[[], Critic]):
    query = example(7).query

    first, second = (taught(make(), 90).reader().predict(query) for _ in range(2))

    assert first == second


@critics
def test_intervals_hold_nine_outcomes_in_ten(make: Callable[[], Critic]):
    critic, inside = make(), 0
    for number, each in enumerate(examples(300, seed=3)):
        reader = critic.reader()
        estimate = reader.predict(each.query)
        if number >= 100:
            inside += estimate.low <= reader.worth_of(each.fitness) <= estimate.high
        critic.update(each, estimate)

    assert 0.85 <= inside / 200 <= 0.95


@given(st.lists(st.tuples(st.floats(-5, 5), st.booleans()), min_size=1, max_size=40))
def test_calibrated_chances_rise_with_the_score(pairs: list[tuple[float, bool]]):
    steps = pooled(pairs)

    chances = [probability_at(steps, score) for score in range(-6, 7)]

    assert all(0 < chance < 1 for chance in chances if chance is not None)
    assert chances == sorted(chances)  # pyright: ignore[reportArgumentType]


def test_intervals_widen_after_a_drift():
    intervals, rng = Intervals(), Random(0)
    hits = 0
    for number in range(1200):
        scale = 0.1 if number < 600 else 0.3
        residual, width = scale * rng.random(), intervals.width()
        hits += number >= 650 and residual <= width
        intervals.add(residual, was_inside=residual <= width)

    assert 0.85 <= hits / 550 <= 0.95


def test_a_failure_is_below_every_score_and_no_number():
    ranked = (-float("inf"), -float("inf"), -5.0, -1.0)

    assert ranked_worth(None, ranked) < ranked_worth(-1e300, ranked) < ranked_worth(-5.0, ranked)


def test_shuffled_outcomes_teach_nothing():
    reader = taught(ShuffledCritic(CreditCritic(), seed=0), 600).reader()

    good = reader.predict(example(20, operator="good").query)
    bad = reader.predict(example(20, operator="bad").query)

    assert abs(good.chance - bad.chance) < 0.25


def test_worth_is_never_outside_its_scale():
    reader = taught(CreditCritic(), 300).reader()

    for each in examples(50, seed=9):
        estimate: Estimate = reader.predict(each.query)
        assert 0 <= estimate.low <= estimate.worth <= estimate.high <= 1


def test_the_default_critic_loads_no_array_library():
    check = (
        "import sys; from telic.critics import CreditCritic, Screen; "
        "print([m for m in ('numpy', 'scipy', 'sklearn', 'torch') if m in sys.modules])"
    )

    found = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=True
    )

    assert found.stdout.strip() == "[]"
