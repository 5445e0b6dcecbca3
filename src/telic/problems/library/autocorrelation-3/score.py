"""Peak of the autoconvolution of a step function over its squared integral."""

from typing import Any

import numpy as np

from telic.problems.steps import autoconvolution, heights
from telic.scoring import Case, Score, infeasible


def score(output: Any, case: Case) -> Score:
    try:
        values = heights(output)
    except ValueError as error:
        return infeasible(str(error))
    peaks, integral = autoconvolution(values)
    # Far from cancellation, so that rounding cannot make the quotient small.
    if abs(integral) < 1e-3 * float(np.abs(values).mean()) / 2.0:
        return infeasible("the integral is less than a thousandth of that of the absolute heights")
    heights_at_nodes = peaks / integral**2
    return Score(metrics={"score": float(heights_at_nodes.max())}, terms=heights_at_nodes.tolist())
