"""The scale of worth: ranks among the recent evaluations."""

from __future__ import annotations

import math
from collections import deque

from telic.objectives import rank

__all__ = ["NINE_TENTHS", "Scale", "ranked_worth"]

NINE_TENTHS = 2 * 1.6448536269514722
"""Standard deviations of a normal distribution's central nine tenths."""

_WINDOW = 512
_FEWEST = 16


class Scale:
    """Keeps recent outcomes, and a sorted copy that is renewed as they come.

    The copy is replaced, never changed, so whoever holds one keeps the scale of its moment.
    """

    def __init__(self) -> None:
        self._recent: deque[float] = deque(maxlen=_WINDOW)
        self._told = 0
        self._renew_at = 1
        self.ranked: tuple[float, ...] = ()

    def add(self, fitness: float | None) -> None:
        """Add an outcome; a failure counts as below every score."""
        self._recent.append(-math.inf if fitness is None else fitness)
        self._told += 1
        if self._told >= self._renew_at:
            self.ranked = tuple(sorted(self._recent))
            self._renew_at = self._told + max(1, min(_FEWEST, self._told // 4))


def ranked_worth(fitness: float | None, ranked: tuple[float, ...]) -> float:
    """Return the share of ranked outcomes that an outcome beats; one half when there is none."""
    if not ranked:
        return 0.5
    return rank(-math.inf if fitness is None else fitness, ranked)
