"""Interference of two waves at 40 drawn points."""

import math

from telic.problems.regression import regression, uniform
from telic.seeding import stream

RANGES = (
    (0.2, 3.0),
    (0.2, 3.0),
    (0.0, 6.3),
)


def truth(a: float, b: float, p: float) -> float:
    return a + b + 2.0 * math.sqrt(a * b) * math.cos(p)


cases, score, held_out_cases = regression(
    truth,
    uniform(stream(0, "physics-two-source-interference", "train"), 40, *RANGES),
    held_out=uniform(stream(0, "physics-two-source-interference", "held out"), 200, *RANGES),
)
