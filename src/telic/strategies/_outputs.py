"""What a candidate does, as a point: the numbers that its evaluation reported.

Genetic programming calls the outputs of a program on its training cases its *semantics*
(Moraglio et al. 2012). Here they are the metrics and features of an evaluation, so a scorer
that reports one number for each case lets selection see behaviour; one that reports the score
alone lets it see the score.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import repeat
from statistics import median

from telic.candidate import Record

__all__ = ["IDEAL", "OutputSpace", "Point"]

Point = tuple[float, ...]
"""One number for each name of a space; NaN where the record reported none."""

IDEAL = "ideal."
"""Begins the names of features that tell what a candidate looks for in a mate."""

_FAR = 10.0
"""Spreads beyond which two numbers count as no further apart, lest one case outweigh all."""


class OutputSpace:
    """Points of records and the distance between them.

    The coordinates are what the first feasible record reported. Each is measured in its own
    spread, the median absolute deviation of the points last shown to :meth:`measure`.
    """

    def __init__(self) -> None:
        self._names: tuple[str, ...] = ()
        self._wishes: tuple[str, ...] = ()
        self._spreads: Point = ()

    def point(self, record: Record) -> Point:
        """Return what an evaluated record reported."""
        return self._values(record)

    def ideal(self, record: Record) -> Point | None:
        """Return the ideal mate that a record whose point was taken reported, or ``None``."""
        assert record.evaluation is not None, "only evaluated records report"
        features = record.evaluation.features
        if not any(wish in features for wish in self._wishes):
            return None
        return tuple(map(features.get, self._wishes, repeat(math.nan)))

    def measure(self, points: Sequence[Point]) -> None:
        """Take the spread of each coordinate from some points, at least one."""
        self._spreads = tuple(map(_spread, zip(*points, strict=True)))

    def distance(self, one: Point, other: Point) -> float:
        """Return the mean over coordinates of how many spreads they differ, from 0 to 10."""
        total = 0.0
        for a, b, spread in zip(one, other, self._spreads, strict=True):
            apart = abs(a - b) / spread
            total += apart if apart < _FAR else _FAR  # also where either is not a number
        return total / len(self._spreads) if self._spreads else 0.0

    def _values(self, record: Record) -> Point:
        evaluation = record.evaluation
        assert evaluation is not None, "only evaluated records report"
        reported = evaluation.metrics | evaluation.features
        if not self._names:
            self._names = tuple(sorted(name for name in reported if not name.startswith(IDEAL)))
            self._wishes = tuple(IDEAL + name for name in self._names)
            self._spreads = (1.0,) * len(self._names)
        return tuple(map(reported.get, self._names, repeat(math.nan)))


def _spread(values: Sequence[float]) -> float:
    """Median absolute deviation, or the mean one where more than half are equal, or 1."""
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return 1.0
    middle = median(finite)
    deviations = [abs(value - middle) for value in finite]
    for spread in (median(deviations), math.fsum(deviations) / len(deviations)):
        if 0.0 < spread < math.inf:
            return spread
    return 1.0
