"""Strict climbing that looks around once it is stuck: for the few tries that models can afford.

Plain greedy climbing is hard to beat with some two hundred tries. What it lacks is a way on when
the best has had its chances. Two signs tell: its children repeat earlier programs, so what can be
made of it is known; or it was tried long in vain. From then on a share of the tries goes to the
other best programs, whose scores all differ. An equal score is never accepted: it would mostly
be a longer program that does the same, on which further edits are wasted.
"""

from __future__ import annotations

from bisect import insort
from random import Random

from telic.candidate import Record, Request
from telic.objectives import Objective
from telic.problem import Problem
from telic.strategies._ranges import check_ranges

__all__ = ["Climb"]

_ENOUGH = 10
"""Children after which the share of duplicates among them means something."""
_WEIGHT = 2.0
"""Share of tries that go to others, over the share of duplicates."""
_MOST = 0.8
"""Share of tries that duplicates alone can turn to others."""


class Climb:
    """Breeds from the best; when that brings nothing new, from the others kept, too.

    Args:
        problem: gives the objective.
        kept: programs of different scores that may breed, 1 or more.
        patience: tries from the best, without a better one, after which it counts as stuck.
        aside: share of the tries that go to others from then on, 0 to 1. Before, twice the share
            of duplicates among the children of the best, once it has some.
        inspirations: most further programs shown with the parent.

    Raises:
        ValueError: if a setting is out of its range.
    """

    def __init__(
        self,
        *,
        problem: Problem,
        kept: int = 8,
        patience: int = 60,
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
        self._tries = self._repeats = 0

    def ask(self, index: int, rng: Random) -> Request:
        """Return the best or, when it is due, another one; and the best others to look at."""
        del index
        if not self._kept:
            assert self._nearest is not None, "the seed is told first"
            return Request((self._nearest,))
        rank = 0
        if len(self._kept) > 1 and rng.random() < self._share():
            rank = 1 + rng.randrange(len(self._kept) - 1)
        others = [record for place, (_, _, record) in enumerate(self._kept) if place != rank]
        return Request((self._kept[rank][2],), tuple(others[: self._inspirations]))

    def tell(self, record: Record) -> None:
        """Keep a record whose score is new and among the best."""
        if self._kept and self._kept[0][2].candidate.id in record.candidate.parents:
            self._tries += 1
            self._repeats += record.outcome == "duplicate"
        if self._nearest is not None and record.outcome != "evaluated":
            return
        if self._objective.is_better(record, self._nearest):
            self._nearest = record
        if record.fitness is None or any(-record.fitness == score for score, _, _ in self._kept):
            return
        if not self._kept or -record.fitness < self._kept[0][0]:
            self._tries = self._repeats = 0
        insort(self._kept, (-record.fitness, record.candidate.id, record))
        del self._kept[self._most :]

    def _share(self) -> float:
        """Share of the tries that go to others than the best now."""
        share = self._aside if self._tries >= self._patience else 0.0
        if self._tries >= _ENOUGH:
            share = max(share, min(_MOST, _WEIGHT * self._repeats / self._tries))
        return share
