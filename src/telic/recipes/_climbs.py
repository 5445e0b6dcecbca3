"""Climbing among hybrid text classifiers, by the mutations that a portfolio chooses."""

from __future__ import annotations

from typing import NamedTuple

from telic.artifact import Artifact
from telic.candidate import Candidate, Evaluation, Record
from telic.operators.portfolio import Portfolio
from telic.recipes._hybrids import MACRO, MICRO, START, Classifiers, Genome, vary
from telic.seeding import stream

__all__ = ["NAMES", "Run", "search"]

NAMES = {setting: setting.replace(" ", "-") for setting in (*MACRO, *MICRO)}
"""Setting → name of the operator that changes it."""


class Run(NamedTuple):
    """What one run gave."""

    test: float
    """Accuracy on the test questions of the classifier that was best in validation."""
    course: list[float]
    """Best validation accuracy after each evaluation."""


def search(
    portfolio: Portfolio, classifiers: Classifiers, *, evaluations: int, root: int, number: int
) -> Run:
    """Climb from the start, by the mutations that a portfolio chooses.

    Args:
        portfolio: told of the searches on all earlier sets.
        classifiers: trains and scores.
        evaluations: classifiers trained, the first one included.
        root: seed of the draws.
        number: of the set of questions; draws depend on it and on the turn alone.
    """
    first = number * evaluations
    genome, identity = START, first
    best, test = classifiers.scores(genome)
    course = [best]
    portfolio.tell(_record(first, "seed", (), best + number))
    operators = {name: setting for setting, name in NAMES.items()}
    for index in range(first + 1, first + evaluations):
        rng = stream(root, "portfolio", number, index)
        name = portfolio.choose(index, [*operators], rng)
        mutation = stream(root, "mutation", number, index)
        child: Genome = vary(genome, operators[name], mutation)
        accuracy, its_test = classifiers.scores(child)
        # One more for each set, so that what was reached before is no bar to a gain now.
        portfolio.tell(_record(index, name, (identity,), accuracy + number))
        if accuracy >= best:  # ties let the search drift
            genome, identity, best, test = child, index, accuracy, its_test
        course.append(best)
    return Run(test, course)


def _record(index: int, operator: str, parents: tuple[int, ...], accuracy: float) -> Record:
    candidate = Candidate(index, Artifact.of("classifier"), parents, operator)
    evaluation = Evaluation({"accuracy": accuracy}, feasible=True, samples=(accuracy,))
    return Record(candidate, "evaluated", evaluation, accuracy)
