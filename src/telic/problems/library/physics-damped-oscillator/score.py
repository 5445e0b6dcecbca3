"""A damped oscillation at 40 drawn times and dampings."""

import math

from telic.problems.regression import regression, uniform
from telic.seeding import stream

RANGES = (
    (0.0, 4.0),
    (0.1, 1.0),
)


def truth(t: float, c: float) -> float:
    return math.exp(-c * t) * math.cos(2.0 * t)


cases, score, held_out_cases = regression(
    truth,
    uniform(stream(0, "physics-damped-oscillator", "train"), 40, *RANGES),
    held_out=uniform(stream(0, "physics-damped-oscillator", "held out"), 200, *RANGES),
)
