"""The game of 24: make 24 of four numbers by arithmetic. States are the numbers that are left."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

__all__ = ["FEATURES", "children", "described", "drawn_games", "played", "solved"]

FEATURES = 10
_GOAL = 24.0
_DEAD = 1e5
"""Stands for a division by zero and for what is too large to come back."""


def children(states: Array) -> Array:
    """Return all states one operation on: (n, k) → (n, 3k(k-1), k-1)."""
    count = states.shape[1]
    found: list[Array] = []
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for i, j in combinations(range(count), 2):
            a, b = states[:, i], states[:, j]
            rest = [states[:, other] for other in range(count) if other not in (i, j)]
            made = (a + b, a - b, b - a, a * b, a / b, b / a)
            found.extend(np.stack([*rest, result], axis=1) for result in made)
    after = np.stack(found, axis=1)
    return np.where(np.isfinite(after) & (np.abs(after) < _DEAD), after, _DEAD)


def described(states: Array) -> Array:
    """Return features of states of up to four numbers: (..., k) → (..., FEATURES)."""
    ordered = np.sort(states, axis=-1)
    missing = [(0, 0)] * (states.ndim - 1) + [(0, 4 - states.shape[-1])]
    padded = np.pad(ordered, missing)[..., :3]
    sizes = np.sign(padded) * np.log1p(np.abs(padded))
    near = 1.0 / (1.0 + np.abs(padded - _GOAL))
    left = np.full((*states.shape[:-1], 1), states.shape[-1] - 2.0)
    return np.concatenate([sizes, np.clip(padded / 12.0, -4.0, 4.0), near, left], axis=-1)


def drawn_games(count: int, rng: np.random.Generator) -> Array:
    """Return games of four numbers from 1 to 13 that can be solved, (count, 4)."""
    found: list[Array] = []
    while sum(map(len, found)) < count:
        games = rng.integers(1, 14, size=(2 * count, 4)).astype(float)
        last = children(children(games).reshape(-1, 3)).reshape(-1, 2)
        ends = children(last).reshape(len(games), -1)
        found.append(games[_is_goal(ends).any(axis=1)])
    return np.concatenate(found)[:count]


def played(games: Array, times: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Play each game so many times at random.

    Returns:
        Features of the states on the way, and for each 1 if its game ended in 24, else 0.
    """
    states, rows = np.repeat(games, times, axis=0), []
    for left in (4, 3, 2):
        after = children(states)
        states = after[np.arange(len(states)), rng.integers(after.shape[1], size=len(states))]
        if left > 2:
            rows.append(described(states))
    outcomes = _is_goal(states[:, 0]).astype(float)
    return np.concatenate(rows), np.concatenate([outcomes] * len(rows))


def solved(games: Array, value: Callable[[Array], Array], *, beam: int) -> float:
    """Return the share of games that a search solves which keeps the ``beam`` best states."""
    kept = games[:, None, :]
    for left in (4, 3):
        after = children(kept.reshape(-1, left)).reshape(len(games), -1, left - 1)
        worth = value(described(after).reshape(-1, FEATURES)).reshape(len(games), -1)
        best = np.argsort(-worth, axis=1, kind="stable")[:, :beam]
        kept = np.take_along_axis(after, best[:, :, None], axis=1)
    ends = children(kept.reshape(-1, 2)).reshape(len(games), -1)
    return float(_is_goal(ends).any(axis=1).mean())


def _is_goal(numbers: Array) -> NDArray[np.bool_]:
    return np.abs(numbers - _GOAL) < 1e-6
