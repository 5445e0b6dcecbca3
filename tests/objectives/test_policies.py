"""Exact policies: what a worth makes of a base, and how far away."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.errors import MeasurementError, UsageError
from telic.objectives import divergence, natural_step, tilt, tilt_by, tilt_to

worths = st.lists(st.floats(-50, 50), min_size=2, max_size=12)


def uniform(count: int) -> list[float]:
    return [1.0 / count] * count


def test_tilting_follows_its_formula():
    found = tilt([0.5, 0.25, 0.25], [0.0, 1.0, 2.0], temperature=2.0)

    weights = [0.5, 0.25 * math.exp(0.5), 0.25 * math.exp(1.0)]
    assert found == pytest.approx([weight / sum(weights) for weight in weights], abs=1e-12)


@given(worths, st.floats(0.1, 10))
def test_no_other_policy_has_more_worth_less_the_price_of_divergence(
    values: list[float], temperature: float
):
    base = uniform(len(values))
    best = tilt(base, values, temperature=temperature)
    other = np.random.default_rng(0).dirichlet(base)

    def pursued(policy: np.ndarray) -> float:
        return float(policy @ np.array(values)) - temperature * divergence(policy, base)

    assert pursued(best) >= pursued(other) - 1e-9


@given(worths, st.floats(0.01, 0.6))
def test_a_policy_reaches_the_divergence_that_is_asked_for(values: list[float], wanted: float):
    base = uniform(len(values))
    values = [value + 0.01 * place for place, value in enumerate(sorted(values))]

    found = tilt_to(base, values, divergence=wanted)

    assert divergence(found, base) == pytest.approx(wanted, abs=1e-6)


def test_what_the_base_never_does_stays_undone():
    found = tilt_to([0.0, 0.5, 0.5], [9.0, 0.0, 1.0], divergence=0.3)

    assert found[0] == 0.0
    assert found[2] > found[1]


def test_a_divergence_beyond_every_policy_is_refused():
    with pytest.raises(UsageError, match="no policy"):
        tilt_to(uniform(4), [0.0, 1.0, 2.0, 3.0], divergence=1.5)


@pytest.mark.parametrize("base", [[0.5, 0.6], [1.5, -0.5], []])
def test_what_is_no_distribution_is_refused(base: list[float]):
    with pytest.raises(MeasurementError):
        tilt(base, [0.0] * len(base), temperature=1.0)


def test_a_worth_that_is_not_finite_is_refused():
    with pytest.raises(MeasurementError, match="finite worth"):
        tilt([0.5, 0.5], [0.0, math.nan], temperature=1.0)


@given(st.floats(-3, 3), st.floats(0.0, 2.0), st.floats(0.05, 2.0))
def test_a_natural_step_is_gradient_ascent_of_the_logits_preconditioned_by_fisher_information(
    strength: float, weight: float, price: float
):
    rewards = np.random.default_rng(1).normal(size=(2, 1, 6))
    strengths, weights, rate = (strength, 0.3), (weight, 0.5), 1e-3
    policy = tilt_by(rewards, strengths)[0]

    after = tilt_by(rewards, natural_step(strengths, weights, price=price, rate=rate))[0]

    pursued = np.tensordot(weights, rewards[:, 0], axes=1) - price * np.log(policy * 6)
    information = np.diag(policy) - np.outer(policy, policy)
    gradient = policy * (pursued - policy @ pursued)
    moved = rate * np.linalg.pinv(information) @ gradient
    logs = np.log(policy) + moved
    assert after == pytest.approx(np.exp(logs) / np.exp(logs).sum(), abs=1e-9)


def test_steps_end_at_the_best_policy_for_weights_and_price():
    rewards = np.random.default_rng(0).normal(size=(2, 3, 5))
    strengths: tuple[float, ...] = (0.0, 0.0)

    for _ in range(400):
        strengths = natural_step(strengths, (0.7, 0.3), price=0.5, rate=0.1)

    found = tilt_by(rewards, strengths)
    for prompt in range(3):
        worths = 0.7 * rewards[0, prompt] + 0.3 * rewards[1, prompt]
        best = tilt(uniform(5), worths, temperature=0.5)
        assert found[prompt] == pytest.approx(best, abs=1e-9)


def test_strengths_that_do_not_fit_the_rewards_are_refused():
    with pytest.raises(MeasurementError, match="a strength for each"):
        tilt_by(np.zeros((2, 1, 3)), (1.0,))
    with pytest.raises(MeasurementError, match="finite"):
        tilt_by(np.zeros((1, 1, 3)), (math.inf,))
