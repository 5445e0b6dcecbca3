"""Relativistic addition of velocities at 40 drawn pairs."""

from telic.problems.regression import regression, uniform
from telic.seeding import stream

RANGES = (
    (-0.9, 0.9),
    (-0.9, 0.9),
)


def truth(u: float, v: float) -> float:
    return (u + v) / (1.0 + u * v)


cases, score, held_out_cases = regression(
    truth,
    uniform(stream(0, "physics-velocity-addition", "train"), 40, *RANGES),
    held_out=uniform(stream(0, "physics-velocity-addition", "held out"), 200, *RANGES),
)
