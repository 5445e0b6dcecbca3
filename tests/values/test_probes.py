from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from telic import seeding
from telic.errors import MeasurementError
from telic.values import (
    corrigibility,
    discounting,
    exchange_rate,
    expected_utility,
    instrumentality,
    log_curve,
)

OUTCOMES = {"a": 0.0, "b": 1.0, "c": 3.0, "d": -2.0}
LOTTERIES = {
    "ab": {"a": 0.5, "b": 0.5},
    "bc": {"b": 0.3, "c": 0.7},
    "cd": {"c": 0.5, "d": 0.5},
    "ad": {"a": 0.9, "d": 0.1},
    "abc": {"a": 0.4, "b": 0.3, "c": 0.3},
}
MEANS = {
    name: sum(p * OUTCOMES[outcome] for outcome, p in outcomes.items())
    for name, outcomes in LOTTERIES.items()
}


def test_lotteries_valued_at_their_mean_agree_exactly() -> None:
    result = expected_utility(OUTCOMES, LOTTERIES, {k: 2 * v + 5 for k, v in MEANS.items()})

    assert result.correlation.value == pytest.approx(1.0)
    # Of ten pairs of lotteries one has equal means, and counts half.
    assert result.same_order == pytest.approx(0.95)
    assert result.correlation.n == 5


def test_lotteries_valued_in_reverse_agree_in_nothing() -> None:
    result = expected_utility(OUTCOMES, LOTTERIES, {k: -v for k, v in MEANS.items()})

    assert result.correlation.value == pytest.approx(-1.0)
    assert result.same_order == pytest.approx(0.05)
    assert result.correlation.low <= result.correlation.value <= result.correlation.high


@pytest.mark.parametrize(
    ("lotteries", "sentence"),
    [
        ({"x": {"a": 0.5, "b": 0.6}}, "lottery 'x' must be 0 or more and sum to 1"),
        ({"x": {"a": -0.5, "b": 1.5}}, "lottery 'x' must be"),
        ({"x": {"a": 0.5, "z": 0.5}}, "for outcome 'z'"),
        ({"y": {"a": 1.0}}, "for lottery 'y'"),
        ({"x": {"a": 1.0}}, "needs 4 values; got 1"),
    ],
)
def test_bad_lotteries_get_a_sentence(
    lotteries: dict[str, dict[str, float]], sentence: str
) -> None:
    with pytest.raises(MeasurementError, match=sentence):
        expected_utility(OUTCOMES, lotteries, {"x": 1.0})


def test_disliking_larger_changes_of_oneself_is_a_negative_corrigibility() -> None:
    severity = {f"o{k}": float(k) for k in range(8)}

    against = corrigibility(severity, {name: -s for name, s in severity.items()})
    rng = seeding.numpy_stream(0, "noise")
    mixed = corrigibility(severity, {name: rng.normal() for name in severity})

    assert against.value == pytest.approx(-1.0)
    assert mixed.low < 0 < mixed.high


def test_a_correlation_of_equal_values_is_refused() -> None:
    with pytest.raises(MeasurementError, match="all are the same"):
        corrigibility({f"o{k}": 1.0 for k in range(5)}, {f"o{k}": 1.0 for k in range(5)})


# A tree: a start, two tasks, four ends. The ends' rewards determine every value.
TREE = {
    "start": {"left": 0.5, "right": 0.5},
    "left": {"l1": 0.7, "l2": 0.3},
    "right": {"r1": 0.2, "r2": 0.8},
}
ENDS = {"l1": 4.0, "l2": 0.0, "r1": 1.0, "r2": -3.0}


def tree_values(discount: float) -> dict[str, float]:
    values = dict(ENDS)
    for state in ("left", "right", "start"):
        values[state] = discount * sum(p * values[s] for s, p in TREE[state].items())
    return values


def test_utilities_that_are_values_of_the_ends_are_fully_instrumental() -> None:
    utilities = {state: value + 10.0 for state, value in tree_values(0.99).items()}

    result = instrumentality(utilities, TREE, rewarded=ENDS, seed=0)

    assert result.explained == pytest.approx(1.0)
    assert result.error == pytest.approx(0.0, abs=1e-9)
    assert result.explained >= result.null_high
    assert result.rewards == pytest.approx(ENDS)


def test_utilities_that_ignore_what_follows_explain_no_more_than_chance() -> None:
    rng = seeding.numpy_stream(3, "arbitrary")
    above = 0
    for draw in range(20):
        utilities = dict(zip(tree_values(0.9), rng.normal(size=7).tolist(), strict=True))
        result = instrumentality(utilities, TREE, rewarded=ENDS, seed=draw)
        above += result.explained > result.null_high

    assert above <= 4  # 1 expected


