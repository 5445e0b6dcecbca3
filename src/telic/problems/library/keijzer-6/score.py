"""Keijzer-6 (Keijzer, 2003), at 50 points."""

from telic.problems.regression import grid, regression


def truth(x: float) -> float:
    return sum(1.0 / i for i in range(1, round(x) + 1))


cases, score, held_out_cases = regression(
    truth,
    grid(1.0, 50.0, 1.0),
    held_out=grid(1.0, 120.0, 1.0),
)
