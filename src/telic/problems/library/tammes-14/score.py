"""Smallest angle, in degrees, between two of 14 directions."""

from typing import Any

import numpy as np

from telic.problems.points import unit_vectors
from telic.scoring import Case, Score, infeasible

COUNT = 14
FIRST, SECOND = np.triu_indices(COUNT, 1)


def score(output: Any, case: Case) -> Score:
    try:
        points = unit_vectors(output, COUNT)
    except ValueError as error:
        return infeasible(str(error))
    # Half the chord is the sine of half the angle; unlike the cosine it is accurate when small.
    chords = np.sqrt(((points[FIRST] - points[SECOND]) ** 2).sum(axis=1))
    angles = np.degrees(2.0 * np.arcsin(np.minimum(1.0, chords / 2.0)))
    return Score(metrics={"score": float(angles.min())}, terms=angles.tolist())
