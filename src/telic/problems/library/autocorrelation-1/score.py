"""Peak of the autoconvolution of a non-negative step function over its squared integral."""

from typing import Any

from telic.problems.steps import autoconvolution, heights
from telic.scoring import Case, Score, infeasible


def score(output: Any, case: Case) -> Score:
    try:
        values = heights(output)
    except ValueError as error:
        return infeasible(str(error))
    peaks, integral = autoconvolution(values)
    if not integral > 0.0:
        return infeasible("the integral is not positive")
    heights_at_nodes = peaks / integral**2
    feasible = bool(values.min() >= 0.0)
    return Score(
        metrics={"score": float(heights_at_nodes.max())},
        feasible=feasible,
        feedback="" if feasible else "a height is negative",
        margins=values.tolist(),
        terms=heights_at_nodes.tolist(),
    )
