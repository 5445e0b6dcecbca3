"""What a value head learns from: bounds on values, and values as distributions over bins.

A measured value has equal bounds. What was stopped early is known on one side only: a run that
timed out took *at least* so long. A failure lies below every value, which is an upper bound of
minus infinity and not a number. Encodings are those of :mod:`telic.critics.supports` on tensors;
the projection of Bellman targets is that of Bellemare et al. (2017), "A Distributional
Perspective on Reinforcement Learning", algorithm 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from telic.critics.supports import Support
from telic.errors import UsageError

__all__ = ["Targets", "edges_of", "hl_gauss", "project", "two_hot"]


@dataclass(frozen=True)
class Targets:
    """Bounds on values, both of any one shape: (n,), or (members, n) for an ensemble.

    Raises:
        UsageError: if a lower bound is above its upper one, is +inf, or one is not a number.
    """

    low: Tensor
    """-inf where nothing is known from below."""
    high: Tensor
    """+inf where nothing is known from above; -inf for a failure."""

    def __post_init__(self) -> None:
        if self.low.shape != self.high.shape or not bool((self.low <= self.high).all()):
            raise UsageError("targets need bounds of one shape, low <= high, none of them NaN")
        if bool((self.low == math.inf).any()):
            raise UsageError("a target cannot be +inf; use at_least for a bound from below")

    @classmethod
    def exact(cls, values: Tensor) -> Targets:
        """Return targets that were measured.

        Raises:
            UsageError: if one is not finite.
        """
        if not bool(torch.isfinite(values).all()):
            raise UsageError("a target value is not finite; a failure is Targets.failures")
        return cls(values, values)

    @classmethod
    def at_least(cls, values: Tensor) -> Targets:
        """Return targets of which only a lower bound is known."""
        return cls(values, torch.full_like(values, math.inf))

    @classmethod
    def at_most(cls, values: Tensor) -> Targets:
        """Return targets of which only an upper bound is known."""
        return cls(torch.full_like(values, -math.inf), values)

    @classmethod
    def of(cls, values: Sequence[float | None], *, dtype: torch.dtype = torch.float64) -> Targets:
        """Return targets of shape (n,), where ``None`` is a failure.

        Raises:
            UsageError: if a value is not finite.
        """
        if not all(value is None or math.isfinite(value) for value in values):
            raise UsageError("a target value is not finite; a failure is None")
        plain = [-math.inf if value is None else value for value in values]
        tensor = torch.tensor(plain, dtype=dtype)
        return cls(tensor, tensor)

    @property
    def is_exact(self) -> Tensor:
        """Whether each was measured."""
        return (self.low == self.high) & torch.isfinite(self.low)

    @property
    def is_failure(self) -> Tensor:
        """Whether each lies below every value."""
        return self.high == -math.inf

    def take(self, rows: Tensor) -> Targets:
        """Return those at positions along the last axis, or per member at (members, k)."""
        if rows.ndim == 1:
            return Targets(self.low[..., rows], self.high[..., rows])
        shape = (*rows.shape[:-1], self.low.shape[-1])
        return Targets(
            self.low.expand(shape).gather(-1, rows), self.high.expand(shape).gather(-1, rows)
        )


def edges_of(support: Support, like: Tensor) -> Tensor:
    """Return the edges of the bins, shape (bins + 1,), of another tensor's type."""
    return torch.linspace(
        support.low, support.high, support.bins + 1, dtype=like.dtype, device=like.device
    )


def two_hot(values: Tensor, support: Support) -> Tensor:
    """Return each value split linearly between the two nearest centres: (...) → (..., bins)."""
    edges = edges_of(support, values)
    centres = 0.5 * (edges[:-1] + edges[1:])
    inside = values.clamp(float(centres[0]), float(centres[-1]))
    return (1.0 - (inside[..., None] - centres).abs() / support.width).clamp_min(0.0)


def hl_gauss(values: Tensor, support: Support) -> Tensor:
    """Return the normal mass around each value in each bin, renormalised: (...) → (..., bins).

    Raises:
        UsageError: if a value is not finite or lies outside the support.
    """
    if not bool(((values >= support.low) & (values <= support.high)).all()):
        raise UsageError(
            f"a value does not fit the support from {support.low:g} to {support.high:g}"
        )
    deviation = support.sigma_ratio * support.width
    places = (edges_of(support, values) - values[..., None]) / deviation
    rows = torch.special.ndtr(places).diff(dim=-1)
    return rows / rows.sum(dim=-1, keepdim=True)


def project(
    probabilities: Tensor, support: Support, *, rewards: Tensor, discounts: Tensor
) -> Tensor:
    """Return the distribution of reward plus discounted ``Z`` on the support's own centres (C51).

    Args:
        probabilities: of ``Z``, shape (..., bins).
        support: its bins; what falls beyond the outermost centres counts as those.
        rewards: shape (...).
        discounts: shape (...), 0 after a terminal step.

    Returns:
        Shape (..., bins); rows sum to 1 and keep the mean where nothing falls beyond.
    """
    edges = edges_of(support, probabilities)
    centres = 0.5 * (edges[:-1] + edges[1:])
    moved = rewards[..., None] + discounts[..., None] * centres
    return (probabilities[..., None, :] @ two_hot(moved, support)).squeeze(-2)
