"""What a critic sees of a candidate without running it, as a fixed vector of numbers.

Counts of syntax-tree edges and short paths are hashed into buckets (Weinberger et al. 2009,
"Feature hashing for large scale multitask learning"), once for the program and once for how it
differs from its parent; beside them stand the parent's worth, the operator, the size of the edit,
literals and static measures. Names count through their first appearance, so that renaming changes
little. Text that is not Python is described by its words.
"""

from __future__ import annotations

import ast
import math
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec

from telic.artifact import Artifact
from telic.identity import split_chunks

__all__ = ["WIDTH", "Description", "describe", "vector"]

_PROGRAM = 96
"""Buckets for what a program contains."""
_CHANGE = 64
"""Buckets for what an edit adds and takes away."""
_PLACE = 32
"""Buckets for the lines that an edit touches."""
_OPERATORS = 16
_SCALARS = 14
WIDTH = _PROGRAM + _CHANGE + _PLACE + _OPERATORS + _SCALARS
"""Length of a feature vector."""

_MIX = 1_000_003
_MASK = 0xFFFFFFFF

_WORD = re.compile(r"\w+|[^\w\s]")
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d*)?(?:[eE][-+]?\d+)?")
_NOT_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)


class Description(msgspec.Struct, frozen=True):
    """A program's counts, before it is compared with its parent."""

    counts: dict[int, int]
    """Hash of an edge or path of the syntax tree, or of a word → how often it occurs."""
    lines: frozenset[str]
    """Its lines without layout."""
    literals: tuple[float, ...]
    """Numbers in order."""
    depth: int
    """Of the syntax tree."""
    is_parsed: bool


@lru_cache(maxsize=1024)
def describe(artifact: Artifact) -> Description:
    """Return a program's description; parts that are known already are not parsed again."""
    counts: dict[int, int] = {}
    lines: set[str] = set()
    literals: list[float] = []
    depth, is_parsed = 0, True
    for name, text in artifact.files:
        lines.update(line.strip() for line in text.splitlines())
        literals.extend(float(found) for found in _NUMBER.findall(text))
        pieces = split_chunks(text) if name.endswith(".py") else (text,)
        for piece in pieces:
            part, deep = _piece(piece, name.endswith(".py"))
            for key, count in part.items():
                counts[key] = counts.get(key, 0) + count
            depth = max(depth, deep)
            is_parsed = is_parsed and deep > 0
    lines.discard("")
    return Description(counts, frozenset(lines), tuple(literals), depth, is_parsed)


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
    features = [0.0] * WIDTH
    for key, count in child.counts.items():
        features[key % _PROGRAM] += count
    at = _PROGRAM
    added = removed = new_lines = gone_lines = 0
    shift = 0.0
    if parent is not None:
        for key, change in _changes(child.counts, parent.counts):
            features[at + key % _CHANGE] += change
            added += max(change, 0)
            removed -= min(change, 0)
        gone, new = parent.lines - child.lines, child.lines - parent.lines
        new_lines, gone_lines = len(new), len(gone)
        for line in gone:  # the same line is edited again and again: is it worth it?
            features[at + _CHANGE + _hash(line) % _PLACE] += 1.0
        shift = _literal_shift(child.literals, parent.literals)
    at += _CHANGE + _PLACE
    features[at + _hash(operator) % _OPERATORS] = 1.0
    features[at + _OPERATORS :] = [
        parent_worth,
        1.0 if parent is not None else 0.0,
        math.log1p(added),
        math.log1p(removed),
        float(new_lines),
        float(gone_lines),
        shift,
        math.log1p(generation),
        math.log1p(sum(child.counts.values())),
        float(child.depth),
        float(len(child.literals)),
        float(len(child.counts)),
        float(len(child.lines)),
        1.0 if child.is_parsed else 0.0,
    ]
    return features


def _changes(child: dict[int, int], parent: dict[int, int]) -> Iterator[tuple[int, int]]:
    for key, count in child.items() - parent.items():
        yield key, count - parent.get(key, 0)
    for key in parent.keys() - child.keys():
        yield key, -parent[key]


def _literal_shift(child: Sequence[float], parent: Sequence[float]) -> float:
    """How far the literals moved, in the logarithm of their sizes; 0 when their number changed."""
    if len(child) != len(parent):
        return 0.0
    moves = [abs(_scale(a) - _scale(b)) for a, b in zip(child, parent, strict=True) if a != b]
    return math.log1p(sum(moves))


def _scale(value: float) -> float:
    return math.copysign(math.log1p(min(abs(value), 1e300)), value)


@lru_cache(maxsize=8192)
def _hash(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=1024)
def _piece(text: str, is_python: bool) -> tuple[dict[int, int], int]:
    """Count what a piece of source holds; depth 0 if it is Python that does not parse."""
    if is_python:
        try:
            return _count_paths(ast.parse(text))
        except _NOT_PYTHON:
            pass
    return dict(Counter(map(_hash, _WORD.findall(text)))), 0 if is_python else 1


def _count_paths(tree: ast.AST) -> tuple[dict[int, int], int]:
    """Count edges, and paths of two edges, of a syntax tree; also return its depth."""
    counts: dict[int, int] = {}
    names: dict[str, int] = {}
    depth = 0
    # A path is mixed from its nodes' hashes: cheaper than hashing a text for each.
    stack: list[tuple[ast.AST, int, int, int]] = [(tree, 0, 0, 1)]
    while stack:
        node, above, higher, level = stack.pop()
        label = _label(node, names)
        edge = (above * _MIX ^ label) & _MASK
        path = ((higher * _MIX ^ above) * _MIX ^ label) & _MASK
        counts[edge] = counts.get(edge, 0) + 1
        counts[path] = counts.get(path, 0) + 1
        if level > depth:
            depth = level
        for field in node._fields:
            value = getattr(node, field, None)
            if isinstance(value, list):
                stack.extend((v, label, above, level + 1) for v in value if isinstance(v, ast.AST))
            elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
                stack.append((value, label, above, level + 1))
    return counts, depth


def _label(node: ast.AST, names: dict[str, int]) -> int:
    """Return a node's hash: its kind, with the sort of a name or the size of a number."""
    if isinstance(node, ast.Name):
        return names.setdefault(node.id, _hash(f"name {min(len(names), 15)}"))
    if isinstance(node, ast.Attribute):
        return _hash(node.attr)
    if isinstance(node, ast.Constant):
        value = node.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            size = round(2 * _scale(float(min(abs(value), 1e300))))
            return _hash(f"number {size if value else 'zero'}")
        return _hash(type(value).__name__)
    return _hash(type(node).__name__)
