"""Keijzer-9 (Keijzer, 2003), at 101 points."""

import math

from telic.problems.regression import grid, regression


def truth(x: float) -> float:
    return math.asinh(x)


cases, score, held_out_cases = regression(
    truth,
    grid(0.0, 100.0, 1.0),
    held_out=grid(0.0, 100.0, 0.1),
)
