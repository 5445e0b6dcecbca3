"""Nguyen-7 of Uy and others (2011), at 20 drawn points."""

import math

from telic.problems.regression import regression, uniform
from telic.seeding import stream

RANGES = ((0.0, 2.0),)


def truth(x: float) -> float:
    return math.log(x + 1.0) + math.log(x**2 + 1.0)


cases, score, held_out_cases = regression(
    truth,
    uniform(stream(0, "nguyen-7", "train"), 20, *RANGES),
    held_out=uniform(stream(0, "nguyen-7", "held out"), 200, *RANGES),
)
