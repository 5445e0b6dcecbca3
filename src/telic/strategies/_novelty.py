"""Novelty: parents whose outputs are unlike what was seen before breed more.

Novelty search (Lehman & Stanley 2011, "Abandoning objectives") rewards the mean distance to the
nearest neighbours in behaviour, among the population and an archive of earlier candidates;
here it shares the decision with fitness.
"""

from __future__ import annotations

from heapq import nsmallest
from random import Random

from telic.candidate import Record, Request
from telic.problem import Problem
from telic.seeding import address
from telic.strategies._outputs import Point
from telic.strategies._population import Member, Population
from telic.strategies._ranges import check_ranges

__all__ = ["Novelty"]


class Novelty:
    """Draws parents by tournaments in which ranks of fitness and of novelty are weighed.

    A candidate's novelty is taken when it joins and stays until it leaves. The archive is a
    reservoir (Vitter 1985) of all candidates, so memory stays flat; which of them stay
    depends on their ids alone.

    Args:
        problem: gives the objective; its scorer's metrics and features are the outputs.
        population: most members, 2 or more.
        contestants: of a tournament, 1 or more.
        neighbours: nearest candidates that novelty is measured from, 1 or more.
        archive: earlier candidates that are remembered, 0 or more.
        weight: of novelty against fitness, 0 (fitness alone) to 1 (novelty alone).

    Raises:
        ValueError: if a setting is out of its range.
    """

    def __init__(
        self,
        *,
        problem: Problem,
        population: int = 100,
        contestants: int = 5,
        neighbours: int = 10,
        archive: int = 100,
        weight: float = 0.5,
    ) -> None:
        check_ranges(
            ("population", population, 2, 10_000),
            ("contestants", contestants, 1, 1000),
            ("neighbours", neighbours, 1, 1000),
            ("archive", archive, 0, 10_000),
            ("weight", weight, 0, 1),
        )
        self._population = Population(problem, population)
        self._contestants = contestants
        self._neighbours = neighbours
        self._archive: list[Point] = []
        self._room = archive
        self._weight = weight
        self._novelty: dict[int, float] = {}
        self._seen = 0

    def ask(self, index: int, rng: Random) -> Request:
        """Return the winners of two tournaments."""
        del index
        if not self._population.members:
            return self._population.first()
        return Request((self._winner(rng).record, self._winner(rng).record))

    def tell(self, record: Record) -> None:
        """Let a feasible record, with its novelty, take the place of the oldest."""
        others = [member.point for member in self._population.members]
        turnover = self._population.tell(record)
        if turnover is None:
            return
        point, candidate = turnover.joined.point, record.candidate.id
        self._novelty[candidate] = self._mean_distance(point, [*others, *self._archive])
        if turnover.left is not None:
            del self._novelty[turnover.left.record.candidate.id]
        self._remember(point, candidate)

    def _winner(self, rng: Random) -> Member:
        drawn = [self._population.draw(rng) for _ in range(self._contestants)]
        by_fitness = sorted({member.fitness for member in drawn})
        by_novelty = sorted({self._of(member) for member in drawn})

        def merit(member: Member) -> float:
            novelty = by_novelty.index(self._of(member)) / len(by_novelty)
            fitness = by_fitness.index(member.fitness) / len(by_fitness)
            return self._weight * novelty + (1.0 - self._weight) * fitness

        return max(drawn, key=merit)

    def _of(self, member: Member) -> float:
        return self._novelty[member.record.candidate.id]

    def _mean_distance(self, point: Point, others: list[Point]) -> float:
        distance = self._population.space.distance
        nearest = nsmallest(self._neighbours, (distance(point, other) for other in others))
        return sum(nearest) / len(nearest) if nearest else 0.0

    def _remember(self, point: Point, candidate: int) -> None:
        self._seen += 1
        if len(self._archive) < self._room:
            self._archive.append(point)
            return
        slot = address(0, "novelty archive", candidate) % self._seen
        if slot < self._room:
            self._archive[slot] = point
