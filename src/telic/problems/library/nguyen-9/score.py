"""Nguyen-9 of Uy and others (2011), at 20 drawn points."""

import math

from telic.problems.regression import regression, uniform
from telic.seeding import stream

RANGES = (
    (0.0, 1.0),
    (0.0, 1.0),
)


def truth(x: float, y: float) -> float:
    return math.sin(x) + math.sin(y**2)


cases, score, held_out_cases = regression(
    truth,
    uniform(stream(0, "nguyen-9", "train"), 20, *RANGES),
    held_out=uniform(stream(0, "nguyen-9", "held out"), 200, *RANGES),
)
