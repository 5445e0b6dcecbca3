"""A value head on given features, and ensembles of small networks that end in one.

An ensemble's members are trained side by side as one batched product: each has weights, an order
of rows and (with ``bootstrap``) a resample of its own, so that their spread says how much the data
leave open (Lakshminarayanan et al. 2017, "Deep Ensembles"; Osband et al. 2016 for the bootstrap).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from telic.critics.learn.losses import ValueLoss
from telic.critics.learn.targets import Targets

__all__ = ["Ensemble", "ValueHead", "fit"]


class ValueHead(nn.Module):
    """A linear layer whose outputs mean a value by a loss.

    Args:
        inputs: width of the features below it.
        loss: how it is trained and read.
    """

    def __init__(self, inputs: int, loss: ValueLoss) -> None:
        super().__init__()
        self.linear = nn.Linear(inputs, loss.outputs)
        self.objective = loss

    def forward(self, features: Tensor) -> Tensor:
        """Return values: (..., inputs) → (...)."""
        return self.objective.value(self.linear(features))

    def loss(self, features: Tensor, targets: Targets) -> Tensor:
        """Return the loss of each row: (..., n, inputs) → (..., n)."""
        return self.objective.loss(self.linear(features), targets)


class Ensemble(nn.Module):
    """Multi-layer perceptrons with rectified layers, side by side.

    Args:
        members: how many.
        widths: of the layers, input and output included.
        generator: of the first weights (uniform by fan-in; the last layer begins at zero, so
            that every member begins with the same value).
        dtype: of weights and results.
    """

    def __init__(
        self,
        members: int,
        widths: Sequence[int],
        *,
        generator: torch.Generator,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__()
        self.weights = nn.ParameterList()
        self.biases = nn.ParameterList()
        layers = list(pairwise(widths))
        for number, (inputs, outputs) in enumerate(layers):
            is_last = number == len(layers) - 1
            for parameters, height, bound in (
                (self.weights, inputs, math.sqrt(6.0 / inputs)),
                (self.biases, 1, 1.0 / math.sqrt(inputs)),
            ):
                drawn = torch.rand((members, height, outputs), generator=generator, dtype=dtype)
                parameters.append(nn.Parameter((2.0 * drawn - 1.0) * (0.0 if is_last else bound)))

    @property
    def members(self) -> int:
        """How many networks."""
        return self.weights[0].shape[0]

    def alone(self, number: int, rows: Tensor) -> Tensor:
        """Return what one network gives for rows (n, inputs): (n, outputs)."""
        state, last = rows, len(self.weights) - 1
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            state = torch.addmm(bias[number], state, weight[number])
            if layer < last:
                state = state.relu()
        return state

    def forward(self, rows: Tensor) -> Tensor:
        """Return (members, n, outputs) for rows (n, inputs), or (members, n, inputs)."""
        state = rows if rows.ndim == 3 else rows.expand(self.members, *rows.shape)
        last = len(self.weights) - 1
        for number, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            state = torch.baddbmm(bias, state, weight)
            if number < last:
                state = state.relu()
        return state


def fit(
    ensemble: Ensemble,
    loss: ValueLoss,
    rows: Tensor,
    targets: Targets,
    *,
    steps: int,
    batch: int,
    rate: float,
    generator: torch.Generator,
    decay: float = 0.0,
    bootstrap: bool = False,
) -> list[float]:
    """Train by AdamW on random batches and return the mean loss of every step.

    Args:
        ensemble: changed in place.
        loss: of its outputs.
        rows: shape (n, inputs), or (members, n, inputs) if each has rows of its own.
        targets: shape (n,), or (members, n).
        steps: updates.
        batch: rows of each member in an update.
        rate: of learning, falling to 0 along a cosine.
        generator: of batches and resamples.
        decay: of weights.
        bootstrap: whether each member sees a resample of the rows.
    """
    count, members = rows.shape[-2], ensemble.members
    size = min(batch, count)
    pools = torch.arange(count).expand(members, count)
    if bootstrap:
        pools = torch.randint(count, (members, count), generator=generator)
    optimiser = torch.optim.AdamW(ensemble.parameters(), lr=rate, weight_decay=decay)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    whole = rows if rows.ndim == 3 else rows.expand(members, *rows.shape)
    history: list[float] = []
    for _ in range(steps):
        drawn = torch.randint(count, (members, size), generator=generator)
        at = pools.gather(1, drawn)
        picked = whole.gather(1, at[..., None].expand(-1, -1, rows.shape[-1]))
        # Summed over members: each is trained as if it were alone.
        total = loss.loss(ensemble(picked), targets.take(at)).mean(dim=-1).sum()
        optimiser.zero_grad()
        total.backward()
        optimiser.step()
        schedule.step()
        history.append(float(total.detach()) / members)
    return history
