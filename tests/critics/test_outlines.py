"""Which outputs have something in common, and what a run learns of that."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.critics import BehaviourCritic, Example, Query, behaviour_of
from telic.critics._outlines import OUTLINES, Symmetries, outlines_of
from tests.critics.parts import program

TABLES = st.lists(
    st.lists(st.integers(-9, 9).map(float), min_size=1, max_size=4), min_size=2, max_size=4
)


@given(TABLES)
def test_a_growing_function_of_the_numbers_keeps_every_order(table: list[list[float]]) -> None:
    grown = [[math.exp(value / 4) for value in row] for row in table]

    assert outlines_of(table)[:2] == outlines_of(grown)[:2]


@given(TABLES)
def test_rows_in_another_order_are_the_same_rows(table: list[list[float]]) -> None:
    assert outlines_of(table)[2] == outlines_of(table[::-1])[2]
    assert outlines_of(table)[2] != outlines_of([*table, [0.0]])[2]


def test_a_shift_of_one_row_keeps_the_order_within_rows_alone() -> None:
    table, shifted = [[1.0, 2.0], [3.0, 5.0]], [[1.0, 2.0], [0.0, 2.0]]

    whole, rows, items = zip(outlines_of(table), outlines_of(shifted), strict=True)

    assert whole[0] != whole[1]
    assert rows[0] == rows[1]
    assert items[0] != items[1]


def test_the_numbers_of_a_flat_list_may_change_places() -> None:
    assert outlines_of([3, 1, 2])[2] == outlines_of((1, 2, 3))[2]
    assert outlines_of([3, 1, 2])[0] != outlines_of([1, 2, 3])[0]


@pytest.mark.parametrize("output", [[], [1.0], "word", [1.0, "word"], {"a": 1}, [10**400, 1], None])
def test_what_is_not_numbers_alone_has_no_outlines(output: object) -> None:
    assert outlines_of(output) == ()


def test_an_array_has_the_outlines_of_its_lists() -> None:
    table = np.arange(6.0).reshape(2, 3)

    assert outlines_of(table) == outlines_of(table.tolist())


def told(count: int, *, exceptions: int = 0) -> Symmetries:
    """Pairs of which the order within rows decides, but for exceptions; all else differs."""
    symmetries = Symmetries()
    for pair in range(count):
        for at in range(2):
            moment = 2 * pair + at
            fitness = float(pair) + (at if pair < exceptions else 0)
            symmetries.add((1000 + moment, pair, 2000 + moment), fitness, moment)
    return symmetries


def test_an_outline_is_relied_on_once_it_has_proved_to_decide() -> None:
    few, many = told(7), told(8)

    assert few.reasons() == ("", "", "")
    assert [bool(reason) for reason in many.reasons()] == [False, True, False]
    assert "8 times of 8" in many.reasons()[1]
    assert OUTLINES[1] in many.settled((1, 3, 1), 1, many.reasons(), 100)
    assert not many.settled((1, 99, 1), 1, many.reasons(), 100)


def test_exceptions_end_the_reliance() -> None:
    assert told(30, exceptions=1).reasons()[1]
    assert not told(30, exceptions=2).reasons()[1]


def test_one_output_in_sixteen_is_scored_all_the_same() -> None:
    symmetries = told(8)

    settled = [bool(symmetries.settled((1, 3, 1), n, symmetries.reasons(), 100)) for n in range(64)]

    assert sum(settled) == 60


def test_outputs_without_a_score_prove_nothing() -> None:
    symmetries = Symmetries()
    for moment in range(40):
        symmetries.add((1, 1, 1), None, moment)

    assert symmetries.reasons() == ("", "", "")


def test_what_was_told_later_settles_nothing() -> None:
    symmetries = told(8)

    assert symmetries.settled((1, 7, 1), 1, symmetries.reasons(), 14)
    assert not symmetries.settled((1, 7, 1), 1, symmetries.reasons(), 13)


def query(output: object) -> Query:
    return Query(program(1), None, 0, 0.0, "any", "", 1, behaviour_of(output))


ORDERS = [*permutations((1.0, 2.0, 3.0, 4.0))][:10]


def table(number: int, scale: float) -> list[list[float]]:
    """Return one of many tables that order alike."""
    return [[scale * value for value in ORDERS[number]], [-2.0 * scale, -scale]]


def test_a_critic_sets_aside_what_orders_alike_where_order_decides() -> None:
    critic = BehaviourCritic()
    before = critic.reader()
    for number in range(10):
        for scale in (1.0, 2.0):
            critic.update(Example(query(table(number, scale)), float(number)), None)
    scales = [3.0, 4.0, 5.0, 6.0, 7.0]

    after = [critic.reader().predict(query(table(4, scale))).settled for scale in scales]

    assert sum(bool(reason) for reason in after) >= 4
    assert not any(before.predict(query(table(4, scale))).settled for scale in scales)
    assert not critic.reader().predict(query([[4.0, 3.0, 2.0, 1.0], [-2.0, 9.0]])).settled


def test_a_critic_that_saw_order_fail_to_decide_sets_nothing_aside() -> None:
    critic = BehaviourCritic()
    for number in range(10):
        for scale in (1.0, 2.0):
            critic.update(Example(query(table(number, scale)), (1 + number) * scale), None)

    assert not critic.reader().predict(query(table(4, 3.0))).settled
