"""Finding inside one run how far each proxy is worth pursuing.

A proxy stops tracking what is meant somewhere, but nobody knows where. Moskovitz et al. (2023)
hold the measures of one run at thresholds by learned multipliers, look at the true score only when
they are reached, and let Nelder and Mead's simplex move the thresholds: the run then ends at the
best ones seen, after few looks at a score that may cost people's time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import msgspec

from telic.errors import MeasurementError, UsageError
from telic.objectives._multipliers import Multipliers, Simplex
from telic.objectives._transforms import require_finite

__all__ = ["Pursuit", "ThresholdSearch"]


class ThresholdSearch:
    """Thresholds that move while a run goes on. Give :meth:`observe` every step's measures.

    Args:
        start: thresholds to try first, in the units of the measures.
        step: how far apart the first tries are, in each measure, not 0.
        trials: thresholds to try; then the best ones stay.
        tolerance: a threshold is reached within this share of its size, or of its step if that is
            larger; the paper's 0.05 by default.
        patience: steps after which thresholds count as out of reach, which is worse than any score.

    Raises:
        UsageError: if lengths differ, a step is 0, or a number is out of range.
    """

    def __init__(
        self,
        start: Sequence[float],
        step: Sequence[float],
        *,
        trials: int,
        tolerance: float = 0.05,
        patience: int = 100,
    ) -> None:
        if trials < 1 or patience < 1 or not tolerance > 0:
            raise UsageError(
                f"trials and patience must be 1 or more and tolerance positive; got {trials}, "
                f"{patience}, {tolerance}"
            )
        self._simplex = Simplex(start, step)
        self._room = tuple(map(abs, step))
        self._tolerance = tolerance
        self._patience = patience
        self._left = trials
        self._waited = 0

    @property
    def thresholds(self) -> tuple[float, ...]:
        """What the measures should be at now: the best so far once no trial is left."""
        return self._simplex.ask() if self._left else self._simplex.best

    @property
    def trials_left(self) -> int:
        """How many thresholds may still be tried."""
        return self._left

    def observe(self, measures: Sequence[float], score: Callable[[], float]) -> bool:
        """Take in the present measures; look at the true score if thresholds are reached.

        Args:
            measures: present means, in the order of the thresholds.
            score: gives the true score of the present state, more is better; called seldom.

        Returns:
            Whether the thresholds may have moved.

        Raises:
            MeasurementError: if a measure is not finite or their number is wrong.
        """
        require_finite(measures, "a search for thresholds")
        wanted = self.thresholds
        if len(measures) != len(wanted):
            raise MeasurementError(f"expected {len(wanted)} measures; got {len(measures)}")
        if not self._left:
            return False
        self._waited += 1
        if self._is_reached(measures, wanted):
            value = score()
            if not math.isfinite(value):
                raise MeasurementError(f"the true score must be finite; got {value}")
            self._simplex.tell(value)
        elif self._waited < self._patience:
            return False
        else:
            self._simplex.tell(-math.inf)
        self._left -= 1
        self._waited = 0
        return True

    def _is_reached(self, measures: Sequence[float], wanted: Sequence[float]) -> bool:
        return all(
            abs(measure - threshold) <= self._tolerance * max(abs(threshold), room)
            for measure, threshold, room in zip(measures, wanted, self._room, strict=True)
        )


class Pursuit:
    """How much each proxy counts in a run that is held at thresholds, given or searched for.

    Args:
        multipliers: as the run begins; their thresholds are replaced where there is a search.
        search: moves the thresholds while the run goes on; they stay if left out.
    """

    def __init__(self, multipliers: Multipliers, *, search: ThresholdSearch | None = None) -> None:
        self._search = search
        self.multipliers = multipliers
        """Their weights and regulariser are what the policy is to pursue next."""

    def observe(self, measures: Sequence[float], score: Callable[[], float]) -> None:
        """Take in a step's measures: move thresholds, then multipliers.

        Args:
            measures: present means of the proxies.
            score: gives the true score of the present state; never called without a search.

        Raises:
            MeasurementError: as for :meth:`ThresholdSearch.observe`.
        """
        held = self.multipliers
        if self._search is not None:
            self._search.observe(measures, score)
            held = msgspec.structs.replace(held, thresholds=self._search.thresholds)
        self.multipliers = held.updated(measures)
