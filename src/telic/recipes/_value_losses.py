"""Value networks trained by one loss or another: noisy values, outcomes, their own predictions.

Every function trains all seeds side by side, each on data of its own, and returns one figure for
each of them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from telic.critics.learn import (
    Ensemble,
    Histogram,
    Square,
    Targets,
    Transitions,
    ValueLoss,
    fit,
    fitted_q,
    greedy,
    hl_gauss,
    two_hot,
)
from telic.critics.supports import Support
from telic.recipes._four_numbers import FEATURES, drawn_games, played, solved
from telic.recipes._grids import Grid, Steps, drawn_grid, drawn_steps, worth_of_policy
from telic.seeding import address, numpy_stream

if TYPE_CHECKING:
    from telic.recipes.stop_regressing import Config

__all__ = ["measure"]

Array = NDArray[np.float64]
_NOISE = 2.0
_VIEW = 16
_BINS = 20


def measure(setting: str, loss: str, rate: float, config: Config) -> list[float]:
    """Return a figure for each seed in a setting: noisy, outcomes, or a width in grid worlds."""
    if setting == "noisy":
        return _noisy(loss, rate, config)
    if setting == "outcomes":
        return _outcomes(loss, rate, config)
    return _bootstrapped(loss, rate, config, width=int(setting.removeprefix("width ")))


def _noisy(loss: str, rate: float, config: Config) -> list[float]:
    """Return the root mean squared errors of a smooth function learned from noisy values."""
    head, rows = _head(loss, -_NOISE - 2.0, _NOISE + 2.0), config.rows
    streams = [numpy_stream(config.seed, "noisy", number) for number in range(config.seeds)]
    places = _stacked([rng.uniform(-1, 1, size=(rows, 2)) for rng in streams])
    noise = _stacked([rng.uniform(-_NOISE, _NOISE, size=rows) for rng in streams])
    new = torch.tensor(numpy_stream(config.seed, "noisy").uniform(-1, 1, size=(2000, 2))).float()
    network, generator = _network(head, 2, 64, config)
    fit(
        network,
        head,
        places,
        Targets.exact(_smooth(places) + noise),
        steps=config.noisy_steps,
        batch=64,
        rate=rate,
        generator=generator,
    )
    with torch.no_grad():
        errors = head.value(network(new)) - _smooth(new)
    return (errors**2).mean(dim=1).sqrt().tolist()


def _outcomes(loss: str, rate: float, config: Config) -> list[float]:
    """Return shares of new games of 24 solved by a beam of five ranked by the learned value.

    A state's label is the outcome of one random play through it: 1 if it ended in 24, else 0.
    """
    head = _head(loss, 0.0, 1.0)
    rows, labels = _plays(config.seed, config.seeds, config.games, config.plays)
    centre, spread = rows.mean(dim=(0, 1)), rows.std(dim=(0, 1))
    network, generator = _network(head, FEATURES, 64, config)
    fit(
        network,
        head,
        (rows - centre) / spread,
        Targets.exact(labels),
        steps=config.outcome_steps,
        batch=256,
        rate=rate,
        generator=generator,
    )
    new = drawn_games(200, numpy_stream(config.seed, "new games"))

    def value(number: int) -> Callable[[Array], Array]:
        def of(features: Array) -> Array:
            scaled = (torch.tensor(features).float() - centre) / spread
            with torch.no_grad():
                return head.value(network.alone(number, scaled)).numpy()

        return of

    return [solved(new, value(number), beam=5) for number in range(config.seeds)]


def _bootstrapped(loss: str, rate: float, config: Config, *, width: int) -> list[float]:
    """Return what the greedy policy after fitted Q-iteration is worth, exactly."""
    head = _head(loss, 0.0, 1.0)
    grids, seen = _worlds(config.seed, config.seeds, config.transitions, config.view_noise)
    network, generator = _network(head, _VIEW, width, config, actions=4)
    fitted_q(
        network,
        head,
        seen,
        rounds=config.rounds,
        steps=config.round_steps,
        batch=64,
        rate=rate,
        bounds=(0.0, 1.0),
        generator=generator,
    )
    actions = greedy(network, head, _stacked([grid.views for grid in grids])).numpy()
    return [worth_of_policy(grid, row) for grid, row in zip(grids, actions, strict=True)]


def _head(loss: str, low: float, high: float) -> ValueLoss:
    if loss == "squared error":
        return Square()
    encode = {"two-hot": two_hot, "HL-Gauss": hl_gauss}[loss]
    return Histogram(Support.padded(low, high, _BINS), encode)


def _network(
    head: ValueLoss, inputs: int, width: int, config: Config, *, actions: int = 1
) -> tuple[Ensemble, torch.Generator]:
    generator = torch.Generator().manual_seed(address(config.seed, "network") % 2**63)
    widths = (inputs, width, width, actions * head.outputs)
    return Ensemble(config.seeds, widths, generator=generator), generator


def _smooth(places: Tensor) -> Tensor:
    one, two = places[..., 0], places[..., 1]
    return torch.sin(3 * one) + torch.cos(4 * two) * one


def _stacked(arrays: list[Array]) -> Tensor:
    return torch.tensor(np.stack(arrays)).float()


@lru_cache(maxsize=1)
def _plays(seed: int, seeds: int, games: int, plays: int) -> tuple[Tensor, Tensor]:
    streams = [numpy_stream(seed, "games", number) for number in range(seeds)]
    found = [played(drawn_games(games, rng), plays, rng) for rng in streams]
    return _stacked([rows for rows, _ in found]), _stacked([labels for _, labels in found])


@lru_cache(maxsize=1)
def _worlds(
    seed: int, seeds: int, transitions: int, noise: float
) -> tuple[list[Grid], Transitions]:
    streams = [numpy_stream(seed, "grid", number) for number in range(seeds)]
    grids = [drawn_grid(rng, width=_VIEW) for rng in streams]
    steps: list[Steps] = [
        drawn_steps(grid, transitions, rng, noise=noise)
        for grid, rng in zip(grids, streams, strict=True)
    ]
    return grids, Transitions(
        states=_stacked([one.states for one in steps]),
        actions=torch.tensor(np.stack([one.actions for one in steps])),
        rewards=_stacked([one.rewards for one in steps]),
        discounts=_stacked([one.discounts for one in steps]),
        following=_stacked([one.following for one in steps]),
    )
