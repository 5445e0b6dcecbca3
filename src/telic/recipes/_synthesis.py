"""Pre-training and the two stages of B-Coder on the language of list pipelines."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

import msgspec
import torch

from telic.critics.bellman import (
    DuelingCritic,
    Operator,
    Steps,
    TokenNetwork,
    clone_behaviour,
    fit_critic,
    fit_values,
)
from telic.recipes._pipelines import ACTIONS, PLACES, TOKENS, Task, demonstrated, draw_task
from telic.recipes._programming import steps_of, write
from telic.seeding import address, stream

if TYPE_CHECKING:
    from telic.recipes.b_coder import Config

__all__ = ["Material", "learned"]

OPERATORS: tuple[Operator, ...] = ("conservative", "max")


class Material(msgspec.Struct, frozen=True):
    """What a critic begins with."""

    model: TokenNetwork
    """Cloned from demonstrations."""
    recorded: Steps
    """Of demonstrations and of the model's own samples."""
    unseen: list[Task]
    """To judge by."""


def _prepared(config: Config, number: int, generator: torch.Generator) -> Material:
    """Draw tasks, clone a model from buggy demonstrations, and let it write samples."""
    rng = stream(config.seed, "b-coder", number)
    tasks, unseen = (
        [draw_task(rng, shortest=config.shortest) for _ in range(count)]
        for count in (config.tasks, config.unseen)
    )
    shown = [(task, demonstrated(task, rng, bugs=config.bugs)) for task in tasks]
    model, steps = _network(config, ACTIONS, generator), steps_of(shown)
    clone_behaviour(model, steps.states, steps.actions, steps=config.cloning, generator=generator)
    own = write(model, tasks, count=config.own, generator=generator)
    pairs = [(task, one) for task, programs in zip(tasks, own, strict=True) for one in programs]
    return Material(model, steps_of([*shown, *pairs]), unseen)


def learned(config: Config, number: int) -> tuple[Material, dict[str, DuelingCritic]]:
    """Return the critic after the first stage, and after the second with each operator."""
    generator = torch.Generator().manual_seed(address(config.seed, "b-coder", number) % 2**63)
    material = _prepared(config, number, generator)
    values = _network(config, 1, generator)
    first = DuelingCritic(deepcopy(material.model), values, scale=config.scale)
    fit_values(
        first,
        material.recorded,
        steps=config.first,
        discount=config.discount,
        generator=generator,
    )
    critics = {"first stage": first}
    for operator in OPERATORS:
        critics[operator] = deepcopy(first)
        fit_critic(
            critics[operator],
            material.recorded,
            operator=operator,
            steps=config.second,
            discount=config.discount,
            generator=torch.Generator().manual_seed(number),
            rate=config.rate,
            likelihood=config.likelihood,
        )
    return material, critics


def _network(config: Config, outputs: int, generator: torch.Generator) -> TokenNetwork:
    return TokenNetwork(TOKENS, PLACES, outputs, hidden=config.hidden, generator=generator)
