"""A critic that looks at what programs do: Gaussian processes on sketches of their outputs.

Its targets are normal scores of ranks, so that scores of any scale fit it. Candidates are compared
by their expected improvement on their parents. What fails when it is run, gives an output that was
scored already, or one that differs from such only in what has proved not to matter here, needs no
prediction: it is settled. And while its outcomes cannot be foreseen from each other, each from
all others, the critic says that it knows nothing.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass

from telic.candidate import Behaviour
from telic.critics._belief import NOTHING_BELIEVED, Belief, Forecast, believed, normal_score
from telic.critics._outcomes import Calibration, Outcomes
from telic.critics._outlines import Symmetries
from telic.critics._process import Shape, best_shape
from telic.critics.base import NOTHING_KNOWN, Estimate, Example, Query
from telic.critics.behaviour import SKETCH

__all__ = ["BehaviourCritic"]

_WINDOW = 256
"""Latest evaluations that the process is fitted to: its cost stays the same in long runs."""
_FIRST_FIT = 8
_WAITS = ((_WINDOW, 16), (_WINDOW // 4, 4), (0, 1))
"""From so many evaluations on, the process is fitted after so many more."""
_VIEWS = ((0, SKETCH), (SKETCH, 2 * SKETCH))
"""Columns of a sketch that may count: values, or ranks."""
_FORESIGHT = 4.0
"""Standard errors by which outcomes must be foreseen from each other before anything is said."""
_OUTPUTS = 50_000
"""Latest outputs remembered."""


class BehaviourCritic:
    """Predicts rank from what programs did when they were run.

    Args:
        knows_outputs: whether failures and outputs that were scored already settle a candidate,
            which are facts and not predictions; not in a control.
    """

    def __init__(self, *, knows_outputs: bool = True) -> None:
        self._knows_outputs = knows_outputs
        self._rows: deque[tuple[tuple[float, ...], float | None]] = deque(maxlen=_WINDOW)
        self._outputs: OrderedDict[int, int] = OrderedDict()
        self._told = 0
        self._fit_at = self._shape_at = _FIRST_FIT
        self._shape = Shape(_VIEWS[0])
        self._belief: Belief | None = None
        self._outcomes = Outcomes()
        self._symmetries = Symmetries()

    def reader(self) -> _BehaviourReader:
        """Return the critic as it is now; later fits replace the process, they do not change it."""
        return _BehaviourReader(
            self._belief,
            _Outputs(self._outputs, self._symmetries, self._symmetries.reasons(), self._told)
            if self._knows_outputs
            else None,
            self._outcomes.calibration(),
        )

    def update(self, example: Example, estimate: Estimate | None) -> None:
        """Keep an outcome, calibrate by what was said of it, and fit again when it is time."""
        reader = self.reader()
        forecast = reader.forecast(example.query)
        known = None if forecast is None else reader.appeal(forecast, example.query)
        self._outcomes.add(example, estimate, score=known)
        self._told += 1
        seen = example.query.behaviour
        if seen is None or seen.failure:
            return
        self._rows.append((seen.sketch, example.fitness))
        if seen.digest not in self._outputs:
            self._outputs[seen.digest] = self._told
            self._symmetries.add(seen.outlines, example.fitness, self._told)
        if len(self._outputs) > _OUTPUTS:
            self._outputs.popitem(last=False)
        if self._told >= self._fit_at and len(self._rows) >= _FIRST_FIT:
            self._refit()

    def _refit(self) -> None:
        """Fit to the latest rows: at first after each, later after some, lest it costs too much."""
        worth_of = self._outcomes.calibration().worth_of
        rows = [row for row, _ in self._rows]
        fitnesses = [fitness for _, fitness in self._rows]
        targets = [normal_score(worth_of(fitness)) for fitness in fitnesses]
        self._fit_at = self._told + next(wait for least, wait in _WAITS if self._told >= least)
        if min(targets) == max(targets):
            return
        if self._told >= self._shape_at:
            self._shape = best_shape(rows, targets, _VIEWS)
            self._shape_at = self._told + max(8, min(self._told // 3, _WINDOW))
        belief = believed(rows, fitnesses, worth_of, self._shape)
        self._belief = belief if belief.foresight > _FORESIGHT else None


@dataclass(frozen=True)
class _Outputs:
    """What was known of outputs at one moment; those told later do not count."""

    told: Mapping[int, int]
    symmetries: Symmetries
    reasons: tuple[str, ...]
    moment: int

    def settled(self, seen: Behaviour) -> str:
        """Return why an output need not be scored, empty if it is to be."""
        if self.told.get(seen.digest, self.moment + 1) <= self.moment:
            return "its output is that of an earlier candidate"
        return self.symmetries.settled(seen.outlines, seen.digest, self.reasons, self.moment)


class _BehaviourReader:
    """The critic at one moment."""

    def __init__(
        self,
        belief: Belief | None,
        outputs: _Outputs | None,
        calibration: Calibration,
    ) -> None:
        self._belief, self._outputs = belief, outputs
        self._calibration = calibration
        self.worth_of = calibration.worth_of

    def predict(self, query: Query) -> Estimate:
        """Return the estimate for one candidate."""
        settled = self._settled(query)
        if settled:
            worth = self.worth_of(None)
            return Estimate(worth, 0.0, 1.0, 0.0, effect=0.0, settled=settled)
        forecast = self.forecast(query)
        if forecast is None:
            return NOTHING_KNOWN
        appeal = self.appeal(forecast, query)
        worth, chance = forecast.worth(self.worth_of(None)), self._calibration.chance(appeal)
        return self._calibration.estimate(worth, chance=chance, appeal=appeal)

    def _settled(self, query: Query) -> str:
        """Return why a candidate's evaluation would tell nothing, if that is certain."""
        seen = query.behaviour
        if seen is None or self._outputs is None:
            return ""
        if seen.failure:
            return f"it fails when it is run ({seen.failure})"
        return self._outputs.settled(seen)

    def forecast(self, query: Query) -> Forecast | None:
        """Return what is believed of a candidate's output, ``None`` if nothing is."""
        if self._belief is None or query.behaviour is None:
            return None
        if query.behaviour.failure:
            return NOTHING_BELIEVED  # taught nothing of failures, as a control is
        return self._belief.forecast(query.behaviour.sketch)

    def appeal(self, forecast: Forecast, query: Query) -> float:
        """Return the logarithm of a candidate's expected improvement on its parent."""
        return forecast.gain(normal_score(self.worth_of(query.parent_fitness)))
