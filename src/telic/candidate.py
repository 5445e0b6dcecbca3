"""Candidates, their evaluations, and the record that joins them. Frozen; no I/O."""

from __future__ import annotations

from typing import Literal

import msgspec

from telic.artifact import Artifact

__all__ = [
    "FAILURE_KINDS",
    "Behaviour",
    "Candidate",
    "Cost",
    "Decision",
    "Evaluation",
    "Failure",
    "FailureKind",
    "Outcome",
    "Prediction",
    "Proposal",
    "Race",
    "Record",
    "Refusal",
    "Request",
]

FailureKind = Literal[
    "syntax",
    "exception",
    "timeout",
    "memory",
    "crash",
    "exit",
    "output",
    "scorer",
    "sandbox",
]
"""Why a candidate has no evaluation worth the name.

``syntax`` does not compile or has no entry; ``exception`` raised; ``timeout`` wall or CPU
deadline; ``memory`` ran out; ``crash`` died by a signal; ``exit`` left early; ``output``
returned something that is not plain data, too large or not finite; ``scorer`` the trusted
scorer could not score the output; ``sandbox`` the sandbox itself broke (not the
candidate's fault, tried again once).
"""

FAILURE_KINDS: tuple[FailureKind, ...] = FailureKind.__args__

Outcome = Literal["evaluated", "duplicate", "declined", "skipped", "noted"]
"""How a request ended.

``evaluated`` has an evaluation (failed ones too); ``duplicate`` equals an earlier
candidate; ``declined`` the operator had nothing to propose; ``skipped`` a critic or filter
refused it before evaluation; ``noted`` a model wrote something for later prompts instead.
"""


class Failure(msgspec.Struct, frozen=True):
    """A recorded reason why an evaluation gave no score."""

    kind: FailureKind
    reason: str
    """One readable sentence or a short traceback."""


class Cost(msgspec.Struct, frozen=True):
    """What a proposal cost."""

    seconds: float = 0.0
    trials: int = 0
    """Scored executions spent inside the operator."""
    tokens: int = 0
    money: float = 0.0


class Candidate(msgspec.Struct, frozen=True):
    """An artifact with its lineage."""

    id: int
    """Index of the request that led to it; 0 is the seed."""
    artifact: Artifact
    parents: tuple[int, ...] = ()
    """Ids of the candidates it was made from."""
    operator: str = "seed"
    generation: int = 0
    """1 + the largest generation among the parents."""
    island: int | None = None
    note: str = ""
    """What the operator did, in a few words."""
    cost: Cost = Cost()
    identity: str = ""
    """Hash of the program up to layout and comments; equal identities are duplicates."""


class Evaluation(msgspec.Struct, frozen=True):
    """What scoring a candidate gave, once or averaged over repeats.

    A failed evaluation has no metrics that count; an infeasible one has metrics, for
    operators to learn from, but no score.
    """

    metrics: dict[str, float] = {}
    feasible: bool = False
    failure: Failure | None = None
    violation: float = 0.0
    """Sum of constraint violations, 0 when feasible; smaller is nearer to feasible."""
    feedback: str = ""
    features: dict[str, float] = {}
    """Behaviour descriptors reported by the scorer."""
    seconds: float = 0.0
    """Wall-clock seconds in the sandbox."""
    cpu_seconds: float = 0.0
    layer: str = ""
    """Name of the sandbox layers that held, for example ``"full"``."""
    stage: int = 0
    """Index of the last cascade stage that ran."""
    stopped_early: bool = False
    """Whether a cascade threshold ended it before the last stage."""
    samples: tuple[float, ...] = ()
    """The objective metric of each repeat, in order; empty when failed."""
    cases: tuple[float, ...] = ()
    """The objective metric of each case, in order, averaged over repeats; empty when there is no
    score, one case only or too many of them, or when a case has no such metric."""
    verified: bool = True
    """False when the candidate shared a process with its evaluator (foreign formats)."""


Decision = Literal["unknown", "learning", "off", "wanted", "explored", "skipped"]
"""What a critic's prediction led to.

``unknown``: the critic knows nothing yet. ``learning`` and ``off`` decide nothing, too: because too
little is known, or because the critic does no better than a constant. ``wanted``: the critic let it
through, or chose it among several. ``explored``: evaluated against the critic's advice or without
asking it, so that its own error is measured. ``skipped``: not evaluated, for now or for good.
"""


