"""Mates by what they do: the second parent is one that behaves unlike the first, or nearly alike.

Crossing two programs of the same outputs mostly gives those outputs again. So behaviour decides
the pair: *far* mates bring what the first parent lacks (negative assortative mating), *near* ones
let crossover take small steps (as semantic similarity does between subtrees in Uy et al. 2011,
"Semantically-based crossover in genetic programming"). Equal behaviour is avoided either way.
"""

from __future__ import annotations

from random import Random
from typing import Literal

from telic.candidate import Record, Request
from telic.problem import Problem
from telic.strategies._population import Member, Population, tournament
from telic.strategies._ranges import check_ranges

__all__ = ["SemanticMates"]


class SemanticMates:
    """Draws the first parent by tournament, the second by distance of outputs among winners.

    Args:
        problem: gives the objective; its scorer's metrics and features are the outputs.
        population: most members, 2 or more.
        contestants: of a tournament, 1 or more.
        mates: winners of further tournaments that the second parent is chosen from.
        prefer: the mate of most or of least different outputs.

    Raises:
        ValueError: if a setting is out of its range.
    """

    def __init__(
        self,
        *,
        problem: Problem,
        population: int = 100,
        contestants: int = 3,
        mates: int = 5,
        prefer: Literal["far", "near"] = "far",
    ) -> None:
        check_ranges(
            ("population", population, 2, 10_000),
            ("contestants", contestants, 1, 1000),
            ("mates", mates, 1, 1000),
        )
        if prefer not in ("far", "near"):
            raise ValueError(f"prefer must be 'far' or 'near'; got {prefer!r}")
        self._population = Population(problem, population)
        self._contestants = contestants
        self._mates = mates
        self._sign = 1.0 if prefer == "far" else -1.0

    def ask(self, index: int, rng: Random) -> Request:
        """Return the winner of a tournament and its mate."""
        del index
        population = self._population
        if not population.members:
            return population.first()
        first = tournament(population, self._contestants, rng)
        winners = [tournament(population, self._contestants, rng) for _ in range(self._mates)]
        return Request((first.record, self._mate(first, winners).record))

    def tell(self, record: Record) -> None:
        """Let a feasible record take the place of the oldest."""
        self._population.tell(record)

    def _mate(self, first: Member, winners: list[Member]) -> Member:
        def merit(mate: Member) -> tuple[bool, float]:
            apart = self._population.space.distance(first.point, mate.point)
            return apart > 0.0, self._sign * apart

        return max(winners, key=merit)
