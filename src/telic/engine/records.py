"""Small pure steps from an evaluation to a record."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from telic.candidate import Candidate, Evaluation, Record
from telic.objectives import Objective
from telic.seeding import evaluation_seeds

__all__ = ["deduplicated", "evaluation_seeds", "scored"]


def scored(candidate: Candidate, evaluation: Evaluation, objective: Objective) -> Record:
    """Join a candidate and its evaluation; only a feasible one has a fitness."""
    return Record(candidate, "evaluated", evaluation, objective.fitness_of(evaluation))


def deduplicated(record: Record, known: Mapping[str, tuple[int, int]]) -> Record:
    """Mark a program that an earlier record of the same window held already.

    Args:
        record: the next to be told.
        known: identities of told programs, with their place and id.
    """
    earlier = known.get(record.candidate.identity)
    if record.outcome != "evaluated" or earlier is None:
        return record
    return msgspec.structs.replace(record, outcome="duplicate", duplicate_of=earlier[1])