class Behaviour(msgspec.Struct, frozen=True):
    """What a program did when it was run without being scored."""

    digest: int = 0
    """Of its output: equal outputs have equal digests."""
    sketch: tuple[float, ...] = ()
    """The output as a few numbers: alike for outputs that are alike. Empty if it failed."""
    failure: str = ""
    """Why it gave no output; empty if it did."""
    outlines: tuple[int, ...] = ()
    """Digests of what may be all that counts of its output, each kind in its own place."""


class Race(msgspec.Struct, frozen=True):
    """How the repeats of an evaluation went where candidates race for them."""

    rungs: tuple[float | None, ...]
    """Fitness after 1, 2, 4 … repeats, as far as these were made and were not all; ``None``:
    infeasible."""
    chance: float = 1.0
    """Least chance to belong to the upper part of a rung that it was given, 0 to 1."""
    spared: int = 0
    """Repeats that were not made because the chance was too small."""
    explored: bool = False
    """Whether it was evaluated whole although its chance was too small, so that the error of
    stopping is measured."""


class Prediction(msgspec.Struct, frozen=True):
    """What a critic said of a candidate before its evaluation, and what was decided on it."""

    worth: float
    """Share of recent evaluations that it was expected to beat, 0 to 1."""
    low: float
    """Of the interval meant to hold the worth of nine in ten."""
    high: float
    chance: float
    """Probability of a better score than its parent's."""
    appeal: float
    """What was compared with the threshold."""
    threshold: float
    """Least appeal that was worth an evaluation."""
    decision: Decision
    among: int = 1
    """Proposals that competed for the evaluation, this one included."""
    place: float = 0.5
    """Share of its rivals that it was put above, 0 to 1."""
    odds: float = 1.0
    """How much likelier it was to be chosen than by mere chance; above 0."""
    revived: int | None = None
    """Id of the postponed candidate that this one takes up again."""
    behaviour: Behaviour | None = None
    """What the critic saw the program do, if it looks at that."""
    settled: str = ""
    """Why an evaluation would have told nothing for certain, if so."""
    race: Race | None = None
    """How its repeats went, if candidates race for them."""


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why a proposal was refused as too like an earlier candidate."""

    by: Literal["structure", "embedding", "judge"]
    """What decided."""
    likeness: float
    """Of structures, or the cosine of embeddings where that decided."""
    like: int
    """Id of the candidate that it is too like."""


class Record(msgspec.Struct, frozen=True):
    """One request's end: what strategies, portfolios and critics are told."""

    candidate: Candidate
    outcome: Outcome
    evaluation: Evaluation | None = None
    fitness: float | None = None
    """The objective's value turned so that higher is better; ``None`` when there is no score."""
    reason: str = ""
    """Why there is no evaluation, for outcomes other than ``evaluated``; of a ``noted`` one, what
    was written; of one that lost its race, why it was evaluated with fewer repeats than asked."""
    duplicate_of: int | None = None
    prediction: Prediction | None = None
    """What the run's critic said, if it has one and was asked."""
    opened: int = 0
    """How many records had been told when it was asked for: what it could know of."""
    advice: int | None = None
    """Id of the record that wrote the advice in its prompt, 0 for none at all; ``None`` in a run
    without advice."""
    refusal: Refusal | None = None
    """Why it was not novel enough to be evaluated, if it was not."""


class Request(msgspec.Struct, frozen=True):
    """What a strategy asks for: make something out of these parents."""

    parents: tuple[Record, ...]
    """At least one; the first is the main parent."""
    inspirations: tuple[Record, ...] = ()
    """Further records an operator may learn from."""
    island: int | None = None
    ancestor: Record | None = None
    """What the first two parents both descend from, if the strategy knows."""


class Proposal(msgspec.Struct, frozen=True):
    """An operator's answer: an artifact, or ``None`` and why there is none."""

    artifact: Artifact | None
    note: str = ""
    cost: Cost = Cost()
    parents: tuple[int, ...] | None = None
    """Ids actually used; ``None`` means the request's main parent."""
    noted: str = ""
    """What was written for later prompts, by an operator that makes no artifact."""
