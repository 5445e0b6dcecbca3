"""How much of the preferences no utility can hold: the Hodge decomposition.

Log-odds of choice form a flow on the graph of compared pairs. It splits, orthogonally under
the pairs' precisions, into the gradient of a potential (what a utility explains), curl
(circular preference within triangles) and a harmonic rest (circular around longer holes).
X. Jiang, L.-H. Lim, Y. Yao and Y. Ye, "Statistical ranking and combinatorial Hodge theory",
Mathematical Programming 127 (2011), 203-244.

Noise alone makes some curl, so each share comes with the interval that it has when replies
are drawn from the fitted Bradley-Terry model, which is free of curl.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.linalg import pinvh
from scipy.sparse.linalg import lsmr

from telic import seeding
from telic.errors import MeasurementError
from telic.values._arrays import Floats, Indices
from telic.values._pairs import triangles
from telic.values.comparison import Comparisons, Replies
from telic.values.utility import UtilityFit, bradley_terry

__all__ = ["Hodge", "Share", "hodge"]


@dataclass(frozen=True)
class Share:
    """A share of the flow's squared size beside what a curl-free respondent gives."""

    value: float
    null_mean: float
    null_low: float
    null_high: float

    @property
    def exceeds_null(self) -> bool:
        """Whether there is more of it than noise on a utility gives."""
        return self.value > self.null_high


@dataclass(frozen=True, eq=False)
class Hodge:
    """The decomposition of one table."""

    items: tuple[str, ...]
    potential: Floats
    """(items,) log-odds, summing to 0: the least-squares utility."""
    gradient: float
    """Share of the flow's squared size that a utility explains."""
    curl: Share
    """Share of circular preference within triangles of compared pairs."""
    cyclic: Share
    """All circular preference: curl and harmonic together."""
    harmonic: float
    pairs: int
    triangles: int
    level: float
    """Of the null intervals."""
    replies: Replies


def hodge(table: Comparisons, *, seed: int, draws: int = 200, level: float = 0.95) -> Hodge:
    """Split preferences into what a utility holds and what none can hold.

    Args:
        table: comparisons; a shared position bias is estimated and taken out.
        seed: address of the null draws.
        draws: from the null.
        level: of the null intervals.

    Raises:
        MeasurementError: if nothing was answered, the items are not connected, or there are
            more than two million triangles.
    """
    fit = bradley_terry(table)
    if not fit.connected.is_connected:
        raise MeasurementError(fit.sentences[0])
    flows = _Flows.of(table.take(table.n > 0), fit)
    observed = flows.of_wins(flows.decided)
    potential, curl, cyclic = flows.split(observed)
    nulls = np.empty((draws, 2))
    for draw in range(draws):
        rng = seeding.numpy_stream(seed, "hodge null", draw)
        wins = rng.binomial(np.rint(flows.n).astype(np.int64), flows.p).astype(np.float64)
        nulls[draw] = flows.split(flows.of_wins(wins))[1:]
    return Hodge(
        items=table.items,
        potential=potential,
        gradient=1 - cyclic,
        curl=_share(curl, nulls[:, 0], level),
        cyclic=_share(cyclic, nulls[:, 1], level),
        harmonic=cyclic - curl,
        pairs=len(flows.low),
        triangles=flows.triangles,
        level=level,
        replies=table.replies,
    )


@dataclass(frozen=True, eq=False)
class _Flows:
    """Rows oriented from the higher to the lower item index, and the graph they span."""

    n: Floats
    """(rows,) replies."""
    decided: Floats
    """(rows,) replies for the lower item, ties half."""
    p: Floats
    """(rows,) probability of the lower item in the curl-free model."""
    bias: Floats
    """(rows,) log-odds that the order shown adds for the lower item."""
    edge: Indices
    """(rows,) pair of each row."""
    low: Indices
    high: Indices
    precision: Floats
    """(pairs,) inverse variance of the pair's log-odds in the curl-free model."""
    inverse: Floats
    """(items, items) pseudo-inverse of the weighted graph Laplacian."""
    triangles: int
    curls: sparse.csr_array
    """(triangles, pairs) signs of the sum around each triangle."""
    has_holes: bool
    """Whether the graph leaves room for a harmonic part."""

    @classmethod
    def of(cls, table: Comparisons, fit: UtilityFit) -> _Flows:
        swapped = table.left > table.right
        wins, p = table.wins + table.ties / 2, fit.predict(table)[0]
        shown = np.where(swapped, -table.shown, table.shown)
        p = np.where(swapped, 1 - p, p)
        key, edge = np.unique(table.pair, return_inverse=True)
        low, high = key // len(table.items), key % len(table.items)
        precision: Floats = np.bincount(edge, weights=table.n * p * (1 - p)).astype(float)
        laplacian = np.zeros((len(table.items), len(table.items)))
        laplacian[low, high] = laplacian[high, low] = -precision
        laplacian -= np.diag(laplacian.sum(axis=1))
        members = triangles(low, high, len(table.items))
        flows = cls(
            n=table.n,
            decided=np.where(swapped, table.n - wins, wins),
            p=p,
            bias=fit.position_bias().value * shown,
            edge=edge,
            low=low,
            high=high,
            precision=precision,
            inverse=np.asarray(pinvh(laplacian)),
            triangles=len(members),
            curls=_curls(members, len(low)),
            has_holes=True,
        )
        # Whether curl fills the cyclic space shows on any one vector in general position.
        probe = np.sin(1.0 + np.arange(len(low)) ** 2) / np.sqrt(precision)
        _, curl, cyclic = flows.split(probe)
        return replace(flows, has_holes=cyclic - curl > 1e-6)

    def of_wins(self, wins: Floats) -> Floats:
        """Return each pair's mean log-odds, rows weighted by their precision in the null."""
        log_odds = np.log((wins + 0.5) / (self.n - wins + 0.5)) - self.bias
        weight = self.n * self.p * (1 - self.p)
        return np.bincount(self.edge, weights=weight * log_odds) / self.precision

    def split(self, flow: Floats) -> tuple[Floats, float, float]:
        """Return the potential and the shares of curl and of curl and harmonic together."""
        pull = self.precision * flow
        size = len(self.inverse)
        divergence = np.bincount(self.low, pull, size) - np.bincount(self.high, pull, size)
        potential = self.inverse @ divergence
        rest = flow - (potential[self.low] - potential[self.high])
        total = float(pull @ flow)
        cyclic = float(self.precision @ rest**2) / total if total > 0 else 0.0
        if not self.has_holes:
            return potential, cyclic, cyclic
        if self.triangles == 0:
            return potential, 0.0, cyclic
        root = np.sqrt(self.precision)
        basis = self.curls.T.multiply((1 / root)[:, None]).tocsr()
        left_over = lsmr(basis, root * rest, atol=1e-9, btol=1e-9, conlim=0.0)[3]
        return potential, max(cyclic - left_over**2 / total, 0.0), cyclic


def _curls(members: Indices, pairs: int) -> sparse.csr_array:
    """Return the (triangles, pairs) matrix of signs that sums a flow around each triangle."""
    signs = np.tile([1.0, 1.0, -1.0], len(members))
    rows = np.repeat(np.arange(len(members)), 3)
    return sparse.csr_array((signs, (rows, members.ravel())), shape=(len(members), pairs))


def _share(value: float, null: Floats, level: float) -> Share:
    low, high = np.quantile(null, [(1 - level) / 2, (1 + level) / 2])
    return Share(value, float(null.mean()), float(low), float(high))
