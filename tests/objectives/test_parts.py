"""Transforms, risk measures, multipliers, simplex and decision rules."""

import math
from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.errors import MeasurementError, UsageError
from telic.objectives import (
    Form,
    Multipliers,
    Simplex,
    at_risk,
    calibration_report,
    choice_probabilities,
    conditional_value_at_risk,
    decide,
    log_sigmoid,
    quantile,
    rank,
    reference_points,
    utilities_of,
)
from telic.problem import Risk

moderate = st.floats(-1e6, 1e6)
samples = st.lists(moderate, min_size=1, max_size=30)
risks = st.builds(
    Risk, st.sampled_from(["mean", "quantile", "cvar", "worst"]), st.floats(0.01, 1.0)
)


@given(st.floats(-1e300, 1e300))
def test_log_sigmoid_never_overflows(value: float):
    assert log_sigmoid(value) <= 0
    assert math.isfinite(log_sigmoid(value))


@given(moderate)
def test_log_sigmoids_of_opposites_differ_by_the_value(value: float):
    assert log_sigmoid(value) - log_sigmoid(-value) == pytest.approx(value)


def test_ranks_count_ties_half():
    assert [rank(value, (1.0, 2.0, 2.0, 3.0)) for value in (0.0, 2.0, 9.0)] == [0.0, 0.5, 1.0]


@given(samples, st.floats(0, 1))
def test_quantiles_lie_between_the_extremes(sample: list[float], level: float):
    assert min(sample) <= quantile(sample, level) <= max(sample)


def test_quantiles_interpolate_linearly():
    assert quantile([10.0, 0.0], 0.85) == pytest.approx(8.5)
    assert reference_points({"x": [0.0, 10.0], "y": [3.0]}) == pytest.approx({"x": 8.5, "y": 3.0})


@given(samples, st.integers(0, 29), st.floats(0, 1e6), risks)
def test_every_risk_increases_with_each_value(
    sample: list[float], place: int, gain: float, risk: Risk
):
    better = list(sample)
    better[place % len(sample)] += gain

    # Sums of many magnitudes round; an order may not be reversed by more than that.
    assert at_risk(better, risk) >= at_risk(sample, risk) - 1e-9 * max(map(abs, [1, *better]))


def test_conditional_value_at_risk_counts_the_edge_in_part():
    values = [4.0, 1.0, 2.0, 3.0]

    assert conditional_value_at_risk(values, 0.5) == 1.5
    assert conditional_value_at_risk(values, 0.375) == pytest.approx((1.0 + 0.5 * 2.0) / 1.5)
    assert conditional_value_at_risk(values, 0.01) == 1.0
    assert conditional_value_at_risk(values, 1.0) == 2.5


@pytest.mark.parametrize("values", [[], [1.0, math.nan], [math.inf]])
def test_risks_refuse_what_is_not_a_number(values: list[float]):
    with pytest.raises(MeasurementError, match=r"finite|at least one"):
        at_risk(values, Risk("cvar"))


@pytest.mark.parametrize("form", get_args(Form))
def test_a_weight_rises_below_its_threshold_and_falls_above(form: Form):
    start = Multipliers((1.0, -1.0), form)

    after = start.updated([0.0, 0.0])

    assert after.weights[0] > start.weights[0]
    assert after.weights[1] < start.weights[1]


def test_multipliers_follow_momentum_descent():
    first = Multipliers((1.0,), "tanh").updated([0.0])
    second = first.updated([0.0])

    assert first.raw == (0.1,)
    slope = 1 - math.tanh(0.1) ** 2
    assert second.raw == pytest.approx((0.1 + 0.1 * (slope + 0.1 * 1.0),))


def test_only_tanh_pushes_back_what_is_too_much():
    for form in get_args(Form):
        state = Multipliers((0.0,), form, rate=1.0)
        for _ in range(50):
            state = state.updated([2.0])

        assert (state.weights[0] < 0) == (form == "tanh")


