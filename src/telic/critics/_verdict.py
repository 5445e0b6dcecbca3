"""Whether a critic has earned a say: how high it had ranked what turned out well."""

from __future__ import annotations

import math

import msgspec

__all__ = ["ALIVE", "Agreement", "Verdict"]

_FADE = 0.99
"""By how much past outcomes count less with every new one."""
_FEWEST = 4
"""Outcomes before which agreement may be luck."""
ALIVE = 0.25
"""Weight of a candidate that is worse than its parent but runs and differs, beside an
improvement's 1: such are more frequent, so they tell sooner whether a critic knows anything."""


class Verdict(msgspec.Struct):
    """How high the critic had ranked what turned out to be improvements.

    The place of an improvement among its rivals is one half on average for a critic
    that says the same of all, or anything at random: it is the area under the receiver operating
    characteristic. Explored improvements stand for those that were passed over.
    """

    caution: float = 2.0
    """Standard errors by which the critic must be ahead of a constant."""
    places: float = 0.0
    """Faded, weighted sum of the places, 0 for the least to 1 for the greatest appeal."""
    weight: float = 0.0
    squares: float = 0.0
    """Of the weights."""

    def add(self, place: float, weight: float) -> None:
        """Count an improvement at its place, with the inverse of its chance to be evaluated."""
        self.places = _FADE * self.places + weight * place
        self.weight = _FADE * self.weight + weight
        self.squares = _FADE * _FADE * self.squares + weight * weight

    @property
    def skill(self) -> float:
        """Mean place of the improvements, one half while there is none."""
        return self.places / self.weight if self.weight else 0.5

    @property
    def is_ahead(self) -> bool:
        """Whether the critic has proved better than a constant."""
        return self._errors > self.caution

    @property
    def is_behind(self) -> bool:
        """Whether the critic has proved worse than a constant."""
        return -self._errors > self.caution

    @property
    def _errors(self) -> float:
        """How far the critic is ahead of a constant, in standard errors of a uniform place."""
        if not self.weight:
            return 0.0
        return (self.skill - 0.5) * self.weight / math.sqrt(self.squares / 12.0)


class Agreement(msgspec.Struct):
    """Whether what was predicted to be worth more turned out to be worth more.

    The covariance of predictions with outcomes, 0 for a constant and on average for nonsense. Every
    outcome counts, so it shows sooner than by improvements alone; and scale and offset of the
    predictions, which matter nothing to a choice, do not.
    """

    caution: float = 2.0
    """Standard errors by which the critic must be ahead of a constant."""
    weight: float = 0.0
    predicted: float = 0.0
    """Faded sum, as the next one."""
    outcomes: float = 0.0
    product: float = 0.0
    """Faded sum of the products of both deviations from the means until then."""
    squares: float = 0.0
    """Of these products."""

    def add(self, predicted: float, outcome: float) -> None:
        """Count an outcome and what had been predicted, both on the scale of worth."""
        if self.weight:
            above = predicted - self.predicted / self.weight
            product = above * (outcome - self.outcomes / self.weight)
            self.product = _FADE * self.product + product
            self.squares = _FADE * _FADE * self.squares + product**2
        self.weight = _FADE * self.weight + 1.0
        self.predicted = _FADE * self.predicted + predicted
        self.outcomes = _FADE * self.outcomes + outcome

    @property
    def is_ahead(self) -> bool:
        """Whether the critic has proved better than a constant."""
        has_enough = self.weight > _FEWEST * _FADE**_FEWEST
        return has_enough and self.product > self.caution * math.sqrt(self.squares)
