"""A population without generations: the newest candidates and the best of all.

A newcomer takes the place of the oldest, whatever their scores, as in regularized evolution
(Real et al. 2019): what survives must be made again, so that no early winner fills the
population. The best of all is spared.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from telic.candidate import Record, Request
from telic.objectives import Objective
from telic.problem import Problem
from telic.strategies._outputs import OutputSpace, Point

__all__ = ["Member", "Population", "tournament"]


class Member(NamedTuple):
    """A feasible record of a population."""

    record: Record
    fitness: float
    point: Point
    """What it does, in the population's space of outputs."""


class Turnover(NamedTuple):
    """How a record changed a population."""

    joined: Member
    left: Member | None


class Population:
    """The newest feasible records and the best of all; cost and memory are flat.

    Args:
        problem: gives the objective.
        size: most members, 2 or more.
    """

    def __init__(self, problem: Problem, size: int) -> None:
        self.space = OutputSpace()
        self.members: list[Member] = []
        self._objective = Objective(problem.objective)
        self._size = size
        self._nearest: Record | None = None
        self._cursor = 0
        self._best = 0
        self._joined = 0

    def tell(self, record: Record) -> Turnover | None:
        """Take a record in if it is feasible, and tell what changed."""
        if self._nearest is not None and record.outcome != "evaluated":
            return None
        if self._objective.is_better(record, self._nearest):
            self._nearest = record
        if record.fitness is None:
            return None
        joined = Member(record, record.fitness, self.space.point(record))
        turnover = Turnover(joined, self._place(joined))
        self._joined += 1
        # At 1, 2, 4, ... members, and then once for every turnover of the population.
        is_due = self._joined & (self._joined - 1) == 0 or self._joined % self._size == 0
        if is_due:
            self.space.measure([member.point for member in self.members])
        return turnover

    def first(self) -> Request:
        """Return the request for the time when nothing feasible is known."""
        assert self._nearest is not None, "the seed is told first"
        return Request((self._nearest,))

    def draw(self, rng: Random) -> Member:
        """Return any member."""
        return self.members[rng.randrange(len(self.members))]

    def _place(self, joined: Member) -> Member | None:
        if len(self.members) < self._size:
            self.members.append(joined)
            at, left = len(self.members) - 1, None
        else:
            if self._cursor == self._best:
                self._cursor = (self._cursor + 1) % self._size
            at, left = self._cursor, self.members[self._cursor]
            self.members[at] = joined
            self._cursor = (self._cursor + 1) % self._size
        # Of equals the newer is spared, so that the search can drift along plateaus.
        if joined.fitness >= self.members[self._best].fitness:
            self._best = at
        return left


def tournament(
    population: Population,
    size: int,
    rng: Random,
    *,
    merit: Callable[[Member], float] = lambda member: member.fitness,
) -> Member:
    """Return the best of ``size`` members drawn with replacement (Brindle 1981).

    Args:
        population: not empty.
        size: 1 is a uniform draw; the larger, the greedier.
        rng: drawn from.
        merit: higher is better; of equals the one drawn first wins.
    """
    return max([population.draw(rng) for _ in range(size)], key=merit)
