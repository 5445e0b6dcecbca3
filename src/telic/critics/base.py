"""What a critic is: something that predicts a candidate's worth before it is evaluated.

Worth is a share from 0 to 1: how many of the recent evaluations a candidate is expected to beat,
where failures are below every score and ties count half. So a failure never becomes a number of
the objective's, the scale is the same on every problem, and scores of any sign or size fit it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from telic.artifact import Artifact
from telic.candidate import Behaviour

__all__ = ["NOTHING_KNOWN", "Critic", "Estimate", "Example", "PredictOne", "Query", "Reader"]

PredictOne = Callable[[Sequence[float]], float]
"""Predicts worth from a feature vector."""


class Query(msgspec.Struct, frozen=True):
    """A candidate before its evaluation."""

    artifact: Artifact
    parent: Artifact | None
    """Of its main parent; ``None`` if that is not at hand any more."""
    parent_id: int
    parent_fitness: float | None
    """``None`` when the parent has no score."""
    operator: str
    note: str
    """What the operator says it did."""
    generation: int
    behaviour: Behaviour | None = None
    """What it did when it was run without being scored, if it was."""


class Example(msgspec.Struct, frozen=True):
    """A candidate after its evaluation."""

    query: Query
    fitness: float | None
    """Higher is better; ``None`` for a failure or an infeasible outcome."""

    @property
    def is_improvement(self) -> bool:
        """Whether it has a score better than its parent's, or one where that has none."""
        before = self.query.parent_fitness
        return self.fitness is not None and (before is None or self.fitness > before)

    @property
    def has_effect(self) -> bool:
        """Whether it has a score, and another one than its parent."""
        return self.fitness is not None and self.fitness != self.query.parent_fitness


class Estimate(msgspec.Struct, frozen=True):
    """What a critic expects."""

    worth: float
    """Share of recent evaluations that it should beat, 0 to 1."""
    low: float
    """The interval holds the worth of nine evaluations in ten."""
    high: float
    chance: float
    """Probability of a better score than its parent's."""
    effect: float = 0.5
    """Probability that it runs and that its score differs from its parent's: that its evaluation
    tells anything."""
    appeal: float = 0.0
    """Orders candidates as the chance does, but more finely; any finite number."""
    settled: str = ""
    """Why its evaluation would tell nothing, if that is certain; empty if it is not."""


NOTHING_KNOWN = Estimate(0.5, 0.0, 1.0, 0.5)
"""The honest estimate of a critic that has seen nothing."""


class Reader(Protocol):
    """A critic as it was at one moment: later updates do not change what it says."""

    def predict(self, query: Query) -> Estimate:
        """Return the estimate for one candidate."""
        ...

    def worth_of(self, fitness: float | None) -> float:
        """Return the share of this reader's recent evaluations that an outcome beats."""
        ...


class Critic(Protocol):
    """Learns from evaluations, one after the other. State changes in :meth:`update` alone."""

    def reader(self) -> Reader:
        """Return the critic as it is now."""
        ...

    def update(self, example: Example, estimate: Estimate | None) -> None:
        """Learn an evaluation.

        Args:
            example: what came out.
            estimate: what this critic had said of it, for its calibration; ``None`` if nothing.
        """
        ...
