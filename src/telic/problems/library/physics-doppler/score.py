"""The relativistic Doppler shift at 40 drawn speeds."""

import math

from telic.problems.regression import regression, uniform
from telic.seeding import stream

RANGES = ((-0.8, 0.8),)


def truth(v: float) -> float:
    return math.sqrt((1.0 + v) / (1.0 - v))


cases, score, held_out_cases = regression(
    truth,
    uniform(stream(0, "physics-doppler", "train"), 40, *RANGES),
    held_out=uniform(stream(0, "physics-doppler", "held out"), 200, *RANGES),
)
