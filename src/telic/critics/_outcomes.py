"""What every critic does with outcomes: rank them, and learn from them how far to trust itself.

A critic says what it expects of a candidate; its outcomes then widen or narrow its intervals, and
turn its appeals into probabilities (:mod:`telic.critics._calibration`). Worth is the rank among the
latest outcomes (:mod:`telic.critics.scale`).
"""

from __future__ import annotations

import msgspec

from telic.critics._calibration import Intervals, Isotonic, probability_at
from telic.critics.base import NOTHING_KNOWN, Estimate, Example
from telic.critics.scale import Scale, ranked_worth

__all__ = ["Calibration", "Outcomes"]


class Calibration(msgspec.Struct, frozen=True):
    """The scale of worth, the intervals and the chances of one moment; it never changes."""

    ranked: tuple[float, ...]
    """Latest outcomes in ascending order, failures as minus infinity."""
    steps: tuple[tuple[float, float], ...]
    """Least score and probability of an improvement, in ascending order."""
    width: float
    """Half of an interval, 0 to 1."""

    def worth_of(self, fitness: float | None) -> float:
        """Return the share of the recent evaluations that an outcome beats."""
        return ranked_worth(fitness, self.ranked)

    def chance(self, score: float, *, otherwise: float = NOTHING_KNOWN.chance) -> float:
        """Return the probability of an improvement at a score.

        Args:
            score: on the scale of those that :meth:`Outcomes.add` was given.
            otherwise: what is returned while too little is known.
        """
        known = probability_at(self.steps, score)
        return otherwise if known is None else known

    def estimate(
        self, worth: float, *, chance: float, appeal: float, effect: float = NOTHING_KNOWN.effect
    ) -> Estimate:
        """Return an estimate with its interval; the arguments are its fields."""
        return Estimate(
            worth=worth,
            low=max(0.0, worth - self.width),
            high=min(1.0, worth + self.width),
            chance=chance,
            effect=effect,
            appeal=appeal,
        )


class Outcomes:
    """Ranks outcomes, and calibrates by what had been said of them."""

    def __init__(self) -> None:
        self._scale = Scale()
        self._intervals = Intervals()
        self._isotonic = Isotonic()

    def calibration(self) -> Calibration:
        """Return what follows from the outcomes up to now."""
        return Calibration(self._scale.ranked, self._isotonic.steps, self._intervals.width())

    def add(self, example: Example, estimate: Estimate | None, *, score: float | None) -> None:
        """Learn an outcome.

        Args:
            example: what came out.
            estimate: what had been said of it, ``None`` if nothing.
            score: what the critic would now put its chance by, any finite number; ``None`` while it
                knows nothing.
        """
        if estimate is not None:
            worth = ranked_worth(example.fitness, self._scale.ranked)
            self._intervals.add(
                abs(worth - estimate.worth), was_inside=estimate.low <= worth <= estimate.high
            )
        if score is not None:
            self._isotonic.add(score, is_true=example.is_improvement)
        self._scale.add(example.fitness)
