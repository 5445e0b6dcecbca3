"""How flat the autoconvolution of a non-negative step function is: at most 1."""

from typing import Any

import numpy as np

from telic.problems.steps import autoconvolution, heights
from telic.scoring import Case, Score, infeasible


def score(output: Any, case: Case) -> Score:
    try:
        values = heights(output)
    except ValueError as error:
        return infeasible(str(error))
    inner, integral = autoconvolution(values)
    peak = float(inner.max())
    if not integral > 0.0 or not peak > 0.0:
        return infeasible("the integral is not positive")
    nodes = np.concatenate(([0.0], inner, [0.0]))
    left, right = nodes[:-1], nodes[1:]
    width = 1.0 / (2.0 * len(values))
    square = float((left * left + left * right + right * right).sum()) * width / 3.0
    # The integral of f*f is the square of the integral of f.
    feasible = bool(values.min() >= 0.0)
    # One quotient for each node, of which the peak's is the least; those of nodes far below the
    # peak say nothing.
    quotients = square / (integral**2 * np.maximum(inner, 0.1 * peak))
    return Score(
        metrics={"score": square / (integral**2 * peak)},
        feasible=feasible,
        feedback="" if feasible else "a height is negative",
        margins=values.tolist(),
        terms=quotients.tolist(),
    )
