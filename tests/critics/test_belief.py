"""What is believed of outputs that some have a score of and some have none."""

from __future__ import annotations

import math
from random import Random
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.critics._belief import Forecast, believed, normal_score
from telic.critics._process import Shape, fitted

NORMAL = NormalDist()


@given(st.floats(-3, 3), st.floats(0.01, 2), st.floats(-3, 3))
def test_the_gain_is_the_logarithm_of_the_expected_improvement(
    mean: float, deviation: float, best: float
) -> None:
    away = (mean - best) / deviation
    expected = deviation * (away * NORMAL.cdf(away) + NORMAL.pdf(away))
    if away < -4:
        return

    assert Forecast(mean, deviation).gain(best) == pytest.approx(math.log(expected), abs=1e-3)


@given(st.floats(1e-6, 3), st.floats(0, 50), st.floats(0.02, 1))
def test_the_gain_is_finite_and_grows_with_the_mean_and_the_share(
    deviation: float, below: float, share: float
) -> None:
    gain = Forecast(-below, deviation, share).gain(0.0)

    assert math.isfinite(gain)
    assert gain <= Forecast(-below + 0.1, deviation, share).gain(0.0) + 0.02
    assert gain <= Forecast(-below, deviation, 1.0).gain(0.0)


def test_what_is_surely_as_good_gains_less_than_what_may_be_better() -> None:
    assert Forecast(0.0, 1e-3).gain(0.0) < Forecast(-0.5, 0.5).gain(0.0)


def test_worth_lies_between_that_of_failures_and_of_scores() -> None:
    assert Forecast(0.0, 1.0, 0.5).worth(0.1) == pytest.approx(0.3)


def test_outputs_without_a_score_lower_the_share_and_not_the_mean() -> None:
    rng = Random(1)
    rows = [[rng.uniform(-2, 2)] for _ in range(60)]
    fitnesses = [row[0] if row[0] < 1.0 else None for row in rows]

    belief = believed(rows, fitnesses, lambda f: 0.0 if f is None else (f + 2) / 3, Shape((0, 1)))
    inside, outside = belief.forecast([0.5]), belief.forecast([1.8])

    assert inside.share > 0.9
    assert outside.share < 0.1
    assert outside.mean > normal_score(0.5)


def test_scores_without_failures_leave_the_share_alone() -> None:
    belief = believed(
        [[0.0], [1.0], [2.0]], [0.0, 1.0, 2.0], lambda f: (f or 0.0) / 3, Shape((0, 1))
    )

    assert belief.forecast([0.4]).share == 1.0


def test_outcomes_that_follow_from_the_rows_are_foreseen_and_nonsense_is_not() -> None:
    foreseen: dict[str, list[float]] = {"sense": [], "nonsense": []}
    for seed in range(20):
        rng = Random(seed)
        rows = [[rng.uniform(-2, 2), rng.uniform(-2, 2)] for _ in range(30)]
        shape = Shape((0, 2), 1.0, 0.1)
        foreseen["sense"].append(fitted(rows, [row[0] for row in rows], shape).foresight)
        foreseen["nonsense"].append(fitted(rows, [rng.random() for _ in rows], shape).foresight)

    assert min(foreseen["sense"]) > 4.0
    assert sum(each > 4.0 for each in foreseen["nonsense"]) <= 1


def test_too_few_or_equal_outcomes_foresee_nothing() -> None:
    rows, shape = [[0.0], [1.0], [2.5], [4.0]], Shape((0, 1), 1.0, 0.1)

    assert fitted(rows, [1.0, 1.0, 1.0, 1.0], shape).foresight == 0.0
    assert fitted(rows[:2], [0.0, 1.0], shape).foresight == 0.0
