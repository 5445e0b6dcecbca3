"""Jolts: random changes from which polishing may fall into another, better optimum."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from telic.operators._polish_probe import Floats

__all__ = ["Table", "jolt", "make_table", "spread_units"]

_SCALES = (3e-3, 0.3)
"""Smallest and largest standard deviation of noise, in units."""

Table = np.ndarray[tuple[int, int], np.dtype[np.int_]]
"""Indices into the vector, shape ``(rows, columns)``: rows are exchangeable things."""


def make_table(rows: Sequence[Sequence[int]]) -> Table:
    """Return a table from rows of equal length."""
    return np.array(rows, dtype=int).reshape(len(rows), -1)


def spread_units(vector: Floats, units: Floats, tables: Sequence[Table]) -> Floats:
    """Return units that are, in tables, how far the numbers of a column lie apart."""
    result = units.copy()
    for table in tables:
        spreads = np.ptp(vector[table], axis=0)
        result[table[:, spreads > 0]] = spreads[spreads > 0]
    return result


def jolt(
    vector: Floats, units: Floats, tables: Sequence[Table], rng: np.random.Generator
) -> Floats:
    """Return a copy of the vector with a random change.

    With tables, rows are relocated (their numbers drawn anew between the extremes of each
    column), most often one or two of them, or two rows exchange some of their numbers;
    else, and now and then anyway, noise of a random size goes on a random part.
    """
    result = vector.copy()
    draw = rng.random()
    if not tables or draw < 0.15:
        scale = math.exp(rng.uniform(math.log(_SCALES[0]), math.log(_SCALES[1])))
        touched = rng.random(len(vector)) < rng.uniform(0.1, 1.0)
        touched[rng.integers(len(vector))] = True
        result[touched] += (scale * rng.standard_normal(len(vector)) * units)[touched]
        return result
    sizes = np.array([table.size for table in tables], dtype=float)
    table = tables[int(rng.choice(len(tables), p=sizes / sizes.sum()))]
    rows, columns = table.shape
    if draw < 0.4:
        first, second = table[rng.choice(rows, 2, replace=False)]
        exchanged = rng.choice(columns, max(1, columns - 1), replace=False)
        result[first[exchanged]] = vector[second[exchanged]]
        result[second[exchanged]] = vector[first[exchanged]]
        return result
    count = min(int(rng.geometric(0.6)), rows)
    low, high = vector[table].min(axis=0), vector[table].max(axis=0)
    for row in rng.choice(rows, count, replace=False):
        result[table[row]] = low + (high - low) * rng.random(columns)
    return result
