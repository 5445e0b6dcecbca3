"""What operators earn: gains beside the usual ones, up to a cap that grows with the turn."""

from __future__ import annotations

import pytest

from telic.candidate import Cost
from telic.operators._credit import Books, Prices
from tests.operators.test_portfolio import seed_record, told


def earned(trial: float, trials: int) -> float:
    """Return the reward of a huge gain by one turn, after many tiny ones of single tries."""
    books = Books(1e9, Prices(trial=trial))
    books.tell(seed_record())
    for index in range(1, 20):
        books.tell(told(index, "plain", 1e-6 * index))
    books.tell(told(20, "long", 1e6, cost=Cost(trials=trials)))
    return books.accounts["long"].reward


def test_a_turn_that_costs_many_evaluations_may_earn_as_many_usual_gains() -> None:
    assert earned(1.0, 5) == pytest.approx(20.2)
    assert earned(1.0, 400) == pytest.approx(401.2)


def test_where_trials_are_cheap_the_cap_is_that_of_one_try() -> None:
    assert earned(0.05, 400) == pytest.approx(20.2)
