"""Number of grid points without an isosceles triangle, flat ones included."""

from typing import Any

from telic.exact import int_list
from telic.scoring import Case, Score, infeasible

SIZE = 64


def score(output: Any, case: Case) -> Score:
    rows = output.tolist() if hasattr(output, "tolist") else output
    if not isinstance(rows, list | tuple) or not 1 <= len(rows) <= SIZE * SIZE:
        return infeasible("expected a list of grid points")
    try:
        points = [tuple(int_list(row, low=0, high=SIZE - 1, length=2)) for row in rows]
    except ValueError as error:
        return infeasible(str(error))
    if len(set(points)) != len(points):
        return infeasible("a point is listed twice")
    for x, y in points:
        squares = [(x - a) ** 2 + (y - b) ** 2 for a, b in points if (a, b) != (x, y)]
        if len(set(squares)) < len(squares):
            return infeasible(f"({x}, {y}) is equally far from two of the points")
    return Score(metrics={"score": float(len(points))})
