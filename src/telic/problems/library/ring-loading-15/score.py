"""Hardness of 15 ring loading pairs: all 32768 choices are tried; the bounds are exact."""

from typing import Any

import numpy as np

from telic.exact import float_array, integers
from telic.scoring import Case, Score, infeasible

COUNT = 15
CHOICES = (np.arange(2**COUNT)[:, None] >> np.arange(COUNT)) & 1 == 1


def score(output: Any, case: Case) -> Score:
    try:
        pairs = float_array(output, (COUNT, 2))
    except ValueError as error:
        return infeasible(str(error))
    flat, one = integers(pairs.ravel().tolist())
    allowed = min(flat) >= 0 and all(
        u + v <= one for u, v in zip(flat[0::2], flat[1::2], strict=True)
    )
    margins = np.concatenate((pairs.ravel(), 1.0 - pairs.sum(axis=1)))
    steps = np.where(CHOICES, pairs[:, 1], -pairs[:, 0])
    before = np.cumsum(steps, axis=1)
    loads = np.abs(2.0 * before - before[:, -1:]).max(axis=1)
    return Score(
        metrics={"score": float(loads.min())},
        feasible=allowed,
        feedback="" if allowed else "a number is negative or a pair's sum exceeds 1",
        margins=margins.tolist(),
    )