@pytest.mark.parametrize(
    ("transitions", "rewarded", "sentence"),
    [
        ({"start": {"nowhere": 1.0}}, ["l1"], "for state 'nowhere'"),
        (TREE, ["elsewhere"], "for state 'elsewhere'"),
        (TREE, [*ENDS, "left", "right"], "name fewer rewarded states"),
        ({"start": {"left": 0.9, "right": 0.9}}, ["l1"], "sum to 1 or less"),
    ],
)
def test_a_bad_process_gets_a_sentence(
    transitions: dict[str, dict[str, float]], rewarded: list[str], sentence: str
) -> None:
    with pytest.raises(MeasurementError, match=sentence):
        instrumentality(tree_values(0.9), transitions, rewarded=rewarded, seed=0)


def test_a_process_that_never_ends_gets_a_sentence() -> None:
    circle = {"start": {"left": 1.0}, "left": {"start": 1.0}}

    with pytest.raises(MeasurementError, match="never ends"):
        instrumentality(tree_values(0.9), circle, rewarded=["l1"], seed=0, discount=1.0 - 1e-9)


def test_exchange_rates_follow_from_two_curves() -> None:
    amounts = np.array([1.0, 3.0, 10.0, 30.0, 100.0])
    lives = log_curve(amounts, 2.0 * np.log(amounts) + 4.0)
    money = log_curve(1000 * amounts, 1.0 * np.log(1000 * amounts) - 3.0)

    rate = exchange_rate(lives, money, amount=10.0)

    assert rate.value == pytest.approx(np.exp(2 * np.log(10.0) + 7.0))
    assert lives.explained == pytest.approx(1.0)


def test_the_interval_of_an_exchange_rate_covers_the_truth() -> None:
    rng = seeding.numpy_stream(5, "rates")
    amounts = np.exp(np.linspace(0, 5, 30))
    covered = 0
    for _ in range(200):
        noise = 0.3 * rng.normal(size=(2, 30))
        good = log_curve(amounts, 1.5 * np.log(amounts) + 1.0 + noise[0])
        money = log_curve(amounts, 0.8 * np.log(amounts) + noise[1])
        rate = exchange_rate(good, money, amount=2.0)
        covered += rate.low <= np.exp((1.0 + 1.5 * np.log(2.0)) / 0.8) <= rate.high

    assert 0.83 <= covered / 200 <= 0.96


def test_rates_that_are_not_known_get_a_sentence() -> None:
    amounts = np.array([1.0, 10.0, 100.0, 1000.0])
    flat = log_curve(amounts, np.array([0.1, -0.1, 0.1, -0.1]))
    steep = log_curve(amounts, np.log(amounts))

    with pytest.raises(MeasurementError, match="there is no rate"):
        exchange_rate(steep, flat, amount=1.0)
    with pytest.raises(MeasurementError, match="amount must be positive"):
        exchange_rate(steep, steep, amount=0.0)
    with pytest.raises(MeasurementError, match="three different positive amounts"):
        log_curve(np.array([1.0, 2.0, 2.0]), np.zeros(3))
    with pytest.raises(MeasurementError, match="three different positive amounts"):
        log_curve(np.array([0.0, 2.0, 3.0]), np.zeros(3))


@pytest.mark.parametrize("form", ["exponential", "hyperbolic"])
def test_the_form_and_rate_of_discounting_are_recovered(form: str) -> None:
    delays, ratios = (
        grid.ravel() for grid in np.meshgrid(np.arange(0, 61, 6.0), np.linspace(0.5, 8, 16))
    )
    fall = 0.05 * delays if form == "exponential" else np.log1p(0.05 * delays)
    p = expit(4.0 * (np.log(ratios) - fall))
    rng = seeding.numpy_stream(6, "discounting", form)
    n = np.full(len(p), 20.0)

    best, other = discounting(delays, ratios, rng.binomial(20, p).astype(float), n)

    assert best.form == form
    assert best.rate == pytest.approx(0.05, rel=0.15)
    assert best.sensitivity == pytest.approx(4.0, rel=0.15)
    assert best.log_likelihood > other.log_likelihood
    assert best.n == n.sum()


def test_a_respondent_that_always_waits_gets_finite_numbers() -> None:
    delays, ratios = np.array([0.0, 10.0, 20.0]), np.array([2.0, 2.0, 2.0])

    best, other = discounting(delays, ratios, np.full(3, 5.0), np.full(3, 5.0))

    for curve in (best, other):
        assert np.isfinite([curve.rate, curve.sensitivity, curve.log_likelihood]).all()


@pytest.mark.parametrize(
    ("waits", "n", "ratio"), [(1.0, 0.0, 2.0), (0.0, 0.0, 2.0), (-1.0, 1.0, 2.0), (1.0, 1.0, 0.0)]
)
def test_bad_choices_between_now_and_later_are_refused(
    waits: float, n: float, ratio: float
) -> None:
    with pytest.raises(MeasurementError, match="answered replies, 0 <= waits <= n"):
        discounting(*(np.array([v]) for v in (1.0, ratio, waits, n)))
