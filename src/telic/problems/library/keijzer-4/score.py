"""Keijzer-4 (Keijzer, 2003), at 201 points."""

import math

from telic.problems.regression import grid, regression


def truth(x: float) -> float:
    return x**3 * math.exp(-x) * math.cos(x) * math.sin(x) * (math.sin(x) ** 2 * math.cos(x) - 1.0)


cases, score, held_out_cases = regression(
    truth,
    grid(0.0, 10.0, 0.05),
    held_out=grid(0.05, 10.05, 0.05),
)
