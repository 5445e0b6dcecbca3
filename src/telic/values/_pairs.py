"""Preferences pooled by pair, and the triangles that compared pairs form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from telic.errors import MeasurementError
from telic.values._arrays import Floats, Indices
from telic.values.comparison import Comparisons

__all__ = ["PairShares", "pair_shares", "triangles"]

_MOST_TRIANGLES = 2_000_000


@dataclass(frozen=True, eq=False)
class PairShares:
    """One entry per pair of items with an answered reply, sorted by (low, high)."""

    low: Indices
    high: Indices
    share: Floats
    """Share of replies for ``low``, ties half; the mean of both orders where both were asked,
    so that a position bias cancels."""
    by_order: Floats
    """(2, pairs) that share where low, where high was shown first; NaN where never asked."""


def pair_shares(table: Comparisons) -> PairShares:
    """Pool all respondents and contexts of a table by pair."""
    used = table.take(table.n > 0)
    key, pair = np.unique(used.pair, return_inverse=True)
    low_is_left = used.left < used.right
    wins = np.where(low_is_left, used.wins, used.losses) + used.ties / 2
    low_first = np.where(low_is_left, used.shown, -used.shown)
    sums = np.zeros((3, 2, len(key)))
    order = np.where(low_first > 0, 0, np.where(low_first < 0, 1, 2))
    for kind in range(3):
        here = order == kind
        sums[kind, 0] = np.bincount(pair[here], wins[here], len(key))
        sums[kind, 1] = np.bincount(pair[here], used.n[here], len(key))
    with np.errstate(invalid="ignore"):
        by_order = sums[:2, 0] / sums[:2, 1]
        pooled = sums[:, 0].sum(axis=0) / sums[:, 1].sum(axis=0)
    both = np.isfinite(by_order).all(axis=0)
    share = np.where(both, by_order.mean(axis=0), pooled)
    return PairShares(key // len(table.items), key % len(table.items), share, by_order)


def triangles(low: Indices, high: Indices, size: int) -> Indices:
    """Return (triangles, 3) positions of the pairs (i, j), (j, k), (i, k), for i < j < k.

    Args:
        low: (pairs,) smaller item of each pair, sorted by (low, high).
        high: (pairs,) larger item.
        size: number of items.

    Raises:
        MeasurementError: if there are more than two million.
    """
    starts: list[int] = np.searchsorted(low, np.arange(size + 1)).tolist()
    place = np.full(size, -1)
    found: list[Indices] = [np.empty((0, 3), dtype=np.intp)]
    count = 0
    for i in range(size):
        mine = np.arange(starts[i], starts[i + 1])
        place[high[mine]] = mine
        for first in mine.tolist():
            j = int(high[first])
            second = np.arange(starts[j], starts[j + 1])
            third = place[high[second]]
            second, third = second[third >= 0], third[third >= 0]
            found.append(np.stack([np.full(len(second), first), second, third], axis=1))
            count += len(second)
        if count > _MOST_TRIANGLES:
            raise MeasurementError(
                f"the pairs form more than {_MOST_TRIANGLES} triangles; "
                "compare fewer pairs or fewer items at once"
            )
        place[high[mine]] = -1
    return np.concatenate(found)
