"""Minus the distance to the fixed point of the cosine: 0 is perfect."""

import math
from typing import Any

from telic.scoring import Case, Score, infeasible

TARGET = 0.7390851332151607


def score(output: Any, case: Case) -> Score:
    if isinstance(output, bool) or not isinstance(output, int | float):
        return infeasible(f"expected a number; got {type(output).__name__}")
    if not math.isfinite(output):
        return infeasible(f"expected a finite number; got {output}")
    return Score(metrics={"score": -abs(float(output) - TARGET)})
