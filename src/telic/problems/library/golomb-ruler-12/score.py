"""Length of a Golomb ruler with 12 marks."""

from itertools import combinations
from typing import Any

from telic.exact import int_list
from telic.scoring import Case, Score, infeasible

COUNT = 12


def score(output: Any, case: Case) -> Score:
    try:
        marks = int_list(output, low=0, high=10_000, length=COUNT)
    except ValueError as error:
        return infeasible(str(error))
    differences = {abs(a - b) for a, b in combinations(marks, 2)} - {0}
    repeated = COUNT * (COUNT - 1) // 2 - len(differences)
    return Score(
        metrics={"score": float(max(marks) - min(marks))},
        feasible=repeated == 0,
        feedback="" if repeated == 0 else f"{repeated} of the 66 differences are repeated or zero",
        margins=(-float(repeated),),
    )
