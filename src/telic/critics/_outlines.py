"""What two outputs may have in common without being equal.

Of a table of priorities only the order may count, of a set of points not even that. Which of these
is so is a property of the problem, and a run finds it out: where all outputs of one outline had one
score, it is the outline that counts, and a further output of that outline need not be scored.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

__all__ = ["OUTLINES", "Symmetries", "outlines_of"]

OUTLINES = (
    "its numbers are in the order of",
    "the numbers in each of its rows are in the order of",
    "in another order, its rows are",
)
"""What an equal outline means, in the order of :attr:`telic.candidate.Behaviour.outlines`."""
_MOST = 20_000
"""Numbers that an output may have; larger ones have no outlines."""
_DEEPEST = 10
_TRUSTED = 8
"""Outputs that must have had the score of an earlier one of their outline."""
_EXCEPTIONS = 0.04
"""Share of others among them that is borne."""
_KEPT = 50_000
"""Latest outlines remembered."""
_CHECKED = 16
"""One output in so many is scored all the same, so that a wrong belief is noticed."""


def outlines_of(output: Any) -> tuple[int, ...]:
    """Return a digest for each of :data:`OUTLINES`; nothing for what is not all numbers."""
    import numpy as np

    rows = [*_rows(output, 0)]
    if not 1 < sum(map(len, rows)) <= _MOST:
        return ()
    try:
        tables = [np.array(row, dtype=float) for row in rows]
    except (ValueError, TypeError, OverflowError):  # words, or integers too large
        return ()
    sizes = np.array([len(row) for row in rows]).tobytes()
    # The numbers of a flat list are rows of their own.
    parts = tables if len(tables) > 1 else [tables[0][at : at + 1] for at in range(len(tables[0]))]
    return (
        _digest([sizes, _order(np.concatenate(tables))]),
        _digest([sizes, *(_order(table) for table in tables)]),
        _digest(sorted(part.tobytes() + b"|" for part in parts)),
    )


def _rows(data: Any, depth: int) -> Iterator[list[Any]]:
    """Yield the innermost lists; a number beside lists is a row of its own."""
    if hasattr(data, "tolist"):
        data = data.tolist()
    if not isinstance(data, list | tuple) or depth > _DEEPEST:
        yield [data]
    elif {*map(type, data)} <= {float}:
        yield [*data]
    elif any(isinstance(item, list | tuple) or hasattr(item, "tolist") for item in data):
        for item in data:
            yield from _rows(item, depth + 1)
    else:
        yield [*data]


def _order(values: Any) -> bytes:
    """Return which places the values take when they are sorted, equal ones the same."""
    import numpy as np

    return np.unique(values, return_inverse=True)[1].astype(np.int32).tobytes()


def _digest(parts: Iterable[bytes]) -> int:
    digest = hashlib.blake2b(digest_size=6)
    for part in parts:
        digest.update(part)
    return int.from_bytes(digest.digest())


class Symmetries:
    """Learns which outlines decide on a score alone, from pairs of outputs that share one."""

    def __init__(self) -> None:
        self._first: tuple[OrderedDict[int, tuple[int, float | None]], ...]
        self._first = tuple(OrderedDict() for _ in OUTLINES)
        self._equal = [0] * len(OUTLINES)
        self._apart = [0] * len(OUTLINES)

    def add(self, outlines: Sequence[int], fitness: float | None, moment: int) -> None:
        """Learn the score of an output that differs from all before.

        Args:
            outlines: its, as :func:`outlines_of` gives them.
            fitness: ``None`` if it has no score; two such outputs prove nothing.
            moment: grows with every output.
        """
        for number, (first, outline) in enumerate(zip(self._first, outlines, strict=False)):
            if outline not in first:
                first[outline] = moment, fitness
                if len(first) > _KEPT:
                    first.popitem(last=False)
            elif first[outline][1] != fitness:
                self._apart[number] += 1
            elif fitness is not None:
                self._equal[number] += 1

    def reasons(self) -> tuple[str, ...]:
        """Return for each outline why it decides on a score, empty where it does not."""
        return tuple(
            f"{what} an earlier candidate's output, and outputs of which that is so had one score "
            f"{equal} times of {equal + apart}"
            if equal >= _TRUSTED and apart <= _EXCEPTIONS * equal
            else ""
            for what, equal, apart in zip(OUTLINES, self._equal, self._apart, strict=True)
        )

    def settled(
        self, outlines: Sequence[int], digest: int, reasons: Sequence[str], moment: int
    ) -> str:
        """Return why an output need not be scored, empty if it is to be.

        Args:
            outlines: its.
            digest: of it whole, by which one in sixteen is scored all the same.
            reasons: of the moment that is asked about.
            moment: of the last output that was known then.
        """
        if digest % _CHECKED == 0:
            return ""
        for reason, first, outline in zip(reasons, self._first, outlines, strict=False):
            if reason and first.get(outline, (moment + 1, None))[0] <= moment:
                return reason
        return ""
