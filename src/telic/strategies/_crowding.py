"""Deterministic crowding: a child may only replace the parent that it resembles.

Niches keep themselves (Mahfoud 1995, "Niching methods for genetic algorithms"): parents are paired
at random, and each child competes with the nearer of its parents. Nearness is measured in what
the programs do, the numbers their evaluations reported.
"""

from __future__ import annotations

from random import Random

from telic.candidate import Record, Request
from telic.objectives import Objective
from telic.problem import Problem
from telic.strategies._outputs import OutputSpace, Point
from telic.strategies._population import Member
from telic.strategies._ranges import check_ranges

__all__ = ["Crowding"]

_REMEMBERED = 4
"""Former members, as a multiple of the population, whose late children find their place."""


class Crowding:
    """Pairs members at random; a child takes its parent's place unless it is worse.

    Until the population is full every feasible candidate joins. A child whose parents have been
    replaced meanwhile competes with what took their places.

    Args:
        problem: gives the objective; its scorer's metrics and features are the outputs.
        population: members, 2 or more.

    Raises:
        ValueError: if ``population`` is out of its range.
    """

    def __init__(self, *, problem: Problem, population: int = 50) -> None:
        check_ranges(("population", population, 2, 10_000))
        self._objective = Objective(problem.objective)
        self._size = population
        self._space = OutputSpace()
        self._members: list[Member] = []
        self._places: dict[int, int] = {}
        """Candidate → place that it holds or held, the latest last."""
        self._nearest: Record | None = None
        self._offered = 0

    def ask(self, index: int, rng: Random) -> Request:
        """Return two different members, or what there is."""
        del index
        if not self._members:
            assert self._nearest is not None, "the seed is told first"
            return Request((self._nearest,))
        pair = rng.sample(self._members, min(2, len(self._members)))
        return Request(tuple(member.record for member in pair))

    def tell(self, record: Record) -> None:
        """Let a feasible record compete with the nearer of its parents."""
        if self._nearest is not None and record.outcome != "evaluated":
            return
        if self._objective.is_better(record, self._nearest):
            self._nearest = record
        if record.fitness is None:
            return
        self._offer(Member(record, record.fitness, self._space.point(record)))
        self._offered += 1
        if self._offered & (self._offered - 1) == 0 or self._offered % self._size == 0:
            self._space.measure([member.point for member in self._members])

    def _offer(self, child: Member) -> None:
        if len(self._members) < self._size:
            place = len(self._members)
            self._members.append(child)
        else:
            place = self._rival(child.record.candidate.parents, child.point)
            if child.fitness < self._members[place].fitness:
                return
            self._members[place] = child
        self._places[child.record.candidate.id] = place
        if len(self._places) > _REMEMBERED * self._size:
            self._forget()

    def _rival(self, parents: tuple[int, ...], point: Point) -> int:
        places = [self._places[parent] for parent in parents if parent in self._places]
        return min(
            places or range(len(self._members)),
            key=lambda place: self._space.distance(point, self._members[place].point),
        )

    def _forget(self) -> None:
        """Forget the longest known half of the former members."""
        present = {member.record.candidate.id for member in self._members}
        former = [candidate for candidate in self._places if candidate not in present]
        for candidate in former[: len(former) // 2]:
            del self._places[candidate]
