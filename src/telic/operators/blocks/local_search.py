"""Improving numbers by small steps that are kept when they help."""

from collections.abc import Callable

import numpy as np


def local_search(
    start: np.ndarray,
    objective: Callable[[np.ndarray], float],
    *,
    rounds: int = 40,
    step: float = 0.1,
) -> np.ndarray:
    """Take random steps, shorter after each failure, and keep those that help."""
    rng = np.random.default_rng(0)
    best = np.array(start, dtype=float)
    value = objective(best)
    for _ in range(rounds):
        moved = best + step * rng.normal(size=best.shape)
        reached = objective(moved)
        if reached > value:
            best, value, step = moved, reached, 1.5 * step
        else:
            step *= 0.95
    return best


def coordinate_search(
    start: np.ndarray,
    objective: Callable[[np.ndarray], float],
    *,
    rounds: int = 3,
    step: float = 0.3,
) -> np.ndarray:
    """Move one number at a time, both ways, with ever shorter steps."""
    best = np.array(start, dtype=float)
    value = objective(best)
    for _ in range(rounds):
        for index in np.ndindex(best.shape):
            for change in (step, -step):
                moved = best.copy()
                moved[index] += change
                reached = objective(moved)
                if reached > value:
                    best, value = moved, reached
                    break
        step *= 0.5
    return best
