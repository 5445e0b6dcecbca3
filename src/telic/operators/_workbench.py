"""What a routine of a numeric operator needs beside the sandbox, as protocols.

:class:`telic.evaluation.bench.Bench` has this shape; operators do not import it, for they
and the evaluation do not know each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from telic.artifact import Artifact
from telic.candidate import Failure
from telic.problem import Problem

__all__ = ["Key", "Session", "Trial", "Vectors", "Workbench", "sort_key"]


Vectors = Sequence[Sequence[float | str]]
"""Values of a template's slots, one sequence for each execution."""


class Trial(Protocol):
    """One scored execution of a template with a vector of literals."""

    @property
    def value(self) -> float | None:
        """The objective's metric turned so that higher is better, also when infeasible."""
        ...

    @property
    def feasible(self) -> bool:
        """Whether the scorer accepts the output."""
        ...

    @property
    def violation(self) -> float:
        """Sum of constraint violations, 0 when feasible or not measured."""
        ...

    @property
    def margins(self) -> Sequence[float]:
        """Signed slacks of all constraints."""
        ...

    @property
    def terms(self) -> Sequence[float]:
        """Numbers, turned like ``value``, whose least is ``value``; may be empty."""
        ...

    @property
    def early(self) -> float | None:
        """The value after the first stage, where a floor was set."""
        ...

    @property
    def failure(self) -> Failure | None:
        """Why there is nothing to measure."""
        ...


class Session(Protocol):
    """One sandbox child that executes a template again and again."""

    def evaluate(self, vectors: Vectors, *, floor: float | None = None) -> Sequence[Trial]:
        """Return one trial for each vector, in order.

        With a floor, what stays below it in the first stage is infeasible and goes no further.
        """
        ...

    def score(self, outputs: Sequence[Sequence[Any]], *, floor: float) -> Sequence[Trial]:
        """Return one trial for each execution whose outputs, one for each call, are known."""
        ...


class Workbench(Protocol):
    """Runs programs and templates in the sandbox; the trusted scorer judges them."""

    @property
    def problem(self) -> Problem:
        """What is improved."""
        ...

    def single_case(self) -> bool:
        """Tell whether the entry function is called once, without arguments."""
        ...

    def output(self, artifact: Artifact, seed: int) -> Any:
        """Return what the program gives for the first case.

        Raises:
            TelicError: if it gives nothing.
        """
        ...

    def outputs(self, artifact: Artifact, seed: int) -> Sequence[Any]:
        """Return what the program gives for each call of a session, in one execution.

        Raises:
            TelicError: if it fails.
        """
        ...

    def session(self, artifact: Artifact, seed: int) -> AbstractContextManager[Session]:
        """Open a child for a template that reads its literals from ``__telic_slots__``."""
        ...


Key = tuple[int, float]
"""What trials are ordered by, better ones first."""


def sort_key(trial: Trial) -> Key:
    """Return a key that sorts better trials first.

    Feasible ones by value, then infeasible ones by violation (Deb 2000), then those whose
    violation is not known, then failures: no failure ever counts as a number.
    """
    if trial.failure is not None:
        return 3, 0.0
    if trial.feasible and trial.value is not None:
        return 0, -trial.value
    return (1, trial.violation) if trial.violation > 0.0 else (2, 0.0)
