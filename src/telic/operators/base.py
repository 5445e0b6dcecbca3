"""What an operator is: something that makes a new artifact from parents."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal, Protocol

import msgspec

from telic.artifact import Artifact
from telic.candidate import Proposal, Record
from telic.errors import UsageError
from telic.models.base import Prompt, Reply
from telic.problem import Problem

__all__ = [
    "Advice",
    "Appetite",
    "AskModel",
    "Asks",
    "Attempt",
    "Chore",
    "Context",
    "Operator",
    "Routine",
    "RunRoutine",
    "allotment",
    "asks_of",
    "chore_of",
    "follows_others",
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


class Chore(msgspec.Struct, frozen=True):
    """What an operator does now and then that makes no candidate.

    Raises:
        ValueError: if ``every`` is below 1.
    """

    every: int
    """Candidates made by models between two turns."""
    writes: Literal["notes", "advice"]
    """What becomes of its text: the run's notes, or a piece of advice for prompts."""

    def __post_init__(self) -> None:
        if self.every < 1:
            raise ValueError(f"every must be 1 or more; got {self.every}")


class Appetite(msgspec.Struct, frozen=True):
    """How few trials an operator makes do with where evaluations are scarce.

    Raises:
        ValueError: if a number is out of range.
    """

    least: int
    """Fewer are not worth a turn, 1 or more."""
    most: float
    """Share of the evaluations that are left, which no turn exceeds, above 0 to 1."""
    sure: float = 0.0625
    """The share that a turn may have whatever the operator has earned, 0 to 1."""

    def __post_init__(self) -> None:
        if self.least < 1 or not 0 < self.most <= 1 or not 0 <= self.sure <= 1:
            raise ValueError(
                "least must be 1 or more, most above 0 to 1 and sure 0 to 1; got "
                f"{self.least}, {self.most} and {self.sure}"
            )


class Advice(msgspec.Struct, frozen=True):
    """A piece of guidance for prompts that the run evolves."""

    id: int
    """Candidate number of the record that wrote it; 0: no advice at all."""
    text: str
    tries: int = 0
    """Candidates made with it."""
    mean: float = 0.0
    """Of their rewards, 0 to 1."""


class Attempt(msgspec.Struct, frozen=True):
    """A candidate and what it gained."""

    record: Record
    gain: float | None
    """Fitness beyond its best parent's; ``None`` where there is none."""


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
    notes: str = ""
    """What a model noted about the run so far."""
    advice: Advice | None = None
    """Guidance for this prompt, out of the run's archive."""
    archive: tuple[Advice, ...] = ()
    """All advice of the run."""
    attempts: tuple[Attempt, ...] = ()
    """What models made of late, and new bests, the latest first; for note-takers."""
    trials: int | None = None
    """What the proposal may spend on trials, if that is less than the operator's own limit."""


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


def allotment(operator: Operator, room: int | None, stake: float = 0.0) -> int | None:
    """Return how many trials a turn of an operator may spend, or ``None`` if it cannot have one.

    An operator with an attribute ``appetite`` takes part of what is left of a small budget: the
    share that it has earned, within its bounds. Any other one needs all that it may ever spend.

    Args:
        operator: whose turn it would be.
        room: evaluations that are left, that of its own candidate included; ``None``: no limit.
        stake: share of what is left that the operator has earned, 0 to 1.
    """
    if room is None:
        return operator.trials
    appetite: Appetite | None = getattr(operator, "appetite", None)
    wanted = operator.trials
    if appetite is not None:
        most = int(appetite.most * room)
        if most < appetite.least:
            return None
        earned = int(max(stake, appetite.sure) * room)
        wanted = min(wanted, most, max(appetite.least, earned))
    return wanted if wanted < room else None


def asks_of(operator: Operator) -> Asks | None:
    """Return what an operator asks of a model: its attribute ``asks``, if it has one."""
    return getattr(operator, "asks", None)


def chore_of(operator: Operator) -> Chore | None:
    """Return what an operator does instead of making candidates: its ``chore``, if it has one."""
    return getattr(operator, "chore", None)


def follows_others(operator: Operator) -> bool:
    """Tell whether an operator only joins what others made: its attribute ``follows``, if any.

    Between two candidates of others it soon has nothing to do, so it does not run ahead of
    operators that wait for a model.
    """
    return getattr(operator, "follows", False)
