"""Keijzer-14 (Keijzer, 2003), at 20 points."""

from telic.problems.regression import regression, uniform
from telic.seeding import stream

RANGES = (
    (-3.0, 3.0),
    (-3.0, 3.0),
)


def truth(x: float, y: float) -> float:
    return 8.0 / (2.0 + x**2 + y**2)


cases, score, held_out_cases = regression(
    truth,
    uniform(stream(0, "keijzer-14", "train"), 20, *RANGES),
    held_out=uniform(stream(0, "keijzer-14", "held out"), 200, *RANGES),
)
