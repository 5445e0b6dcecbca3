"""Basin hopping (Wales & Doye 1997): jolt the best optimum, settle, keep what is better."""

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

__all__ = ["Hopper"]

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
_SEEN = 8
"""Known optima in a row after which hopping ends, though trials are left."""
_VIOLATION = 1e-7
"""Violation, relative to the value, that calls for a heavier penalty."""


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

    def run(self, start: Point, enough: int) -> None:
        """Settle from ``start``, then hop from the best optimum again and again.

        Args:
            start: the parent's.
            enough: trials in the end that may be spent if ``start`` turns out to be an optimum.
        """
        best = start
        radius = _FIRST_RADIUS
        vector = start.vector
        if self.tables:
            vector = vector + _JITTER * self.units * self.rng.standard_normal(len(vector))
        seen = 0
        try:
            while seen < _SEEN:
                point = self.probe.measure(vector[None, :])[0]
                settled = None if point is None else self._settle(point, best, radius)
                if settled is not None:
                    weight = self.slopes.weight
                    is_better = settled.point.merit(weight) > best.merit(weight)
                    if settled.end == "unfinished":
                        self.found += [settled] if is_better else []
                        return
                    is_new = not any(_are_same(settled.point, d.point) for d in self.found)
                    seen = 0 if is_new else seen + 1
                    self.found.append(settled)
                    best = settled.point if is_better else best
                if len(self.found) == 1:
                    self._rescale(best)
                    if best is start or _are_same(best, start):
                        self.probe.extend(enough)
                radius = _RADIUS
                vector = jolt(best.vector, self.units, self.tables, self.rng)
        except BudgetSpentError:
            return

    def _rescale(self, best: Point) -> None:
        """Take units from the optimum, if those of the program were far off."""
        units = spread_units(best.vector, self.units, self.tables)
        if np.abs(np.log(units / self.units)).max() > _FAR_OFF:
            self.units = units
            self.slopes = Slopes(self.probe, units, self.rng)

    def _settle(self, point: Point, best: Point, radius: float) -> Descent | None:
        """Return the local optimum reached from a point, or ``None`` if it was given up."""
        if len(point.rows) == 1:
            end = climb(self.probe, self.slopes, point, units=self.units, radius=radius)
            return Descent(end, np.zeros((1, len(end.vector))), self.units, "optimal")
        largest = _LARGEST if self.found else _FIRST_LARGEST
        settled = self._descend(point, radius, largest, best)
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
        self, point: Point, radius: float, largest: float, best: Point | None = None
    ) -> Descent:
        """Descend; with ``best``, give up what will hardly come near it."""
        floor = -math.inf
        if best is not None and self.found:
            floor = best.merit(self.slopes.weight)
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
