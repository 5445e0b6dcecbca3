"""Planck's law in natural units at 40 drawn points."""

import math

from telic.problems.regression import regression, uniform
from telic.seeding import stream

RANGES = (
    (0.5, 6.0),
    (0.5, 2.0),
)


def truth(f: float, t: float) -> float:
    return f**3 / (math.exp(f / t) - 1.0)


cases, score, held_out_cases = regression(
    truth,
    uniform(stream(0, "physics-planck", "train"), 40, *RANGES),
    held_out=uniform(stream(0, "physics-planck", "held out"), 200, *RANGES),
)
