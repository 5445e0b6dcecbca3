"""Jacobians by finite differences, in one batch, with few trials where they are sparse.

Columns that no needed row shares can be measured by one trial (Curtis, Powell & Reid 1974).
Which rows depend on which literals is learnt from full Jacobians, which rows are linear from one
more trial; both are only believed as long as a trial in a random direction agrees.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from telic.operators._polish_probe import Floats, Point, Probe

__all__ = ["Slopes", "group_columns"]

_STEP = 1e-7
"""Difference, in units of the literals."""
_RESOLUTION = 3e-8
"""Difference relative to a literal's size, at least."""
_LINEAR = 1e-6
"""Relative change up to which a row's slopes count as constant."""
_DISAGREEMENT = 1e-3
"""Relative error of the random direction from which on a sparse Jacobian is discarded."""
_CAUTION = 3.0
_BEND = 0.01
"""Length, in units, of the random step that tells which rows are linear."""
_NEAR = 0.3
"""Share of the reach of a step within which a row's slopes are measured anew; those of rows
farther off are kept, for they seldom come to matter, and a step that they mislead is taken back."""
_FAR = 0.3
"""Radius, in units, above which the reach does not grow."""
_WORTHWHILE = 0.7
"""Share of the columns that the groups must stay below."""

Mask = NDArray[np.bool_]


