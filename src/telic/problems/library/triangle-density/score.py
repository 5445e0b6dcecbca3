"""Triangle density of a weighted graph model whose edge density is checked exactly."""

from typing import Any

import numpy as np

from telic.exact import float_array, integers
from telic.scoring import Case, Score, infeasible

DENSITY = (3, 5)
MOST = 8


def score(output: Any, case: Case) -> Score:
    if not isinstance(output, list | tuple) or len(output) != 2:
        return infeasible("expected a pair of weights and densities")
    try:
        weights = float_array(output[0], (-1,))
        count = len(weights)
        densities = float_array(output[1], (count, count))
    except ValueError as error:
        return infeasible(str(error))
    if not 2 <= count <= MOST:
        return infeasible(f"expected 2 to {MOST} classes; got {count}")
    if not ((weights > 1e-9) & (weights < 1e9)).all():
        return infeasible("a weight must lie between 1e-9 and 1e9")
    if (densities < 0.0).any() or (densities > 1.0).any() or (densities != densities.T).any():
        return infeasible("the densities must be symmetric and lie from 0 to 1")
    shares = weights / weights.sum()
    triangles = np.einsum(
        "i,j,k,ij,jk,ik->", shares, shares, shares, densities, densities, densities
    )
    edges = float(shares @ densities @ shares)
    dense = is_dense(weights.tolist(), densities.tolist())
    return Score(
        metrics={"score": float(triangles), "edges": edges},
        feasible=dense,
        feedback="" if dense else f"the edge density is {edges:.9g}, below 0.6",
        margins=(edges - DENSITY[0] / DENSITY[1],),
    )


def is_dense(weights: list[float], densities: list[list[float]]) -> bool:
    """Tell exactly whether the edge density is at least 3/5."""
    w, _ = integers(weights)
    flat, one = integers([value for row in densities for value in row])
    count = len(w)
    edges = sum(w[i] * w[j] * flat[i * count + j] for i in range(count) for j in range(count))
    return DENSITY[1] * edges >= DENSITY[0] * sum(w) ** 2 * one
