"""Best-of-N: every candidate is made from the seed. The simplest baseline."""

from __future__ import annotations

from random import Random

from telic.candidate import Record, Request
from telic.problem import Problem

__all__ = ["BestOfN"]


class BestOfN:
    """Always offers the seed as parent.

    Args:
        problem: unused but for the common form of factories.
    """

    def __init__(self, *, problem: Problem) -> None:
        del problem
        self._seed: Record | None = None

    def ask(self, index: int, rng: Random) -> Request:
        """Return the seed."""
        del index, rng
        assert self._seed is not None, "the seed is told first"
        return Request((self._seed,))

    def tell(self, record: Record) -> None:
        """Remember the first record, the seed."""
        if self._seed is None:
            self._seed = record
