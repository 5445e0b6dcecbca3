"""Behaviour features and their fixed, declared bins (MAP-Elites, Mouret & Clune 2015).

The bins never move: a cell that is filled stays the same cell for the whole run and for its
replay, whatever candidates come later.
"""

from __future__ import annotations

import math

from telic.artifact import Artifact, frozen_parts
from telic.candidate import Record
from telic.problem import Feature, Problem

__all__ = ["DEFAULT_FEATURES", "Grid"]

DEFAULT_FEATURES = (
    Feature("size", low=0.5, high=8.0, bins=8, log=True),
    Feature("calls", low=1.0, high=256.0, bins=8, log=True),
)

_NO_CALL = ("def ", " (", "((", "[(", "{(", "\n(", "-(")
"""What stands where a parenthesis does not call a name."""


class Grid:
    """Maps a record to its cell.

    Args:
        problem: gives the declared features, or none for the default ones, and the seed.
    """

    def __init__(self, problem: Problem) -> None:
        self._features = problem.features or DEFAULT_FEATURES
        # What may not change is the same in every candidate: count it once.
        frozen = [part for file, text in problem.seed.files for part in _frozen(file, text)]
        self._frozen_size = sum(map(len, frozen))
        self._frozen_calls = sum(map(_count_calls, frozen))
        self._seed_size = max(1, _size(problem.seed) - self._frozen_size)
        self.cells = math.prod(feature.bins for feature in self._features)

    def cell(self, record: Record) -> int:
        """Return the cell of an evaluated record, from 0 to ``cells - 1``.

        A feature that the scorer did not report counts as its lowest bin.
        """
        cell = 0
        for feature in self._features:
            cell = cell * feature.bins + _bin(feature, self._value(feature.name, record))
        return cell

    def _value(self, name: str, record: Record) -> float:
        reported = record.evaluation.features.get(name) if record.evaluation else None
        if reported is not None:
            return reported
        artifact = record.candidate.artifact
        if name == "size":
            return (_size(artifact) - self._frozen_size) / self._seed_size
        if name == "calls":
            return sum(_count_calls(text) for _, text in artifact.files) - self._frozen_calls
        return math.nan


def _frozen(file: str, text: str) -> tuple[str, ...]:
    return frozen_parts(text, file=file)


def _size(artifact: Artifact) -> int:
    return sum(len(text) for _, text in artifact.files)


def _count_calls(text: str) -> int:
    """Parentheses directly behind a name, definitions aside: no parsing, any language."""
    return text.count("(") - sum(map(text.count, _NO_CALL))


def _bin(feature: Feature, value: float) -> int:
    if not value > feature.low:  # also NaN
        return 0
    if value >= feature.high:
        return feature.bins - 1
    low, high = feature.low, feature.high
    if feature.log:
        share = math.log(value / low) / math.log(high / low)
    else:
        share = (value - low) / (high - low)
    return min(int(share * feature.bins), feature.bins - 1)
