from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.errors import MeasurementError, UsageError
from telic.values import Comparison, Comparisons, join

names = st.sampled_from("abcd")
rows = st.builds(
    lambda pair, shown, who, counts, context, lost: Comparison(
        left=pair[0],
        right=pair[1],
        shown=shown,
        respondent=who,
        wins=counts[0],
        ties=counts[1],
        n=sum(counts),
        context=context,
        abstained=lost[0],
        refused=lost[1],
        unparsed=lost[2],
        error=lost[3],
    ),
    st.permutations("abcd").map(lambda order: (order[0], order[1])),
    st.sampled_from(["left", "right", ""]),
    st.sampled_from(["one", "two"]),
    st.tuples(*[st.integers(0, 5)] * 3),
    st.sampled_from(["", "home"]),
    st.tuples(*[st.integers(0, 3)] * 4),
)


@given(st.lists(rows, min_size=1, max_size=12))
def test_rows_come_back_as_they_went_in(given_rows: list[Comparison]) -> None:
    table = Comparisons.of(given_rows)

    assert list(table.rows()) == given_rows


@given(st.lists(rows, min_size=1, max_size=12))
def test_pooling_keeps_every_total_and_leaves_one_row_per_key(
    given_rows: list[Comparison],
) -> None:
    pooled = Comparisons.of(given_rows).pooled()

    keys = [(r.left, r.right, r.shown, r.respondent, r.context) for r in pooled.rows()]
    assert len(set(keys)) == len(keys)
    assert pooled.replies == Comparisons.of(given_rows).replies
    assert pooled.wins.sum() == sum(row.wins for row in given_rows)


@given(st.lists(rows, min_size=1, max_size=8), st.lists(rows, min_size=1, max_size=8))
def test_joining_keeps_the_rows_of_both(first: list[Comparison], second: list[Comparison]) -> None:
    table = join(Comparisons.of(first), Comparisons.of(second))

    assert list(table.rows()) == first + second


def test_the_five_ways_to_end_are_never_folded_together() -> None:
    row = Comparison(
        left="a", right="b", wins=1, ties=1, n=3, abstained=4, refused=5, unparsed=6, error=7
    )

    replies = Comparisons.of([row]).replies

    assert (replies.answered, replies.abstained, replies.refused) == (3, 4, 5)
    assert (replies.unparsed, replies.error, replies.asked) == (6, 7, 25)
    assert str(replies) == "25 asked, 3 answered, 4 abstained, 5 refused, 6 unparsed, 7 error"


def test_a_pair_is_the_same_in_both_directions() -> None:
    table = Comparisons.of(
        [Comparison(left="a", right="b", n=1), Comparison(left="b", right="a", n=1)]
    )

    assert table.pair[0] == table.pair[1]


def test_items_without_a_row_keep_their_place() -> None:
    table = Comparisons.of([Comparison(left="c", right="a", n=1)], items=["a", "b", "c"])

    assert table.items == ("a", "b", "c")
    assert (table.left[0], table.right[0]) == (2, 0)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (Comparison(left="a", right="a", n=1), "row 1: an item is compared with itself"),
        (Comparison(left="a", right="b", wins=2, n=1), "exceed the n answered"),
        (Comparison(left="a", right="b", wins=1, ties=1, n=1), "exceed the n answered"),
        (Comparison(left="a", right="b", wins=-1, n=1), "wins must be a finite count"),
        (Comparison(left="a", right="b", n=float("nan")), "n must be a finite count"),
        (Comparison(left="a", right="b", n=float("inf")), "n must be a finite count"),
        (Comparison(left="a", right="b", n=1, refused=-1), "refused must be a finite count"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused_with_its_number(
    row: Comparison, sentence: str
) -> None:
    with pytest.raises(MeasurementError, match=sentence):
        Comparisons.of([row])


def test_names_listed_twice_are_refused() -> None:
    with pytest.raises(MeasurementError, match="item 'a' is listed twice"):
        Comparisons.of([Comparison(left="a", right="b", n=1)], items=["a", "a"])


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(MeasurementError, match="equally long"):
        Comparisons.of_counts(
            ["a", "b"], np.array([0]), np.array([1]), wins=np.ones(2), n=np.ones(2)
        )


def test_an_index_beyond_the_items_is_refused() -> None:
    with pytest.raises(MeasurementError, match="row 1: right is not a listed index"):
        Comparisons.of_counts(
            ["a", "b"], np.array([0]), np.array([2]), wins=np.ones(1), n=np.ones(1)
        )


def test_joining_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="at least one table"):
        join()
