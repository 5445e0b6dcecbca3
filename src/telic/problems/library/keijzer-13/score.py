"""Keijzer-13 (Keijzer, 2003), at 20 points."""

import math

from telic.problems.regression import regression, uniform
from telic.seeding import stream

RANGES = (
    (-3.0, 3.0),
    (-3.0, 3.0),
)


def truth(x: float, y: float) -> float:
    return 6.0 * math.sin(x) * math.cos(y)


cases, score, held_out_cases = regression(
    truth,
    uniform(stream(0, "keijzer-13", "train"), 20, *RANGES),
    held_out=uniform(stream(0, "keijzer-13", "held out"), 200, *RANGES),
)
