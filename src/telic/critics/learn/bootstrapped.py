"""Action values learned from their own predictions: fitted Q-iteration with any loss.

After Ernst et al. (2005), "Tree-Based Batch Mode Reinforcement Learning", with networks as in
Riedmiller (2005): targets are rewards plus discounted best values by a frozen copy, renewed every
so many steps, so that what is learned from moves with what was learned.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from telic.critics.learn.heads import Ensemble
from telic.critics.learn.losses import ValueLoss
from telic.critics.learn.targets import Targets

__all__ = ["Transitions", "fitted_q", "greedy"]


@dataclass(frozen=True)
class Transitions:
    """Steps that were seen, of each member of an ensemble: shapes begin (members, n)."""

    states: Tensor
    """(members, n, width)."""
    actions: Tensor
    """Integers from 0."""
    rewards: Tensor
    discounts: Tensor
    """Of what follows; 0 where the step was the last."""
    following: Tensor
    """States after the steps, (members, n, width)."""


def fitted_q(
    ensemble: Ensemble,
    loss: ValueLoss,
    seen: Transitions,
    *,
    rounds: int,
    steps: int,
    batch: int,
    rate: float,
    bounds: tuple[float, float],
    generator: torch.Generator,
) -> None:
    """Train an ensemble whose outputs are those of the loss, action by action.

    Args:
        ensemble: changed in place; its output is (members, n, actions x outputs).
        loss: of one action's outputs.
        seen: what is learned from.
        rounds: how often the frozen copy is renewed.
        steps: updates in a round.
        batch: transitions of each member in an update.
        rate: of learning by Adam.
        bounds: on targets, which no return can leave.
        generator: of batches.
    """
    members, count, width = seen.states.shape
    optimiser = torch.optim.Adam(ensemble.parameters(), lr=rate)
    for _ in range(rounds):
        with torch.no_grad():
            best = _values(ensemble, loss, seen.following).max(dim=-1).values
            goals = (seen.rewards + seen.discounts * best).clamp(*bounds)
        for _ in range(steps):
            at = torch.randint(count, (members, min(batch, count)), generator=generator)
            states = seen.states.gather(1, at[..., None].expand(-1, -1, width))
            outputs = _outputs(ensemble, loss, states)
            taken = seen.actions.gather(1, at)[..., None, None].expand(-1, -1, 1, loss.outputs)
            chosen = outputs.gather(2, taken).squeeze(2)
            total = loss.loss(chosen, Targets.exact(goals.gather(1, at))).mean(dim=-1).sum()
            optimiser.zero_grad()
            total.backward()
            optimiser.step()


def greedy(ensemble: Ensemble, loss: ValueLoss, states: Tensor) -> Tensor:
    """Return each member's best action: (n, width) or (members, n, width) → (members, n)."""
    with torch.no_grad():
        return _values(ensemble, loss, states).argmax(dim=-1)


def _outputs(ensemble: Ensemble, loss: ValueLoss, states: Tensor) -> Tensor:
    outputs = ensemble(states)
    return outputs.unflatten(-1, (-1, loss.outputs))


def _values(ensemble: Ensemble, loss: ValueLoss, states: Tensor) -> Tensor:
    return loss.value(_outputs(ensemble, loss, states))
