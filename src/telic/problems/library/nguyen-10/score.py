"""Nguyen-10 of Uy and others (2011), at 20 drawn points."""

import math

from telic.problems.regression import regression, uniform
from telic.seeding import stream

RANGES = (
    (0.0, 1.0),
    (0.0, 1.0),
)


def truth(x: float, y: float) -> float:
    return 2.0 * math.sin(x) * math.cos(y)


cases, score, held_out_cases = regression(
    truth,
    uniform(stream(0, "nguyen-10", "train"), 20, *RANGES),
    held_out=uniform(stream(0, "nguyen-10", "held out"), 200, *RANGES),
)
