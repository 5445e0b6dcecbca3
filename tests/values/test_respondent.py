from __future__ import annotations

import pytest

from telic.errors import MeasurementError, UsageError
from telic.values import AlwaysFirst, Answer, Item, Unreliable, ask_pairs, tally


def test_both_orders_are_shown_by_default() -> None:
    table = ask_pairs(AlwaysFirst(), [("a", "b")], repeats=3, seed=1)

    assert [(r.shown, r.wins, r.n) for r in table.rows()] == [("left", 3, 3), ("right", 0, 3)]


def test_a_given_order_shows_the_left_first() -> None:
    table = ask_pairs(AlwaysFirst(), [("a", "b"), ("c", "a")], repeats=1, seed=1, orders="given")

    assert [(r.left, r.shown, r.wins) for r in table.rows()] == [("a", "left", 1), ("c", "left", 1)]


def test_a_tally_counts_each_status_apart() -> None:
    item = Item(id="q", options=("b", "a"), context="c", allows_tie=True)
    answers = [
        Answer("answered", 0),
        Answer("answered", 1),
        Answer("answered", 1),
        Answer("answered"),
        Answer("refused"),
        Answer("unparsed", text="?"),
        Answer("error"),
        Answer("abstained"),
    ]

    row = tally(item, answers, left="a", right="b", respondent="r")

    assert (row.shown, row.wins, row.ties, row.n) == ("right", 2, 1, 4)
    assert (row.refused, row.unparsed, row.error, row.abstained) == (1, 1, 1, 1)
    assert (row.respondent, row.context) == ("r", "c")


def test_a_tally_of_other_options_is_refused() -> None:
    with pytest.raises(MeasurementError, match="expected 'a' and 'c'"):
        tally(Item(id="q", options=("a", "b")), [], left="a", right="c", respondent="")


def test_nothing_answered_is_counted_not_invented() -> None:
    table = ask_pairs(Unreliable(inner=AlwaysFirst(), refused=1.0), [("a", "b")], repeats=5, seed=0)

    assert table.replies.asked == 10
    assert table.replies.refused == 10
    assert table.n.tolist() == [0, 0]


@pytest.mark.parametrize("options", [("a",), ("a", "a"), ()])
def test_an_item_needs_two_different_options(options: tuple[str, ...]) -> None:
    with pytest.raises(MeasurementError, match="two or more different options"):
        Item(id="q", options=options)


def test_asking_no_times_is_refused() -> None:
    with pytest.raises(UsageError, match="repeats must be 1 or more"):
        ask_pairs(AlwaysFirst(), [("a", "b")], repeats=0, seed=0)
