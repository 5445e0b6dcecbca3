"""Coulomb energy of 32 points on the unit sphere."""

import math
from typing import Any

import numpy as np

from telic.problems.points import unit_vectors
from telic.scoring import Case, Score, infeasible

COUNT = 32
FIRST, SECOND = np.triu_indices(COUNT, 1)


def score(output: Any, case: Case) -> Score:
    try:
        points = unit_vectors(output, COUNT)
    except ValueError as error:
        return infeasible(str(error))
    distances = np.sqrt(((points[FIRST] - points[SECOND]) ** 2).sum(axis=1))
    if distances.min() < 1e-6:
        return infeasible("two charges coincide")
    return Score(metrics={"score": math.fsum((1.0 / distances).tolist())})
