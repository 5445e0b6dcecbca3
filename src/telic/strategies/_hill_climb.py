"""Greedy (1+1) hill climbing: breed from the best so far, accept what is not worse."""

from __future__ import annotations

from random import Random

from telic.candidate import Record, Request
from telic.objectives import Objective
from telic.problem import Problem

__all__ = ["HillClimb"]


class HillClimb:
    """Breeds from the best candidate so far; an equal one takes its place.

    Accepting ties lets the search drift along plateaus. While nothing is feasible, the
    candidate nearest to feasible is climbed from.

    Args:
        problem: gives the objective.
    """

    def __init__(self, *, problem: Problem) -> None:
        self._objective = Objective(problem.objective)
        self._best: Record | None = None

    def ask(self, index: int, rng: Random) -> Request:
        """Return the best candidate."""
        del index, rng
        assert self._best is not None, "the seed is told first"
        return Request((self._best,))

    def tell(self, record: Record) -> None:
        """Climb, or drift, to ``record`` unless it is worse."""
        best = self._best
        if best is not None and record.outcome != "evaluated":
            return
        is_tie = best is not None and record.fitness is not None and record.fitness == best.fitness
        if is_tie or self._objective.is_better(record, best):
            self._best = record
