"""Regret of the portfolios on synthetic operators: what is lost against knowing the best."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random
from statistics import mean

import pytest

from telic.candidate import Cost
from telic.component import Component
from telic.errors import UsageError
from telic.operators._adaptive import AdaptivePortfolio
from telic.operators.portfolio import (
    Portfolio,
    ThompsonPortfolio,
    UcbPortfolio,
    UniformPortfolio,
)
from telic.registry import build
from telic.seeding import stream
from tests.operators.test_portfolio import WINDOW, seed_record, told

LEARNERS = [UcbPortfolio, ThompsonPortfolio, AdaptivePortfolio]
SEEDS = 4
TURNS = 2000

Chances = Callable[[float], Sequence[float]]
"""Share of the run → each operator's chance of an improvement."""
ARMS = ("constants", "numeric", "statements", "swaps", "expressions", "crossover")
"""Two change numbers, four structure: both levels of the hierarchy are used."""


def steady(_: float) -> Sequence[float]:
    return (0.02, 0.02, 0.02, 0.25, 0.02, 0.02)


def changing(share: float) -> Sequence[float]:
    """The best operator gives way half-way to one of the other level."""
    best, other = 0.25, 0.02
    return (
        other,
        best if share >= 0.5 else other,
        other,
        best if share < 0.5 else other,
        0.02,
        0.02,
    )


def regret(make: Callable[[], Portfolio], chances: Chances, seed: int) -> float:
    """Return the expected improvements lost, as a share of what the best operators give."""
    portfolio = make()
    portfolio.tell(seed_record())
    best, lost, possible = 0.0, 0.0, 0.0
    flight: list[tuple[int, str, bool]] = []
    for index in range(1, TURNS + 1):
        now = chances(index / TURNS)
        arm = portfolio.choose(index, ARMS, stream(seed, "choice", index))
        chance = now[ARMS.index(arm)]
        lost += max(now) - chance
        possible += max(now)
        flight.append((index, arm, stream(seed, "gain", index).random() < chance))
        if len(flight) == WINDOW:
            number, arm, is_better = flight.pop(0)
            best += is_better
            portfolio.tell(told(number, arm, best if is_better else best - 1.0))
    return lost / possible


def mean_regret(make: Callable[[], Portfolio], chances: Chances) -> float:
    return mean(regret(make, chances, seed) for seed in range(SEEDS))


@pytest.mark.parametrize("make", LEARNERS)
def test_little_is_lost_when_the_best_stays_the_best(make: Callable[[], Portfolio]):
    assert mean_regret(make, steady) < 0.45 < 0.7 < mean_regret(UniformPortfolio, steady)


@pytest.mark.parametrize("make", LEARNERS)
def test_a_change_of_the_best_half_way_costs_some_and_is_followed(make: Callable[[], Portfolio]):
    assert mean_regret(make, changing) < 0.55 < 0.7 < mean_regret(UniformPortfolio, changing)


def told_turns(portfolio: Portfolio, turns: Sequence[tuple[str, bool, int]]) -> None:
    portfolio.tell(seed_record())
    best = 0.0
    for index, (arm, is_better, trials) in enumerate(turns, start=1):
        best += is_better
        fitness = best if is_better else best - 1.0
        portfolio.tell(told(index, arm, fitness, cost=Cost(trials=trials)))


def test_the_level_is_chosen_before_the_operator():
    portfolio = AdaptivePortfolio(epsilon=0.0)
    rng = Random(1)
    turns = [(arm, arm == "numeric" and rng.random() < 0.5, 0) for _ in range(40) for arm in ARMS]
    told_turns(portfolio, turns)

    assert portfolio.choose(999, ARMS, Random(0)) == "numeric"
    # Where its level has nothing better to offer, the rest of the level is next.
    assert portfolio.choose(999, ("constants", "swaps", "statements"), Random(0)) == "constants"


def test_above_temperature_zero_operators_are_drawn_by_their_values():
    portfolio = AdaptivePortfolio(epsilon=0.0, foresight=0.0, temperature=0.5)
    chances = {"swaps": 0.6, "statements": 0.3, "crossover": 0.0}
    rng = Random(1)
    turns = [(arm, rng.random() < chance, 0) for _ in range(200) for arm, chance in chances.items()]
    told_turns(portfolio, turns)

    drawn = Counter(portfolio.choose(999, [*chances], Random(n)) for n in range(2000))

    assert drawn["swaps"] > drawn["statements"] > drawn["crossover"] > 0
    # The whole range of values is two temperatures.
    assert drawn["swaps"] / drawn["crossover"] == pytest.approx(math.exp(2.0), rel=0.25)


def test_what_counts_as_numbers_is_a_setting():
    portfolio = AdaptivePortfolio(epsilon=0.0, micro="swaps statements")
    rng = Random(1)
    turns = [(arm, arm == "swaps" and rng.random() < 0.5, 0) for _ in range(40) for arm in ARMS]
    told_turns(portfolio, turns)

    assert portfolio.choose(999, ("statements", "numeric", "constants"), Random(0)) == "statements"


def test_a_dear_operator_must_give_more():
    portfolio = AdaptivePortfolio(epsilon=0.0)
    rng = Random(3)
    turns: list[tuple[str, bool, int]] = []
    for _ in range(150):
        turns.append(("cheap", rng.random() < 0.2, 0))
        turns.append(("dear", rng.random() < 0.3, 400))  # half as likely again at 21 times the cost
    told_turns(portfolio, turns)

    assert portfolio.choose(999, ("dear", "cheap"), Random(0)) == "cheap"


def test_what_is_best_may_depend_on_how_long_nothing_improved():
    portfolio = AdaptivePortfolio(epsilon=0.0, foresight=0.0)
    rng = Random(2)
    turns: list[tuple[str, bool, int]] = []
    waited = 0
    for _ in range(1500):
        arm = rng.choice(("swaps", "crossover"))
        chance = 0.4 if (arm == "swaps") == (waited < 5) else 0.02
        is_better = rng.random() < chance
        waited = 0 if is_better else waited + 1
        turns.append((arm, is_better, 0))
    told_turns(portfolio, [*turns, ("swaps", True, 0)])
    fresh = portfolio.choose(3000, ("swaps", "crossover"), Random(0))
    for index in range(2000, 2010):
        portfolio.tell(told(index, "swaps", -1.0))

    assert fresh == "swaps"
    assert portfolio.choose(3000, ("swaps", "crossover"), Random(0)) == "crossover"


@pytest.mark.parametrize(
    "settings",
    [{"epsilon": 1.5}, {"rate": 0.0}, {"rate": 2.0}, {"foresight": 1.0}, {"temperature": -0.1}],
)
def test_settings_out_of_range_are_refused(settings: dict[str, float]):
    with pytest.raises(UsageError, match=next(iter(settings))):
        build(Component("portfolio", "adaptive", {**settings}))
