"""Which elite of an island breeds next."""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Callable
from itertools import accumulate
from random import Random
from statistics import median

from telic.strategies._archive import Archive

__all__ = ["Select", "power_law", "weighted"]

Select = Callable[[Archive, Random], int]
"""Returns the rank of the parent; the archive is not empty."""


def power_law(exponent: float, capacity: int) -> Select:
    """Return selection with probability proportional to ``(rank + 1) ** -exponent``.

    Args:
        exponent: 0 is uniform; the larger, the greedier.
        capacity: most elites an archive can hold.
    """
    cumulated = list(accumulate((rank + 1) ** -exponent for rank in range(capacity)))

    def select(archive: Archive, rng: Random) -> int:
        last = len(archive) - 1
        return min(bisect(cumulated, rng.random() * cumulated[last]), last)

    return select


def weighted(archive: Archive, rng: Random) -> int:
    """Select as ShinkaEvolve's weighted sampling does.

    Probability is proportional to ``sigmoid(10 (f - median) / MAD) / (1 + children)`` over the
    elites' fitness ``f`` (Lange et al. 2025, "ShinkaEvolve", parent sampling).
    """
    fitness = [archive[rank].fitness or 0.0 for rank in range(len(archive))]
    middle = median(fitness)
    spread = max(median(abs(value - middle) for value in fitness), 1e-6)
    cumulated = list(
        accumulate(
            _sigmoid(10.0 * (value - middle) / spread) / (1 + archive.children(rank))
            for rank, value in enumerate(fitness)
        )
    )
    return min(bisect(cumulated, rng.random() * cumulated[-1]), len(archive) - 1)


def _sigmoid(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x)) if x > -700 else 0.0
