"""Tournament selection: the usual way of genetic programming, and its baseline."""

from __future__ import annotations

from random import Random

from telic.candidate import Record, Request
from telic.problem import Problem
from telic.strategies._population import Population, tournament
from telic.strategies._ranges import check_ranges

__all__ = ["Tournament"]


class Tournament:
    """Draws both parents by tournaments from a population of the newest.

    Args:
        problem: gives the objective.
        population: most members, 2 or more.
        contestants: of a tournament, 1 or more; the more, the greedier.

    Raises:
        ValueError: if a setting is out of its range.
    """

    def __init__(self, *, problem: Problem, population: int = 100, contestants: int = 5) -> None:
        check_ranges(
            ("population", population, 2, 10_000),
            ("contestants", contestants, 1, 1000),
        )
        self._population = Population(problem, population)
        self._contestants = contestants

    def ask(self, index: int, rng: Random) -> Request:
        """Return the winners of two tournaments."""
        del index
        if not self._population.members:
            return self._population.first()
        first = tournament(self._population, self._contestants, rng)
        second = tournament(self._population, self._contestants, rng)
        return Request((first.record, second.record))

    def tell(self, record: Record) -> None:
        """Let a feasible record take the place of the oldest."""
        self._population.tell(record)
