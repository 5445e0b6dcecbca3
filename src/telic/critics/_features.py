"""What a critic sees of a candidate without running it, as a fixed vector of numbers.

Counts of syntax-tree edges and short paths (:mod:`telic.critics._statements`) are hashed into
buckets (Weinberger et al. 2009, "Feature hashing for large scale multitask learning"), once for the
program and once for how it differs from its parent; beside them stand the parent's worth, the
operator, the size of the edit, literals and static measures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import msgspec

from telic.artifact import Artifact
from telic.critics._statements import (
    BUCKETS,
    Statement,
    counted,
    hash_of,
    number_scale,
    statements,
    unpacked,
)

__all__ = ["WIDTH", "Description", "describe", "vector"]

_CHANGE = 64
"""Buckets for what an edit adds and takes away."""
_PLACE = 32
"""Buckets for the statements that an edit touches."""
_OPERATORS = 16
_SCALARS = 14
WIDTH = BUCKETS + _CHANGE + _PLACE + _OPERATORS + _SCALARS
"""Length of a feature vector."""


class Description(msgspec.Struct, frozen=True):
    """A program, before it is compared with its parent."""

    statements: dict[Statement, int]
    """Each statement → how often it occurs."""
    buckets: tuple[int, ...]
    """Hashed counts of the whole, ``BUCKETS`` of them."""
    literals: tuple[float, ...]
    """Numbers in order."""
    depth: int
    """Of the syntax tree."""
    is_parsed: bool


@lru_cache(maxsize=1024)
def describe(artifact: Artifact) -> Description:
    """Return a program's description; statements that are known already are not parsed again."""
    repeats: dict[Statement, int] = {}
    packed = 0
    literals: list[float] = []
    depth, is_parsed = 0, True
    for name, text in artifact.files:
        for statement, outer in statements(text, is_python=name.endswith(".py")):
            repeats[statement] = repeats.get(statement, 0) + 1
            part = counted(statement)
            packed += part.packed
            literals += part.literals
            if outer + part.depth > depth:
                depth = outer + part.depth
            if not part.depth:
                is_parsed = False
    return Description(repeats, unpacked(packed), tuple(literals), depth, is_parsed)


def vector(
    child: Description,
    parent: Description | None,
    *,
    parent_worth: float,
    operator: str,
    generation: int,
) -> list[float]:
    """Return the features of a candidate, ``WIDTH`` finite numbers.

    Args:
        child: the candidate's description.
        parent: its main parent's, ``None`` if that is not known any more.
        parent_worth: on the critic's scale; the middle of the scale if not known.
        operator: what made it.
        generation: steps from the seed.
    """
    features: list[float] = [0.0] * WIDTH
    features[:BUCKETS] = child.buckets
    at = BUCKETS
    added = removed = fresh = gone = 0
    shift = 0.0
    if parent is not None:
        changes: dict[int, int] = {}
        for statement, repeats in _differences(child.statements, parent.statements):
            for key, count in counted(statement).counts.items():
                changes[key] = changes.get(key, 0) + repeats * count
            fresh, gone = fresh + (repeats > 0), gone + (repeats < 0)
            if repeats < 0:  # the same statement is edited again and again: is it worth it?
                features[at + _CHANGE + hash_of(statement.text) % _PLACE] += 1.0
        for key, change in changes.items():
            features[at + key % _CHANGE] += change
            if change > 0:
                added += change
            else:
                removed -= change
        shift = _literal_shift(child.literals, parent.literals)
    at += _CHANGE + _PLACE
    features[at + hash_of(operator) % _OPERATORS] = 1.0
    features[at + _OPERATORS :] = [
        parent_worth,
        1.0 if parent is not None else 0.0,
        math.log1p(added),
        math.log1p(removed),
        float(fresh),
        float(gone),
        shift,
        math.log1p(generation),
        math.log1p(sum(child.buckets)),
        float(child.depth),
        float(len(child.literals)),
        float(sum(child.statements.values())),
        float(len(child.statements)),
        1.0 if child.is_parsed else 0.0,
    ]
    return features


def _differences(
    child: dict[Statement, int], parent: dict[Statement, int]
) -> list[tuple[Statement, int]]:
    """Return what occurs more or less often in a child than in its parent, and by how much."""
    found = [(each, n - parent.get(each, 0)) for each, n in child.items() if parent.get(each) != n]
    return [*found, *((each, -n) for each, n in parent.items() if each not in child)]


def _literal_shift(child: Sequence[float], parent: Sequence[float]) -> float:
    """How far the literals moved, in the logarithm of their sizes; 0 when their number changed."""
    if len(child) != len(parent):
        return 0.0
    pairs = zip(child, parent, strict=True)
    return math.log1p(sum(abs(number_scale(a) - number_scale(b)) for a, b in pairs if a != b))
