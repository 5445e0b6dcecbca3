"""Trusted check of sorting networks by the zero-one principle.

A network sorts every input iff it sorts every sequence of zeros and ones (Knuth, The Art of
Computer Programming, volume 3, theorem Z). All ``2**wires`` of them are run at once: bit k
of a wire's integer is the wire's value for the k-th sequence.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from telic.exact import int_list
from telic.scoring import Case, Score, infeasible

__all__ = ["network_scorer"]

_MOST = 200


def network_scorer(wires: int) -> Callable[[Any, Case], Score]:
    """Return the scorer that counts the comparators of a correct network."""
    everything = (1 << (1 << wires)) - 1
    inputs = [_column(wire, wires) for wire in range(wires)]

    def score(output: Any, case: Case) -> Score:
        del case
        rows = output.tolist() if hasattr(output, "tolist") else output
        if not isinstance(rows, list | tuple) or len(rows) > _MOST:
            return infeasible(f"expected a list of up to {_MOST} comparators")
        values = list(inputs)
        for row in rows:
            try:
                low, high = int_list(row, low=0, high=wires - 1, length=2)
            except ValueError as error:
                return infeasible(str(error))
            if low >= high:
                return infeasible(f"a comparator [i, j] needs i < j; got {row}")
            values[low], values[high] = values[low] & values[high], values[low] | values[high]
        unsorted = 0
        for upper, lower in pairwise(values):
            unsorted |= upper & ~lower & everything
        wrong = unsorted.bit_count()
        return Score(
            metrics={"score": float(len(rows)), "wrong": float(wrong)},
            feasible=wrong == 0,
            feedback="" if wrong == 0 else f"{wrong} of {1 << wires} 0-1 inputs stay unsorted",
            margins=(-float(wrong),),
        )

    return score


def _column(wire: int, wires: int) -> int:
    """Return the integer whose bit k is bit ``wire`` of k, for all k below ``2**wires``."""
    block = ((1 << (1 << wire)) - 1) << (1 << wire)
    width = 1 << (wire + 1)
    while width < 1 << wires:
        block |= block << width
        width *= 2
    return block
