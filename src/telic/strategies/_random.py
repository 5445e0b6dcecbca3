"""Random parents: every feasible candidate is as likely as any other, whatever its score."""

from __future__ import annotations

from random import Random

from telic.candidate import Record, Request
from telic.problem import Problem
from telic.seeding import address

__all__ = ["RandomParents"]


class RandomParents:
    """Draws parents uniformly from all feasible candidates so far.

    Beyond ``capacity`` candidates a reservoir (Vitter 1985, algorithm R) stands for them, so
    memory stays flat; which of them stay depends on their ids alone.

    Args:
        problem: unused but for the common form of factories.
        capacity: candidates kept, 1 or more.

    Raises:
        ValueError: if ``capacity`` is below 1.
    """

    def __init__(self, *, problem: Problem, capacity: int = 512) -> None:
        del problem
        if capacity < 1:
            raise ValueError(f"capacity must be 1 or more; got {capacity}")
        self._capacity = capacity
        self._seed: Record | None = None
        self._kept: list[Record] = []
        self._seen = 0

    def ask(self, index: int, rng: Random) -> Request:
        """Return one feasible candidate, or the seed while there is none."""
        del index
        if self._kept:
            return Request((self._kept[rng.randrange(len(self._kept))],))
        assert self._seed is not None, "the seed is told first"
        return Request((self._seed,))

    def tell(self, record: Record) -> None:
        """Let a feasible candidate into the reservoir with its fair probability."""
        if self._seed is None:
            self._seed = record
        if record.outcome != "evaluated" or record.fitness is None:
            return
        self._seen += 1
        if len(self._kept) < self._capacity:
            self._kept.append(record)
            return
        slot = address(0, "reservoir", record.candidate.id) % self._seen
        if slot < self._capacity:
            self._kept[slot] = record
