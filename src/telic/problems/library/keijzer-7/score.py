"""Keijzer-7 (Keijzer, 2003), at 100 points."""

import math

from telic.problems.regression import grid, regression


def truth(x: float) -> float:
    return math.log(x)


cases, score, held_out_cases = regression(
    truth,
    grid(1.0, 100.0, 1.0),
    held_out=grid(1.0, 100.0, 0.1),
)
