"""1 / (1 + root mean square error in standard deviations) of a formula on 40 points."""

import math
from random import Random
from typing import Any

ENTRY = "predict"
_draw = Random(26)
_POINTS = [_draw.uniform(0.0, 6.0) for _ in range(40)]
CASES = (_POINTS,)
DIRECTION = "Find a formula of x for 40 measured points; the score is 1 / (1 + error), 1 is exact."
_TRUTH = [1.5 * x * math.exp(-0.3 * x) + math.sin(2.0 * x) for x in _POINTS]
_MEAN = sum(_TRUTH) / len(_TRUTH)
_SPREAD = math.sqrt(sum((y - _MEAN) ** 2 for y in _TRUTH) / len(_TRUTH))


def score(output: Any) -> float:
    guesses = [float(value) for value in output]
    if len(guesses) != len(_TRUTH) or not all(map(math.isfinite, guesses)):
        raise ValueError("expected 40 finite numbers")
    errors = [min(abs(a - b), 1e9) for a, b in zip(guesses, _TRUTH, strict=True)]
    return 1 / (1 + math.sqrt(sum(e * e for e in errors) / len(errors)) / _SPREAD)
