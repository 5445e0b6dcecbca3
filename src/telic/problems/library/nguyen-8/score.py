"""Nguyen-8 of Uy and others (2011), at 20 drawn points."""

import math

from telic.problems.regression import regression, uniform
from telic.seeding import stream

RANGES = ((0.0, 4.0),)


def truth(x: float) -> float:
    return math.sqrt(x)


cases, score, held_out_cases = regression(
    truth,
    uniform(stream(0, "nguyen-8", "train"), 20, *RANGES),
    held_out=uniform(stream(0, "nguyen-8", "held out"), 200, *RANGES),
)
