"""Trusted check of kissing configurations with integer coordinates.

Unit spheres may touch a central one at the directions of a set of vectors if the smallest
distance between two of the vectors is at least the largest length among them (the lemma of
the AlphaEvolve report, 2025, section B.11). On integers the condition is decided exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from telic.scoring import Case, Score, infeasible

__all__ = ["kissing_scorer"]

_LARGEST = 2**60
_MOST = 5000


def kissing_scorer(dimension: int) -> Callable[[Any, Case], Score]:
    """Return the scorer that counts the vectors of a valid integer configuration."""

    def score(output: Any, case: Case) -> Score:
        del case
        rows = output.tolist() if hasattr(output, "tolist") else output
        if not isinstance(rows, list | tuple) or not 1 <= len(rows) <= _MOST:
            return infeasible(f"expected a list of 1 to {_MOST} vectors")
        for row in rows:
            if not isinstance(row, list | tuple) or len(row) != dimension:
                return infeasible(f"expected vectors of {dimension} integers; got {row!r:.60}")
            if any(type(value) is not int or abs(value) > _LARGEST for value in row):
                return infeasible(f"expected integers up to 2**60; got {row!r:.60}")
        reason = violation([list(row) for row in rows])
        if reason:
            return infeasible(reason)
        return Score(metrics={"score": float(len(rows))})

    return score


def violation(vectors: list[list[int]]) -> str:
    """Return why the vectors are no kissing configuration, or an empty text.

    A pair is decided by floats when its slack exceeds their rounding error, and by integers
    otherwise.
    """
    lengths = [sum(value * value for value in vector) for vector in vectors]
    longest = max(lengths)
    if min(lengths) == 0:
        return "the zero vector is not allowed"
    scaled = np.array(vectors, dtype=np.float64) / float(longest) ** 0.5
    for index in range(1, len(vectors)):
        squares = ((scaled[:index] - scaled[index]) ** 2).sum(axis=1)
        for other in np.flatnonzero(squares < 1.0 + 1e-9).tolist():
            pair = zip(vectors[index], vectors[other], strict=True)
            if sum((a - b) ** 2 for a, b in pair) < longest:
                return f"vectors {other} and {index} are closer than the longest vector is long"
    return ""
