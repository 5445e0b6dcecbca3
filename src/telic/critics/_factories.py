"""Critics by name: each factory returns a screen around one."""

from __future__ import annotations

from typing import Literal

from telic.critics._credit import CreditCritic
from telic.critics._models import ModelName
from telic.critics._regression import RegressionCritic
from telic.critics._shuffled import ShuffledCritic
from telic.critics.screen import By, Screen

__all__ = [
    "boosting",
    "credit",
    "forest",
    "gaussian_process",
    "memory",
    "neural",
    "ridge",
    "shuffled",
]


def credit(
    *, seed: int, skip: float = 0.6, explore: float = 0.1, learn: int = 48, by: By = "chance"
) -> Screen:
    """Return a screen by what became of similar edits; needs no library."""
    return Screen(CreditCritic(), seed=seed, skip=skip, explore=explore, learn=learn, by=by)


def shuffled(
    *,
    seed: int,
    model: ModelName | Literal["credit"] = "credit",
    skip: float = 0.6,
    explore: float = 0.1,
    learn: int = 48,
    by: By = "chance",
) -> Screen:
    """Return a control: a screen whose critic, of any model, learns shuffled outcomes."""
    inner = CreditCritic() if model == "credit" else RegressionCritic(model)
    critic = ShuffledCritic(inner, seed=seed)
    return Screen(critic, seed=seed, skip=skip, explore=explore, learn=learn, by=by)


def ridge(
    *, seed: int, skip: float = 0.6, explore: float = 0.1, learn: int = 48, by: By = "chance"
) -> Screen:
    """Return a screen by ridge regression on static features."""
    critic = RegressionCritic("ridge")
    return Screen(critic, seed=seed, skip=skip, explore=explore, learn=learn, by=by)


def forest(
    *, seed: int, skip: float = 0.6, explore: float = 0.1, learn: int = 48, by: By = "chance"
) -> Screen:
    """Return a screen by a random forest on static features."""
    critic = RegressionCritic("forest")
    return Screen(critic, seed=seed, skip=skip, explore=explore, learn=learn, by=by)


def boosting(
    *, seed: int, skip: float = 0.6, explore: float = 0.1, learn: int = 48, by: By = "chance"
) -> Screen:
    """Return a screen by boosted trees on static features."""
    critic = RegressionCritic("boosting")
    return Screen(critic, seed=seed, skip=skip, explore=explore, learn=learn, by=by)


def gaussian_process(
    *, seed: int, skip: float = 0.6, explore: float = 0.1, learn: int = 48, by: By = "chance"
) -> Screen:
    """Return a screen by a Gaussian process on static features."""
    critic = RegressionCritic("gaussian-process")
    return Screen(critic, seed=seed, skip=skip, explore=explore, learn=learn, by=by)


def memory(
    *, seed: int, skip: float = 0.6, explore: float = 0.1, learn: int = 48, by: By = "chance"
) -> Screen:
    """Return a screen by Hopfield retrieval over evaluated candidates; needs NumPy alone."""
    critic = RegressionCritic("memory")
    return Screen(critic, seed=seed, skip=skip, explore=explore, learn=learn, by=by)


def neural(
    *, seed: int, skip: float = 0.6, explore: float = 0.1, learn: int = 48, by: By = "chance"
) -> Screen:
    """Return a screen by an ensemble of small networks with HL-Gauss heads; needs PyTorch."""
    critic = RegressionCritic("neural")
    return Screen(critic, seed=seed, skip=skip, explore=explore, learn=learn, by=by)
