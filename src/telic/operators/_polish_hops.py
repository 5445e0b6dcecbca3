"""Basin hopping (Wales & Doye 1997): jolt an optimum, settle, go on from where that led.

What is little worse is accepted, too (threshold accepting, Dueck & Scheuer 1990): the way to a
better optimum leads through worse ones, and one that waits for a better neighbour stays where
it is. After a while without one that is better the chain goes back to the best.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from telic.operators._polish_climb import climb
from telic.operators._polish_curve import follow_curve
from telic.operators._polish_descent import Descent, descend
from telic.operators._polish_jolt import Table, jolt, spread_units
from telic.operators._polish_probe import BudgetSpentError, Floats, Point, Probe
from telic.operators._polish_slopes import Slopes

__all__ = ["Chain", "Hopper"]

_FIRST_RADIUS, _RADIUS = 0.1, 0.05
"""First half-width of the trust region, in units: from a program's literals, after a jolt."""
_FIRST_LARGEST, _LARGEST = 10.0, 0.15
"""What it may grow to: far at first, as the units are guesses; then so that few rows matter."""
_FAR_OFF = 1.0
"""Logarithm of the ratio of two units from which on they count as different."""
_JITTER = 1e-4
"""Noise, in units, that breaks the symmetry of a hand-made start."""
_SAME = 1e-8
"""Relative difference of value up to which two optima count as one."""
_SEEN = 16
"""Known optima in a row after which hopping ends, though trials are left."""
_TOLERATED = 2e-3
"""How much worse, relative to the value, an optimum may be from which hopping goes on."""
_PATIENCE = 60
"""Hops in a row to nothing better after which it goes on from the best."""
_VIOLATION = 1e-7
"""Violation, relative to the value, that calls for a heavier penalty."""


@dataclass
class Chain:
    """Where hopping is, and the best that it has seen."""

    best: Point
    now: Point
    idle: int = 0
    """Hops in a row to nothing better than :attr:`now`."""

    def add(self, point: Point | None, weight: float) -> None:
        """Take in where a hop led; ``None`` is one that was given up."""
        self.idle += 1
        if point is not None:
            merit = point.merit(weight)
            if merit > self.now.merit(weight):
                self.idle = 0
            if merit > self.now.merit(weight) - _TOLERATED * abs(self.now.value):
                self.now = point
            if merit > self.best.merit(weight):
                self.best = point
        if self.idle >= _PATIENCE:
            self.now, self.idle = self.best, 0


@dataclass
class Hopper:
    """Hops until the trials are spent."""

    probe: Probe
    slopes: Slopes
    units: Floats
    tables: list[Table]
    rng: np.random.Generator
    found: list[Descent] = field(default_factory=list[Descent])
    """Local optima in the order in which they were found; the last may be a point on the way to
    one, if it is better than those."""

    def run(self, start: Point) -> None:
        """Settle from ``start``, then hop again and again.

        A probe that was confined is released if ``start`` turns out to be an optimum.
        """
        chain = Chain(start, start)
        radius = _FIRST_RADIUS
        vector = start.vector
        if self.tables:
            vector = vector + _JITTER * self.units * self.rng.standard_normal(len(vector))
        seen = 0
        try:
            while seen < _SEEN:
                point = self.probe.measure(vector[None, :])[0]
                settled = None if point is None else self._settle(point, chain.now, radius)
                if settled is not None:
                    weight = self.slopes.weight
                    if settled.end == "unfinished":
                        is_better = settled.point.merit(weight) > chain.best.merit(weight)
                        self.found += [settled] if is_better else []
                        return
                    is_new = not any(_are_same(settled.point, d.point) for d in self.found)
                    seen = 0 if is_new else seen + 1
                    self.found.append(settled)
                chain.add(settled and settled.point, self.slopes.weight)
                if len(self.found) == 1 and settled is not None:
                    self._rescale(chain.best)
                    if _are_same(chain.best, start):
                        self.probe.release()
                radius = _RADIUS
                vector = jolt(chain.now.vector, self.units, self.tables, self.rng)
        except BudgetSpentError:
            return

    def _rescale(self, best: Point) -> None:
        """Take units from the optimum, if those of the program were far off."""
        units = spread_units(best.vector, self.units, self.tables)
        if np.abs(np.log(units / self.units)).max() > _FAR_OFF:
            self.units = units
            self.slopes = Slopes(self.probe, units, self.rng)

    def _settle(self, point: Point, before: Point, radius: float) -> Descent | None:
        """Return the local optimum reached from a point, or ``None`` if it was given up."""
        if len(point.rows) == 1:
            end = climb(self.probe, self.slopes, point, units=self.units, radius=radius)
            return Descent(end, np.zeros((1, len(end.vector))), self.units, "optimal")
        largest = _LARGEST if self.found else _FIRST_LARGEST
        settled = self._descend(point, radius, largest, before)
        if settled.end in ("abandoned", "unfinished"):
            return settled if settled.end == "unfinished" else None
        if settled.end == "stalled" and self.probe.pieces == 1:
            better = follow_curve(self.probe, self.slopes, settled.point, units=self.units)
            settled = self._descend(better, _RADIUS / 100, largest)
        for _ in range(3):
            if settled.point.violation <= _VIOLATION * abs(settled.point.value):
                return settled
            self.slopes.weight *= 10.0
            settled = self._descend(settled.point, radius, largest)
        return None

    def _descend(
        self, point: Point, radius: float, largest: float, before: Point | None = None
    ) -> Descent:
        """Descend; with ``before``, give up what will hardly be accepted after it."""
        floor = -math.inf
        if before is not None and self.found:
            floor = before.merit(self.slopes.weight) - _TOLERATED * abs(before.value)
        return descend(
            self.probe,
            self.slopes,
            point,
            units=self.units,
            radius=radius,
            largest=largest,
            floor=floor,
        )


def _are_same(point: Point, other: Point) -> bool:
    return math.isclose(point.value, other.value, rel_tol=_SAME)
