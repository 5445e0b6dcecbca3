"""Counting trials, and averaging them when results are noisy."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import msgspec

from telic.artifact import Artifact
from telic.candidate import Failure
from telic.operators._workbench import Session, Trial, Vectors, Workbench

__all__ = ["Meter", "metered"]

_Run = Callable[[Vectors], Sequence[Trial]]


class _Mean(msgspec.Struct, frozen=True):
    """Trials of one vector with several random seeds, joined; a :class:`Trial`."""

    value: float | None
    feasible: bool
    violation: float
    failure: Failure | None = None
    margins: Sequence[float] = ()
    terms: Sequence[float] = ()
    early: float | None = None


class Meter:
    """A session that counts.

    Args:
        runs: one for each random seed; a vector is run by each, and the results averaged.
        session: the only run's, if there is but one.
    """

    def __init__(self, runs: Sequence[_Run], session: Session | None = None) -> None:
        self.spent = 0
        self._runs = runs
        self._session = session

    def evaluate(self, vectors: Vectors, *, floor: float | None = None) -> Sequence[Trial]:
        """Return one trial for each vector, in order.

        Args:
            vectors: what to try.
            floor: value that the first stage must reach for the others to be scored; without
                effect where several runs are averaged.
        """
        self.spent += len(vectors) * len(self._runs)
        if self._session is not None and floor is not None:
            return self._session.evaluate(vectors, floor=floor)
        columns = [run(vectors) for run in self._runs]
        if len(columns) == 1:
            return columns[0]
        return [_mean(row) for row in zip(*columns, strict=True)]

    def score(self, outputs: Sequence[Sequence[Any]], *, floor: float) -> Sequence[Trial]:
        """Return one trial for each execution's known outputs, one output for each call."""
        assert self._session is not None
        self.spent += len(outputs)
        return self._session.score(outputs, floor=floor)

    def repeat(self, vector: Sequence[float | str]) -> Trial:
        """Return the trial of a vector that was counted already."""
        assert self._session is not None
        return self._session.evaluate([vector])[0]


@contextmanager
def metered(bench: Workbench, template: Artifact, seeds: Sequence[int]) -> Generator[Meter]:
    """Open a counting session for a template.

    A sandbox holds one session at a time, so with several seeds each batch opens them anew.
    """
    if len(seeds) == 1:
        with bench.session(template, seeds[0]) as session:
            yield Meter([session.evaluate], session)
    else:
        yield Meter([partial(_run_once, bench, template, seed) for seed in seeds])


def _run_once(bench: Workbench, template: Artifact, seed: int, vectors: Vectors) -> Sequence[Trial]:
    with bench.session(template, seed) as session:
        return session.evaluate(vectors)


def _mean(trials: Sequence[Trial]) -> Trial:
    """Join repeats: a failure of one is a failure, and feasible means always feasible."""
    failures = [trial.failure for trial in trials if trial.failure is not None]
    if failures:
        return _Mean(None, feasible=False, violation=0.0, failure=failures[0])
    values = [trial.value for trial in trials if trial.value is not None]
    return _Mean(
        math.fsum(values) / len(trials) if len(values) == len(trials) else None,
        feasible=all(trial.feasible for trial in trials),
        violation=math.fsum(trial.violation for trial in trials) / len(trials),
    )
