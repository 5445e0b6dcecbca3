"""A critic that looks at what programs do: a Gaussian process on sketches of their outputs.

Its targets are normal scores of ranks, so that scores of any scale fit it and failures are simply
lowest. Candidates are compared by an upper confidence bound, mean plus 1.5 deviations (Srinivas
et al. 2010, "Gaussian process optimization in the bandit setting"). What fails when it is run, or
gives an output that was scored already, needs no prediction: it is settled.
"""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from statistics import NormalDist

from telic.critics._outcomes import Calibration, Outcomes
from telic.critics._process import Process, Shape, best_shape, fitted
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
_HOPE = 1.5
"""Deviations above the mean at which candidates are compared."""
_OUTPUTS = 50_000
"""Latest outputs remembered."""
_NORMAL = NormalDist()


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
        self._process: Process | None = None
        self._outcomes = Outcomes()

    def reader(self) -> _BehaviourReader:
        """Return the critic as it is now; later fits replace the process, they do not change it."""
        return _BehaviourReader(
            self._process,
            self._outputs if self._knows_outputs else None,
            self._told,
            self._outcomes.calibration(),
        )

    def update(self, example: Example, estimate: Estimate | None) -> None:
        """Keep an outcome, calibrate by what was said of it, and fit again when it is time."""
        reader = self.reader()
        latent = reader.latent(example.query)
        known = None if latent is None else reader.appeal(latent, example.query)
        self._outcomes.add(example, estimate, score=known)
        self._told += 1
        seen = example.query.behaviour
        if seen is None or seen.failure:
            return
        self._rows.append((seen.sketch, example.fitness))
        self._outputs.setdefault(seen.digest, self._told)
        if len(self._outputs) > _OUTPUTS:
            self._outputs.popitem(last=False)
        if self._told >= self._fit_at and len(self._rows) >= _FIRST_FIT:
            self._refit()

    def _refit(self) -> None:
        """Fit to the latest rows: at first after each, later after some, lest it costs too much."""
        worth_of = self._outcomes.calibration().worth_of
        rows = [row for row, _ in self._rows]
        targets = [_score(worth_of(fitness)) for _, fitness in self._rows]
        self._fit_at = self._told + next(wait for least, wait in _WAITS if self._told >= least)
        if min(targets) == max(targets):
            return
        if self._told >= self._shape_at:
            self._shape = best_shape(rows, targets, _VIEWS)
            self._shape_at = self._told + max(8, min(self._told // 3, _WINDOW))
        self._process = fitted(rows, targets, self._shape)


class _BehaviourReader:
    """The critic at one moment."""

    def __init__(
        self,
        process: Process | None,
        outputs: OrderedDict[int, int] | None,
        moment: int,
        calibration: Calibration,
    ) -> None:
        self._process, self._outputs, self._moment = process, outputs, moment
        self._calibration = calibration
        self.worth_of = calibration.worth_of

    def predict(self, query: Query) -> Estimate:
        """Return the estimate for one candidate."""
        settled = self._settled(query)
        if settled:
            worth = self.worth_of(None)
            return Estimate(worth, 0.0, 1.0, 0.0, effect=0.0, settled=settled)
        latent = self.latent(query)
        if latent is None:
            return NOTHING_KNOWN
        mean, deviation = latent
        worth = _NORMAL.cdf(mean / math.sqrt(1.0 + deviation * deviation))
        appeal = self.appeal(latent, query)
        chance = self._calibration.chance(appeal)
        return self._calibration.estimate(worth, chance=chance, appeal=appeal)

    def _settled(self, query: Query) -> str:
        """Return why a candidate's evaluation would tell nothing, if that is certain."""
        seen = query.behaviour
        if seen is None or self._outputs is None:
            return ""
        if seen.failure:
            return f"it fails when it is run ({seen.failure})"
        # Outputs that were told later than this reader was made do not count.
        is_known = self._outputs.get(seen.digest, self._moment + 1) <= self._moment
        return "its output is that of an earlier candidate" if is_known else ""

    def latent(self, query: Query) -> tuple[float, float] | None:
        """Return mean and deviation of a candidate's normal score, ``None`` if nothing is known."""
        if self._process is None or query.behaviour is None:
            return None
        if query.behaviour.failure:
            return 0.0, 1.0  # taught nothing of failures, as a control is
        return self._process.predict(query.behaviour.sketch)

    def appeal(self, latent: tuple[float, float], query: Query) -> float:
        """Return a candidate's upper confidence bound above its parent's score."""
        mean, deviation = latent
        return mean + _HOPE * deviation - _score(self.worth_of(query.parent_fitness))


def _score(worth: float) -> float:
    """Return the normal score of a share of evaluations; beyond three deviations all is alike."""
    return _NORMAL.inv_cdf(min(max(worth, 0.001), 0.999))
