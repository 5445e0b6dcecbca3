"""What a strategy is: an ask/tell search over records."""

from __future__ import annotations

from random import Random
from typing import Protocol

from telic.candidate import Record, Request

__all__ = ["Strategy"]


class Strategy(Protocol):
    """Decides what should be tried next.

    State changes in :meth:`tell` alone, so telling a new strategy a journal's records in
    order restores it. The first record told is the seed.
    """

    def ask(self, index: int, rng: Random) -> Request:
        """Return parents for candidate ``index``; draws from ``rng`` only, changes nothing."""
        ...

    def tell(self, record: Record) -> None:
        """Learn the end of a request."""
        ...
