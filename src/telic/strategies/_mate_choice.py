"""Mate choice by ideal mates that evolve.

Every candidate carries a picture of its ideal mate. The first parent is drawn by its fitness; of
some candidates the second is the one nearest to the first one's ideal. The ideals are inherited
together with the program, recombined and mutated, and nothing else selects them: who picks a
poor mate has poor children (Simões, Lourenço & Machado 2023, "All You Need Is Sex for
Diversity"; there the ideal is a second tree in the individual).

What is compared is behaviour: the numbers that evaluations report. An artifact may hold its ideal
as a second program, as in the paper; its scorer then reports what that one does as features
named ``ideal.NAME`` beside each ``NAME``. Otherwise the strategy keeps the ideals itself, as
points among the outputs (see :mod:`telic.strategies._ideals`).
"""

from __future__ import annotations

from random import Random
from typing import Literal

from telic.candidate import Record, Request
from telic.problem import Problem
from telic.strategies._ideals import Ideals
from telic.strategies._population import Member, Population, tournament
from telic.strategies._ranges import check_ranges

__all__ = ["MateChoice"]


class MateChoice:
    """Draws the first parent by tournament and lets it choose the second.

    Args:
        problem: gives the objective; its scorer's metrics and features are the outputs.
        population: most members, 2 or more.
        contestants: of the first parent's tournament, 1 or more.
        mates: members drawn at random, of which the first parent chooses, 1 or more.
        mutation: chance that an inherited ideal changes, 0 to 1.
        choice: by the ideal, or at random, which is the paper's control.

    Raises:
        ValueError: if a setting is out of its range.
    """

    def __init__(
        self,
        *,
        problem: Problem,
        population: int = 100,
        contestants: int = 5,
        mates: int = 5,
        mutation: float = 0.2,
        choice: Literal["ideal", "random"] = "ideal",
    ) -> None:
        check_ranges(
            ("population", population, 2, 10_000),
            ("contestants", contestants, 1, 1000),
            ("mates", mates, 1, 1000),
            ("mutation", mutation, 0, 1),
        )
        if choice not in ("ideal", "random"):
            raise ValueError(f"choice must be 'ideal' or 'random'; got {choice!r}")
        self._population = Population(problem, population)
        self._ideals = Ideals(self._population, mutation)
        self._contestants = contestants
        self._mates = mates
        self._is_random = choice == "random"

    def ask(self, index: int, rng: Random) -> Request:
        """Return the winner of a tournament and the mate that it chose."""
        del index
        if not self._population.members:
            return self._population.first()
        first = tournament(self._population, self._contestants, rng)
        mates = [self._population.draw(rng) for _ in range(self._mates)]
        return Request((first.record, self._choose(first, mates).record))

    def tell(self, record: Record) -> None:
        """Let a feasible record, with its ideal, take the place of the oldest."""
        turnover = self._population.tell(record)
        if turnover is None or self._is_random:
            return
        self._ideals.inherit(turnover.joined)
        if turnover.left is not None:
            self._ideals.forget(turnover.left)

    def _choose(self, first: Member, mates: list[Member]) -> Member:
        if self._is_random:
            return mates[0]
        ideal = self._ideals.of(first)
        return min(mates, key=lambda mate: self._population.space.distance(ideal, mate.point))
