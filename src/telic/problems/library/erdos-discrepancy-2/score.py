"""Length of the beginning of a sequence of signs whose discrepancy is at most 2."""

from typing import Any

from telic.exact import int_list
from telic.scoring import Case, Score, infeasible

BOUND = 2
MOST = 2000


def score(output: Any, case: Case) -> Score:
    try:
        signs = int_list(output, low=-1, high=1)
    except ValueError as error:
        return infeasible(str(error))
    if 0 in signs or not 1 <= len(signs) <= MOST:
        return infeasible(f"expected 1 to {MOST} signs, each +1 or -1")
    length, step = longest(signs)
    return Score(
        metrics={"score": float(length)},
        feedback=f"the sum along multiples of {step} leaves the bounds" if step else "",
    )


def longest(signs: list[int]) -> tuple[int, int]:
    """Return the length of the good beginning and the step whose sum ends it, or 0."""
    failures = [len(signs) + 1]
    steps = [0]
    for step in range(1, len(signs) + 1):
        total = 0
        for place in range(step, len(signs) + 1, step):
            total += signs[place - 1]
            if abs(total) > BOUND:
                failures.append(place)
                steps.append(step)
                break
    first = min(failures)
    return first - 1, steps[failures.index(first)]
