"""The ``breed`` operator: many variants of one expression in one sandbox child."""

from __future__ import annotations

from telic.operators._task import Delegating
from telic.operators.base import Appetite

__all__ = ["Breed"]

_MOST = 0.5
"""Share of the evaluations that are left, which one call may take."""


class Breed(Delegating):
    """Looks for a better expression in one place by genetic programming in batches.

    A call takes one whole expression of a function - what it returns, assigns or hands on - and
    tries other expressions of the names and functions at hand in its place. Expressions of equal
    meaning are tried once. Where the problem has stages, all cases are scored only of those
    that do as well as the herd in the first. Counts every expression tried as a trial.

    Args:
        trials: the most that one call spends.
        repeats: runs of each expression when the problem is noisy, at least 1.
        least: trials below which a call is not worth a turn, where evaluations are scarce;
            ``trials`` itself makes every call a whole one.

    Raises:
        ValueError: if a setting is out of its range.
    """

    name = "breed"
    routine = "telic.operators._breeding:breed"

    def __init__(self, *, trials: int = 1_000, repeats: int = 3, least: int = 30) -> None:
        super().__init__(trials=trials, repeats=repeats)
        if not 1 <= least <= trials:
            raise ValueError(f"least must be between 1 and trials, {trials}; got {least}")
        self.appetite = Appetite(least=least, most=1.0 if least == trials else _MOST)
