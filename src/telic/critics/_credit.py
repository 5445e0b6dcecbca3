"""A critic that remembers what became of similar edits.

Each edit has keys (:mod:`telic.critics._edits`); for each key it is counted how often the child was
better than its parent, equal, worse, or without a score. The logarithms of a candidate's smoothed
rates over the base rates are added up, as in naive Bayes classification of rare events; isotonic
regression on what had been predicted makes the sum a probability. It learns at once, costs the
same after a hundred thousand evaluations as after ten, and needs no library.
"""

from __future__ import annotations

import math
from collections import deque

from telic.critics._edits import edit_keys
from telic.critics._outcomes import Calibration, Outcomes
from telic.critics.base import NOTHING_KNOWN, Estimate, Example, Query

__all__ = ["CreditCritic"]

_CLASSES = 4
_BETTER, _EQUAL, _WORSE, _NONE = range(_CLASSES)
_WEIGHT = 2.0
"""Pseudo-observations with which every key starts at the base rates."""
_PRIOR = (1.0, 10.0, 7.0, 2.0)
"""Of the base rates."""
_TEMPER = 0.5
"""Exponent of the evidence for the classes: keys overlap, so they say less than their sum."""
_KEYS = 200_000
"""Keys kept; the oldest go first, so that memory stays bounded."""
_LOG = 1024
"""Latest examples that a reader can look behind."""


class CreditCritic:
    """Counts outcomes of edits by their keys."""

    def __init__(self) -> None:
        self._counts: dict[int, list[int]] = {}
        self._totals = [0] * _CLASSES
        self._log: deque[tuple[frozenset[int], int]] = deque(maxlen=_LOG)
        self._told = 0
        self._outcomes = Outcomes()

    def reader(self) -> _CreditReader:
        """Return the critic as it is now."""
        return _CreditReader(self, self._told, tuple(self._totals), self._outcomes.calibration())

    def update(self, example: Example, estimate: Estimate | None) -> None:
        """Count an outcome, and calibrate by what was said of it."""
        known = self.reader().evidence(example.query)[_BETTER] if self._told else None
        self._outcomes.add(example, estimate, score=known)
        keys, outcome = frozenset(edit_keys(example.query)), _class_of(example)
        for key in keys:
            counts = self._counts.pop(key, None) or [0] * _CLASSES
            counts[outcome] += 1
            self._counts[key] = counts  # behind all others: the first one is the oldest
        while len(self._counts) > _KEYS:
            del self._counts[next(iter(self._counts))]
        self._totals[outcome] += 1
        self._log.append((keys, outcome))
        self._told += 1

    def counts_at(self, keys: tuple[int, ...], moment: int) -> list[list[int]]:
        """Return the counts of keys when ``moment`` examples had been told."""
        found = [list(self._counts.get(key, (0,) * _CLASSES)) for key in keys]
        later = min(self._told - moment, len(self._log))
        for back in range(1, later + 1):
            others, outcome = self._log[-back]
            for counts, key in zip(found, keys, strict=True):
                if key in others:
                    counts[outcome] -= 1
        return found


class _CreditReader:
    """The critic at one moment: the counts of later examples are taken off again."""

    def __init__(
        self,
        critic: CreditCritic,
        moment: int,
        totals: tuple[int, ...],
        calibration: Calibration,
    ) -> None:
        self._critic = critic
        self._moment = moment
        everything = math.fsum(totals) + math.fsum(_PRIOR)
        self._base = [(n + p) / everything for n, p in zip(totals, _PRIOR, strict=True)]
        self._calibration = calibration
        self.worth_of = calibration.worth_of

    def predict(self, query: Query) -> Estimate:
        """Return the estimate for one candidate."""
        if not self._moment:
            return NOTHING_KNOWN
        evidence = self.evidence(query)
        parent = self.worth_of(query.parent_fitness)
        weights = [b * math.exp(_TEMPER * e) for b, e in zip(self._base, evidence, strict=True)]
        means = (0.5 * (1.0 + parent), parent, 0.5 * parent, 0.0)
        worth = math.fsum(w * m for w, m in zip(weights, means, strict=True)) / math.fsum(weights)
        chance = self._calibration.chance(evidence[_BETTER], otherwise=self._base[_BETTER])
        return self._calibration.estimate(
            worth,
            chance=chance,
            effect=(weights[_BETTER] + weights[_WORSE]) / math.fsum(weights),
            appeal=math.log(weights[_BETTER] / math.fsum(weights)),
        )

    def evidence(self, query: Query) -> list[float]:
        """Return the sum over keys of ``log(rate / base rate)`` for each class of outcome."""
        sums = [0.0] * _CLASSES
        for counts in self._critic.counts_at(edit_keys(query), self._moment):
            seen = sum(counts) + _WEIGHT
            for outcome, base in enumerate(self._base):
                sums[outcome] += math.log((counts[outcome] / base + _WEIGHT) / seen)
        return sums


def _class_of(example: Example) -> int:
    if example.fitness is None:
        return _NONE
    if example.is_improvement:
        return _BETTER
    return _EQUAL if example.fitness == example.query.parent_fitness else _WORSE
