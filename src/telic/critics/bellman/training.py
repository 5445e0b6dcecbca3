"""Learning action values from steps that were recorded, and ranking by what was learned.

The usual Bellman operator trusts the greatest value among all actions, also those that no recorded
step ever took. The conservative one of B-Coder values the action that a frozen critic would take,
the one that began as the pre-trained policy, and so stays with what that policy knows. Values say
nothing of actions that no step took; with a weight on the likelihood of those that were taken, as
in the paper, a policy does not drift to them. The paper's loss on advantages is left out.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

from telic.critics.bellman.dueling import DuelingCritic
from telic.errors import UsageError

__all__ = ["Operator", "Steps", "fit_critic", "fit_values", "recovered_reward"]

Operator = Literal["conservative", "max"]
"""Whose next action counts: the frozen first critic's, or the best by the present one."""


@dataclass(frozen=True)
class Steps:
    """Recorded steps; all fields have the same length.

    Raises:
        UsageError: if they have not.
    """

    states: Tensor
    """Tokens, (N, places)."""
    actions: Tensor
    """Integers from 0, (N,)."""
    rewards: Tensor
    """(N,)."""
    is_last: Tensor
    """Whether nothing follows, (N,)."""
    following: Tensor
    """States after the steps, (N, places); ignored where nothing follows."""

    def __post_init__(self) -> None:
        parts = (self.states, self.actions, self.rewards, self.is_last, self.following)
        lengths = {len(part) for part in parts}
        if len(lengths) != 1 or 0 in lengths:
            raise UsageError(f"recorded steps need fields of one length, not 0; got {lengths}")

    def take(self, rows: Tensor) -> Steps:
        """Return those at positions ``rows``, shape (M,)."""
        return Steps(
            self.states[rows],
            self.actions[rows],
            self.rewards[rows],
            self.is_last[rows],
            self.following[rows],
        )


def fit_values(
    critic: DuelingCritic,
    recorded: Steps,
    *,
    steps: int,
    discount: float,
    generator: torch.Generator,
    batch: int = 256,
    rate: float = 1e-3,
) -> None:
    """First stage, in place: learn ``V`` alone, so that the greedy action is the policy's still.

    Args:
        critic: its policy is left exactly as it is.
        recorded: what is learned from.
        steps: of the optimiser.
        discount: of the next step's value, from 0 to 1.
        generator: draws batches.
        batch: recorded steps in a step of the optimiser.
        rate: of learning at first, falling to 0 along a half cosine.
    """
    choices = _greedy(critic, recorded)
    _descend(critic, choices, recorded, steps, discount, generator, batch, rate, None)


def fit_critic(
    critic: DuelingCritic,
    recorded: Steps,
    *,
    operator: Operator,
    steps: int,
    discount: float,
    generator: torch.Generator,
    batch: int = 256,
    rate: float = 5e-4,
    likelihood: float = 0.0,
) -> None:
    """Second stage, in place: learn policy and values together by a Bellman operator.

    Args:
        critic: as the first stage left it.
        recorded: what is learned from.
        operator: whose next action is valued.
        steps: of the optimiser.
        discount: of the next step's value, from 0 to 1.
        generator: draws batches.
        batch: recorded steps in a step of the optimiser.
        rate: of learning at first, falling to 0 along a half cosine.
        likelihood: weight of the negative log likelihood of the recorded actions.
    """
    choices = _greedy(critic, recorded) if operator == "conservative" else None
    _descend(critic, choices, recorded, steps, discount, generator, batch, rate, likelihood)


def recovered_reward(critic: DuelingCritic, steps: Steps, *, discount: float) -> Tensor:
    """Return ``Q(s, a) - discount V(s')`` of each step, ``V`` being the greatest value: shape (N,).

    It is the reward that would make the learned values right; its sum over a sequence ranks
    sequences.
    """
    with torch.no_grad():
        taken = critic(steps.states).gather(1, steps.actions[:, None])[:, 0]
        ahead = critic(steps.following).max(dim=1).values
        return taken - discount * ahead.masked_fill(steps.is_last, 0.0)


def _greedy(critic: DuelingCritic, recorded: Steps) -> Tensor:
    """Return the present greedy action after each step, shape (N,)."""
    with torch.no_grad():
        return torch.cat([critic.policy(part).argmax(1) for part in recorded.following.split(4096)])


def _descend(
    critic: DuelingCritic,
    choices: Tensor | None,
    recorded: Steps,
    steps: int,
    discount: float,
    generator: torch.Generator,
    batch: int,
    rate: float,
    likelihood: float | None,
) -> None:
    """Fit to targets that value the given next actions, or the best by the present critic.

    Without a weight of the likelihood the policy is not trained.
    """
    trained = critic.value if likelihood is None else critic
    optimiser = torch.optim.Adam(trained.parameters(), lr=rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    delayed = deepcopy(critic)
    for number in range(steps):
        rows = torch.randint(len(recorded.states), (batch,), generator=generator)
        drawn = recorded.take(rows)
        with torch.no_grad():
            ahead = delayed(drawn.following)
            chosen = ahead.argmax(dim=1) if choices is None else choices[rows]
            value = ahead.gather(1, chosen[:, None])[:, 0].masked_fill(drawn.is_last, 0.0)
            target = drawn.rewards + discount * value
        logits = critic.policy(drawn.states)
        found = critic.given(logits, drawn.states).gather(1, drawn.actions[:, None])[:, 0]
        loss = functional.mse_loss(found, target)
        if likelihood:
            loss = loss + likelihood * functional.cross_entropy(logits, drawn.actions)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if (number + 1) % _RENEWED == 0:
            delayed.load_state_dict(critic.state_dict())


_RENEWED = 50
"""Steps after which the copy that gives targets follows."""
