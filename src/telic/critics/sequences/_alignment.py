"""What a family of aligned sequences says of each site on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from telic.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Letters = NDArray[np.int64]

__all__ = ["GAP", "sequence_weights", "site_log_probabilities"]

GAP = -1
"""Stands where a sequence has no letter at a site."""


def sequence_weights(alignment: Letters, *, identity: float = 0.8) -> Array:
    """Return one over the number of a sequence's near copies, itself included.

    Relatives that were sampled densely then count no more than those sampled once.

    Args:
        alignment: letters, shape (N, L), :data:`GAP` where there is none.
        identity: least share of equal letters, over the sites of both, that makes a near copy.

    Returns:
        Shape (N,), each in (0, 1].

    Raises:
        UsageError: if the alignment is not a table or ``identity`` is not in (0, 1].
    """
    if not 0 < identity <= 1:
        raise UsageError(f"identity must be in (0, 1]; got {identity}")
    _check(alignment)
    has = alignment != GAP
    counts = np.empty(len(alignment))
    for place, (row, there) in enumerate(zip(alignment, has, strict=True)):
        both = has & there
        equal = ((alignment == row) & both).sum(axis=1)
        counts[place] = max((equal >= identity * np.maximum(both.sum(axis=1), 1)).sum(), 1)
    return 1.0 / counts


def site_log_probabilities(
    alignment: Letters, letters: int, *, pseudocount: float = 1.0, identity: float = 0.8
) -> Array:
    """Return the log probability of each letter at each site, from weighted counts.

    Args:
        alignment: shape (N, L), letters in ``range(letters)`` or :data:`GAP`.
        letters: size of the alphabet.
        pseudocount: added at every site, spread evenly over the letters; positive, so that what
            was never seen stays possible.
        identity: as for :func:`sequence_weights`.

    Returns:
        Shape (L, letters); each row is a distribution.

    Raises:
        UsageError: if a letter or a number is out of range.
    """
    if not pseudocount > 0:
        raise UsageError(f"pseudocount must be positive; got {pseudocount}")
    _check(alignment)
    if alignment.min() < GAP or alignment.max() >= letters:
        raise UsageError(f"letters must be from 0 to {letters - 1}, or {GAP} for a gap")
    weights = sequence_weights(alignment, identity=identity)
    is_letter = alignment[..., None] == np.arange(letters)
    counts = np.einsum("n,nlk->lk", weights, is_letter) + pseudocount / letters
    return np.log(counts / counts.sum(axis=1, keepdims=True))


def _check(alignment: Letters) -> None:
    if alignment.ndim != 2 or not alignment.size:
        raise UsageError(f"an alignment has shape (N, L), neither of them 0; got {alignment.shape}")
