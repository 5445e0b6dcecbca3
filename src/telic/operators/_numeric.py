"""The ``numeric`` operator: tunes the numbers in a program with CMA-ES."""

from __future__ import annotations

from telic.candidate import Proposal
from telic.operators._task import can_execute, delegate
from telic.operators.base import Context
from telic.problem import Problem

__all__ = ["Numeric"]


class Numeric:
    """Lifts numeric literals into a vector and tunes it in batches inside one sandbox child.

    A call tunes all literals or a random few, with a random first step, so that repeated
    calls on one parent differ. Literals outside evolvable regions, indices, shapes and
    strings stay; ``# tune: LOW..HIGH [log]`` behind a line declares bounds, ``# tune: off``
    excludes its literals. What comes back is short: the fewest digits that keep the gain.

    Args:
        trials: the most that one call spends. It uses 80 and 40 for each literal, for with
            these CMA-ES gains what it can gain quickly, and a second call starts from there.
        repeats: runs of each vector when the problem is noisy, at least 1.

    Raises:
        ValueError: if a setting is too small.
    """

    name = "numeric"

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
        """Return the main parent with tuned literals, or why there is nothing better."""
        return await delegate(
            context, "telic.operators._tuning:tune", trials=self.trials, repeats=self._repeats
        )
