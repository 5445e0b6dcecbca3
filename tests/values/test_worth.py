from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.errors import MeasurementError, UsageError
from telic.values.standard import Norm, Standard, Threshold
from telic.values.worth import (
    from_profile,
    from_standard,
    from_utility,
    log_sigmoid_and,
    reference_at,
)

STANDARD = Standard(
    role="r",
    norms=(Norm("n", "safe"), Norm("m", "good"), Norm("o", "kind")),
    thresholds={"safe": Threshold(at_least=0.5)},
)
NUMBERS = st.floats(-1e6, 1e6)


@given(NUMBERS, NUMBERS)
def test_worth_from_a_profile_is_minus_the_distance(a: float, b: float) -> None:
    found = from_profile({"a": a, "b": b, "c": 9}, {"a": 1.0, "b": -1.0})

    assert found.fitness == pytest.approx(-math.dist((a, b), (1.0, -1.0)))
    assert found.fitness is not None
    assert found.fitness <= 0


def test_nearer_to_the_target_is_better_and_weights_say_how_much() -> None:
    target = {"a": 1.0, "b": 0.0}
    near = from_profile({"a": 0.9, "b": 0.5}, target, weights={"a": 1.0})
    far = from_profile({"a": 0.5, "b": 0.0}, target, weights={"a": 1.0})

    assert (near.fitness or 0) > (far.fitness or 0)


def test_worth_from_utilities_is_the_expected_utility_about_the_mean() -> None:
    utilities = {"tea": 3.0, "coffee": 1.0}

    assert from_utility({"tea": 1.0, "coffee": 0.0}, utilities).fitness == 1.0
    assert from_utility({"tea": 0.5, "coffee": 0.5}, utilities).fitness == 0.0
    assert from_utility({"coffee": 1.0}, utilities, scale=2.0).fitness == -0.5


def test_shifting_all_utilities_changes_nothing() -> None:
    lottery = {"a": 0.2, "b": 0.8}

    shifted = from_utility(lottery, {"a": 101.0, "b": 103.0}).fitness

    assert shifted == pytest.approx(from_utility(lottery, {"a": 1.0, "b": 3.0}).fitness)


def test_a_standard_makes_infeasible_and_does_not_trade() -> None:
    missed = from_standard({"safe": 0.2, "good": 9, "kind": 9}, STANDARD)
    met = from_standard({"safe": 0.6, "good": 2, "kind": 1}, STANDARD)

    assert (missed.fitness, missed.feasible) == (None, False)
    assert missed.violation == pytest.approx(0.3)
    assert "misses safe" in missed.reason
    assert (met.fitness, met.feasible, met.violation) == (1, True, 0)


def test_a_standard_of_thresholds_alone_only_accepts() -> None:
    plain = Standard(role="r", norms=(Norm("n", "x"),), thresholds={"x": Threshold(0.0)})

    assert from_standard({"x": 1.0}, plain).fitness == from_standard({"x": 5.0}, plain).fitness == 0


@given(st.floats(-50, 50), st.floats(-50, 50))
def test_the_soft_conjunction_is_the_sum_of_log_sigmoids(a: float, b: float) -> None:
    found = log_sigmoid_and({"a": a, "b": b}, {"a": 1.0, "b": -1.0}).fitness

    expected = -math.log1p(math.exp(-(a - 1))) - math.log1p(math.exp(-(b + 1)))
    assert found == pytest.approx(expected, rel=1e-9)


def test_the_soft_conjunction_prefers_both_good_to_one_exploited() -> None:
    references = {"a": 0.0, "b": 0.0}

    both = log_sigmoid_and({"a": 1.0, "b": 1.0}, references).fitness
    one = log_sigmoid_and({"a": 1e6, "b": -3.0}, references).fitness

    assert both is not None
    assert one is not None
    assert both > one


def test_extreme_rewards_stay_finite() -> None:
    found = log_sigmoid_and({"a": -1e4, "b": 1e308}, {"a": 0.0, "b": 0.0})

    assert found.fitness == pytest.approx(-1e4)


@given(st.lists(NUMBERS, min_size=1, max_size=9))
def test_a_reference_lies_among_the_rewards(rewards: list[float]) -> None:
    assert min(rewards) <= reference_at(rewards) <= max(rewards)
    assert reference_at(rewards, quantile=1.0) == max(rewards)


def test_a_reference_is_the_usual_quantile() -> None:
    assert reference_at([float(k) for k in range(101)]) == pytest.approx(85.0)


@pytest.mark.parametrize("bad", [{}, {"a": float("nan")}, {"a": float("inf")}])
def test_a_metric_that_is_missing_or_no_number_gives_no_worth_but_a_reason(
    bad: dict[str, float],
) -> None:
    one = Standard(role="r", norms=(Norm("n", "a"),), thresholds={})
    for found in (
        from_profile(bad, {"a": 1.0}),
        from_utility(bad, {"a": 1.0, "b": 2.0}),
        from_standard(bad, one),
        log_sigmoid_and(bad, {"a": 1.0}),
    ):
        assert found.fitness is None
        assert found.reason


def test_a_worth_beyond_numbers_is_none() -> None:
    huge = {"a": 1.7e308, "b": -1.7e308}

    assert from_profile(huge, {"a": -1.7e308, "b": 1.7e308}).fitness is None
    assert from_utility(huge, {"a": 1e3, "b": -1e3}).fitness is None
    assert log_sigmoid_and({"a": -1.7e308, "b": -1.7e308}, {"a": 0.0, "b": 0.0}).fitness is None


def test_senseless_settings_are_refused() -> None:
    with pytest.raises(MeasurementError, match="target profile"):
        from_profile({}, {})
    with pytest.raises(MeasurementError, match="weights"):
        from_profile({"a": 1}, {"a": 1}, weights={"a": -1})
    with pytest.raises(MeasurementError, match="two or more outcomes"):
        from_utility({"a": 1}, {"a": 1})
    with pytest.raises(UsageError, match="scale"):
        from_utility({"a": 1}, {"a": 1, "b": 2}, scale=0)
    with pytest.raises(MeasurementError, match="references"):
        log_sigmoid_and({"a": 1}, {})
    with pytest.raises(MeasurementError, match="finite rewards"):
        reference_at([])
    with pytest.raises(UsageError, match="quantile"):
        reference_at([1.0], quantile=2)
