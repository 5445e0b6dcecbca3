"""Competitive Michaelis-Menten kinetics at 40 drawn concentrations."""

from telic.problems.regression import regression, uniform
from telic.seeding import stream

RANGES = (
    (0.1, 8.0),
    (0.0, 3.0),
)


def truth(s: float, i: float) -> float:
    return 2.5 * s / (s + 1.2 * (1.0 + i / 0.7))


cases, score, held_out_cases = regression(
    truth,
    uniform(stream(0, "physics-michaelis-menten", "train"), 40, *RANGES),
    held_out=uniform(stream(0, "physics-michaelis-menten", "held out"), 200, *RANGES),
)
