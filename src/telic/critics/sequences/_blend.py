"""The blend of a model's log probabilities with an alignment's, over both directions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from telic.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Letters = NDArray[np.int64]

__all__ = ["DirectedLogs", "blended_scores"]


class DirectedLogs(msgspec.Struct, frozen=True):
    """Log probability that a model gives to each letter of sequences, shape (N, L) each."""

    forward: Array
    """Of a letter after those before it."""
    backward: Array
    """Of a letter after those behind it, at the letter's own place."""


def blended_scores(
    sequences: Letters, model: DirectedLogs, prior: Array, *, weight: float = 0.6
) -> Array:
    """Return scores of sequences: mean log probability a letter, blended and over directions.

    At each site ``log P = (1 - w) log P_model + w log P_prior`` (the paper's equation for retrieval
    at inference), in both directions, which are then averaged. A log ratio to a wild type is the
    difference of two scores.

    Args:
        sequences: shape (N, L), letters.
        model: what the model gave to them.
        prior: log probabilities of letters at sites, shape (L, letters).
        weight: from 0, the model alone, to 1, the prior alone; the paper's 0.6 by default.

    Returns:
        Shape (N,).

    Raises:
        UsageError: if shapes do not fit or the weight is not in [0, 1].
    """
    if not 0 <= weight <= 1:
        raise UsageError(f"weight must be in [0, 1]; got {weight}")
    shapes = {sequences.shape, model.forward.shape, model.backward.shape}
    if len(shapes) != 1 or sequences.ndim != 2 or sequences.shape[1] != len(prior):
        raise UsageError(
            f"sequences and log probabilities need one shape (N, L) and the prior L rows; got "
            f"{sequences.shape}, {model.forward.shape}, {model.backward.shape}, {prior.shape}"
        )
    at_sites = prior[np.arange(len(prior)), sequences]
    directed = (
        (1.0 - weight) * logs + weight * at_sites for logs in (model.forward, model.backward)
    )
    forward, backward = (blend.mean(axis=1) for blend in directed)
    return 0.5 * (forward + backward)
