"""One step of sequential linear programming: a linear program in a box."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from telic.operators._polish_probe import Floats, Point

__all__ = ["Step", "linear_step"]

_ROWS = 1_000
"""The most rows that a linear program gets: those nearest to mattering."""


@dataclass(frozen=True, slots=True)
class Step:
    """A direction and what the linear model expects of it."""

    direction: Floats
    """In units of the literals."""
    gain: float
    """Expected gain of merit."""


def linear_step(
    point: Point,
    slopes: Floats,
    near: np.ndarray[tuple[int], np.dtype[np.bool_]],
    *,
    pieces: int,
    radius: float,
    weight: float,
    slack: float = 0.0,
) -> Step | None:
    """Return the step that the linear model likes best, or ``None`` if there is no solution.

    Maximises the least of the objective's pieces minus ``weight`` times the sum of the
    violations of constraints that are broken now; the others must hold (Fletcher & Sainz de
    la Maza 1989 call it an S-l1-LP step).

    Args:
        point: where the step starts.
        slopes: of all rows at the point, shape ``(rows, n)``, per unit.
        near: rows that may matter.
        pieces: how many rows belong to the objective.
        radius: the largest change of a literal, in units.
        weight: of a unit of violation.
        slack: what constraints must keep free.
    """
    rows = point.rows.copy()
    rows[pieces:] -= slack
    rows[:pieces] -= point.value
    chosen = np.flatnonzero(near)
    if len(chosen) > _ROWS:
        closest = rows[chosen] / np.maximum(np.abs(slopes[chosen]).sum(axis=1), 1e-300)
        chosen = np.sort(chosen[np.argsort(closest, kind="stable")[:_ROWS]])
    # In units of the radius, so that the solver's absolute tolerances mean little ones here.
    matrix, offsets = slopes[chosen], rows[chosen] / radius
    used = np.flatnonzero(np.abs(matrix).any(axis=0))  # others stay where they are
    is_piece = chosen < pieces
    broken = np.flatnonzero((offsets < 0) & ~is_piece)
    count, extra = len(used), len(broken)
    table = np.zeros((len(chosen), count + extra + 1))
    table[:, :count] = matrix[:, used]
    table[broken, count + np.arange(extra)] = 1.0
    table[is_piece, -1] = -1.0  # the last variable is the gain, below every piece
    costs = np.concatenate((np.zeros(count), np.full(extra, weight), [-1.0]))
    low = np.concatenate((np.full(count, -1.0), np.zeros(extra), [-np.inf]))
    high = np.concatenate((np.full(count, 1.0), np.full(extra + 1, np.inf)))
    solution = milp(
        costs,
        constraints=LinearConstraint(csr_matrix(table), -offsets, np.inf),  # pyright: ignore[reportArgumentType]
        bounds=Bounds(low, high),  # pyright: ignore[reportArgumentType]
        options={"presolve": False},
    )
    if solution.x is None:
        return None
    direction = np.zeros(slopes.shape[1])
    direction[used] = np.clip(solution.x[:count], -1.0, 1.0)
    after = offsets + matrix @ direction
    gain = float(after[is_piece].min())
    before, behind = (-np.minimum(v[~is_piece], 0.0).sum() for v in (offsets, after))
    return Step(radius * direction, radius * (gain + weight * float(before - behind)))
