"""The ``breed`` operator: many variants of one expression in one sandbox child."""

from __future__ import annotations

from telic.operators._task import Delegating
from telic.operators.base import Appetite

__all__ = ["Breed"]


class Breed(Delegating):
    """Looks for a better expression in one place by genetic programming in batches.

    A call takes one whole expression of a function - what it returns, assigns or hands on - and
    tries other expressions of the names and functions at hand in its place. Expressions of equal
    meaning are tried once. Where the problem has stages, all cases are scored only of those
    that do as well as the herd in the first. Counts every expression tried as a trial.

    Args:
        trials: the most that one call spends.
        repeats: runs of each expression when the problem is noisy, at least 1.

    Raises:
        ValueError: if a setting is too small.
    """

    name = "breed"
    appetite = Appetite(least=30, most=0.5)
    routine = "telic.operators._breeding:breed"
