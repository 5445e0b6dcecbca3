"""Hopfield retrieval against the paper's formulas."""

import math

import numpy as np
import pytest

from telic.critics.hopfield import associations, energy, fixed_point, pool, retrieve, separation
from telic.errors import UsageError


def sphere(count: int, dimensions: int, seed: int = 0) -> np.ndarray:
    points = np.random.default_rng(seed).normal(size=(count, dimensions))
    return points / np.linalg.norm(points, axis=1, keepdims=True) * math.sqrt(dimensions)


def test_the_energy_equals_its_formula():
    patterns = np.array([[1.0, 0.0], [0.0, 2.0]])
    state = np.array([0.5, 0.25])

    found = energy(state, patterns, beta=2.0)

    expected = -math.log(math.exp(1.0) + math.exp(1.0)) / 2 + (0.25 + 0.0625) / 2
    assert found == pytest.approx(expected + math.log(2) / 2 + 2.0, abs=1e-12)


@pytest.mark.parametrize("beta", [0.1, 1.0, 8.0])
def test_no_update_raises_the_energy(beta: float):
    patterns, states = sphere(20, 8), sphere(10, 8, seed=1)

    for _ in range(30):
        before, states = energy(states, patterns, beta=beta), retrieve(states, patterns, beta=beta)
        after = energy(states, patterns, beta=beta)
        assert (after <= before + 1e-12).all()
        assert (after >= -1e-12).all()


def test_at_a_fixed_point_an_update_changes_nothing():
    patterns = sphere(20, 8)

    found = fixed_point(sphere(10, 8, seed=1), patterns, beta=0.5)

    assert np.abs(retrieve(found, patterns, beta=0.5) - found).max() < 1e-6


def test_an_update_descends_by_the_slope_of_the_energy():
    patterns, state, step = sphere(20, 8), sphere(1, 8, seed=1)[0], 1e-5

    slope = [
        (energy(state + way, patterns, beta=0.7) - energy(state - way, patterns, beta=0.7))
        / (2 * step)
        for way in step * np.eye(8)
    ]

    found = retrieve(state, patterns, beta=0.7)
    assert np.abs(found - (state - np.array(slope))).max() < 1e-6


@pytest.mark.parametrize("beta", [0.3, 0.6, 2.0])
def test_between_opposite_patterns_the_fixed_point_is_where_the_hyperbolic_tangent_says(
    beta: float,
):
    pattern = np.array([0.6, 0.8, 1.0])  # of length √2, so that β 2 decides whether they attract
    low, high = 1e-9, 1.0
    for _ in range(100):  # the greatest root of t = tanh(2 β t), which is 0 below β = 1/2
        middle = 0.5 * (low + high)
        low, high = (middle, high) if math.tanh(2 * beta * middle) > middle else (low, middle)

    found = fixed_point(0.9 * pattern[None, :], np.stack([pattern, -pattern]), beta=beta)

    assert np.abs(found[0] - low * pattern).max() < 1e-6


@pytest.mark.parametrize("beta", [0.2, 0.5, 1.0])
def test_what_a_pattern_recalls_is_as_near_to_it_as_its_separation_promises(beta: float):
    patterns = sphere(50, 32)

    errors = np.linalg.norm(retrieve(patterns, patterns, beta=beta) - patterns, axis=1)

    longest = math.sqrt(32)
    promised = 2 * 49 * longest * np.exp(-beta * separation(patterns))
    assert (errors <= promised + 1e-12).all()


def test_one_update_is_attention():
    patterns, states = sphere(12, 16), sphere(5, 16, seed=1)
    scores = states @ patterns.T / math.sqrt(16)
    weights = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)

    assert np.abs(retrieve(states, patterns, beta=0.25) - weights @ patterns).max() < 1e-6


def test_well_separated_patterns_are_recalled_in_one_step():
    patterns = sphere(500, 64)
    noise = 0.3 * np.random.default_rng(1).normal(size=patterns.shape)

    recalled = retrieve(patterns + noise, patterns, beta=1.0)

    assert separation(patterns).min() > 10
    assert np.linalg.norm(recalled - patterns, axis=1).max() < 0.1


def test_pooling_without_sharpness_is_the_mean():
    bag = sphere(9, 4)

    pooled = pool(bag, sphere(2, 4, seed=1), beta=1e-9)

    assert np.abs(pooled - bag.mean(axis=0)).max() < 1e-6


def test_what_does_not_fit_is_refused():
    with pytest.raises(UsageError, match="positive"):
        associations(np.zeros((1, 2)), np.zeros((1, 2)), beta=0.0)
    with pytest.raises(UsageError, match="shape"):
        associations(np.zeros((1, 3)), np.zeros((1, 2)), beta=1.0)
