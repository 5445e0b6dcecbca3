"""Sum of the radii of 26 disjoint circles in the unit square, over the 2.635 that is known."""

import math
from typing import Any

ENTRY = "pack"
CASES = ()
DIRECTION = "Pack 26 disjoint circles into the unit square; the score is the sum of radii / 2.635."
_SLACK = 1e-9


def score(output: Any) -> float:
    circles = [tuple(float(value) for value in circle) for circle in output]
    if len(circles) != 26 or any(len(circle) != 3 for circle in circles):
        raise ValueError("expected 26 triples")
    for i, (x, y, r) in enumerate(circles):
        if not 0 <= r <= 1 or min(x, y, 1 - x, 1 - y) < r - _SLACK:
            raise ValueError("a circle leaves the square")
        for other_x, other_y, other_r in circles[:i]:
            if math.hypot(x - other_x, y - other_y) < r + other_r - _SLACK:
                raise ValueError("two circles overlap")
    return sum(r for _, _, r in circles) / 2.635
