from __future__ import annotations

import itertools

import numpy as np
import pytest

from telic import seeding
from telic.errors import MeasurementError
from telic.values import (
    Comparison,
    Comparisons,
    Cyclic,
    Hodge,
    Incomplete,
    Lexicographic,
    Respondent,
    Valuing,
    ask_pairs,
    bradley_terry,
    hodge,
)

NAMES = [f"i{k:02d}" for k in range(15)]


def pairs_of(count: int, seed: int) -> list[tuple[str, str]]:
    pairs = list(itertools.combinations(NAMES, 2))
    return [pairs[c] for c in seeding.numpy_stream(seed, "pairs").permutation(len(pairs))[:count]]


def split(respondent: Respondent, *, count: int, seed: int, draws: int = 200) -> Hodge:
    table = ask_pairs(respondent, pairs_of(count, seed), repeats=5, seed=seed)
    return hodge(table, seed=seed, draws=draws)


def valuing(seed: int) -> Valuing:
    utilities = 1.5 * seeding.numpy_stream(seed, "utilities").normal(size=len(NAMES))
    return Valuing(utilities=dict(zip(NAMES, utilities.tolist(), strict=True)), position_bias=1.0)


@pytest.mark.slow
def test_curl_of_a_respondent_with_utilities_lies_in_its_null_interval() -> None:
    inside = 0
    for seed in range(20):
        curl = split(valuing(seed), count=70, seed=seed).curl
        inside += curl.null_low <= curl.value <= curl.null_high

    assert inside >= 17  # 19 expected of a 95 % interval; 16 or fewer once in 400


@pytest.mark.parametrize("seed", range(5))
def test_curl_of_a_cyclic_respondent_lies_outside(seed: int) -> None:
    result = split(Cyclic(circle=tuple(NAMES)), count=70, seed=seed)

    assert result.curl.exceeds_null
    assert result.cyclic.exceeds_null
    assert result.gradient < 0.5


def test_choices_by_priority_fit_a_utility_better_than_a_coin_tossed_for_conflicts() -> None:
    """Lexicographic choices are transitive, so a utility holds them whatever their cause."""
    rng = seeding.numpy_stream(1, "attributes")
    attributes = {name: tuple(rng.integers(0, 4, size=2).tolist()) for name in NAMES}

    ordered = split(Lexicographic(attributes=attributes), count=90, seed=1, draws=10)
    torn = split(Incomplete(attributes=attributes), count=90, seed=1, draws=10)

    assert ordered.gradient > torn.gradient


@pytest.mark.parametrize(("count", "seed"), [(25, 0), (40, 1), (105, 2)])
def test_the_three_shares_are_positive_and_sum_to_one(count: int, seed: int) -> None:
    result = split(valuing(seed), count=count, seed=seed, draws=10)

    assert result.gradient + result.curl.value + result.harmonic == pytest.approx(1.0)
    assert min(result.gradient, result.curl.value, result.harmonic) >= -1e-9
    assert result.potential.sum() == pytest.approx(0.0, abs=1e-9)


def test_a_triangle_of_equal_preferences_is_all_curl() -> None:
    rows = [Comparison(left=a, right=b, wins=9, n=10) for a, b in ("ab", "bc", "ca")]

    result = hodge(Comparisons.of(rows), seed=0)

    assert result.curl.value == pytest.approx(1.0)
    assert result.gradient == pytest.approx(0.0, abs=1e-9)
    assert result.potential == pytest.approx(np.zeros(3), abs=1e-9)
    assert result.triangles == 1


def test_a_square_of_equal_preferences_is_all_harmonic() -> None:
    rows = [Comparison(left=a, right=b, wins=9, n=10) for a, b in ("ab", "bc", "cd", "da")]

    result = hodge(Comparisons.of(rows), seed=0)

    assert result.harmonic == pytest.approx(1.0)
    assert result.curl.value == 0.0
    assert result.triangles == 0


def test_a_chain_of_pairs_is_all_gradient() -> None:
    rows = [Comparison(left=a, right=b, wins=7, n=10) for a, b in ("ab", "bc", "cd")]

    result = hodge(Comparisons.of(rows), seed=0)

    assert result.gradient == pytest.approx(1.0)
    steps = -np.diff(result.potential)
    assert steps == pytest.approx(np.full(3, np.log(7.5 / 3.5)), abs=1e-9)


def test_the_potential_follows_the_utilities() -> None:
    table = ask_pairs(valuing(3), pairs_of(105, 3), repeats=10, seed=3)
    table = Comparisons.of(table.rows(), items=NAMES)

    potential = hodge(table, seed=0, draws=10).potential

    assert np.corrcoef(potential, bradley_terry(table).utilities)[0, 1] > 0.99


def test_items_that_no_pair_joins_are_refused() -> None:
    rows = [Comparison(left=a, right=b, wins=1, n=2) for a, b in ("ab", "cd")]

    with pytest.raises(MeasurementError, match="never compared with each other"):
        hodge(Comparisons.of(rows), seed=0)
