"""Who descends from whom, as far as it matters to the members of a population.

Records that no member descends from are forgotten, so memory follows the population's family
tree, not the run.
"""

from __future__ import annotations

from collections.abc import Iterable

from telic.candidate import Record

__all__ = ["Lineage"]

_SWEEP = 64
"""Records kept beyond twice those in use before the others are forgotten."""


class Lineage:
    """Feasible records and their ancestors."""

    def __init__(self) -> None:
        self._records: dict[int, Record] = {}
        self._used = 0

    def add(self, record: Record) -> None:
        """Remember a record."""
        self._records[record.candidate.id] = record

    def forget_all_but(self, members: Iterable[int]) -> None:
        """Forget what is neither a member nor an ancestor of one, when there is enough of it."""
        if len(self._records) <= 2 * self._used + _SWEEP:
            return
        used: set[int] = set()
        for member in members:
            used |= self._line(member)
        self._records = {i: record for i, record in self._records.items() if i in used}
        self._used = len(used)

    def common_ancestor(self, one: int, other: int) -> Record | None:
        """Return the latest candidate that both descend from; neither may be the other's."""
        mine, theirs = self._line(one), self._line(other)
        if one in theirs or other in mine:
            return None
        shared = mine & theirs
        return self._records[max(shared)] if shared else None

    def _line(self, start: int) -> set[int]:
        """Return a candidate and its known ancestors."""
        found: set[int] = set()
        waiting = [start]
        while waiting:
            at = waiting.pop()
            if at not in found and at in self._records:
                found.add(at)
                waiting.extend(self._records[at].candidate.parents)
        return found
