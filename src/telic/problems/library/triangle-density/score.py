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
    shares = weights / weights.sum()
    both = (densities + densities.T) / 2.0
    triangles = np.einsum("i,j,k,ij,jk,ik->", shares, shares, shares, both, both, both)
    edges = float(shares @ densities @ shares)
    is_model = bool((densities >= 0.0).all() and (densities <= 1.0).all())
    dense = is_dense(weights.tolist(), densities.tolist())
    problem = "" if dense else f"the edge density is {edges:.9g}, below 0.6"
    return Score(
        metrics={"score": float(triangles), "edges": edges},
        feasible=dense and is_model,
        feedback=problem if is_model else "a density lies outside of 0 to 1",
        margins=[
            edges - DENSITY[0] / DENSITY[1],
            *densities.ravel().tolist(),
            *(1.0 - densities).ravel().tolist(),
        ],
    )


def is_dense(weights: list[float], densities: list[list[float]]) -> bool:
    """Tell exactly whether the edge density is at least 3/5."""
    w, _ = integers(weights)
    flat, one = integers([value for row in densities for value in row])
    count = len(w)
    edges = sum(w[i] * w[j] * flat[i * count + j] for i in range(count) for j in range(count))
    return DENSITY[1] * edges >= DENSITY[0] * sum(w) ** 2 * one
