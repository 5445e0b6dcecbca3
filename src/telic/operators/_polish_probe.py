"""Measuring vectors of literals: values, constraint slacks, and what they cost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from telic.operators._meter import Meter
from telic.operators._workbench import Trial

__all__ = ["BudgetSpentError", "Floats", "Point", "Probe"]

Floats = NDArray[np.float64]

_AGREEMENT = 1e-9
"""Relative difference up to which the least term counts as the value."""


class BudgetSpentError(Exception):
    """The next batch does not fit into the trials that are left."""


@dataclass(frozen=True, slots=True)
class Point:
    """A measured vector."""

    vector: Floats
    """Shape ``(n,)``."""
    value: float
    """Objective, higher is better."""
    violation: float
    """Sum of constraint violations."""
    feasible: bool
    """Whether the scorer accepts it."""
    rows: Floats
    """Shape ``(pieces + margins,)``: first the numbers of which the value is the least, then
    the slacks of the constraints."""

    def merit(self, weight: float) -> float:
        """Return the exact penalty function: value minus weighted violation."""
        return self.value - weight * self.violation


class Probe:
    """Runs batches within a budget and remembers the best feasible point.

    Args:
        meter: executes and scores.
        trials: how many trials the meter may have spent in the end.
    """

    def __init__(self, meter: Meter, trials: int) -> None:
        self.pieces = 1
        """How many of a point's rows belong to the objective."""
        self.best: Point | None = None
        self._meter = meter
        self._trials = self._bound = trials
        self._shape: tuple[int, int] | None = None

    @property
    def left(self) -> int:
        """Trials that may still be spent."""
        return min(self._trials, self._bound) - self._meter.spent

    def confine(self, trials: int) -> None:
        """Let no more than so many trials be spent in the end, until :meth:`release`."""
        self._bound = trials

    def release(self) -> None:
        """Give all trials back."""
        self._bound = self._trials

    def measure(self, vectors: Floats) -> list[Point | None]:
        """Measure vectors of shape ``(count, n)``; ``None`` where there is no measure.

        Raises:
            BudgetSpentError: if so many trials are not left.
        """
        if len(vectors) > self.left:
            raise BudgetSpentError
        trials = self._meter.evaluate(vectors.tolist())
        points = [self._point(*pair) for pair in zip(vectors, trials, strict=True)]
        for point in points:
            if point is None or not point.feasible:
                continue
            if self.best is None or point.value > self.best.value:
                self.best = point
        return points

    def _point(self, vector: Floats, trial: Trial) -> Point | None:
        if trial.failure is not None or trial.value is None:
            return None
        shape = len(trial.terms), len(trial.margins)
        if self._shape is None:
            self._shape = shape
            if trial.terms and _agree(trial.terms, trial.value):
                self.pieces = len(trial.terms)
        if shape != self._shape or not (trial.feasible or trial.margins):
            return None
        pieces = trial.terms if self.pieces > 1 else (trial.value,)
        rows = np.array((*pieces, *trial.margins), dtype=np.float64)
        if not np.isfinite(rows).all():
            return None
        return Point(vector, trial.value, trial.violation, trial.feasible, rows)


def _agree(terms: Sequence[float], value: float) -> bool:
    return math.isclose(min(terms), value, rel_tol=_AGREEMENT, abs_tol=_AGREEMENT)
