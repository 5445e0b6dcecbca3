"""Policies under two faulty proxies, trained by exact natural gradients.

A proxy is a true quality with an error of its own, and errors harm the true score by their square.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from telic.objectives import Pursuit, natural_step, tilt_by

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["Trace", "Weigh", "Weights", "World", "drawn", "fixed", "held", "train"]

Strengths = tuple[float, ...]
"""One number for each proxy."""


class Weights(NamedTuple):
    """What a policy is to pursue in its next step."""

    proxies: Strengths
    price: float
    """Of divergence from the base policy."""
    thresholds: Strengths
    """As they are now; empty without any."""


Weigh = Callable[[Strengths, Callable[[], float]], Weights]
"""Mean proxies, and the true score if it is looked at → weights for the next step."""


class World(msgspec.Struct, frozen=True):
    """What responses to prompts are worth."""

    proxies: Array
    """(2, prompts, responses)."""
    truth: Array
    """(prompts, responses); 0 on average for each prompt."""

    def measures(self, strengths: Strengths) -> Strengths:
        """Return the mean proxies of a policy."""
        policy = tilt_by(self.proxies, strengths)
        return tuple((policy * self.proxies).sum(axis=2).mean(axis=1).tolist())

    def score(self, strengths: Strengths) -> float:
        """Return the true score of a policy."""
        policy = tilt_by(self.proxies, strengths)
        return float((policy * self.truth).sum(axis=1).mean())


class Trace(msgspec.Struct, frozen=True):
    """A run, step by step."""

    strengths: list[Strengths] = []
    """How strongly the policy pursues the proxies."""
    measures: list[Strengths] = []
    """Mean proxies."""
    weights: list[Strengths] = []
    """Of the proxies, learned or fixed."""
    thresholds: list[Strengths] = []
    """Empty with fixed weights."""


def drawn(
    rng: np.random.Generator,
    *,
    correlation: float,
    errors: tuple[float, float],
    harm: float,
    prompts: tuple[int, int],
    responses: int,
) -> tuple[World, World]:
    """Draw prompts to learn from, and prompts to judge by.

    Args:
        rng: of all draws.
        correlation: of the two true qualities, whose standard deviations are 1.
        errors: standard deviations of the proxies' errors.
        harm: of an error, by its square, to the true score.
        prompts: how many of either kind.
        responses: to each prompt.
    """
    import numpy as np

    qualities = rng.normal(size=(2, sum(prompts), responses))
    qualities[1] = correlation * qualities[0] + (1 - correlation**2) ** 0.5 * qualities[1]
    wrong = np.array(errors)[:, None, None] * rng.normal(size=qualities.shape)
    truth = (qualities - harm * wrong**2).sum(axis=0)
    truth -= truth.mean(axis=1, keepdims=True)
    proxies, count = qualities + wrong, prompts[0]
    return World(proxies[:, :count], truth[:count]), World(proxies[:, count:], truth[count:])


def fixed(proxies: Strengths, *, price: float) -> Weigh:
    """Return how a run with fixed weights weighs its proxies."""
    return lambda _measures, _score: Weights(proxies, price, ())


def held(pursuit: Pursuit) -> Weigh:
    """Return how a constrained run weighs its proxies."""

    def weigh(measures: Strengths, score: Callable[[], float]) -> Weights:
        pursuit.observe(measures, score)
        now = pursuit.multipliers
        return Weights(now.weights, now.regulariser, now.thresholds)

    return weigh


def train(world: World, weigh: Weigh, *, steps: int, rate: float) -> Trace:
    """Train a policy by natural gradients; its proxies are weighed anew at every step."""
    trace = Trace()
    strengths: Strengths = (0.0, 0.0)
    for _ in range(steps):
        measures = world.measures(strengths)
        weights = weigh(measures, lambda now=strengths: world.score(now))
        trace.strengths.append(strengths)
        trace.measures.append(measures)
        trace.weights.append(weights.proxies)
        trace.thresholds.append(weights.thresholds)
        strengths = natural_step(strengths, weights.proxies, price=weights.price, rate=rate)
    return trace
