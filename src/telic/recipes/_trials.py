"""What recipes share: trials over seeds, and arms, means and tables from their figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from telic.recipes._arm import Arm
from telic.recipes._base import Progress
from telic.recipes._plot import Series
from telic.recipes._report import Cell, Table

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = [
    "Row",
    "arm_of",
    "arms_of",
    "line_of",
    "mean_of",
    "rank_correlation",
    "table_of",
    "trials",
]

Row = Mapping[str, float]
"""Name of an arm or figure → its value in one trial."""
Found = TypeVar("Found")
_POINTS = 100
"""Of a line at most."""


def trials(
    count: int, seed: int, progress: Progress, trial: Callable[[int], Found], *, share: float = 1.0
) -> list[Found]:
    """Run one trial per seed, from ``seed`` on, telling how far it is; all are a share of 1."""
    found: list[Found] = []
    for number in range(count):
        progress(share * number / count, f"trial {number + 1} of {count}")
        found.append(trial(seed + number))
    return found


def arm_of(name: str, metric: str, values: Iterable[float | None]) -> Arm:
    """Return an arm of values of any kind of sequence."""
    return Arm(name=name, metric=metric, values=[*values])


def arms_of(rows: Sequence[Row], metrics: Mapping[str, str]) -> dict[str, Arm]:
    """Return name → arm from the trials' figures of that name.

    Args:
        rows: one for each trial.
        metrics: name of an arm → what its values are.
    """
    return {
        name: arm_of(name, metric, [row[name] for row in rows]) for name, metric in metrics.items()
    }


def mean_of(rows: Sequence[Row], name: str) -> float:
    """Return the mean of a figure over trials."""
    return sum(row[name] for row in rows) / len(rows)


def table_of(title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Table:
    """Return a table of rows of any kind of sequence."""
    return Table(title, [*columns], [[*row] for row in rows])


def line_of(name: str, values: Sequence[float], *, x: Sequence[float] | None = None) -> Series:
    """Return a line over the values' places, or over ``x``; of long ones every so many points."""
    every = max(len(values) // _POINTS, 1)
    places = range(len(values)) if x is None else x
    return Series(name=name, x=[float(place) for place in places[::every]], y=[*values[::every]])


def rank_correlation(one: ArrayLike, other: ArrayLike) -> float:
    """Return the correlation of ranks of two rows of values; of equal ones the first is lower."""
    import numpy as np

    first, second = (np.argsort(np.argsort(values, kind="stable")) for values in (one, other))
    return float(np.corrcoef(first, second)[0, 1])
