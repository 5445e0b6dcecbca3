"""The ``polish`` operator: follows slopes to a local optimum, and hops to better ones."""

from __future__ import annotations

from telic.candidate import Proposal
from telic.operators._task import can_execute, delegate
from telic.operators.base import Appetite, Context
from telic.problem import Problem

__all__ = ["Polish"]


class Polish:
    """Improves literals by sequential linear programming on measured slopes.

    Where the scorer gives ``margins``, steps follow the constraints as well; where it gives
    ``terms``, all of them are raised at once; without either, BFGS is used. A program that
    computes its output is often frozen into a literal first. What trials are left after the
    first optimum go into basin hopping from the best one. Integers stay.

    Args:
        trials: the most that one call spends. Only a smooth objective without margins or terms
            takes that many, and a parent that is an optimum already: otherwise a call ends
            after 400, or four for each literal. Of 78 literals a first optimum takes some 500
            and a hop some 80, so this is most of the way to an optimum, or three dozen hops
            from one; the next call goes on from whichever parent has become the best.

    Raises:
        ValueError: if there are too few trials.
    """

    name = "polish"
    appetite = Appetite(least=60, most=0.5, sure=0.2)

    def __init__(self, *, trials: int = 3_000) -> None:
        if trials < 60:
            raise ValueError(f"trials must be 60 or more; got {trials}")
        self.trials = trials

    def applies(self, problem: Problem) -> bool:
        """Tell whether literals can be tried out, and give the same value each time."""
        return can_execute(problem) and problem.deterministic

    async def propose(self, context: Context) -> Proposal:
        """Return the main parent with polished literals, or why there is nothing better."""
        return await delegate(
            context, "telic.operators._polishing:polish", trials=self.trials, repeats=1
        )
