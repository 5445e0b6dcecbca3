"""Exact policies: what a worth makes of a base, and how far away."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.errors import MeasurementError, UsageError
from telic.objectives import divergence, tilt, tilt_to

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
