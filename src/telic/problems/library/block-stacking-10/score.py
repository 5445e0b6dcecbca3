"""Overhang of a stack of 10 blocks; its balance is decided in exact rational numbers."""

from fractions import Fraction
from typing import Any

from telic.exact import float_array
from telic.scoring import Case, Score, infeasible

COUNT = 10
HALF = Fraction(1, 2)


def score(output: Any, case: Case) -> Score:
    try:
        middles = [Fraction(value) for value in float_array(output, (COUNT,)).tolist()]
    except ValueError as error:
        return infeasible(str(error))
    slacks: list[Fraction] = []
    for level in range(1, COUNT + 1):
        centre = sum(middles[:level], Fraction(0)) / level
        if level == COUNT:
            slacks.append(-centre)
        else:
            slacks.append(middles[level] + HALF - centre)
            slacks.append(centre - (middles[level] - HALF))
    worst = min(slacks)
    return Score(
        metrics={"score": float(max(middles) + HALF)},
        feasible=worst >= 0,
        feedback=""
        if worst >= 0
        else f"the stack tips over: out of balance by {float(-worst):.3g}",
        margins=[float(slack) for slack in slacks],
    )
