"""Smallest of 100 factors whose product divides 100!, decided exactly."""

import math
from typing import Any

from telic.exact import int_list
from telic.scoring import Case, Score, infeasible

COUNT = 100


def score(output: Any, case: Case) -> Score:
    try:
        factors = int_list(output, low=1, high=math.factorial(COUNT), length=COUNT)
    except ValueError as error:
        return infeasible(str(error)[:200])
    if math.factorial(COUNT) % math.prod(factors):
        return infeasible("the product of the factors does not divide 100!")
    return Score(metrics={"score": float(min(factors))})
