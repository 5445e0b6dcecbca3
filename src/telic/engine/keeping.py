"""Making told records durable, several of them with one wait for the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from telic.candidate import Record

__all__ = ["Keep", "Keeper"]

Keep = Callable[[Sequence[Record], float], object]
"""Makes records durable, given the running time in seconds."""

_KEEP_SECONDS = 0.02
"""Longest time before a told record is durable. Records of that time share one wait for the
disk; those that a SIGKILL takes are made again, equal, when the run goes on."""


class Keeper:
    """Collects records for a moment.

    Args:
        keep: makes them durable.
        remind: called when the moment is over; :meth:`keep` is to follow.
    """

    def __init__(self, keep: Keep, remind: Callable[[], object]) -> None:
        self._keep = keep
        self._remind = remind
        self._records: list[Record] = []

    def add(self, record: Record) -> None:
        """Take a record."""
        self._records.append(record)
        if len(self._records) == 1:
            asyncio.get_running_loop().call_later(_KEEP_SECONDS, self._remind)

    def keep(self, seconds: float) -> None:
        """Make what was taken durable, at a running time in seconds."""
        records, self._records = self._records, []
        if records:
            self._keep(records, seconds)
