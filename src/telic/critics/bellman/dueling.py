"""A policy over tokens, and the critic that begins as it."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from telic.errors import UsageError

__all__ = ["DuelingCritic", "TokenNetwork", "clone_behaviour"]


class TokenNetwork(nn.Module):
    """From a row of tokens to outputs: embeddings side by side, then two hidden layers.

    Args:
        tokens: size of the vocabulary of states.
        places: tokens in a state.
        outputs: numbers wanted for each state.
        hidden: width of the hidden layers.
        generator: draws the first weights.
    """

    def __init__(
        self,
        tokens: int,
        places: int,
        outputs: int,
        *,
        hidden: int,
        generator: torch.Generator,
    ) -> None:
        super().__init__()
        width = 16
        self.embedding = nn.Embedding(tokens, width)
        self.layers = nn.Sequential(
            nn.Linear(places * width, hidden),
            nn.ReLU(),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Linear(hidden, outputs),
        )
        for name, parameter in self.named_parameters():
            if name.endswith("bias"):
                nn.init.zeros_(parameter)
            else:
                fan = 1 if "embedding" in name else parameter.shape[1]
                nn.init.normal_(parameter, std=fan**-0.5, generator=generator)

    def forward(self, states: Tensor) -> Tensor:
        """Return shape (N, outputs) from tokens of shape (N, places)."""
        return self.layers(self.embedding(states).flatten(1))


def clone_behaviour(
    policy: nn.Module,
    states: Tensor,
    actions: Tensor,
    *,
    steps: int,
    generator: torch.Generator,
    batch: int = 256,
    rate: float = 2e-3,
) -> None:
    """Teach a policy to do what was done: maximum likelihood by Adam, in place.

    Args:
        policy: gives logits of actions, shape (N, actions).
        states: shape (N, places).
        actions: shape (N,).
        steps: of the optimiser.
        generator: draws batches.
        batch: states in a step.
        rate: of learning.
    """
    optimiser = torch.optim.Adam(policy.parameters(), lr=rate)
    for _ in range(steps):
        rows = torch.randint(len(states), (batch,), generator=generator)
        loss = functional.cross_entropy(policy(states[rows]), actions[rows])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()


class DuelingCritic(nn.Module):
    """``Q(s, a) = scale (l(s, a) - max l(s, ·)) + V(s)``: greedy as the policy that gave ``l``.

    Args:
        policy: gives logits of actions, shape (N, actions); trained along in the second stage.
        value: gives one number for each state, shape (N, 1).
        scale: worth of one unit of logit, positive.

    Raises:
        UsageError: if the scale is not positive.
    """

    def __init__(self, policy: nn.Module, value: nn.Module, *, scale: float) -> None:
        super().__init__()
        if not scale > 0:
            raise UsageError(f"scale must be positive; got {scale}")
        self.policy = policy
        self.value = value
        self.scale = scale

    def forward(self, states: Tensor) -> Tensor:
        """Return the value of every action, shape (N, actions); its maximum is ``V``."""
        return self.given(self.policy(states), states)

    def given(self, logits: Tensor, states: Tensor) -> Tensor:
        """Return what :meth:`forward` does, where the policy's logits are at hand."""
        best = logits.max(dim=1, keepdim=True).values
        return self.scale * (logits - best) + self.value(states)
