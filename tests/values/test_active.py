from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit, ndtr

from telic import seeding
from telic.errors import UsageError
from telic.values import (
    Comparison,
    Comparisons,
    UtilityFit,
    UtilityModel,
    bradley_terry,
    fit_utilities,
    pairs_at_random,
    pairs_by_closeness,
    pairs_by_information,
    regular_pairs,
    thurstone,
)

NAMES = [f"i{k:02d}" for k in range(50)]
Chooser = Callable[[UtilityFit, list[tuple[str, str]], np.random.Generator], list[tuple[str, str]]]


def some_fit(seed: int = 0, *, link: str = "logistic") -> UtilityFit:
    rng = seeding.numpy_stream(seed, "some fit")
    truth = 2 * rng.normal(size=8)
    left, right = np.triu_indices(8, 1)
    wins = rng.binomial(3, expit(truth[left] - truth[right])).astype(float)
    table = Comparisons.of_counts(NAMES[:8], left, right, wins=wins, n=np.full(28, 3.0))
    return bradley_terry(table) if link == "logistic" else thurstone(table)


def test_a_regular_design_compares_every_item_equally_often() -> None:
    pairs = regular_pairs(NAMES, degree=4, rng=seeding.numpy_stream(0, "design"))

    counts = [sum(name in pair for pair in pairs) for name in NAMES]
    assert set(counts) == {4}
    assert all(left != right for left, right in pairs)


@pytest.mark.parametrize("degree", [0, 3, -2])
def test_an_odd_or_empty_regular_design_is_refused(degree: int) -> None:
    with pytest.raises(UsageError, match="even degree of 2 or more"):
        regular_pairs(NAMES, degree=degree, rng=seeding.numpy_stream(0, "design"))


def test_random_pairs_are_different_and_cover_all_when_all_are_asked_for() -> None:
    pairs = pairs_at_random(NAMES[:6], count=99, rng=seeding.numpy_stream(0, "pairs"))

    assert sorted(pairs) == sorted(itertools.combinations(NAMES[:6], 2))


def test_closeness_never_asks_a_pair_again_and_prefers_close_and_rare() -> None:
    fit = some_fit()
    asked = [(NAMES[0], NAMES[k]) for k in range(1, 8)]
    rng = seeding.numpy_stream(0, "closeness")

    pairs = pairs_by_closeness(fit, asked, count=3, rng=rng)

    place = {name: k for k, name in enumerate(fit.items)}
    gaps = {
        pair: abs(fit.utilities[place[pair[0]]] - fit.utilities[place[pair[1]]])
        for pair in itertools.combinations(fit.items[1:], 2)
    }
    assert len(pairs) == len(set(pairs)) == 3
    assert set(pairs) <= set(gaps)
    assert np.mean([gaps[pair] for pair in pairs]) < np.mean(list(gaps.values()))


def test_closeness_has_nothing_left_when_every_pair_was_asked() -> None:
    asked = list(itertools.combinations(NAMES[:8], 2))

    assert pairs_by_closeness(some_fit(), asked, count=5, rng=seeding.numpy_stream(0, "x")) == []


def test_closeness_fills_up_with_other_pairs_where_too_few_qualify() -> None:
    asked = list(itertools.combinations(NAMES[:8], 2))[:20]

    pairs = pairs_by_closeness(some_fit(), asked, count=8, rng=seeding.numpy_stream(0, "x"))

    assert sorted(pairs) == sorted(set(itertools.combinations(NAMES[:8], 2)) - set(asked))


