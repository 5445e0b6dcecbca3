"""Nguyen-2 of Uy and others (2011), at 20 drawn points."""

from telic.problems.regression import regression, uniform
from telic.seeding import stream

RANGES = ((-1.0, 1.0),)


def truth(x: float) -> float:
    return x**4 + x**3 + x**2 + x


cases, score, held_out_cases = regression(
    truth,
    uniform(stream(0, "nguyen-2", "train"), 20, *RANGES),
    held_out=uniform(stream(0, "nguyen-2", "held out"), 200, *RANGES),
)
