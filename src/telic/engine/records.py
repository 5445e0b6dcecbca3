"""Small pure steps from an evaluation to a record."""

from __future__ import annotations

from telic.candidate import Candidate, Evaluation, Record
from telic.objectives import Objective
from telic.seeding import evaluation_seeds

__all__ = ["evaluation_seeds", "scored"]


def scored(candidate: Candidate, evaluation: Evaluation, objective: Objective) -> Record:
    """Join a candidate and its evaluation; only a feasible one has a fitness."""
    return Record(candidate, "evaluated", evaluation, objective.fitness_of(evaluation))
