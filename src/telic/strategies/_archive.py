"""One island's elites: a grid of cells, each with its few best, kept in order of fitness.

A cell holds several elites (a deep grid, Flageat & Cully 2020), because small edits leave a
program in its cell. An equal score replaces its equal, so that the search can drift along
plateaus and a cell's elites differ in what they do.
"""

from __future__ import annotations

from bisect import bisect_left, insort

from telic.candidate import Record

__all__ = ["Archive"]

_Place = tuple[float, int]
"""``(-fitness, -order of arrival)``: sorts the best first and, of equals, the newest."""


class Archive:
    """Elites by cell and by rank; a change costs a search and a shift in a short list.

    Args:
        depth: elites a cell may hold, 1 or more.
    """

    def __init__(self, depth: int) -> None:
        self._depth = depth
        self._arrivals = 0
        self._cells: dict[int, list[_Place]] = {}
        self._ranking: list[_Place] = []
        self._records: dict[_Place, tuple[Record, int]] = {}
        self._children: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._ranking)

    def __getitem__(self, rank: int) -> Record:
        """Return the record at a rank; 0 is the best."""
        return self._records[self._ranking[rank]][0]

    @property
    def best_fitness(self) -> float:
        """Fitness of the best elite; the archive must not be empty."""
        return -self._ranking[0][0]

    def cell(self, rank: int) -> int:
        """Return the cell of the record at a rank."""
        return self._records[self._ranking[rank]][1]

    def children(self, rank: int) -> int:
        """Return how many children the record at a rank has had while an elite here."""
        return self._children[self[rank].candidate.id]

    def count_child(self, parent: int) -> None:
        """Count one more child of a candidate, if it is an elite."""
        if parent in self._children:
            self._children[parent] += 1

    def add(self, record: Record, fitness: float, cell: int) -> bool:
        """Offer a feasible record to its cell and tell whether it became an elite."""
        elites = self._cells.setdefault(cell, [])
        self._arrivals += 1
        place = (-fitness, -self._arrivals)
        at = bisect_left(elites, place)
        if at < len(elites) and elites[at][0] == place[0]:
            self._remove(elites, at)
        elif len(elites) == self._depth:
            if at == self._depth:
                return False
            self._remove(elites, self._depth - 1)
        insort(elites, place)
        insort(self._ranking, place)
        self._records[place] = (record, cell)
        self._children[record.candidate.id] = 0
        return True

    def _remove(self, elites: list[_Place], at: int) -> None:
        place = elites.pop(at)
        del self._ranking[bisect_left(self._ranking, place)]
        record, _ = self._records.pop(place)
        del self._children[record.candidate.id]
