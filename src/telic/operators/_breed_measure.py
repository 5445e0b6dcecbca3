"""What bred expressions are worth: executed as text, by their values, or scored at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from telic.operators._breed_record import Replay
from telic.operators._breed_search import Measure, Worth
from telic.operators._breed_trees import Tree
from telic.operators._meter import Meter
from telic.operators._precedence import TEST
from telic.operators._workbench import Trial

__all__ = ["ByValues", "by_text"]

_SAME = 1e-9
"""Difference, relative to a value or to 1, that counts as none."""


def by_text(meter: Meter) -> Measure:
    """Return what executes a program with each expression."""

    def measure(trees: Sequence[Tree], floor: float) -> list[Worth | None]:
        vectors = [(tree.term.within(TEST),) for tree in trees]
        return list(map(_worth, meter.evaluate(vectors, floor=floor)))

    return measure


class ByValues:
    """Executes a program with the values of expressions, where it does more than hand them on.

    What a program only hands on is its output, and is scored as such. Each new best is executed
    all the same; if its score is another then, so is everything from there on.

    Args:
        meter: executes and counts.
        replay: the program, and what gives values.
    """

    def __init__(self, meter: Meter, replay: Replay) -> None:
        self._meter = meter
        self._values = replay.values
        self._ends = None if replay.lengths is None else list(accumulate(replay.lengths))
        self._best = -math.inf

    def __call__(self, trees: Sequence[Tree], floor: float) -> list[Worth | None]:
        """Measure expressions, each of which has a row."""
        rows = [self._values.row(tree) for tree in trees]
        if self._ends is None:
            return list(map(_worth, self._meter.evaluate(rows, floor=floor)))
        trials = self._meter.score([self._outputs(row) for row in rows], floor=floor)
        worths = list(map(_worth, trials))
        values = [-math.inf if worth is None else worth.value for worth in worths]
        best = max(values)
        if best <= self._best:
            return worths
        self._best = best
        actual = _worth(self._meter.repeat(rows[values.index(best)]))
        if actual is not None and math.isclose(actual.value, best, rel_tol=_SAME, abs_tol=_SAME):
            return worths
        self._ends = None
        return list(map(_worth, self._meter.evaluate(rows, floor=floor)))

    def _outputs(self, row: Sequence[float]) -> list[Any]:
        """Return what the calls of a program that hands values on give."""
        assert self._ends is not None
        if len(self._ends) == 1:
            return [row]
        return [row[start:end] for start, end in zip([0, *self._ends], self._ends, strict=False)]


def _worth(trial: Trial) -> Worth | None:
    if trial.failure is not None or not trial.feasible or trial.value is None:
        return None
    return Worth(trial.value, trial.value if trial.early is None else trial.early)