def test_what_the_measures_do_not_need_goes_to_the_regulariser():
    state = Multipliers((0.0, 0.0), "sigmoid", raw=(math.log(3), 0.0))

    assert state.regulariser == pytest.approx(2 - 0.75 - 0.5)
    assert state.worth([4.0, 2.0], distance=2.0) == pytest.approx(3.0 + 1.0 - 2 * 0.75)


def test_multipliers_refuse_wrong_measures():
    with pytest.raises(MeasurementError):
        Multipliers((0.0,)).updated([math.nan])
    with pytest.raises(MeasurementError):
        Multipliers((0.0,)).updated([0.0, 1.0])
    with pytest.raises(UsageError):
        Multipliers((0.0,), raw=(0.0, 1.0))


def test_primal_dual_updates_stop_where_the_constraint_holds():
    """min x² under x >= 1, by gradient steps on the Lagrangian: x → 1, λ → 2."""
    state, x = Multipliers((1.0,), "softplus", rate=0.05, momentum=0.0), 0.0
    for _ in range(4000):
        x -= 0.05 * (2 * x - state.weights[0])
        state = state.updated([x])

    assert x == pytest.approx(1.0, abs=1e-3)
    assert state.weights[0] == pytest.approx(2.0, abs=1e-2)


def test_a_simplex_finds_the_top_of_a_bent_hill():
    simplex = Simplex([-1.2, 1.0], [0.5, 0.5])

    for _ in range(300):
        x, y = simplex.ask()
        simplex.tell(-100 * (y - x * x) ** 2 - (1 - x) ** 2)

    assert simplex.best == pytest.approx((1.0, 1.0), abs=1e-4)


def test_a_simplex_walks_away_from_what_is_not_finite():
    simplex = Simplex([0.5], [0.25])

    for _ in range(60):
        (x,) = simplex.ask()
        simplex.tell(math.nan if x < 0 else -abs(x - 0.1))

    assert simplex.best[0] == pytest.approx(0.1, abs=1e-3)


@given(st.lists(st.floats(-20, 20), min_size=1, max_size=6), st.floats(0.5, 4))
def test_utilities_and_probabilities_are_two_sides_of_one_thing(
    utilities: list[float], temperature: float
):
    probabilities = choice_probabilities(utilities, temperature=temperature)

    again = utilities_of(probabilities, temperature=temperature)

    mean = math.fsum(utilities) / len(utilities)
    assert math.fsum(probabilities) == pytest.approx(1.0)
    assert again == pytest.approx([utility - mean for utility in utilities], abs=1e-6)


def test_decision_rules_differ_as_they_say():
    probabilities = [0.2, 0.45, 0.35]
    rng = Random(0)

    drawn = [decide(probabilities, "sample", rng) for _ in range(4000)]

    assert decide(probabilities, "best", rng) == 1
    assert decide(probabilities, "abstain", rng, threshold=0.5) is None
    assert decide(probabilities, "abstain", rng, threshold=0.4) == 1
    assert drawn.count(1) / 4000 == pytest.approx(0.45, abs=0.03)


def test_a_calibration_report_equals_a_count_by_hand():
    report = calibration_report([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7]], [0, 1, 1], bins=2)

    assert report.accuracy == pytest.approx(2 / 3)
    assert report.sampled_accuracy == pytest.approx((0.9 + 0.2 + 0.7) / 3)
    assert report.calibration_error == pytest.approx(abs(0.8 - 2 / 3))
    assert report.brier == pytest.approx((2 * 0.01 + 2 * 0.64 + 2 * 0.09) / 3)
    assert report.log_loss == pytest.approx(-math.log(0.9 * 0.2 * 0.7) / 3)


@pytest.mark.parametrize("row", [[0.5, 0.6], [-0.1, 1.1], [math.nan, 1.0], []])
def test_what_are_no_probabilities_is_refused(row: list[float]):
    with pytest.raises(MeasurementError):
        calibration_report([row], [0])
