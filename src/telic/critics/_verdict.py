"""Whether a critic has earned a say: how high it had ranked what turned out well."""

from __future__ import annotations

import math

import msgspec

__all__ = ["ALIVE", "Verdict"]

_FADE = 0.99
"""By how much past outcomes count less with every new one."""
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
