"""Small slippery worlds on a grid, as exact matrices: what a policy is worth is solved, not run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Integers = NDArray[np.int64]

__all__ = ["DISCOUNT", "Grid", "Steps", "drawn_grid", "drawn_steps", "worth_of_policy"]

DISCOUNT = 0.95
_SIDE = 8
_SLIP = 0.2
_WALLS = 0.15
_MOVES = ((-1, 0), (1, 0), (0, -1), (0, 1))


@dataclass(frozen=True)
class Grid:
    """A world whose one reward, of 1, waits in the last cell, where it ends."""

    moves: Array
    """Probability of the next cell: (cells, actions, cells)."""
    views: Array
    """What is seen in each cell, without noise: (cells, width)."""
    open: Integers
    """Cells one can stand in, but for the last."""


@dataclass(frozen=True)
class Steps:
    """Random steps: arrays of n rows."""

    states: Array
    actions: Integers
    rewards: Array
    discounts: Array
    following: Array


def drawn_grid(rng: np.random.Generator, *, width: int) -> Grid:
    """Return a world with walls in random places and a random code for each cell."""
    cells = _SIDE * _SIDE
    is_wall = rng.random(cells) < _WALLS
    is_wall[[0, cells - 1]] = False
    moves = np.zeros((cells, 4, cells))
    for cell in range(cells):
        reached = [_reached(cell, move, is_wall) for move in _MOVES]
        for action in range(4):
            for other, target in enumerate(reached):
                moves[cell, action, target] += 1 - _SLIP if other == action else _SLIP / 3
    standing = np.flatnonzero(~is_wall)
    return Grid(moves, rng.normal(size=(cells, width)), standing[:-1])


def drawn_steps(grid: Grid, count: int, rng: np.random.Generator, *, noise: float) -> Steps:
    """Return single steps from random cells by random actions, seen through noise."""
    cells = rng.choice(grid.open, count)
    actions = rng.integers(4, size=count)
    chances = grid.moves[cells, actions].cumsum(axis=1)
    following = (rng.random((count, 1)) < chances).argmax(axis=1)
    ended = following == len(grid.moves) - 1

    def seen(places: Integers) -> Array:
        return grid.views[places] + noise * rng.normal(size=(count, grid.views.shape[1]))

    return Steps(
        seen(cells), actions, ended.astype(float), DISCOUNT * ~ended, seen(following)
    )  # fmt: skip


def worth_of_policy(grid: Grid, actions: Integers) -> float:
    """Return the expected discounted return of a policy, the mean over first cells."""
    chances = grid.moves[np.arange(len(actions)), actions].copy()
    rewards = chances[:, -1].copy()
    chances[:, -1] = 0.0
    chances[-1], rewards[-1] = 0.0, 0.0
    values = np.linalg.solve(np.eye(len(actions)) - DISCOUNT * chances, rewards)
    return float(values[grid.open].mean())


def _reached(cell: int, move: tuple[int, int], is_wall: NDArray[np.bool_]) -> int:
    row, column = cell // _SIDE + move[0], cell % _SIDE + move[1]
    if not (0 <= row < _SIDE and 0 <= column < _SIDE) or is_wall[row * _SIDE + column]:
        return cell
    return row * _SIDE + column
