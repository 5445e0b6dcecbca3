"""Small pure steps from an evaluation to a record."""

from __future__ import annotations

from telic.candidate import Candidate, Evaluation, Record
from telic.objectives import Objective
from telic.seeding import address

__all__ = ["evaluation_seeds", "scored"]


def scored(candidate: Candidate, evaluation: Evaluation, objective: Objective) -> Record:
    """Join a candidate and its evaluation; only a feasible one has a fitness."""
    usable = evaluation.failure is None and evaluation.feasible
    fitness = objective.fitness(evaluation.metrics) if usable else None
    return Record(candidate, "evaluated", evaluation, fitness)


def evaluation_seeds(seed: int, index: int | None, start: int, count: int) -> list[int]:
    """Return 32-bit seeds for a candidate's random numbers.

    Args:
        seed: the run's seed.
        index: the candidate, or ``None`` for seeds that all candidates share.
        start: number of the first repeat.
        count: how many repeats.
    """
    path: tuple[str | int, ...] = ("evaluation",) if index is None else ("evaluation", index)
    return [address(seed, *path, repeat) & 0xFFFFFFFF for repeat in range(start, start + count)]
