"""Keijzer-15 (Keijzer, 2003), at 20 points."""

from telic.problems.regression import regression, uniform
from telic.seeding import stream

RANGES = (
    (-3.0, 3.0),
    (-3.0, 3.0),
)


def truth(x: float, y: float) -> float:
    return x**3 / 5.0 + y**3 / 2.0 - y - x


cases, score, held_out_cases = regression(
    truth,
    uniform(stream(0, "keijzer-15", "train"), 20, *RANGES),
    held_out=uniform(stream(0, "keijzer-15", "held out"), 200, *RANGES),
)
