"""A critic that regresses worth on static features of programs and edits.

Worth is the rank among the latest evaluations, so that no scale and no outlier matters and
failures are simply lowest. The model is fitted anew whenever the evaluations have grown by a
fifth, on a window of the latest, so the cost of a candidate does not grow with the run.
"""

from __future__ import annotations

from collections import deque

from telic.critics._calibration import Intervals, Isotonic, probability_at
from telic.critics._features import describe, vector
from telic.critics._models import ModelName, fitter
from telic.critics.base import NOTHING_KNOWN, Estimate, Example, PredictOne, Query
from telic.critics.scale import Scale, ranked_worth

__all__ = ["RegressionCritic"]

_WINDOW = 1024
_FIRST_FIT = 32
_GROWTH = 5
"""A new fit comes when a fifth more evaluations are known."""


class RegressionCritic:
    """Predicts rank from features by a regression model.

    Args:
        model: which one.

    Raises:
        UsageError: if the library that the model needs is not installed.
    """

    def __init__(self, model: ModelName) -> None:
        self._fit = fitter(model)
        self._rows: deque[tuple[list[float], float | None, bool]] = deque(maxlen=_WINDOW)
        self._told = 0
        self._fit_at = _FIRST_FIT
        self._predict: PredictOne | None = None
        self._effect: PredictOne | None = None
        self._scale = Scale()
        self._intervals = Intervals()
        self._isotonic = Isotonic()

    def reader(self) -> _RegressionReader:
        """Return the critic as it is now; later fits replace the model, they do not change it."""
        return _RegressionReader(
            self._predict,
            self._effect,
            self._scale.ranked,
            self._isotonic.steps,
            self._intervals.width(),
        )

    def update(self, example: Example, estimate: Estimate | None) -> None:
        """Keep an outcome, calibrate by what was said of it, and fit again when it is time."""
        reader = self.reader()
        if estimate is not None:
            worth = reader.worth_of(example.fitness)
            self._intervals.add(
                abs(worth - estimate.worth), was_inside=estimate.low <= worth <= estimate.high
            )
        if self._predict is not None:
            appeal = reader.predict(example.query).appeal
            self._isotonic.add(appeal, is_true=example.is_improvement)
        row = (reader.features(example.query), example.fitness, example.has_effect)
        self._rows.append(row)
        self._told += 1
        self._scale.add(example.fitness)
        if self._told >= self._fit_at:
            self._fit_at = self._told + max(_FIRST_FIT, self._told // _GROWTH)
            self._refit()

    def _refit(self) -> None:
        ranked = self._scale.ranked
        rows = [row for row, _, _ in self._rows]
        targets = [ranked_worth(fitness, ranked) for _, fitness, _ in self._rows]
        if min(targets) < max(targets):
            self._predict = self._fit(rows, targets)
        effects = [float(effect) for _, _, effect in self._rows]
        if min(effects) < max(effects):
            self._effect = self._fit(rows, effects)


class _RegressionReader:
    """The critic at one moment."""

    def __init__(
        self,
        predict: PredictOne | None,
        effect: PredictOne | None,
        ranked: tuple[float, ...],
        steps: tuple[tuple[float, float], ...],
        width: float,
    ) -> None:
        self._predict, self._effect = predict, effect
        self._ranked, self._steps, self._width = ranked, steps, width

    def predict(self, query: Query) -> Estimate:
        """Return the estimate for one candidate."""
        if self._predict is None:
            return NOTHING_KNOWN
        row = self.features(query)
        worth = min(max(self._predict(row), 0.0), 1.0)
        effect = 0.5 if self._effect is None else min(max(self._effect(row), 0.01), 0.99)
        appeal = worth - ranked_worth(query.parent_fitness, self._ranked)
        chance = probability_at(self._steps, appeal)
        return Estimate(
            worth=worth,
            low=max(0.0, worth - self._width),
            high=min(1.0, worth + self._width),
            chance=NOTHING_KNOWN.chance if chance is None else chance,
            effect=effect,
            appeal=appeal,
        )

    def worth_of(self, fitness: float | None) -> float:
        """Return the share of the recent evaluations that an outcome beats."""
        return ranked_worth(fitness, self._ranked)

    def features(self, query: Query) -> list[float]:
        """Return a candidate's features."""
        return vector(
            describe(query.artifact),
            None if query.parent is None else describe(query.parent),
            parent_worth=ranked_worth(query.parent_fitness, self._ranked),
            operator=query.operator,
            generation=query.generation,
        )