class Slopes:
    """Measures Jacobians and keeps what earlier ones taught.

    Args:
        probe: runs trials.
        units: positive scale of each literal; slopes are per unit.
        rng: draws the random directions.
    """

    def __init__(self, probe: Probe, units: Floats, rng: np.random.Generator) -> None:
        self._probe = probe
        self._units = units
        self._rng = rng
        self._pattern: Mask | None = None
        self._linear: Mask = np.zeros(0, dtype=bool)
        self._latest: Floats = np.zeros((0, 0))
        self._trusted: Floats = np.zeros((0, 0))
        self.weight = 1.0
        """Of a unit of violation against a unit of value; set by the first Jacobian."""

    def at(self, point: Point, radius: float) -> Floats:
        """Return the slopes, shape ``(rows, n)``; measured here for the rows that are near.

        Args:
            point: where.
            radius: how far steps may go, in units.

        Raises:
            BudgetSpentError: if the trials do not suffice.
        """
        slopes = self._sparse(point, radius)
        if slopes is None:
            slopes = self._full(point)
        self._latest = slopes
        return slopes

    def within_reach(self, point: Point, slopes: Floats, radius: float) -> Mask:
        """Return which rows may come to matter within a radius."""
        reach = radius * np.abs(slopes).sum(axis=1)
        pieces = self._probe.pieces
        near = point.rows < reach
        near[:pieces] = point.rows[:pieces] - point.value <= reach[:pieces] + reach[:pieces].max()
        return near

    def near(self, point: Point, slopes: Floats, radius: float) -> Mask:
        """Return the rows whose slopes are measured anew for steps up to a radius."""
        return self.within_reach(point, slopes, _NEAR * min(radius, _FAR))

    def _full(self, point: Point) -> Floats:
        count = len(point.vector)
        steps = self._steps(point)
        slopes = np.zeros((len(point.rows), count))
        columns = np.arange(count)
        for sign in (1.0, -1.0):  # the other side where a literal cannot grow
            batch = np.tile(point.vector, (len(columns), 1))
            batch[np.arange(len(columns)), columns] += sign * steps[columns]
            failed: list[int] = []
            for column, vector, moved in zip(
                columns.tolist(), batch, self._probe.measure(batch), strict=True
            ):
                if moved is None:
                    failed.append(column)
                else:
                    change = vector[column] - point.vector[column]
                    slopes[:, column] = (moved.rows - point.rows) / change * self._units[column]
            columns = np.array(failed, dtype=int)
            if not failed:
                break
        self._learn(slopes, point)
        return slopes

    def _learn(self, slopes: Floats, point: Point) -> None:
        size = np.abs(slopes).max(axis=1, initial=0.0)
        if self._pattern is None:
            self._pattern = slopes != 0
            self.weight = _penalty_weight(slopes, self._probe.pieces)
            self._linear = self._straight(slopes, point)
        else:
            change = np.abs(slopes - self._trusted).max(axis=1, initial=0.0)
            self._linear = change <= _LINEAR * size
            self._pattern |= slopes != 0
        self._trusted = slopes

    def _straight(self, slopes: Floats, point: Point) -> Mask:
        """Return which rows keep to their slopes along a random step; none if it fails."""
        direction = _BEND * self._rng.uniform(-1.0, 1.0, len(self._units))
        vector = point.vector + direction * self._units
        moved = self._probe.measure(vector[None, :])[0]
        if moved is None:
            return np.zeros(0, dtype=bool)
        direction = (vector - point.vector) / self._units
        error = np.abs(moved.rows - point.rows - slopes @ direction)
        return error <= _LINEAR * (np.abs(slopes) @ np.abs(direction))

    def _sparse(self, point: Point, radius: float) -> Floats | None:
        """Return slopes from grouped columns, or ``None`` if that does not pay or is wrong."""
        if self._pattern is None or not self._linear.size:
            return None
        near = self.near(point, self._latest, radius)
        groups = group_columns(self._pattern[near & ~self._linear])
        count = int(groups.max(initial=-1)) + 1
        if count + 1 > _WORTHWHILE * len(groups):
            return None
        steps = self._steps(point)
        batch = np.tile(point.vector, (count + 1, 1))
        batch[groups, np.arange(len(groups))] += steps
        batch[count] += steps * self._rng.uniform(-1.0, 1.0, len(groups))
        moved = self._probe.measure(batch)
        changes = np.array([p.rows - point.rows for p in moved if p is not None])
        if len(changes) <= count:
            return None
        taken = (batch[groups, np.arange(len(groups))] - point.vector) / self._units
        slopes = self._latest.copy()
        curved = near & ~self._linear
        measured = changes[groups].T / taken
        slopes[curved] = np.where(self._pattern[curved], measured[curved], 0.0)
        checked = near | self._linear
        direction = (batch[count] - point.vector) / self._units
        error = np.abs(slopes @ direction - changes[count])[checked]
        size = (np.abs(slopes) @ np.abs(direction))[checked]
        return slopes if (error <= _DISAGREEMENT * size + 1e-14).all() else None

    def _steps(self, point: Point) -> Floats:
        return np.maximum(_STEP * self._units, _RESOLUTION * np.abs(point.vector))


def _penalty_weight(slopes: Floats, pieces: int) -> float:
    """Return a weight for violations that multipliers of constraints hardly exceed.

    Giving in to one constraint by one literal gains the ratio of their slopes.
    """
    ratios = [
        float(np.abs(slopes[:pieces, column]).max() / np.median(sizes[sizes > 0]))
        for column, sizes in enumerate(np.abs(slopes[pieces:]).T)
        if sizes.any()
    ]
    return _CAUTION * max(ratios, default=0.0) or 1.0


def group_columns(pattern: Mask) -> NDArray[np.int_]:
    """Return a group number for each column so that no row has two columns of one group.

    Greedy colouring, columns that meet most others first.

    Args:
        pattern: which entries of a matrix may differ from zero, shape ``(rows, columns)``.
    """
    dense = pattern.astype(np.float32)
    meets = (dense.T @ dense) > 0
    count = pattern.shape[1]
    groups = np.zeros(count, dtype=np.int_)
    is_taken = np.zeros((count, count), dtype=bool)  # group, column
    for column in np.argsort(-meets.sum(axis=0), kind="stable"):
        group = is_taken[:, column].argmin()
        groups[column] = group
        is_taken[group] |= meets[column]
    return groups
