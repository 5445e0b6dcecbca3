"""Regression as classification: values as distributions over bins, and back.

Farebrother et al. (2024), "Stop Regressing: Training Value Functions via Classification for
Scalable Deep RL", train a value head by cross-entropy against a histogram of the target: two-hot
splits it between the two nearest centres; HL-Gauss (Imani & White 2018) integrates a normal density
around it over each bin. The value is the expectation over centres. At the ends of the range a
normal density is cut off, which biases what is near them; :meth:`Support.padded` adds the bins that
prevent it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from telic.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = [
    "Support",
    "cross_entropy",
    "cross_entropy_slope",
    "expectation",
    "hl_gauss",
    "two_hot",
    "worth_of_bins",
]

_DEVIATIONS = 5.0
"""Standard deviations of padding: what is cut off then is below one in a million."""


class Support(msgspec.Struct, frozen=True):
    """Equally wide bins over a range of values.

    Raises:
        UsageError: if the range is empty or not finite, or there are fewer than two bins.
    """

    low: float
    high: float
    bins: int
    sigma_ratio: float = 0.75
    """Standard deviation of HL-Gauss in widths of a bin, the paper's 0.75 by default."""

    def __post_init__(self) -> None:
        is_finite = math.isfinite(self.low) and math.isfinite(self.high)
        if not (is_finite and self.low < self.high and self.bins >= 2 and self.sigma_ratio > 0):
            raise UsageError(
                f"a support needs finite low < high, at least 2 bins and sigma_ratio > 0; got "
                f"{self.low}, {self.high}, {self.bins}, {self.sigma_ratio}"
            )

    @classmethod
    def padded(cls, low: float, high: float, bins: int, *, sigma_ratio: float = 0.75) -> Support:
        """Return ``bins`` bins over the range, and as many beyond as keep its ends unbiased.

        Raises:
            UsageError: as for the class.
        """
        inner = cls(low, high, bins, sigma_ratio)
        extra = math.ceil(_DEVIATIONS * sigma_ratio + 0.5)
        width = inner.width
        return cls(low - extra * width, high + extra * width, bins + 2 * extra, sigma_ratio)

    @property
    def width(self) -> float:
        """Of a bin."""
        return (self.high - self.low) / self.bins

    @property
    def edges(self) -> Array:
        """Shape (bins + 1,)."""
        return np.linspace(self.low, self.high, self.bins + 1)

    @property
    def centres(self) -> Array:
        """Shape (bins,)."""
        edges = self.edges
        return 0.5 * (edges[:-1] + edges[1:])


def two_hot(values: Array, support: Support) -> Array:
    """Return each value split linearly between the two nearest centres.

    Args:
        values: shape (n,); beyond the outermost centres they count as those.
        support: its bins.

    Returns:
        Shape (n, bins); rows sum to 1, and their expectation is the value exactly.

    Raises:
        UsageError: if a value is not finite.
    """
    values = _finite(values)
    places = np.clip((values - support.centres[0]) / support.width, 0.0, support.bins - 1.0)
    below = np.minimum(places.astype(int), support.bins - 2)
    share = places - below
    rows = np.zeros((len(values), support.bins))
    at = np.arange(len(values))
    rows[at, below] = 1.0 - share
    rows[at, below + 1] = share
    return rows


def hl_gauss(values: Array, support: Support) -> Array:
    """Return the mass of a normal density around each value in each bin, renormalised.

    Args:
        values: shape (n,).
        support: its bins; the deviation is ``sigma_ratio`` widths.

    Returns:
        Shape (n, bins); rows sum to 1.

    Raises:
        UsageError: if a value is not finite or lies outside the support.
    """
    from scipy.special import ndtr

    values = _finite(values)
    if len(values) and not (support.low <= values.min() and values.max() <= support.high):
        raise UsageError(
            f"values from {values.min():g} to {values.max():g} do not fit the support from "
            f"{support.low:g} to {support.high:g}"
        )
    deviation = support.sigma_ratio * support.width
    cumulated = ndtr((support.edges[None, :] - values[:, None]) / deviation)
    rows = np.diff(cumulated, axis=1)
    return rows / rows.sum(axis=1, keepdims=True)


def expectation(rows: Array, support: Support) -> Array:
    """Return the value that each distribution stands for: shape (n, bins) → (n,)."""
    return rows @ support.centres


def worth_of_bins(support: Support, ranked: Sequence[float]) -> Array:
    """Return the mean worth in each bin: what share of a sample values spread over it exceed.

    The product with a distribution over bins is its expected worth exactly; worth is no linear
    function of the value, so the worth of the expected value is another number.

    Args:
        support: bins over values.
        ranked: the sample that worth is a rank in, not empty; -inf for failures.

    Returns:
        Shape (bins,), rising, 0 to 1.
    """
    sample = np.asarray(ranked, dtype=np.float64)
    above = (support.edges[1:, None] - sample[None, :]) / support.width
    return np.clip(above, 0.0, 1.0).mean(axis=1)


def cross_entropy(logits: Array, targets: Array) -> Array:
    """Return ``-Σ p log softmax(z)`` of each row, without overflow: (n, bins) twice → (n,)."""
    return -(targets * _log_softmax(logits)).sum(axis=1)


def cross_entropy_slope(logits: Array, targets: Array) -> Array:
    """Return the gradient of :func:`cross_entropy` by the logits: ``softmax(z) - p``."""
    return np.exp(_log_softmax(logits)) - targets


def _log_softmax(logits: Array) -> Array:
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _finite(values: Array) -> Array:
    values = np.asarray(values, dtype=np.float64)
    if not np.isfinite(values).all():
        raise UsageError("a target value is not finite; failures need a class of their own")
    return values
