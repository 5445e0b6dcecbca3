"""Largest overlap of a step function on [0, 2] with its complement; its bounds are exact."""

from typing import Any

import numpy as np

from telic.exact import integers
from telic.problems.steps import heights
from telic.scoring import Case, Score, infeasible


def score(output: Any, case: Case) -> Score:
    try:
        values = heights(output, may_be_negative=False)
    except ValueError as error:
        return infeasible(str(error))
    count = len(values)
    numerators, _ = integers(values.tolist())
    # Scaled to integral 1 a height is h * (count / 2) / sum(h); it must not exceed 1.
    slack = 2 * sum(numerators) - count * max(numerators)
    scaled = values * (count / 2.0) / float(values.sum())
    overlap = np.correlate(1.0 - scaled, scaled, mode="full") * (2.0 / count)
    return Score(
        metrics={"score": float(overlap.max())},
        feasible=slack >= 0,
        feedback="" if slack >= 0 else "a height exceeds 1 once the integral is 1",
        margins=(1.0 - float(scaled.max()),),
        terms=overlap.tolist(),
    )
