"""Largest overlap of a step function on [0, 2] with its complement; its bounds are exact."""

from typing import Any

import numpy as np

from telic.exact import integers
from telic.problems.steps import heights
from telic.scoring import Case, Score, infeasible


def score(output: Any, case: Case) -> Score:
    try:
        values = heights(output)
    except ValueError as error:
        return infeasible(str(error))
    count = len(values)
    numerators, _ = integers(values.tolist())
    # Scaled to integral 1 a height is h * (count / 2) / sum(h); it must not exceed 1.
    slack = 2 * sum(numerators) - count * max(numerators)
    if sum(numerators) <= 0:
        return infeasible("the integral is not positive")
    lowest = min(numerators)
    feasible = slack >= 0 and lowest >= 0
    scaled = values * (count / 2.0) / float(values.sum())
    overlap = np.correlate(1.0 - scaled, scaled, mode="full") * (2.0 / count)
    return Score(
        metrics={"score": float(overlap.max())},
        feasible=feasible,
        feedback="" if feasible else "a height is negative or, once the integral is 1, above 1",
        margins=[*scaled.tolist(), *(1.0 - scaled).tolist()],
        terms=overlap.tolist(),
    )
