"""The ``breed`` operator: many variants of one expression in one sandbox child."""

from __future__ import annotations

from telic.candidate import Proposal
from telic.operators._task import can_execute, delegate
from telic.operators.base import Context
from telic.problem import Problem

__all__ = ["Breed"]


class Breed:
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

    def __init__(self, *, trials: int = 1_000, repeats: int = 3) -> None:
        if trials < 100 or repeats < 1:
            raise ValueError(
                f"trials must be 100 or more and repeats 1 or more; got {trials} and {repeats}"
            )
        self.trials = trials
        self._repeats = repeats

    def applies(self, problem: Problem) -> bool:
        """Tell whether the problem has Python programs with an entry and a trusted scorer."""
        return can_execute(problem)

    async def propose(self, context: Context) -> Proposal:
        """Return the main parent with one better expression, or why there is none."""
        return await delegate(
            context, "telic.operators._breeding:breed", trials=self.trials, repeats=self._repeats
        )
