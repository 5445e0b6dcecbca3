"""Modern Hopfield networks in NumPy: continuous states, exponential capacity.

After Ramsauer et al. (2021), "Hopfield Networks is All You Need": stored patterns ``X`` (rows here)
and a state ``ξ`` have the energy (their equation 2) ::

    E(ξ) = -lse(β, X ξ) + ξᵀξ / 2 + log(N) / β + M² / 2,   lse(β, z) = log(Σ exp(β z)) / β

with ``M`` the greatest norm of a pattern, and the update ``ξ ← Xᵀ softmax(β X ξ)`` (equation 3),
which never raises the energy and converges to its stationary points. One update is attention with
keys and values ``X``; with β = 1/√d it is that of transformers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from telic.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["associations", "energy", "fixed_point", "pool", "retrieve", "separation"]


def associations(states: Array, patterns: Array, *, beta: float) -> Array:
    """Return ``softmax(β ξ Xᵀ)``: how strongly each state recalls each pattern.

    Args:
        states: shape (..., d).
        patterns: shape (N, d), at least one.
        beta: sharpness, positive.

    Returns:
        Shape (..., N); sums to 1 over the last axis.

    Raises:
        UsageError: if beta is not positive or shapes do not fit.
    """
    if not beta > 0:
        raise UsageError(f"beta must be positive; got {beta}")
    if patterns.ndim != 2 or not len(patterns) or states.shape[-1] != patterns.shape[1]:
        raise UsageError(
            f"expected patterns of shape (N, d) and states of shape (..., d); got "
            f"{patterns.shape} and {states.shape}"
        )
    scores = beta * states @ patterns.T
    scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return scores / scores.sum(axis=-1, keepdims=True)


def retrieve(states: Array, patterns: Array, *, beta: float, steps: int = 1) -> Array:
    """Return the states after a number of updates.

    Raises:
        UsageError: as for :func:`associations`.
    """
    for _ in range(steps):
        states = associations(states, patterns, beta=beta) @ patterns
    return states


def fixed_point(
    states: Array, patterns: Array, *, beta: float, tolerance: float = 1e-10, limit: int = 10_000
) -> Array:
    """Return where the updates come to rest: no association changes by more than ``tolerance``.

    Raises:
        UsageError: if they do not within ``limit`` steps, or as for :func:`associations`.
    """
    before = associations(states, patterns, beta=beta)
    for _ in range(limit):
        states = before @ patterns
        after = associations(states, patterns, beta=beta)
        if np.abs(after - before).max() <= tolerance:
            return states
        before = after
    raise UsageError(f"no fixed point within {limit} steps at beta={beta}")


def energy(states: Array, patterns: Array, *, beta: float) -> Array:
    """Return the energy of states, 0 or more.

    Args:
        states: shape (..., d).
        patterns: shape (N, d).
        beta: sharpness, positive.

    Returns:
        Shape (...).

    Raises:
        UsageError: as for :func:`associations`.
    """
    if not beta > 0:
        raise UsageError(f"beta must be positive; got {beta}")
    scores = beta * states @ patterns.T
    top = scores.max(axis=-1, keepdims=True)
    logs = (top[..., 0] + np.log(np.exp(scores - top).sum(axis=-1))) / beta
    greatest = float((patterns**2).sum(axis=1).max())
    squares = 0.5 * (states**2).sum(axis=-1)
    return -logs + squares + np.log(len(patterns)) / beta + 0.5 * greatest


def separation(patterns: Array) -> Array:
    """Return for each pattern ``Δ_i = x_i·x_i - max_{j≠i} x_i·x_j``: how well it stands apart.

    Retrieval of pattern ``i`` is exponentially exact in ``β Δ_i`` (their theorem 5).
    """
    products = patterns @ patterns.T
    own = np.diag(products).copy()
    np.fill_diagonal(products, -np.inf)
    return own - products.max(axis=1)


def pool(instances: Array, queries: Array, *, beta: float) -> Array:
    """Return one vector for each query: the instances weighted by how well they answer it.

    Args:
        instances: shape (N, d), a bag.
        queries: shape (H, d), static patterns, one for each head.
        beta: sharpness; near 0 gives the mean.

    Returns:
        Shape (H, d).

    Raises:
        UsageError: as for :func:`associations`.
    """
    return associations(queries, instances, beta=beta) @ instances
