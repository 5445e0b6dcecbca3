"""Paired effects, their intervals, and the verdicts that follow."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.errors import MeasurementError, UsageError
from telic.recipes import Arm, Threshold, at_least, compare_arms, within
from telic.recipes._arm import mean_interval
from telic.recipes._effect import worst

values = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=12)


def arm(name: str, *given: float | None) -> Arm:
    return Arm(name=name, metric="score", values=list(given))


def test_the_interval_is_students():
    low, high = mean_interval([1.0, 2.0, 3.0, 4.0]) or (0.0, 0.0)

    # t(0.975, 3) = 3.182446; s = 1.290994; half = t s / 2
    assert (low + high) / 2 == pytest.approx(2.5)
    assert high - low == pytest.approx(2 * 3.182446 * 1.290994 / 2, rel=1e-6)


def test_one_value_has_a_mean_but_no_interval_and_is_never_reproduced():
    effect = compare_arms("it is better", arm("a", 2.0), arm("b", 1.0))

    assert effect.mean == 1.0
    assert effect.interval is None
    assert effect.verdict == "direction only"


def test_pairing_removes_what_units_share():
    luck = [0.0, 100.0, -50.0, 7.0]
    effect = compare_arms(
        "it is better", arm("a", *(x + 1 for x in luck)), arm("b", *luck), threshold=at_least(0.5)
    )

    assert effect.differences == [1.0] * 4
    assert effect.interval == (1.0, 1.0)
    assert effect.verdict == "reproduced"


@given(values)
def test_lower_is_better_is_the_mirror_image(sample: list[float]):
    zero = arm("zero", *[0.0] * len(sample))
    up = compare_arms("x", arm("a", *sample), zero)
    down = compare_arms("x", arm("a", *(-x for x in sample)), zero, better="lower")

    assert up.differences == down.differences
    assert up.verdict == down.verdict


@given(values, st.floats(-1e3, 1e3))
def test_the_verdict_is_what_the_interval_says(sample: list[float], least: float):
    zero = arm("zero", *[0.0] * len(sample))
    effect = compare_arms("x", arm("a", *sample), zero, threshold=at_least(least))

    assert effect.interval is not None
    assert effect.mean is not None
    assert (effect.verdict == "reproduced") == (effect.interval[0] > least)
    if effect.verdict == "not reproduced":
        assert effect.mean <= max(least, 0.0)


def test_a_failed_run_keeps_a_claim_from_being_reproduced():
    better = arm("a", 5.0, 6.0, 5.5, None)

    effect = compare_arms("x", better, arm("b", 1.0, 1.1, 0.9, 1.0))

    assert effect.failed == 1
    assert len(effect.differences) == 3
    assert effect.interval is not None
    assert effect.interval[0] > 0
    assert effect.verdict == "direction only"


def test_a_baseline_that_failed_is_left_out_and_counted():
    effect = compare_arms("x", arm("a", 5.0, 5.0, 5.0), arm("b", 1.0, None, 1.0))

    assert (effect.failed, effect.unpaired) == (0, 1)
    assert effect.verdict == "reproduced"


def test_nothing_to_compare_is_not_reproduced():
    effect = compare_arms("x", arm("a", None, None), arm("b", 1.0, 2.0))

    assert effect.mean is None
    assert effect.verdict == "not reproduced"


@pytest.mark.parametrize(
    ("differences", "verdict"),
    [
        ((0.01, -0.01, 0.0, 0.005), "reproduced"),
        ((0.3, -0.3, 0.2, -0.2), "direction only"),
        ((0.3, 0.3, 0.2, 0.4), "not reproduced"),
    ],
)
def test_a_claim_of_no_difference_needs_the_interval_inside_the_margin(
    differences: tuple[float, ...], verdict: str
):
    effect = compare_arms("x", arm("a", *differences), arm("b", *[0.0] * 4), threshold=within(0.1))

    assert effect.verdict == verdict


def test_not_worse_by_more_than_a_margin_is_a_claim_too():
    threshold = at_least(-0.5)

    assert threshold.judge(-0.1, (-0.2, 0.0)) == "reproduced"
    assert threshold.judge(-0.1, (-0.7, 0.5)) == "direction only"
    assert threshold.judge(-0.9, (-1.0, -0.8)) == "not reproduced"


def test_the_bootstrap_is_the_same_every_time_and_near_students():
    sample = [math.sin(7.0 * k) for k in range(60)]

    first = mean_interval(sample, method="bootstrap", purpose="x")

    assert first == mean_interval(sample, method="bootstrap", purpose="x")
    assert first == pytest.approx(mean_interval(sample), abs=0.03)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_not_finite_is_refused(bad: float):
    with pytest.raises(MeasurementError, match="not finite"):
        arm("a", 1.0, bad)


def test_arms_of_different_length_are_refused():
    with pytest.raises(MeasurementError, match="unit by unit"):
        compare_arms("x", arm("a", 1.0), arm("b", 1.0, 2.0))


def test_a_threshold_says_one_thing():
    with pytest.raises(UsageError):
        Threshold()
    with pytest.raises(UsageError):
        Threshold(least=0.0, within=1.0)


def test_a_claim_is_as_good_as_its_weakest_part():
    assert worst(["reproduced", "direction only", "reproduced"]) == "direction only"
    assert worst(["reproduced"]) == "reproduced"
    assert worst([]) == "not reproduced"
