"""One metric with a direction, or several composed into one, under constraints.

*Fitness* is the metric turned so that higher is better. A candidate whose metric is
missing or not finite, or that breaks a constraint, has no fitness; the order
``failed < infeasible < feasible`` then decides, whatever the sign of the scores.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import msgspec

from telic.candidate import Evaluation, Record
from telic.errors import ProblemError
from telic.objectives._compose import compose, describe_terms, missing
from telic.objectives._risk import at_risk, describe_risk
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
        if self.spec.terms and not self.spec.over_cases:
            reason = missing(metrics, self.spec.terms)
            if reason:
                return Assessment(None, True, 0.0, reason)
            metrics = {self.spec.metric: compose(metrics, self.spec)}
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

    def composed(
        self, metrics: Mapping[str, float], cases: Sequence[tuple[str, Mapping[str, float]]]
    ) -> Mapping[str, float]:
        """Return metrics with the objective's own one among them, if it can be composed.

        Args:
            metrics: joined over cases.
            cases: name and metrics of each case, at least one.
        """
        spec = self.spec
        if spec.over_cases is None:
            if not spec.terms or missing(metrics, spec.terms):
                return metrics
            worth = compose(metrics, spec)
        elif spec.terms:
            if any(missing(row, spec.terms) for _, row in cases):
                return metrics
            worths = [compose(row, spec, case=name) for name, row in cases]
            worth = at_risk(worths, spec.over_cases) if all(map(math.isfinite, worths)) else None
        else:
            values = [row.get(spec.metric, math.nan) for _, row in cases]
            if not all(map(math.isfinite, values)):
                return metrics
            worth = self._turned(at_risk([self._turned(v) for v in values], spec.over_cases))
        if worth is None or not math.isfinite(worth):
            return {name: value for name, value in metrics.items() if name != spec.metric}
        return {**metrics, spec.metric: worth + 0.0}

    def per_case(self, cases: Sequence[tuple[str, Mapping[str, float]]]) -> tuple[float, ...]:
        """Return the objective's metric on each case, or nothing if a case has none.

        Args:
            cases: name and metrics of each case.
        """
        terms = self.spec.terms
        if terms and any(missing(row, terms) for _, row in cases):
            return ()
        values = tuple(
            compose(row, self.spec, case=name) if terms else row.get(self.spec.metric, math.nan)
            for name, row in cases
        )
        return values if all(map(math.isfinite, values)) else ()

    def fitness_of(self, evaluation: Evaluation) -> float | None:
        """Return the fitness of an evaluation, its repeats joined as declared."""
        joined = self.spec.over_repeats
        if evaluation.failure is not None or not evaluation.feasible:
            return None
        if joined is None and not self.spec.terms:
            return self.fitness(evaluation.metrics)
        if not evaluation.samples or not all(map(math.isfinite, evaluation.samples)):
            return None
        turned = [self._turned(sample) for sample in evaluation.samples]
        return math.fsum(turned) / len(turned) if joined is None else at_risk(turned, joined)

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
        spec = self.spec
        bounds = [_bounds(constraint) for constraint in spec.constraints]
        under = f" with {' and '.join(bounds)}" if bounds else ""
        terms = f" = {describe_terms(spec)}" if spec.terms else ""
        cases = f", as {describe_risk(spec.over_cases, 'the cases')}" if spec.over_cases else ""
        again = f", as {describe_risk(spec.over_repeats, 'repeats')}" if spec.over_repeats else ""
        return f"{spec.direction} {spec.metric}{terms}{cases}{again}{under}"

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
