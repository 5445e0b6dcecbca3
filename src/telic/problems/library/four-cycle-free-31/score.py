"""Number of edges of a graph on 31 vertices without a four-cycle."""

from typing import Any

from telic.exact import int_list
from telic.scoring import Case, Score, infeasible

COUNT = 31


def score(output: Any, case: Case) -> Score:
    rows = output.tolist() if hasattr(output, "tolist") else output
    if not isinstance(rows, list | tuple) or not 1 <= len(rows) <= COUNT * COUNT:
        return infeasible("expected a list of edges")
    neighbours = [0] * COUNT
    for row in rows:
        try:
            a, b = int_list(row, low=0, high=COUNT - 1, length=2)
        except ValueError as error:
            return infeasible(str(error))
        if a == b or neighbours[a] >> b & 1:
            return infeasible(f"the edge {a}-{b} is a loop or is listed twice")
        neighbours[a] |= 1 << b
        neighbours[b] |= 1 << a
    for a in range(COUNT):
        for b in range(a):
            if (neighbours[a] & neighbours[b]).bit_count() > 1:
                return infeasible(f"vertices {b} and {a} have two common neighbours")
    return Score(metrics={"score": float(len(rows))})
