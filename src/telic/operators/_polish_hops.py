"""Basin hopping (Wales & Doye 1997): jolt the best optimum, settle, keep what is better."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from telic.operators._polish_climb import climb
from telic.operators._polish_descent import Descent, descend
from telic.operators._polish_jolt import Table, jolt
from telic.operators._polish_probe import BudgetSpentError, Floats, Point, Probe
from telic.operators._polish_slopes import Slopes

__all__ = ["Hopper"]

_FIRST_RADIUS, _RADIUS = 0.1, 0.05
"""First half-width of the trust region, in units: from a program's literals, after a jolt."""
_JITTER = 1e-4
"""Noise, in units, that breaks the symmetry of a hand-made start."""
_JUDGED = 3
"""Accepted step after which a descent that lags behind is given up."""
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
    """Local optima in the order in which they were found."""
    _rises: list[float] = field(default_factory=list[float])
    """What earlier descents gained after being judged."""

    def run(self, start: Point) -> None:
        """Settle from ``start``, then hop from the best optimum again and again."""
        best = start
        radius = _FIRST_RADIUS
        vector = start.vector
        if self.tables:
            vector = vector + _JITTER * self.units * self.rng.standard_normal(len(vector))
        try:
            while True:
                point = self.probe.measure(vector[None, :])[0]
                settled = None if point is None else self._settle(point, best, radius)
                if settled is not None:
                    self.found.append(settled)
                    weight = self.slopes.weight
                    if settled.point.merit(weight) > best.merit(weight):
                        best = settled.point
                radius = _RADIUS
                vector = jolt(best.vector, self.units, self.tables, self.rng)
        except BudgetSpentError:
            return

    def _settle(self, point: Point, best: Point, radius: float) -> Descent | None:
        """Return the local optimum reached from a point, or ``None`` if it was given up."""
        judged: list[float] = []

        def goes_on(step: int, now: Point) -> bool:
            if step != _JUDGED:
                return True
            judged.append(now.merit(self.slopes.weight))
            lag = best.merit(self.slopes.weight) - judged[0]
            return not self._rises or lag <= max(self._rises)

        if len(point.rows) == 1:
            end = climb(
                self.probe,
                self.slopes,
                point,
                units=self.units,
                radius=radius,
                goes_on=lambda _step, _now: True,
            )
            return Descent(end, np.zeros((1, len(end.vector))), "optimal")
        settled = self._descend(point, radius, goes_on)
        if settled.end == "abandoned":
            return None
        for _ in range(3):
            if settled.point.violation <= _VIOLATION * abs(settled.point.value):
                break
            self.slopes.weight *= 10.0
            settled = self._descend(settled.point, radius, lambda _step, _now: True)
        else:
            return None
        if judged:
            self._rises.append(settled.point.merit(self.slopes.weight) - judged[0])
        return settled

    def _descend(
        self, point: Point, radius: float, goes_on: Callable[[int, Point], bool]
    ) -> Descent:
        return descend(
            self.probe, self.slopes, point, units=self.units, radius=radius, goes_on=goes_on
        )
