"""Nguyen-5 of Uy and others (2011), at 20 drawn points."""

import math

from telic.problems.regression import regression, uniform
from telic.seeding import stream

RANGES = ((-1.0, 1.0),)


def truth(x: float) -> float:
    return math.sin(x**2) * math.cos(x) - 1.0


cases, score, held_out_cases = regression(
    truth,
    uniform(stream(0, "nguyen-5", "train"), 20, *RANGES),
    held_out=uniform(stream(0, "nguyen-5", "held out"), 200, *RANGES),
)
