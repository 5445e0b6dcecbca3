"""Intervals that hold what they promise, and chances that are probabilities.

Intervals are conformal: a past residual's quantile around the prediction. Because a search
drifts, their level adapts to the misses (Gibbs & Candès 2021, "Adaptive conformal inference under
distribution shift"): after each miss the next intervals are wider, after each hit a bit narrower,
so that the long-run share of hits is the nominal one whatever the drift. Chances are calibrated by
isotonic regression (pool adjacent violators; Zadrozny & Elkan 2002) on what was predicted
beforehand and evaluated later.
"""

from __future__ import annotations

import math
from bisect import bisect_right, insort
from collections import deque
from collections.abc import Iterable, Sequence

__all__ = ["Intervals", "Isotonic", "pooled"]

COVERAGE = 0.9
_STEP = 0.02
_KEPT = 512
_FEWEST = 20
_PRIOR = 2.0


class Intervals:
    """Half-widths around predictions on a scale from 0 to 1, adapted to their misses."""

    def __init__(self) -> None:
        self._recent: deque[float] = deque(maxlen=_KEPT)
        self._ranked: list[float] = []
        self._level = COVERAGE

    def width(self) -> float:
        """Return the present half-width; 1, the whole scale, while too little is known."""
        count = len(self._ranked)
        place = math.ceil(self._level * (count + 1)) - 1
        if count < _FEWEST or place >= count:
            return 1.0
        return self._ranked[max(place, 0)]

    def add(self, residual: float, *, was_inside: bool) -> None:
        """Learn the distance of a prediction from its outcome, and whether its interval held it."""
        if len(self._recent) == _KEPT:
            del self._ranked[bisect_right(self._ranked, self._recent[0]) - 1]
        self._recent.append(residual)
        insort(self._ranked, residual)
        self._level += _STEP * (COVERAGE - was_inside)
        self._level = min(max(self._level, 0.5), 1.0)


class Isotonic:
    """Turns scores into probabilities by what became of earlier scores.

    The fitted steps are replaced, never changed.
    """

    def __init__(self) -> None:
        self._recent: deque[tuple[float, bool]] = deque(maxlen=2 * _KEPT)
        self._told = 0
        self._renew_at = _FEWEST
        self.steps: tuple[tuple[float, float], ...] = ()

    def add(self, score: float, *, is_true: bool) -> None:
        """Learn what became of a score."""
        self._recent.append((score, is_true))
        self._told += 1
        if self._told >= self._renew_at:
            self.steps = pooled(self._recent)
            self._renew_at = self._told + max(8, min(64, self._told // 8))


def pooled(pairs: Iterable[tuple[float, bool]]) -> tuple[tuple[float, float], ...]:
    """Return increasing steps (least score, probability) fitted to scores and their outcomes.

    Each pool is drawn towards the base rate by two pseudo-observations, so that no pool says
    never or always.
    """
    ranked = sorted(pairs)
    base = (sum(truth for _, truth in ranked) + 0.5) / (len(ranked) + 1)
    pools: list[tuple[float, float, float]] = []  # least score, truths, weight
    for score, truth in ranked:
        low, truths, weight = score, float(truth), 1.0
        while pools and pools[-1][1] * weight >= truths * pools[-1][2]:
            low, others, more = pools.pop()
            truths, weight = truths + others, weight + more
        pools.append((low, truths, weight))
    steps = [(low, (t + _PRIOR * base) / (w + _PRIOR)) for low, t, w in pools]
    # Shrinking pools of different sizes may cross over: take the running maximum.
    raised: list[tuple[float, float]] = []
    for low, probability in steps:
        raised.append((low, max(probability, raised[-1][1] if raised else 0.0)))
    return tuple(raised)


def probability_at(steps: Sequence[tuple[float, float]], score: float) -> float | None:
    """Return the probability of a score by fitted steps, ``None`` if there are none."""
    if not steps:
        return None
    at = bisect_right(steps, score, key=lambda step: step[0])
    return steps[max(at - 1, 0)][1]
