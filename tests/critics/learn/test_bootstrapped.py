"""Fitted Q-iteration finds the values of a chain that can be solved by hand."""

from __future__ import annotations

import pytest
import torch

from telic.critics.learn import (
    Ensemble,
    Histogram,
    Square,
    Transitions,
    ValueLoss,
    fitted_q,
    greedy,
)
from telic.critics.supports import Support

LENGTH = 4


def chain(members: int) -> Transitions:
    """Action 1 goes right, to a reward of 1 at the end; action 0 stays."""
    place = torch.arange(LENGTH).repeat(2)
    action = torch.arange(2).repeat_interleave(LENGTH)
    after = (place + action).clamp(max=LENGTH - 1)
    ended = (place == LENGTH - 1) & (action == 1)
    codes = torch.eye(LENGTH)
    parts = (codes[place], action, ended.float(), 0.5 * (~ended).float(), codes[after])
    return Transitions(*(part.expand(members, *part.shape) for part in parts))


@pytest.mark.parametrize(
    "loss", [Square(), Histogram(Support.padded(0.0, 1.0, 10))], ids=["square", "hl-gauss"]
)
def test_values_halve_with_every_step_from_the_reward(loss: ValueLoss):
    generator = torch.Generator().manual_seed(0)
    ensemble = Ensemble(2, (LENGTH, 32, 2 * loss.outputs), generator=generator)

    fitted_q(
        ensemble, loss, chain(2),
        rounds=8, steps=60, batch=8, rate=0.02, bounds=(0.0, 1.0), generator=generator,
    )  # fmt: skip

    states = torch.eye(LENGTH)
    with torch.no_grad():
        right = loss.value(ensemble(states).unflatten(-1, (2, -1)))[..., 1]
    assert greedy(ensemble, loss, states).tolist() == [[1] * LENGTH] * 2
    for member in right.tolist():
        assert member == pytest.approx([0.125, 0.25, 0.5, 1.0], abs=0.06)
