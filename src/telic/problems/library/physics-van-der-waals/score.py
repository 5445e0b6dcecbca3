"""The reduced van der Waals equation at 40 drawn states."""

from telic.problems.regression import regression, uniform
from telic.seeding import stream

RANGES = (
    (0.6, 4.0),
    (0.8, 1.5),
)


def truth(v: float, t: float) -> float:
    return 8.0 * t / (3.0 * v - 1.0) - 3.0 / v**2


cases, score, held_out_cases = regression(
    truth,
    uniform(stream(0, "physics-van-der-waals", "train"), 40, *RANGES),
    held_out=uniform(stream(0, "physics-van-der-waals", "held out"), 200, *RANGES),
)
