"""The Lorentz factor at 40 drawn speeds."""

import math

from telic.problems.regression import regression, uniform
from telic.seeding import stream

RANGES = ((0.0, 0.95),)


def truth(v: float) -> float:
    return 1.0 / math.sqrt(1.0 - v**2)


cases, score, held_out_cases = regression(
    truth,
    uniform(stream(0, "physics-lorentz", "train"), 40, *RANGES),
    held_out=uniform(stream(0, "physics-lorentz", "held out"), 200, *RANGES),
)
