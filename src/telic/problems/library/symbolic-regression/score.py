"""A damped rise with a ripple, at 40 drawn points."""

import math

from telic.problems.regression import regression, uniform
from telic.seeding import stream


def truth(x: float) -> float:
    return 1.5 * x * math.exp(-0.3 * x) + math.sin(2.0 * x)


cases, score, held_out_cases = regression(
    truth,
    uniform(stream(0, "symbolic-regression", "train"), 40, (0.0, 6.0)),
    held_out=uniform(stream(0, "symbolic-regression", "held out"), 200, (0.0, 6.0)),
)
