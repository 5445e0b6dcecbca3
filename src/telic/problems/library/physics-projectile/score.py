"""The range of a projectile at 40 drawn throws."""

import math

from telic.problems.regression import regression, uniform
from telic.seeding import stream

RANGES = (
    (1.0, 10.0),
    (0.1, 1.4),
)


def truth(v: float, a: float) -> float:
    return v**2 * math.sin(2.0 * a) / 9.81


cases, score, held_out_cases = regression(
    truth,
    uniform(stream(0, "physics-projectile", "train"), 40, *RANGES),
    held_out=uniform(stream(0, "physics-projectile", "held out"), 200, *RANGES),
)
