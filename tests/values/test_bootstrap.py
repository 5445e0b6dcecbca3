from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.special import expit

from telic import seeding
from telic.errors import UsageError
from telic.values import (
    Comparison,
    Comparisons,
    UtilityModel,
    bootstrap,
    bradley_terry,
    fit_utilities,
)
from telic.values._bootstrap import Cluster


def independent(seed: int, *, items: int = 8, replies: int = 400) -> Comparisons:
    rng = seeding.numpy_stream(seed, "independent")
    truth = rng.normal(size=items)
    left, right = np.triu_indices(items, 1)
    chosen = rng.integers(len(left), size=replies)
    left, right = left[chosen], right[chosen]
    wins = (rng.random(replies) < expit(truth[left] - truth[right])).astype(float)
    names = [f"i{k}" for k in range(items)]
    return Comparisons.of_counts(names, left, right, wins=wins, n=np.ones(replies))


def opinionated(seed: int, *, people: int = 40, items: int = 4) -> Comparisons:
    """Each person has utilities of their own and answers every pair: replies depend."""
    rng = seeding.numpy_stream(seed, "opinionated")
    shared = rng.normal(size=items)
    rows: list[Comparison] = []
    for person in range(people):
        own = shared + 2 * rng.normal(size=items)
        for a, b in itertools.combinations(range(items), 2):
            p = expit(own[a] - own[b])
            rows += [
                Comparison(
                    left=f"i{a}",
                    right=f"i{b}",
                    respondent=f"p{person}",
                    context=context,
                    wins=float(rng.random() < p),
                    n=1,
                )
                for context in ("home", "work", "")
            ]
    return Comparisons.of(rows)


def test_a_refit_to_every_cluster_once_is_the_fit_itself() -> None:
    table = independent(1)
    fit = bradley_terry(table)
    boot = bootstrap(table, fit, draws=60, seed=0, cluster="row")

    # The mean of the resamples differs from the fit by resampling noise alone.
    error = np.sqrt(np.diag(fit.covariance))
    assert np.abs(boot.utilities.mean(axis=0) - fit.utilities).max() < error.max()
    assert boot.utilities.sum(axis=1) == pytest.approx(np.zeros(60), abs=1e-9)


def test_each_resample_is_fitted_as_well_as_from_scratch() -> None:
    table = independent(2)
    fit = bradley_terry(table)
    boot = bootstrap(table, fit, draws=3, seed=5, cluster="row")

    for draw in range(3):
        rng = seeding.numpy_stream(5, "bootstrap", draw)
        counts = rng.multinomial(len(table), np.full(len(table), 1 / len(table)))
        again = table.take(np.repeat(np.arange(len(table)), counts))
        assert boot.utilities[draw] == pytest.approx(bradley_terry(again).utilities, abs=1e-3)


def test_independent_replies_get_the_errors_of_the_observed_information() -> None:
    table = independent(3, replies=1500)
    fit = bradley_terry(table)

    boot = bootstrap(table, fit, draws=200, seed=0, cluster="row")

    ratio = boot.utilities.std(axis=0) / np.sqrt(np.diag(fit.covariance))
    assert ratio.mean() == pytest.approx(1.0, abs=0.1)


def test_replies_of_one_person_that_depend_widen_the_intervals() -> None:
    table = opinionated(4)
    fit = bradley_terry(table)

    by_person = bootstrap(table, fit, draws=100, seed=0, cluster="respondent")
    by_row = bootstrap(table, fit, draws=100, seed=0, cluster="row")

    widths = [np.diff(boot.intervals()).mean() for boot in (by_person, by_row)]
    assert widths[0] > 1.3 * widths[1]
    assert by_person.clusters == 40


@pytest.mark.slow
def test_clustered_intervals_cover_the_mean_opinion_where_plain_ones_do_not() -> None:
    rng = seeding.numpy_stream(0, "population")
    population = opinionated(7, people=1000)
    truth = bradley_terry(population).utilities
    covered: dict[Cluster, list[float]] = {"respondent": [], "row": []}
    for sample in range(15):
        people = rng.choice(1000, size=40, replace=False)
        table = population.take(np.isin(population.respondent, people))
        fit = bradley_terry(table)
        for cluster, shares in covered.items():
            boot = bootstrap(table, fit, draws=80, seed=sample, cluster=cluster)
            low, high = boot.intervals(level=0.9).T
            shares.append(float(((low <= truth) & (truth <= high)).mean()))

    assert 0.82 <= np.mean(covered["respondent"]) <= 0.97
    assert np.mean(covered["row"]) < 0.75


def test_the_top_item_is_first_in_a_share_of_resamples() -> None:
    table = independent(5, replies=150)
    boot = bootstrap(table, bradley_terry(table), draws=50, seed=0, cluster="pair")

    shares = boot.share_first()

    assert sum(shares.values()) == pytest.approx(1.0)
    assert max(shares, key=shares.__getitem__) == boot.items[boot.utilities.mean(axis=0).argmax()]


def test_the_same_seed_gives_the_same_resamples() -> None:
    table = independent(6)
    fit = bradley_terry(table)

    first, second = (bootstrap(table, fit, draws=5, seed=9, cluster="pair") for _ in range(2))

    assert np.array_equal(first.utilities, second.utilities)


def test_a_bootstrap_that_cannot_work_is_refused() -> None:
    table = independent(7)
    fit = bradley_terry(table)

    with pytest.raises(UsageError, match="ridge above 0"):
        bootstrap(
            table, fit_utilities(table, UtilityModel(ridge=0.0)), draws=5, seed=0, cluster="row"
        )
    with pytest.raises(UsageError, match="2 draws"):
        bootstrap(table, fit, draws=1, seed=0, cluster="row")
    with pytest.raises(UsageError, match="2 clusters or more; the table has one respondent"):
        bootstrap(table, fit, draws=5, seed=0, cluster="respondent")


def test_weights_of_features_are_resampled_too() -> None:
    table = independent(8, items=6)
    features = np.stack([np.arange(6.0), np.arange(6.0) % 2], axis=1)
    fit = fit_utilities(table, UtilityModel(), features=features)

    boot = bootstrap(table, fit, draws=20, seed=0, cluster="row")

    utilities = boot.parameters @ features.T
    assert boot.parameters.shape == (20, 2)
    assert boot.utilities == pytest.approx(utilities - utilities.mean(axis=1, keepdims=True))
