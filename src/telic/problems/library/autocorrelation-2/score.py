"""How flat the autoconvolution of a non-negative step function is: at most 1."""

from typing import Any

import numpy as np

from telic.problems.steps import autoconvolution, heights
from telic.scoring import Case, Score, infeasible


def score(output: Any, case: Case) -> Score:
    try:
        values = heights(output, may_be_negative=False)
    except ValueError as error:
        return infeasible(str(error))
    inner, integral = autoconvolution(values)
    nodes = np.concatenate(([0.0], inner, [0.0]))
    left, right = nodes[:-1], nodes[1:]
    width = 1.0 / (2.0 * len(values))
    square = float((left * left + left * right + right * right).sum()) * width / 3.0
    # The integral of f*f is the square of the integral of f.
    return Score(metrics={"score": square / (integral**2 * float(inner.max()))})
