"""The search for thresholds inside one run."""

import math

import numpy as np
import pytest

from telic.errors import MeasurementError, UsageError
from telic.objectives import Multipliers, Pursuit, ThresholdSearch


def peak(x: float, y: float) -> float:
    return -((x - 1.3) ** 2) - (y + 0.4) ** 2


def test_a_run_that_reaches_every_threshold_ends_at_the_peak():
    search = ThresholdSearch((0.0, 0.0), (0.5, 0.5), trials=60)

    while search.trials_left:
        x, y = search.thresholds
        search.observe((x, y), lambda x=x, y=y: peak(x, y))

    assert search.thresholds == pytest.approx((1.3, -0.4), abs=0.02)


def test_the_true_score_is_not_asked_for_on_the_way():
    search = ThresholdSearch((1.0,), (0.5,), trials=3, patience=10)
    asked: list[float] = []

    def score() -> float:
        asked.append(1.0)
        return 1.0

    moved = [search.observe((measure,), score) for measure in (0.0, 0.5, 0.9, 0.97)]

    assert moved == [False, False, False, True]
    assert len(asked) == 1
    assert search.thresholds == (1.5,)


def test_thresholds_out_of_reach_never_win_and_cost_no_look():
    search = ThresholdSearch((1.0,), (0.5,), trials=8, patience=2)
    looks = 0

    def score() -> float:
        nonlocal looks
        looks += 1
        return -10.0

    while search.trials_left:
        search.observe((min(search.thresholds[0], 1.2),), score)

    assert search.thresholds[0] <= 1.2 * 1.05
    assert 1 <= looks < 8


def test_after_the_last_trial_thresholds_stay():
    search = ThresholdSearch((0.0,), (1.0,), trials=2)
    for value in (1.0, 2.0):
        search.observe(search.thresholds, lambda value=value: value)

    assert search.trials_left == 0
    assert search.thresholds == (1.0,)
    assert not search.observe((1.0,), lambda: 99.0)


def test_a_score_that_is_not_finite_is_refused():
    search = ThresholdSearch((0.0,), (1.0,), trials=2)

    with pytest.raises(MeasurementError, match="finite"):
        search.observe((0.0,), lambda: math.nan)


def test_numbers_out_of_range_are_refused():
    with pytest.raises(UsageError, match="trials"):
        ThresholdSearch((0.0,), (1.0,), trials=0)
    with pytest.raises(MeasurementError, match="expected 1 measures"):
        ThresholdSearch((0.0,), (1.0,), trials=1).observe((0.0, 1.0), lambda: 0.0)


def test_a_pursuit_without_a_search_keeps_its_thresholds_and_looks_at_no_score():
    pursuit = Pursuit(Multipliers((1.0,), form="tanh"))

    def score() -> float:
        raise AssertionError("nobody asked for it")

    pursuit.observe((0.5,), score)

    assert pursuit.multipliers == Multipliers((1.0,), form="tanh").updated((0.5,))
    assert pursuit.multipliers.weights[0] > 0


def test_a_pursuit_holds_its_measures_at_thresholds_that_move_to_where_they_are_best():
    start = (0.0, 0.0)
    search = ThresholdSearch(start, (0.5, 0.5), trials=60, patience=200)
    pursuit = Pursuit(Multipliers(start, form="tanh", rate=0.5), search=search)
    state = np.zeros(2)

    for _ in range(4000):
        x, y = state.tolist()
        pursuit.observe((x, y), lambda x=x, y=y: peak(x, y))
        held = pursuit.multipliers
        state += 0.2 * (4.0 * np.array(held.weights) - held.regulariser * state)

    assert search.trials_left == 0
    assert pursuit.multipliers.thresholds == pytest.approx((1.3, -0.4), abs=0.1)
    assert state == pytest.approx((1.3, -0.4), abs=0.1)
