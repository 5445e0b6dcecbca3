"""How a run is to be made: everything but the problem itself."""

from __future__ import annotations

import os
from typing import Literal

import msgspec

from telic.budget import Budget
from telic.component import Component
from telic.errors import UsageError
from telic.problem import NoveltyPlan

__all__ = [
    "DEFAULT_OPERATORS",
    "DEFAULT_WINDOW",
    "Mode",
    "Plan",
    "default_workers",
]

Mode = Literal["ordered", "unordered"]

DEFAULT_WINDOW = 8
"""Fixed, not a number of workers: the journal of an ordered run must not depend on those."""

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
