"""A critic that regresses worth on static features of programs and edits.

Worth is the rank among the latest evaluations, so that no scale and no outlier matters and
failures are simply lowest. The model is fitted anew whenever the evaluations have grown by a
fifth, or half of the window that it is fitted to is new, so the cost of a candidate does not grow
with the run and the model does not grow old.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from telic.critics._features import describe, vector
from telic.critics._models import ModelName, fitter
from telic.critics._outcomes import Calibration, Outcomes
from telic.critics.base import NOTHING_KNOWN, Estimate, Example, PredictOne, Query

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
        self._outcomes = Outcomes()

    def reader(self) -> _RegressionReader:
        """Return the critic as it is now; later fits replace the model, they do not change it."""
        return _RegressionReader(self._predict, self._effect, self._outcomes.calibration())

    def update(self, example: Example, estimate: Estimate | None) -> None:
        """Keep an outcome, calibrate by what was said of it, and fit again when it is time."""
        reader = self.reader()
        row = reader.features(example.query)
        known = None if self._predict is None else reader.estimate(row, example.query).appeal
        self._outcomes.add(example, estimate, score=known)
        self._rows.append((row, example.fitness, example.has_effect))
        self._told += 1
        if self._told >= self._fit_at:
            growth = min(self._told // _GROWTH, _WINDOW // 2)
            self._fit_at = self._told + max(_FIRST_FIT, growth)
            self._refit()

    def _refit(self) -> None:
        worth_of = self._outcomes.calibration().worth_of
        rows = [row for row, _, _ in self._rows]
        targets = [worth_of(fitness) for _, fitness, _ in self._rows]
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
        calibration: Calibration,
    ) -> None:
        self._predict, self._effect = predict, effect
        self._calibration = calibration
        self.worth_of = calibration.worth_of

    def predict(self, query: Query) -> Estimate:
        """Return the estimate for one candidate."""
        return self.estimate(self.features(query), query)

    def estimate(self, row: Sequence[float], query: Query) -> Estimate:
        """Return the estimate for a candidate whose features are known."""
        if self._predict is None:
            return NOTHING_KNOWN
        worth = min(max(self._predict(row), 0.0), 1.0)
        effect = 0.5 if self._effect is None else min(max(self._effect(row), 0.01), 0.99)
        appeal = worth - self.worth_of(query.parent_fitness)
        chance = self._calibration.chance(appeal)
        return self._calibration.estimate(worth, chance=chance, appeal=appeal, effect=effect)

    def features(self, query: Query) -> list[float]:
        """Return a candidate's features."""
        return vector(
            describe(query.artifact),
            None if query.parent is None else describe(query.parent),
            parent_worth=self.worth_of(query.parent_fitness),
            operator=query.operator,
            generation=query.generation,
        )
