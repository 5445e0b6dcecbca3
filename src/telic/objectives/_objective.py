"""One metric with a direction, under constraints.

*Fitness* is the metric turned so that higher is better. A candidate whose metric is
missing or not finite, or that breaks a constraint, has no fitness; the order
``failed < infeasible < feasible`` then decides, whatever the sign of the scores.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import msgspec

from telic.candidate import Record
from telic.errors import ProblemError
from telic.problem import Constraint, ObjectiveSpec

__all__ = ["Assessment", "Objective"]


class Assessment(msgspec.Struct, frozen=True):
    """What an objective says of one set of metrics."""

    fitness: float | None
    """Finite, higher is better; ``None`` when there is no score."""
    feasible: bool
    """Whether every constraint holds."""
    violation: float
    """Sum of how far each constraint is missed, in its metric's units; 0 when feasible."""
    reason: str = ""
    """Why there is no fitness, as one sentence; empty when there is one."""


class Objective(msgspec.Struct, frozen=True):
    """Makes metrics comparable.

    Raises:
        ProblemError: if a constraint has no bound, a bound is NaN, or its bounds exclude
            every value.
    """

    spec: ObjectiveSpec = ObjectiveSpec()

    def __post_init__(self) -> None:
        for constraint in self.spec.constraints:
            _check(constraint)

    def assess(self, metrics: Mapping[str, float]) -> Assessment:
        """Return fitness, feasibility and violation of one candidate's metrics."""
        misses = [(bound, _violation(bound, metrics)) for bound in self.spec.constraints]
        violation = sum(miss for _, miss in misses)
        if violation > 0:
            reason = "; ".join(_broken(bound, metrics) for bound, miss in misses if miss > 0)
            return Assessment(None, False, violation, reason)
        value = metrics.get(self.spec.metric)
        if value is None:
            given = ", ".join(sorted(metrics)) or "none"
            reason = f"the scorer gave no metric {self.spec.metric!r} (it gave: {given})"
        elif not math.isfinite(value):
            reason = f"metric {self.spec.metric!r} is {value}, which is not a finite number"
        else:
            return Assessment(self._turned(float(value)), True, 0.0)
        return Assessment(None, True, 0.0, reason)

    def fitness(self, metrics: Mapping[str, float]) -> float | None:
        """Return the direction-adjusted metric, or ``None``; :meth:`assess` says why."""
        return self.assess(metrics).fitness

    def value(self, fitness: float) -> float:
        """Return a fitness in the metric's own sign."""
        return self._turned(fitness)

    def reaches(self, fitness: float | None, target: float) -> bool:
        """Tell whether a fitness is at least as good as ``target``, a value of the metric."""
        return fitness is not None and fitness >= self._turned(target)

    def sort_key(self, record: Record) -> tuple[int, float]:
        """Return a key that sorts records from worst to best.

        Not evaluated < failed < infeasible, nearer to feasible being better < feasible,
        by fitness.
        """
        evaluation = record.evaluation
        if evaluation is None:
            return (0, 0.0)
        if record.fitness is not None:
            return (3, record.fitness)
        if evaluation.failure is not None or evaluation.feasible:
            return (1, 0.0)
        violation = evaluation.violation
        return (2, -violation if violation == violation else -math.inf)

    def is_better(self, record: Record, other: Record | None) -> bool:
        """Tell whether ``record`` is strictly better than ``other``; anything beats ``None``."""
        return other is None or self.sort_key(record) > self.sort_key(other)

    def describe(self) -> str:
        """Return one sentence for people, for example ``maximize score with area <= 1``."""
        bounds = [_bounds(constraint) for constraint in self.spec.constraints]
        under = f" with {' and '.join(bounds)}" if bounds else ""
        return f"{self.spec.direction} {self.spec.metric}{under}"

    def _turned(self, value: float) -> float:
        return value if self.spec.direction == "maximize" else 0.0 - value


def _check(constraint: Constraint) -> None:
    low, high = constraint.at_least, constraint.at_most
    if low is None and high is None:
        raise ProblemError(
            f"the constraint on {constraint.metric!r} needs at_least or at_most; got neither"
        )
    if any(bound is not None and math.isnan(bound) for bound in (low, high)):
        raise ProblemError(f"the constraint on {constraint.metric!r} has a bound that is NaN")
    if low is not None and high is not None and low > high:
        raise ProblemError(
            f"the constraint on {constraint.metric!r} excludes every value: "
            f"at_least={low} is above at_most={high}"
        )


def _violation(constraint: Constraint, metrics: Mapping[str, float]) -> float:
    """How far a metric is outside its bounds; infinite when missing or NaN."""
    value = metrics.get(constraint.metric)
    if value is None or math.isnan(value):
        return math.inf
    below = 0.0 if constraint.at_least is None else constraint.at_least - value
    above = 0.0 if constraint.at_most is None else value - constraint.at_most
    return max(0.0, below, above)


def _broken(constraint: Constraint, metrics: Mapping[str, float]) -> str:
    value = metrics.get(constraint.metric)
    shown = "missing" if value is None else f"{value:.6g}"
    return f"{constraint.metric} is {shown}, but {_bounds(constraint)} is required"


def _bounds(constraint: Constraint) -> str:
    low, high = constraint.at_least, constraint.at_most
    if low is not None and high is not None:
        return f"{low:g} <= {constraint.metric} <= {high:g}"
    return (
        f"{constraint.metric} >= {low:g}" if low is not None else f"{constraint.metric} <= {high:g}"
    )
