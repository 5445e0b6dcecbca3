"""The thin lens equation at 40 drawn points."""

from telic.problems.regression import regression, uniform
from telic.seeding import stream

RANGES = (
    (0.5, 1.5),
    (2.0, 6.0),
)


def truth(f: float, d: float) -> float:
    return 1.0 / (1.0 / f - 1.0 / d)


cases, score, held_out_cases = regression(
    truth,
    uniform(stream(0, "physics-thin-lens", "train"), 40, *RANGES),
    held_out=uniform(stream(0, "physics-thin-lens", "held out"), 200, *RANGES),
)
