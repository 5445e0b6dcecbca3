"""Strict climbing that looks around once it is stuck: for the few tries that models can afford.

Plain greedy climbing is hard to beat with some two hundred tries. What it lacks is a way on when
the best has had its chances, so here, from then on, a share of the tries goes to the other best
programs, whose scores all differ. An equal score is never accepted: it would mostly be a longer
program that does the same, on which further edits are wasted.
"""

from __future__ import annotations

from bisect import insort
from random import Random

from telic.candidate import Record, Request
from telic.objectives import Objective
from telic.problem import Problem
from telic.strategies._population import check_ranges

__all__ = ["Climb"]


class Climb:
    """Breeds from the best; when that brings nothing for long, from the others kept, too.

    Args:
        problem: gives the objective.
        kept: programs of different scores that may breed, 1 or more.
        patience: tries from the best, without a better one, before others have their turn.
        aside: share of the tries that go to others from then on, 0 to 1.
        inspirations: most further programs shown with the parent.

    Raises:
        ValueError: if a setting is out of its range.
    """

    def __init__(
        self,
        *,
        problem: Problem,
        kept: int = 8,
        patience: int = 30,
        aside: float = 0.5,
        inspirations: int = 3,
    ) -> None:
        check_ranges(
            ("kept", kept, 1, 10_000),
            ("patience", patience, 0, 1_000_000),
            ("aside", aside, 0, 1),
            ("inspirations", inspirations, 0, 1000),
        )
        self._objective = Objective(problem.objective)
        self._most, self._patience, self._aside = kept, patience, aside
        self._inspirations = inspirations
        self._kept: list[tuple[float, int, Record]] = []
        self._nearest: Record | None = None
        self._tries = 0

    def ask(self, index: int, rng: Random) -> Request:
        """Return the best or, when it is due, another one; and the best others to look at."""
        del index
        if not self._kept:
            assert self._nearest is not None, "the seed is told first"
            return Request((self._nearest,))
        is_stuck = self._tries >= self._patience and len(self._kept) > 1
        rank = 0
        if is_stuck and rng.random() < self._aside:
            rank = 1 + rng.randrange(len(self._kept) - 1)
        others = [record for place, (_, _, record) in enumerate(self._kept) if place != rank]
        return Request((self._kept[rank][2],), tuple(others[: self._inspirations]))

    def tell(self, record: Record) -> None:
        """Keep a record whose score is new and among the best."""
        if self._kept and self._kept[0][2].candidate.id in record.candidate.parents:
            self._tries += 1
        if self._nearest is not None and record.outcome != "evaluated":
            return
        if self._objective.is_better(record, self._nearest):
            self._nearest = record
        if record.fitness is None or any(-record.fitness == score for score, _, _ in self._kept):
            return
        if not self._kept or -record.fitness < self._kept[0][0]:
            self._tries = 0
        insort(self._kept, (-record.fitness, record.candidate.id, record))
        del self._kept[self._most :]
