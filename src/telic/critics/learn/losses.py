"""Losses of a value head: each says how many outputs it needs, its loss, and the value they mean.

:class:`Square` is regression. :class:`Histogram` is classification over bins (Farebrother et al.
2024, "Stop Regressing"), with targets encoded as two-hot or HL-Gauss, or given as distributions,
which with :func:`telic.critics.learn.project` is C51. :class:`Ordinal` asks for every step of the
scale whether the value is beyond it (Frank & Hall 2001). :class:`Pairwise` learns the order alone
(Bradley & Terry 1952). All take censored targets, by the likelihood of what is known; only
regression refuses failures, which are no number.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, softplus

from telic.critics.learn.targets import Targets, edges_of, hl_gauss
from telic.critics.supports import Support
from telic.errors import UsageError

__all__ = ["Histogram", "Ordinal", "Pairwise", "Square", "ValueLoss"]


class ValueLoss(Protocol):
    """What a head is trained by. Leading axes of outputs and targets go together."""

    @property
    def outputs(self) -> int:
        """How many numbers the head gives for each row."""
        ...

    def loss(self, outputs: Tensor, targets: Targets) -> Tensor:
        """Return the loss of each row: (..., n, outputs) → (..., n)."""
        ...

    def value(self, outputs: Tensor) -> Tensor:
        """Return the value that outputs stand for: (..., n, outputs) → (..., n)."""
        ...


@dataclass(frozen=True)
class Square:
    """Mean squared error; a censored target costs nothing on its known side."""

    outputs: int = 1

    def loss(self, outputs: Tensor, targets: Targets) -> Tensor:
        """Return squared distances to the bounds.

        Raises:
            UsageError: if a target is a failure.
        """
        if bool(targets.is_failure.any()):
            raise UsageError("regression has no number for a failure; use a Histogram head")
        values = self.value(outputs)
        below = (targets.low - values).clamp_min(0.0)
        above = (values - targets.high).clamp_min(0.0)
        return below**2 + above**2

    def value(self, outputs: Tensor) -> Tensor:
        """Return the output itself."""
        return outputs[..., 0]


@dataclass(frozen=True)
class Histogram:
    """Cross-entropy over bins. A bin's mass counts as spread evenly over it.

    With ``fails`` the first output is a class below all bins: the failure. Without, a failure
    belongs to the lowest bin.
    """

    support: Support
    encode: Callable[[Tensor, Support], Tensor] = hl_gauss
    """Turns values into distributions: ``hl_gauss`` or ``two_hot``."""
    fails: bool = False

    @property
    def outputs(self) -> int:
        """One for each bin, and one for failure if there is that."""
        return self.support.bins + self.fails

    def loss(self, outputs: Tensor, targets: Targets) -> Tensor:
        """Return cross-entropies, of censored targets ``-log`` of the mass within the bounds."""
        exact, failed = targets.is_exact, targets.is_failure
        middle = 0.5 * (self.support.low + self.support.high)
        values = torch.where(exact, targets.low, middle).to(outputs.dtype)
        rows = self.encode(values, self.support)
        shares = self._shares(targets, exact, outputs)
        if self.fails:
            # What is bounded from above alone may have failed as well.
            open_below = (targets.low == -math.inf).to(rows.dtype)
            rows = torch.cat([torch.zeros_like(rows[..., :1]), rows], dim=-1)
            shares = torch.cat([open_below[..., None], shares], dim=-1)
            only_failure = torch.zeros_like(shares)
            only_failure[..., 0] = 1.0
            shares = torch.where(failed[..., None], only_failure, shares)
        logs = outputs.log_softmax(dim=-1)
        within = -torch.logsumexp(logs + shares.log(), dim=-1)
        return torch.where(exact, -(rows * logs).sum(dim=-1), within)

    def cross_entropy(self, outputs: Tensor, distributions: Tensor) -> Tensor:
        """Return the loss against target distributions over the outputs: C51 when projected."""
        return -(distributions * outputs.log_softmax(dim=-1)).sum(dim=-1)

    def probabilities(self, outputs: Tensor) -> Tensor:
        """Return the distribution over bins, given that it is no failure: (..., bins)."""
        return (outputs[..., 1:] if self.fails else outputs).softmax(dim=-1)

    def value(self, outputs: Tensor) -> Tensor:
        """Return the mean over the bins' centres, given that it is no failure."""
        edges = edges_of(self.support, outputs)
        return self.probabilities(outputs) @ (0.5 * (edges[:-1] + edges[1:]))

    def chance_of_failure(self, outputs: Tensor) -> Tensor:
        """Return the probability of the failure class; 0 without one."""
        if not self.fails:
            return torch.zeros_like(outputs[..., 0])
        return outputs.softmax(dim=-1)[..., 0]

    def _shares(self, targets: Targets, exact: Tensor, like: Tensor) -> Tensor:
        """Return which share of each bin lies within the bounds; every one for exact targets."""
        support, edges = self.support, edges_of(self.support, like)
        # Bounds beyond the support keep its outermost bin, so that no loss is infinite.
        low = targets.low.clamp(max=support.high - support.width).to(like.dtype)
        high = targets.high.clamp(min=support.low + support.width).to(like.dtype)
        low = torch.where(exact, -math.inf, low)[..., None]
        high = torch.where(exact, math.inf, high)[..., None]
        covered = torch.minimum(edges[1:], high) - torch.maximum(edges[:-1], low)
        return (covered / support.width).clamp(0.0, 1.0)


@dataclass(frozen=True)
class Ordinal:
    """For each step between neighbouring centres: is the value beyond it?

    A value between two centres is partly beyond their step, so that the expectation is exact.
    """

    support: Support

    @property
    def outputs(self) -> int:
        """One for each step."""
        return self.support.bins - 1

    def loss(self, outputs: Tensor, targets: Targets) -> Tensor:
        """Return binary cross-entropies summed over the steps on which the bounds agree."""
        edges = edges_of(self.support, outputs)
        centres = 0.5 * (edges[:-1] + edges[1:])
        low, high = (
            ((bound.to(outputs.dtype)[..., None] - centres[:-1]) / self.support.width).clamp(0, 1)
            for bound in (targets.low, targets.high)
        )
        low = low.expand(outputs.shape)
        losses = binary_cross_entropy_with_logits(outputs, low, reduction="none")
        return torch.where(low == high, losses, 0.0).sum(dim=-1)

    def value(self, outputs: Tensor) -> Tensor:
        """Return the lowest centre, and a width for each step that is passed."""
        lowest = self.support.low + 0.5 * self.support.width
        return lowest + self.support.width * outputs.sigmoid().sum(dim=-1)


@dataclass(frozen=True)
class Pairwise:
    """Logistic loss over pairs whose order is certain; values are an order, not a scale."""

    outputs: int = 1

    def loss(self, outputs: Tensor, targets: Targets) -> Tensor:
        """Return for each row the mean over the rows that it is certainly above; 0 without any."""
        values = self.value(outputs)
        above = (targets.low[..., :, None] > targets.high[..., None, :]).to(values.dtype)
        losses = softplus(values[..., None, :] - values[..., :, None])
        return (above * losses).sum(dim=-1) / above.sum(dim=-1).clamp_min(1.0)

    def value(self, outputs: Tensor) -> Tensor:
        """Return the output itself."""
        return outputs[..., 0]
