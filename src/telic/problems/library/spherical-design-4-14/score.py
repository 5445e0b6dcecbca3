"""How far 14 points on the sphere are from being a spherical 4-design."""

import math
from typing import Any

import numpy as np

from telic.problems.points import unit_vectors
from telic.scoring import Case, Score, infeasible

COUNT = 14


def score(output: Any, case: Case) -> Score:
    try:
        points = unit_vectors(output, COUNT)
    except ValueError as error:
        return infeasible(str(error))
    return Score(metrics={"score": math.sqrt(math.fsum(moments(points)))})


def moments(points: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> list[float]:
    """Return the squared means of all orthonormal harmonics of degree 1 to 4, as monomials.

    The mean of P_d over all pairs times (2d+1) is a sum of squares of mean harmonics. Summing
    squares directly keeps full accuracy near zero, where the pair sum would cancel.
    """
    x, y, z = points.T
    harmonics = (
        (math.sqrt(3.0), (x, y, z)),
        (math.sqrt(15.0), (x * y, y * z, x * z, (x * x - y * y) / 2.0)),
        (math.sqrt(5.0) / 2.0, (3.0 * z * z - 1.0,)),
        (math.sqrt(35.0 / 8.0), (y * (3.0 * x * x - y * y), x * (x * x - 3.0 * y * y))),
        (math.sqrt(105.0), (x * y * z, z * (x * x - y * y) / 2.0)),
        (math.sqrt(21.0 / 8.0), (y * (5.0 * z * z - 1.0), x * (5.0 * z * z - 1.0))),
        (math.sqrt(7.0) / 2.0, (5.0 * z**3 - 3.0 * z,)),
        (math.sqrt(315.0) / 2.0, (x * y * (x * x - y * y),)),
        (math.sqrt(315.0) / 8.0, (x**4 - 6.0 * x * x * y * y + y**4,)),
        (
            math.sqrt(315.0 / 8.0),
            (y * z * (3.0 * x * x - y * y), x * z * (x * x - 3.0 * y * y)),
        ),
        (
            math.sqrt(45.0) / 2.0,
            (x * y * (7.0 * z * z - 1.0), (x * x - y * y) * (7.0 * z * z - 1.0) / 2.0),
        ),
        (
            math.sqrt(45.0 / 8.0),
            (y * (7.0 * z**3 - 3.0 * z), x * (7.0 * z**3 - 3.0 * z)),
        ),
        (3.0 / 8.0, (35.0 * z**4 - 30.0 * z * z + 3.0,)),
    )
    return [(scale * float(values.mean())) ** 2 for scale, group in harmonics for values in group]
