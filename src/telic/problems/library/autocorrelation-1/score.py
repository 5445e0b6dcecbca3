"""Peak of the autoconvolution of a non-negative step function over its squared integral."""

from typing import Any

from telic.problems.steps import autoconvolution, heights
from telic.scoring import Case, Score, infeasible


def score(output: Any, case: Case) -> Score:
    try:
        values = heights(output, may_be_negative=False)
    except ValueError as error:
        return infeasible(str(error))
    peaks, integral = autoconvolution(values)
    heights_at_nodes = peaks / integral**2
    return Score(metrics={"score": float(heights_at_nodes.max())}, terms=heights_at_nodes.tolist())
