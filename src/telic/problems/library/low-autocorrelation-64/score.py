"""Golay's merit factor of a sequence of 64 signs, from exact integers."""

from typing import Any

from telic.exact import int_list
from telic.scoring import Case, Score, infeasible

LENGTH = 64


def score(output: Any, case: Case) -> Score:
    try:
        signs = int_list(output, low=-1, high=1, length=LENGTH)
    except ValueError as error:
        return infeasible(str(error))
    if 0 in signs:
        return infeasible("a sign must be +1 or -1")
    energy = sum(
        sum(a * b for a, b in zip(signs, signs[shift:], strict=False)) ** 2
        for shift in range(1, LENGTH)
    )
    return Score(metrics={"score": LENGTH * LENGTH / (2 * energy), "energy": float(energy)})
