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


def placement_order(table: Sequence[Sequence[float]], capacity: int) -> list[list[int]]:
    """Return, for each item size, the remaining spaces it fits into, best first.

    Args:
        table: ``table[item][space]`` for item and space from 0 to ``capacity``.
        capacity: of a bin.

    Ties go to the fuller bin.
    """
    return [
        sorted(range(item, capacity + 1), key=lambda space, row=row: (-row[space], space))
        for item, row in enumerate(table)
    ]


def bins_used(items: Sequence[int], order: Sequence[Sequence[int]], capacity: int) -> int:
    """Place the items in turn and return the number of bins that were opened."""
    bins_with = [0] * (capacity + 1)
    bins_with[capacity] = len(items)
    for item in items:
        for space in order[item]:
            if bins_with[space]:
                bins_with[space] -= 1
                bins_with[space - item] += 1
                break
    return len(items) - bins_with[capacity]


def score_table(output: Any, case: Case) -> Score:
    """Score a priority table on a case whose ``hidden`` is ``(capacity, items, bound)``."""
    capacity, items, bound = case.hidden
    try:
        table = float_array(output, (capacity + 1, capacity + 1))
    except ValueError as error:
        return infeasible(str(error))
    used = bins_used(items, placement_order(table.tolist(), capacity), capacity)
    excess = 100.0 * (used / bound - 1.0)
    return Score(
        metrics={"score": -excess, "bins": float(used)},
        feedback=f"{used} bins where the lower bound is {bound}",
    )
