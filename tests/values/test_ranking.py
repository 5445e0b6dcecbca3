from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from telic.errors import UsageError
from telic.values import page_rank
from telic.values._ranking import cycles

graphs = st.integers(1, 6).flatmap(
    lambda n: arrays(np.float64, (n, n), elements=st.sampled_from([0.0, 0.0, 0.5, 1.0]))
)


@given(graphs, st.floats(0.0, 0.99))
def test_ranks_sum_to_one_and_are_the_walk_s_fixed_point(
    weights: np.ndarray[tuple[int, int], np.dtype[np.float64]], damping: float
) -> None:
    rank = page_rank(weights, damping=damping)

    size = len(weights)
    walked = np.full(size, (1 - damping) / size)
    for node in range(size):
        out = weights[node].sum()
        step = weights[node] / out if out > 0 else np.full(size, 1 / size)
        walked += damping * rank[node] * step
    assert rank.sum() == pytest.approx(1.0)
    assert rank == pytest.approx(walked)
    assert (rank > 0).all()


def test_a_chain_ranks_its_end_first_and_leaks_nothing() -> None:
    weights = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]])

    rank = page_rank(weights)

    assert rank.sum() == pytest.approx(1.0)
    assert rank[0] < rank[1] < rank[2]
    assert len(page_rank(np.zeros((0, 0)))) == 0


def test_a_graph_without_edges_ranks_all_alike() -> None:
    assert page_rank(np.zeros((4, 4))) == pytest.approx(np.full(4, 0.25))


def test_negative_weights_and_full_damping_are_refused() -> None:
    with pytest.raises(UsageError, match="weights >= 0"):
        page_rank(-np.ones((2, 2)))
    with pytest.raises(UsageError, match="damping < 1"):
        page_rank(np.ones((2, 2)), damping=1.0)


@given(graphs)
def test_cycles_are_those_that_trying_every_order_finds(
    weights: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> None:
    size = len(weights)
    expected = {
        order
        for length in range(1, size + 1)
        for order in itertools.permutations(range(size), length)
        if order[0] == min(order)
        and all(weights[a, b] > 0 for a, b in zip(order, [*order[1:], order[0]], strict=True))
    }

    found = cycles(weights)

    assert set(found) == expected
    assert len(found) == len(expected)
    assert [len(cycle) for cycle in found] == sorted(len(cycle) for cycle in found)


def test_cycles_stop_at_their_limit() -> None:
    assert len(cycles(np.ones((8, 8)), limit=10)) == 10
