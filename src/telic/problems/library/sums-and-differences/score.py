"""Growth of the difference set over the sumset of a set of integers, counted exactly."""

import math
from typing import Any

from telic.exact import int_list
from telic.scoring import Case, Score, infeasible

LARGEST = 2_000_000
MOST = 5_000


def score(output: Any, case: Case) -> Score:
    try:
        members = int_list(output, low=0, high=LARGEST)
    except ValueError as error:
        return infeasible(str(error))
    if len(set(members)) != len(members) or not 2 <= len(members) <= MOST:
        return infeasible(f"expected 2 to {MOST} distinct integers")
    if 0 not in members:
        return infeasible("the set must contain 0")
    top = max(members)
    # Bit k of a mask says that k is in the set; shifted copies joined give sums, differences.
    mask = mirrored = 0
    for member in members:
        mask |= 1 << member
        mirrored |= 1 << (top - member)
    sums = differences = 0
    for member in members:
        sums |= mask << member
        differences |= mirrored << member
    growth = math.log(differences.bit_count() / sums.bit_count())
    return Score(metrics={"score": 1.0 + growth / math.log(2 * top + 1)})
