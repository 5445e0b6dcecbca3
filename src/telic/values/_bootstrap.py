"""Intervals for replies that are not independent: the clustered bootstrap.

Replies of one person, or to one pair, resemble each other more than a model of independent
replies allows; its intervals are then too narrow. Whole clusters are resampled with
replacement (A. C. Davison and D. V. Hinkley, *Bootstrap Methods*, 1997, section 3.8) and the
model is refitted to each resample.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from telic import seeding
from telic.errors import UsageError
from telic.values._arrays import Floats, Indices
from telic.values._design import build_design
from telic.values._newton import anchored_factor, refit
from telic.values.comparison import Comparisons
from telic.values.utility import UtilityFit

__all__ = ["Bootstrap", "Cluster", "bootstrap"]

Cluster = Literal["pair", "respondent", "context", "row"]


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """Refits of a utility model to resampled clusters."""

    items: tuple[str, ...]
    cluster: Cluster
    clusters: int
    """How many there were to resample; below about 20 the intervals are rough."""
    utilities: Floats
    """(draws, items), each row summing to 0."""
    parameters: Floats
    """(draws, p) in the design's order."""

    def intervals(self, *, level: float = 0.9) -> Floats:
        """Return the (items, 2) percentile intervals of the utilities."""
        tails = [(1 - level) / 2, (1 + level) / 2]
        return np.quantile(self.utilities, tails, axis=0).T

    def share_first(self) -> dict[str, float]:
        """Return for each item the share of resamples in which it has the top utility."""
        tops = np.bincount(self.utilities.argmax(axis=1), minlength=len(self.items))
        return dict(zip(self.items, (tops / len(self.utilities)).tolist(), strict=True))


def bootstrap(
    table: Comparisons, fit: UtilityFit, *, draws: int, seed: int, cluster: Cluster
) -> Bootstrap:
    """Refit a model to resampled clusters.

    Args:
        table: the one that ``fit`` was fitted to.
        fit: the fit to the whole table.
        draws: number of resamples, 2 or more.
        seed: address of the draws.
        cluster: what is resampled: all rows of a pair, a respondent or a context together,
            or single rows.

    Raises:
        UsageError: if the model has no ridge (a resample can leave an item without a win),
            there are too few draws or there is a single cluster.
    """
    if fit.model.ridge == 0:
        raise UsageError(
            "a bootstrap needs a ridge above 0: a resample can leave an item without a win"
        )
    if draws < 2:
        raise UsageError(f"a bootstrap needs 2 draws or more; got {draws}")
    members = cluster_of(table, cluster)
    count = int(members.max()) + 1
    if count < 2:
        raise UsageError(f"a bootstrap needs 2 clusters or more; the table has one {cluster}")
    design = build_design(table, fit.model, features=fit.features, cluster=members)
    factor = anchored_factor(design, fit.parameters, np.ones(design.counts.shape[1]))
    parameters = np.empty((draws, design.size))
    for draw in range(draws):
        rng = seeding.numpy_stream(seed, "bootstrap", draw)
        weights = rng.multinomial(count, np.full(count, 1 / count)).astype(np.float64)
        parameters[draw] = refit(design, weights[design.cluster], fit.parameters, factor)
    utilities = parameters[:, design.slices["utility"]]
    if fit.features is not None:
        utilities = utilities @ fit.features.T
    utilities = utilities - utilities.mean(axis=1, keepdims=True)
    return Bootstrap(fit.items, cluster, count, utilities, parameters)


def cluster_of(table: Comparisons, cluster: Cluster) -> Indices:
    """Return the (len(table),) cluster numbers 0, 1, ... of the rows that were answered.

    Rows without an answer carry no weight and get cluster 0.
    """
    keys = {
        "pair": table.pair,
        "respondent": table.respondent,
        "context": table.context,
        "row": np.arange(len(table), dtype=np.intp),
    }
    answered = table.n > 0
    members = np.zeros(len(table), dtype=np.intp)
    members[answered] = np.unique(keys[cluster][answered], return_inverse=True)[1]
    return members
