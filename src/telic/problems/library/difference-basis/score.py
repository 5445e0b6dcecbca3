"""Squared size of a set of integers over the range that its differences cover."""

from typing import Any

from telic.exact import int_list
from telic.scoring import Case, Score, infeasible

LARGEST = 100_000
MOST = 500


def score(output: Any, case: Case) -> Score:
    try:
        members = int_list(output, low=0, high=LARGEST)
    except ValueError as error:
        return infeasible(str(error))
    if len(set(members)) != len(members) or not 2 <= len(members) <= MOST:
        return infeasible(f"expected 2 to {MOST} distinct integers")
    mask = 0
    for member in members:
        mask |= 1 << member
    differences = 0
    for member in members:
        differences |= mask >> member
    # The lowest zero above bit 0 is the first missing difference.
    first_missing = next_zero(differences >> 1) + 1
    covered = first_missing - 1
    if covered == 0:
        return infeasible("the difference 1 is missing")
    return Score(
        metrics={"score": len(members) ** 2 / covered, "covered": float(covered)},
        feedback=f"{len(members)} numbers cover 1 to {covered}; {first_missing} is missing",
    )


def next_zero(mask: int) -> int:
    """Return the index of the lowest zero bit."""
    return (~mask & (mask + 1)).bit_length() - 1
