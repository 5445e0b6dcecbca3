"""Encodings on tensors against the NumPy forms, and projections against a plain loop."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from telic.critics import supports
from telic.critics.learn import Targets, hl_gauss, project, two_hot
from telic.critics.supports import Support, expectation, worth_of_bins
from telic.errors import UsageError

SUPPORT = Support.padded(-2.0, 3.0, 12)
VALUES = np.linspace(-2.0, 3.0, 33)


@pytest.mark.parametrize(
    ("on_tensors", "on_arrays"),
    [(two_hot, supports.two_hot), (hl_gauss, supports.hl_gauss)],
)
def test_encodings_agree_with_the_numpy_forms(on_tensors, on_arrays):
    found = on_tensors(torch.from_numpy(VALUES), SUPPORT).numpy()

    assert np.abs(found - on_arrays(VALUES, SUPPORT)).max() < 1e-12


@pytest.mark.parametrize("encode", [two_hot, hl_gauss])
def test_over_the_whole_range_edges_included_the_mean_is_the_value(encode):
    rows = encode(torch.from_numpy(VALUES), SUPPORT).numpy()

    # Bins of finite width sample the normal density: the theta function's first term.
    ripple = SUPPORT.width / math.pi * math.exp(-2 * (math.pi * SUPPORT.sigma_ratio) ** 2)
    assert ripple < 1e-5 * SUPPORT.width
    assert np.abs(expectation(rows, SUPPORT) - VALUES).max() < 1.01 * ripple


def test_a_projection_equals_the_algorithm_of_c51():
    rng = np.random.default_rng(0)
    support = Support(-1.0, 1.0, 7)
    probabilities = rng.dirichlet(np.ones(7), size=5)
    rewards, discounts = rng.normal(size=5), np.array([0.9, 0.0, 1.0, 0.5, 0.99])

    found = project(
        torch.from_numpy(probabilities),
        support,
        rewards=torch.from_numpy(rewards),
        discounts=torch.from_numpy(discounts),
    )

    centres, expected = support.centres, np.zeros((5, 7))
    for row in range(5):
        for mass, centre in zip(probabilities[row], centres, strict=True):
            moved = np.clip(rewards[row] + discounts[row] * centre, centres[0], centres[-1])
            place = (moved - centres[0]) / support.width
            low, high = math.floor(place + 1e-12), math.ceil(place - 1e-12)
            expected[row, low] += mass * (1.0 if low == high else high - place)
            expected[row, high] += mass * (0.0 if low == high else place - low)
    assert np.abs(found.numpy() - expected).max() < 1e-9


def test_a_projection_inside_the_support_keeps_the_bellman_mean():
    support = Support.padded(0.0, 10.0, 20)
    probabilities = two_hot(torch.tensor([2.0, 7.5], dtype=torch.float64), support)

    moved = project(
        probabilities,
        support,
        rewards=torch.tensor([1.0, -3.0], dtype=torch.float64),
        discounts=torch.tensor([0.9, 0.9], dtype=torch.float64),
    )

    assert expectation(moved.numpy(), support) == pytest.approx([2.8, 3.75], abs=1e-9)


def test_expected_worth_is_the_mean_rank_of_what_is_drawn():
    support = Support(-1.0, 1.0, 4)
    ranked = (-math.inf, -0.7, -0.1, 0.2, 5.0)
    probabilities = np.array([0.1, 0.2, 0.3, 0.4])
    rng = np.random.default_rng(1)
    bins = rng.choice(4, size=200_000, p=probabilities)
    drawn = support.edges[bins] + support.width * rng.random(len(bins))
    ranks = (drawn[:, None] > np.array(ranked)).mean(axis=1)

    found = float(probabilities @ worth_of_bins(support, ranked))

    assert found == pytest.approx(ranks.mean(), abs=2e-3)
    assert found == pytest.approx(
        (1 + (0.1 * 0.4 + 0.9) + (0.1 * 0 + 0.2 * 0.2 + 0.7) + (0.3 * 0.6 + 0.4)) / 5, abs=1e-12
    )


def test_a_failure_is_no_number():
    targets = Targets.of([1.0, None])

    assert targets.is_exact.tolist() == [True, False]
    assert targets.is_failure.tolist() == [False, True]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_values_that_are_not_finite_are_refused(value: float):
    with pytest.raises(UsageError):
        Targets.exact(torch.tensor([value]))
    with pytest.raises(UsageError):
        Targets.of([value])


def test_bounds_that_cross_are_refused():
    with pytest.raises(UsageError, match="low <= high"):
        Targets(torch.tensor([1.0]), torch.tensor([0.0]))


def test_members_take_rows_of_their_own():
    shared = Targets.exact(torch.tensor([1.0, 2.0, 3.0]))
    rows = torch.tensor([[0, 2], [1, 1]])

    assert shared.take(rows).low.tolist() == [[1.0, 3.0], [2.0, 2.0]]
    assert shared.take(rows[0]).low.tolist() == [1.0, 3.0]
