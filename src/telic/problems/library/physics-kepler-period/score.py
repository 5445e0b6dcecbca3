"""Kepler's third law at 40 drawn orbits."""

import math

from telic.problems.regression import regression, uniform
from telic.seeding import stream

RANGES = (
    (0.3, 10.0),
    (0.3, 3.0),
)


def truth(a: float, m: float) -> float:
    return math.sqrt(a**3 / m)


cases, score, held_out_cases = regression(
    truth,
    uniform(stream(0, "physics-kepler-period", "train"), 40, *RANGES),
    held_out=uniform(stream(0, "physics-kepler-period", "held out"), 200, *RANGES),
)