@pytest.mark.parametrize("link", ["logistic", "normal"])
def test_the_first_pair_by_information_has_the_largest_mutual_information(link: str) -> None:
    fit = some_fit(link=link)
    draws = seeding.numpy_stream(1, "posterior").multivariate_normal(
        fit.utilities, fit.covariance, size=40_000, method="eigh"
    )

    def information(i: int, j: int) -> float:
        gap = draws[:, i] - draws[:, j]
        p = np.clip(expit(gap) if link == "logistic" else ndtr(gap), 1e-12, 1 - 1e-12)
        mean = float(p.mean())
        entropy = -mean * np.log(mean) - (1 - mean) * np.log1p(-mean)
        return float(entropy + (p * np.log(p) + (1 - p) * np.log1p(-p)).mean())

    best = max(itertools.combinations(range(8), 2), key=lambda pair: information(*pair))
    chosen = pairs_by_information(fit, count=1, rng=seeding.numpy_stream(0, "x"))

    place = {name: k for k, name in enumerate(fit.items)}
    found = information(place[chosen[0][0]], place[chosen[0][1]])
    assert found == pytest.approx(information(*best), rel=0.02)


def test_pairs_by_information_spread_out_rather_than_repeat_the_best() -> None:
    pairs = pairs_by_information(some_fit(), count=6, rng=seeding.numpy_stream(0, "x"), replies=20)

    assert len(set(pairs)) >= 5


def test_fewer_candidates_than_pairs_still_give_the_pairs_asked_for() -> None:
    pairs = pairs_by_information(
        some_fit(), count=4, rng=seeding.numpy_stream(0, "x"), candidates=5
    )

    assert len(pairs) == 4


def misordered(found: NDArray[np.floating], truth: NDArray[np.floating]) -> float:
    first, second = np.triu_indices(len(truth), 1)
    return float(((found[first] - found[second]) * (truth[first] - truth[second]) < 0).mean())


def curve(choose: Chooser, seed: int, *, target: float = 0.0) -> list[tuple[int, float]]:
    """Ask one reply per pair in rounds, up to 500 or until the target is reached.

    Returns comparisons and the share of item pairs misordered, mean over three rounds.
    """
    truth = seeding.numpy_stream(seed, "truth").normal(size=len(NAMES)) / 0.2
    place = {name: k for k, name in enumerate(NAMES)}
    rng = seeding.numpy_stream(seed, "choices")
    asked: list[tuple[str, str]] = []
    rows: list[Comparison] = []
    errors: list[float] = []
    points: list[tuple[int, float]] = []
    new = regular_pairs(NAMES, degree=2, rng=rng)
    while True:
        for left, right in new:
            p = expit(truth[place[left]] - truth[place[right]])
            rows.append(Comparison(left=left, right=right, wins=float(rng.random() < p), n=1))
        asked += new
        fit = fit_utilities(Comparisons.of(rows, items=NAMES), UtilityModel(ridge=0.05))
        errors.append(misordered(fit.utilities, truth))
        if len(errors) >= 3:
            points.append((len(asked), float(np.mean(errors[-3:]))))
            if len(asked) >= 500 or points[-1][1] <= target:
                return points
        new = choose(fit, asked, rng)


@pytest.mark.slow
def test_active_selection_needs_at_most_60_percent_of_the_comparisons_of_random() -> None:
    """Sharp preferences (noise a fifth of the utilities' spread), as of a model's answers."""
    ratios: list[float] = []
    for seed in range(10):
        at_random = curve(lambda _f, _a, rng: pairs_at_random(NAMES, count=20, rng=rng), seed)
        target = at_random[-1][1]
        needed_at_random = next(asked for asked, error in at_random if error <= target)
        by_information = curve(
            lambda fit, _, rng: pairs_by_information(fit, count=20, rng=rng), seed, target=target
        )
        assert by_information[-1][1] <= target
        ratios.append(by_information[-1][0] / needed_at_random)

    mean, error = float(np.mean(ratios)), float(np.std(ratios, ddof=1) / np.sqrt(10))
    upper = mean + 1.833 * error  # one-sided 95 % bound, Student's t with 9 degrees of freedom
    assert upper <= 0.6, f"ratios {ratios}: mean {mean:.2f}, standard error {error:.2f}"
