"""Whose turn it is among islands."""

import math
from collections import Counter
from random import Random

import pytest

from telic.component import Component
from telic.problem import Feature
from telic.registry import build
from telic.seeding import stream
from telic.strategies import Strategy
from telic.strategies._turns import RankedTurns, UcbTurns, UniformTurns
from telic.testing import toy_problem, toy_record

BESTS = (0.0,) * 5
"""What UCB does not look at."""


def play(turns: UcbTurns, chances: list[float], tries: int, *, seed: int) -> Counter[int]:
    drawn: Counter[int] = Counter()
    for index in range(tries):
        rng = stream(seed, "turn", index)
        island = turns.draw(BESTS, rng)
        drawn[island] += 1
        turns.tell(island, is_best=rng.random() < chances[island], is_island_best=False)
    return drawn


def test_islands_take_turns_by_the_rank_of_their_best():
    turns = RankedTurns(3, exponent=1.0)
    bests = (-4.0, -math.inf, -1.0)

    drawn = Counter(turns.draw(bests, stream(0, "turn", index)) for index in range(11_000))

    assert [drawn[island] for island in (2, 0, 1)] == pytest.approx([6000, 3000, 2000], rel=0.05)


def test_without_an_exponent_ranks_do_not_matter():
    bests = (3.0, 2.0, 1.0, 0.0)

    for turns in (RankedTurns(4, exponent=0.0), UniformTurns()):
        drawn = Counter(turns.draw(bests, stream(1, "turn", index)) for index in range(8000))

        assert [drawn[island] for island in range(4)] == pytest.approx([2000] * 4, rel=0.08)


def test_every_island_is_tried_before_any_is_preferred():
    turns = UcbTurns(5, exploration=0.3, discount=0.99)

    for tried in range(5):
        island = turns.draw(BESTS, Random(tried))
        assert turns._tries[island] == 0.0
        turns.tell(island, is_best=True, is_island_best=True)


def test_the_island_that_repays_gets_most_turns():
    drawn = play(UcbTurns(4, exploration=0.3, discount=0.99), [0.02, 0.02, 0.3, 0.02], 800, seed=1)

    assert drawn[2] > 0.6 * 800
    assert min(drawn.values()) >= 5


def test_a_change_of_the_best_island_is_followed():
    turns = UcbTurns(3, exploration=0.3, discount=0.98)
    play(turns, [0.3, 0.02, 0.02], 500, seed=2)

    drawn = play(turns, [0.02, 0.02, 0.3], 500, seed=3)

    assert drawn[2] > 0.5 * 500


def test_an_island_that_only_catches_up_draws_little():
    turns = UcbTurns(2, exploration=0.0, discount=1.0)
    for _ in range(10):
        turns.tell(0, is_best=True, is_island_best=True)
        turns.tell(1, is_best=False, is_island_best=True)

    assert {turns.draw(BESTS, Random(index)) for index in range(20)} == {0}


def test_ucb_islands_spend_their_spread_where_it_pays():
    problem = toy_problem(features=(Feature("kind", 0.0, 8.0, bins=8),))
    component = Component(
        "strategy", "ucb-islands", {"islands": 3, "greedy": 0, "migrate_every": 0}
    )
    strategy: Strategy = build(component, problem=problem)
    strategy.tell(toy_record(0, 0.0, problem=problem))
    for index in range(1, 150):
        island = index % 3
        value = float(index) if island == 1 else -1.0
        strategy.tell(toy_record(index, value, problem=problem, island=island))

    asked = Counter(strategy.ask(index, Random(index)).island for index in range(200))

    assert asked[1] == 200
