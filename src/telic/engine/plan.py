"""How a run is to be made: everything but the problem itself."""

from __future__ import annotations

import os
from typing import Literal

import msgspec

from telic.budget import Budget
from telic.component import Component
from telic.errors import UsageError

__all__ = [
    "DEFAULT_OPERATORS",
    "DEFAULT_WINDOW",
    "MOST_COMPARED",
    "Mode",
    "NoveltyPlan",
    "Plan",
    "default_workers",
]

Mode = Literal["ordered", "unordered"]

DEFAULT_WINDOW = 8
"""Fixed, not a number of workers: the journal of an ordered run must not depend on those."""

MOST_COMPARED = 512
"""Candidates that a proposal's novelty is measured by at most."""

DEFAULT_OPERATORS = (
    "constants",
    "expressions",
    "statements",
    "swaps",
    "coupled",
    "burst",
    "crossover",
    "simplify",
    "breed",
    "numeric",
    "freeze",
    "polish",
)


class NoveltyPlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a proposal is too like what there is.

    Raises:
        UsageError: if a number is out of range.
    """

    similarity: float = 0.98
    """Likeness of structure, above 0 to 1, from which on a proposal is suspicious; renamed copies
    have 1 and are refused without being looked at further."""
    latest: int = 128
    """Evaluated candidates that it is compared with, the latest ones, 1 to 512."""
    scope: Literal["models", "all"] = "models"
    """Whose proposals are looked at. Embedded operators make small steps on purpose."""
    embed: str = ""
    """Name of a model of the run whose embedding is asked about suspicious proposals."""
    cosine: float = 0.99
    """Cosine of embeddings below which a suspicious proposal is let through, -1 to 1."""
    judge: str = ""
    """Name of a model of the run that is asked about what is still suspicious."""

    def __post_init__(self) -> None:
        if not 0 < self.similarity <= 1:
            raise UsageError(f"similarity must be above 0 and at most 1; got {self.similarity}")
        if not 1 <= self.latest <= MOST_COMPARED:
            raise UsageError(f"latest must be between 1 and {MOST_COMPARED}; got {self.latest}")
        if not -1 <= self.cosine <= 1:
            raise UsageError(f"cosine must be between -1 and 1; got {self.cosine}")

    @property
    def models(self) -> tuple[str, ...]:
        """Names of the models that it needs."""
        return tuple(name for name in (self.embed, self.judge) if name)


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of a run, kept in its journal.

    Raises:
        UsageError: if a number is out of range.
    """

    seed: int = 0
    """Root of every random draw."""
    budget: Budget = Budget()
    mode: Mode = "ordered"
    """``ordered``: the journal depends on the seed alone. ``unordered``: results are told as
    they come, for evaluators of very uneven length."""
    window: int = DEFAULT_WINDOW
    """How many requests may be open: request i is made knowing the results up to i - window."""
    strategy: Component = Component("strategy", "islands")
    portfolio: Component = Component("portfolio", "ucb")
    operators: tuple[Component, ...] = tuple(Component("operator", n) for n in DEFAULT_OPERATORS)
    models: tuple[Component, ...] = ()
    """Language models that operators may ask."""
    critic: Component | None = None
    """What may spare the evaluation of candidates that promise little; ``None``: nothing."""
    novelty: NoveltyPlan | None = None
    """When a proposal is too like an earlier candidate to be evaluated; ``None``: never."""
    target: float | None = None
    """Stop when the objective's metric is at least this good; ``None``: go on."""
    confirmations: int = 4
    """Extra evaluations of a new best when the evaluator is noisy."""

    def __post_init__(self) -> None:
        if self.window < 1:
            raise UsageError(f"window must be 1 or more; got {self.window}")
        if self.confirmations < 0:
            raise UsageError(f"confirmations must be 0 or more; got {self.confirmations}")
        if not self.operators:
            raise UsageError("a run needs at least one operator; got none")


def default_workers() -> int:
    """Return the number of processors that this process may use."""
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:  # not on macOS
        return os.cpu_count() or 1
