"""Trusted simulation of online bin packing, shared by the bin-packing problems.

Items arrive one by one and are placed for good. A candidate never sees an instance: it
returns a table of priorities over (item size, remaining space of a bin), and the simulation
here puts each item into the bin of highest priority among those that it fits into, an empty
bin included. So the policy is online by construction. Instances and the excess over the L2
lower bound follow Romera-Paredes et al., "Mathematical discoveries from program search with
large language models" (FunSearch, 2024); L2 is from Martello and Toth (1990).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from telic.exact import float_array
from telic.scoring import Case, Score, infeasible

__all__ = ["bins_used", "lower_bound", "placement_order", "score_table"]


def lower_bound(items: Sequence[int], capacity: int) -> int:
    """Return the L2 lower bound on the number of bins.

    For a threshold k, items above ``capacity - k`` stand alone, those above half the capacity
    exclude each other, and those from k to half fill what is left; L2 is the best over k.
    """
    counts = [0] * (capacity + 1)
    for item in items:
        counts[item] += 1
    best = 0
    for k in range(capacity // 2 + 1):
        alone = sum(counts[capacity - k + 1 :])
        large = range(capacity // 2 + 1, capacity - k + 1)
        bins = sum(counts[size] for size in large)
        room = sum(counts[size] * (capacity - size) for size in large)
        small = sum(size * counts[size] for size in range(max(k, 1), capacity // 2 + 1))
        best = max(best, alone + bins + max(0, math.ceil((small - room) / capacity)))
    return best


def placement_order(table: Sequence[Sequence[float]], capacity: int) -> tuple[bytes, ...]:
    """Return, for each item size, the remaining spaces it fits into, best first, a byte each.

    Args:
        table: ``table[item][space]`` for item and space from 0 to ``capacity``.
        capacity: of a bin, at most 255.

    Ties go to the fuller bin.
    """
    import numpy as np

    size = capacity + 1
    fits = np.tri(size, dtype=bool).T
    ranks = np.where(fits, -np.asarray(table, dtype=float), np.inf)
    order = np.argsort(ranks, axis=1, kind="stable").astype(np.uint8).tobytes()
    return tuple(order[row * size : row * size + size - row] for row in range(size))


@lru_cache(maxsize=4096)
def bins_used(items: bytes, order: tuple[bytes, ...], capacity: int) -> int:
    """Place the items in turn and return the number of bins that were opened.

    Many tables differ in their numbers alone and not in the order that these make, so results
    are kept. One translation finds the best space with a bin, however far down it is.

    Args:
        items: sizes from 1 to ``capacity``, a byte each.
        order: as :func:`placement_order` gives it.
        capacity: of a bin, at most 255.
    """
    bins_with = [0] * (capacity + 1)
    bins_with[capacity] = len(items)
    has_bin = bytearray(256)
    has_bin[capacity] = 1
    for item in items:
        row = order[item]
        space = row[0]
        if not bins_with[space]:
            space = row[row.translate(has_bin).index(1)]
        bins_with[space] -= 1
        if not bins_with[space]:
            has_bin[space] = 0
        space -= item
        bins_with[space] += 1
        has_bin[space] = 1
    return len(items) - bins_with[capacity]


def score_table(output: Any, case: Case) -> Score:
    """Score a priority table on a case whose ``hidden`` is ``(capacity, items, bound)``."""
    capacity, items, bound = case.hidden
    try:
        table = float_array(output, (capacity + 1, capacity + 1))
    except ValueError as error:
        return infeasible(str(error))
    used = bins_used(items, _order_of(table.tobytes(), capacity), capacity)
    excess = 100.0 * (used / bound - 1.0)
    return Score(
        metrics={"score": -excess, "bins": float(used)},
        feedback=f"{used} bins where the lower bound is {bound}",
    )


@lru_cache(maxsize=8)
def _order_of(table: bytes, capacity: int) -> tuple[bytes, ...]:
    """Return the order that a table of doubles makes; it is the same for every case."""
    import numpy as np

    return placement_order(np.frombuffer(table).reshape(capacity + 1, capacity + 1), capacity)  # pyright: ignore[reportArgumentType]
