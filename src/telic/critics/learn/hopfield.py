"""Modern Hopfield networks as PyTorch layers: retrieval, pooling, lookup.

After Ramsauer et al. (2021), "Hopfield Networks is All You Need", in the form of its layers: states
``R`` and stored patterns ``Y`` are projected to the space of association, in which states are
updated by ``ξ ← softmax(β ξ Kᵀ) K`` until the associations rest or a number of steps is reached;
the last update reads projected values instead of patterns. One step with β = 1/√width is the
attention of transformers. :mod:`telic.critics.hopfield` is the NumPy form, which
:func:`retrieve` equals.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from telic.errors import UsageError

__all__ = ["Hopfield", "HopfieldLookup", "HopfieldPooling", "associations", "retrieve"]


def associations(
    states: Tensor, patterns: Tensor, *, beta: Tensor | float, present: Tensor | None = None
) -> Tensor:
    """Return how strongly each state recalls each pattern.

    Args:
        states: shape (..., s, d).
        patterns: shape (..., n, d).
        beta: sharpness, positive; a tensor broadcasts against the leading axes.
        present: shape (..., n), false for rows that only fill up a batch; at least one is true.

    Returns:
        Shape (..., s, n); sums to 1 over the last axis.
    """
    scores = states @ patterns.transpose(-2, -1)
    scores = scores * (beta[..., None, None] if isinstance(beta, Tensor) else beta)
    if present is not None:
        scores = scores.masked_fill(~present[..., None, :], -math.inf)
    return scores.softmax(dim=-1)


def retrieve(
    states: Tensor,
    patterns: Tensor,
    *,
    beta: Tensor | float,
    steps: int = 1,
    tolerance: float = 0.0,
    values: Tensor | None = None,
    present: Tensor | None = None,
) -> Tensor:
    """Return the states after at most ``steps`` updates.

    Args:
        states: shape (..., s, d).
        patterns: shape (..., n, d).
        beta: as for :func:`associations`.
        steps: at least 1.
        tolerance: stop when no association changes by more than this.
        values: what the last update reads, (..., n, v); the patterns themselves if left out.
        present: as for :func:`associations`.

    Returns:
        Shape (..., s, v).
    """
    weights = associations(states, patterns, beta=beta, present=present)
    for _ in range(steps - 1):
        moved = weights @ patterns
        after = associations(moved, patterns, beta=beta, present=present)
        change = float((after - weights).detach().abs().max())
        weights = after
        if change <= tolerance:
            break
    return weights @ (patterns if values is None else values)


class Hopfield(nn.Module):
    """States recall from patterns, in several heads.

    Args:
        states: width of the states.
        patterns: width of the stored patterns, of which the values are made as well.
        outputs: width of the result; the heads' results side by side if left out.
        heads: how many, each with projections and a sharpness of its own.
        width: of the space of association; that of the patterns if left out.
        beta: one for all heads or one for each; 1/√width if left out.
        learns_beta: whether it is trained.
        projects_states: if not, the states are static: used as they are in every head.
        projects_patterns: if not, the patterns are.
        projects_values: if not, what is recalled is the patterns of the space of association.
        steps: updates at most.
        tolerance: change of the associations at which updates stop before.

    Raises:
        UsageError: if a number is out of range, or what is static is not as wide as the space.
    """

    def __init__(
        self,
        states: int,
        patterns: int,
        *,
        outputs: int | None = None,
        heads: int = 1,
        width: int | None = None,
        beta: float | Sequence[float] | None = None,
        learns_beta: bool = False,
        projects_states: bool = True,
        projects_patterns: bool = True,
        projects_values: bool = True,
        steps: int = 1,
        tolerance: float = 1e-4,
    ) -> None:
        super().__init__()
        self.width = width or patterns
        given = 1.0 / math.sqrt(self.width) if beta is None else beta
        sharpness = [given] * heads if isinstance(given, int | float) else [*given]
        if heads < 1 or steps < 1 or len(sharpness) != heads or not min(sharpness) > 0:
            raise UsageError(
                f"a Hopfield layer needs heads and steps of 1 or more and a positive beta for each "
                f"head; got {heads}, {steps} and {sharpness}"
            )
        for what, size, projects in (
            ("states", states, projects_states),
            ("patterns", patterns, projects_patterns),
        ):
            if not projects and size != self.width:
                raise UsageError(f"static {what} must be {self.width} wide; got {size}")
        self.heads, self.steps, self.tolerance = heads, steps, tolerance
        self.log_beta = nn.Parameter(torch.tensor(sharpness).log(), requires_grad=learns_beta)
        space = heads * self.width
        self.of_states = nn.Linear(states, space, bias=False) if projects_states else None
        self.of_patterns = nn.Linear(patterns, space, bias=False) if projects_patterns else None
        self.of_values = nn.Linear(patterns, space, bias=False) if projects_values else None
        self.of_result = None if outputs is None else nn.Linear(space, outputs)

    @property
    def beta(self) -> Tensor:
        """Sharpness of each head, shape (heads,)."""
        return self.log_beta.exp()

    def forward(self, states: Tensor, patterns: Tensor, present: Tensor | None = None) -> Tensor:
        """Return what the states recall.

        Args:
            states: shape (batch, s, width of states).
            patterns: shape (batch, n, width of patterns).
            present: shape (batch, n), false for rows that only fill up.

        Returns:
            Shape (batch, s, outputs).
        """
        keys = self._split(patterns, self.of_patterns)
        values = keys if self.of_values is None else self._split(patterns, self.of_values)
        found = retrieve(
            self._split(states, self.of_states),
            keys,
            beta=self.beta,
            steps=self.steps,
            tolerance=self.tolerance,
            values=values,
            present=None if present is None else present[:, None, :],
        )
        result = found.transpose(1, 2).flatten(2)
        return result if self.of_result is None else self.of_result(result)

    def _split(self, rows: Tensor, projection: nn.Linear | None) -> Tensor:
        """Return rows by head: (batch, n, d) → (batch, heads, n, width)."""
        if projection is None:
            return rows[:, None].expand(-1, self.heads, -1, -1)
        return projection(rows).unflatten(-1, (self.heads, self.width)).transpose(1, 2)


class HopfieldPooling(nn.Module):
    """A bag becomes one vector: learned static states ask, the members answer.

    Args:
        patterns: width of the members.
        queries: learned states; their results stand side by side.
        recall: how they recall; its states are ``recall.width`` wide and static.
    """

    def __init__(self, patterns: int, *, queries: int = 1, recall: Hopfield | None = None) -> None:
        super().__init__()
        self.recall = recall or Hopfield(patterns, patterns, projects_states=False)
        self.queries = nn.Parameter(torch.randn(1, queries, self.recall.width) * 0.02)

    def forward(self, bag: Tensor, present: Tensor | None = None) -> Tensor:
        """Return a vector for each bag: (batch, n, patterns) → (batch, queries x outputs)."""
        states = self.queries.expand(len(bag), -1, -1)
        return self.recall(states, bag, present).flatten(1)


class HopfieldLookup(nn.Module):
    """Rows recall from learned patterns: a memory that is trained.

    Args:
        states: width of the rows.
        stored: how many patterns are learned, each as wide as the rows.
        recall: how rows recall them.
    """

    def __init__(self, states: int, *, stored: int, recall: Hopfield | None = None) -> None:
        super().__init__()
        self.recall = recall or Hopfield(states, states)
        self.patterns = nn.Parameter(torch.randn(1, stored, states) * 0.02)

    def forward(self, states: Tensor) -> Tensor:
        """Return what each row recalls: (batch, s, states) → (batch, s, outputs)."""
        return self.recall(states, self.patterns.expand(len(states), -1, -1))
