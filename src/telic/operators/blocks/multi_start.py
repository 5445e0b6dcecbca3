"""Starting several times from different places."""

from collections.abc import Callable

import numpy as np


def multi_start(
    start: np.ndarray,
    objective: Callable[[np.ndarray], float],
    *,
    starts: int = 3,
    rounds: int = 15,
    spread: float = 0.3,
) -> np.ndarray:
    """Scatter copies of the start, improve each by random steps, and return the best."""
    rng = np.random.default_rng(0)
    best = np.array(start, dtype=float)
    top = objective(best)
    for _ in range(starts):
        now = best + spread * rng.normal(size=best.shape)
        value, step = objective(now), spread
        for _ in range(rounds):
            moved = now + step * rng.normal(size=now.shape)
            reached = objective(moved)
            if reached > value:
                now, value = moved, reached
            else:
                step *= 0.93
        if value > top:
            best, top = now, value
    return best
