"""What an operator is: something that makes a new artifact from parents."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import msgspec

from telic.artifact import Artifact
from telic.candidate import Proposal, Record
from telic.errors import UsageError
from telic.models.base import Prompt, Reply
from telic.problem import Problem

__all__ = [
    "AskModel",
    "Asks",
    "Context",
    "Operator",
    "Routine",
    "RunRoutine",
    "asks_of",
    "no_model",
]

RunRoutine = Callable[["Routine"], Awaitable[Mapping[str, Any]]]
AskModel = Callable[[str, Prompt], Awaitable[Reply]]
"""``(name of a model, prompt) -> reply``; recorded, paid for and bounded by the budget."""


async def no_model(name: str, prompt: Prompt) -> Reply:
    """Refuse: this run has no language model.

    Raises:
        UsageError: always.
    """
    del prompt
    raise UsageError(f"this run has no model {name!r}")


class Asks(msgspec.Struct, frozen=True):
    """What an operator asks of a language model for one proposal, at most."""

    model: str
    """Name of the model."""
    calls: int
    prompt_tokens: int
    """Of one call."""
    reply_tokens: int
    """Of one call."""


class Routine(msgspec.Struct, frozen=True):
    """Trusted work that an operator sends to a worker, to sit beside the sandbox.

    The worker imports ``function`` (``"package.module:name"``) and calls it as
    ``function(arguments, bench)``; ``bench`` is a :class:`telic.evaluation.bench.Bench`,
    which runs programs and batches of literal vectors in the sandbox and scores them.
    """

    function: str
    arguments: Mapping[str, Any]
    """Plain data: numbers, strings, lists, dicts."""


class Context(msgspec.Struct, frozen=True):
    """Everything an operator may look at for one proposal."""

    problem: Problem
    index: int
    """Id that the proposed candidate will have."""
    seed: int
    """The run's seed; draw from ``seeding.stream(seed, operator name, index)``."""
    parents: tuple[Record, ...]
    """At least one, evaluated; the first is the main parent."""
    inspirations: tuple[Record, ...]
    is_known: Callable[[Artifact], bool]
    """Whether an equal program (up to layout and comments) was already a candidate."""
    run: RunRoutine
    """Runs a routine in a worker and returns its plain-data result."""
    ask: AskModel = no_model
    """Asks a language model of the run."""
    failed: tuple[Record, ...] = ()
    """Some latest candidates that failed or were infeasible, the latest first."""
    guidance: tuple[str, ...] = ()
    """What the person who runs it wants to be kept in mind."""
    ancestor: Record | None = None
    """What the first two parents both descend from, if the strategy knows."""


class Operator(Protocol):
    """Makes artifacts. Stateless: the same context gives the same proposal."""

    @property
    def name(self) -> str:
        """Name in the journal and in the portfolio."""
        ...

    @property
    def trials(self) -> int:
        """Scored executions that one proposal may spend at most, reserved from the budget."""
        ...

    def applies(self, problem: Problem) -> bool:
        """Tell whether the operator can work on this problem at all."""
        ...

    async def propose(self, context: Context) -> Proposal:
        """Return a new artifact that respects the evolvable regions, or none and why."""
        ...


def asks_of(operator: Operator) -> Asks | None:
    """Return what an operator asks of a model: its attribute ``asks``, if it has one."""
    return getattr(operator, "asks", None)
