"""The rocket equation at 40 drawn designs."""

import math

from telic.problems.regression import regression, uniform
from telic.seeding import stream

RANGES = (
    (1.0, 4.0),
    (0.5, 3.0),
    (0.5, 10.0),
)


def truth(u: float, m: float, f: float) -> float:
    return u * math.log((m + f) / m)


cases, score, held_out_cases = regression(
    truth,
    uniform(stream(0, "physics-rocket", "train"), 40, *RANGES),
    held_out=uniform(stream(0, "physics-rocket", "held out"), 200, *RANGES),
)
