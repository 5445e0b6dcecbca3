"""Simulated annealing."""

import math
from collections.abc import Callable

import numpy as np


def anneal(
    start: np.ndarray,
    objective: Callable[[np.ndarray], float],
    *,
    rounds: int = 60,
    step: float = 0.1,
    heat: float = 0.05,
) -> np.ndarray:
    """Accept losses at first, ever fewer as it cools, and return the best point seen."""
    rng = np.random.default_rng(0)
    now = best = np.array(start, dtype=float)
    value = top = objective(now)
    for left in range(rounds, 0, -1):
        share = left / rounds
        moved = now + step * share * rng.normal(size=now.shape)
        reached = objective(moved)
        if reached > value or rng.random() < math.exp((reached - value) / (heat * share)):
            now, value = moved, reached
        if reached > top:
            best, top = moved, reached
    return best
