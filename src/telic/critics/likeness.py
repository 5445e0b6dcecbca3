"""How alike two programs are, from their structure alone.

Python is compared by the edges of its syntax tree, hashed, with names that the program itself binds
numbered in the order of their appearance: a renamed copy has likeness 1. Any other text is compared
by pairs of neighbouring tokens, where words that occur more than once are numbered likewise.
Likeness is the weighted Jaccard index of the counts (Ruzicka), from 0 to 1.
"""

from __future__ import annotations

import ast
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache

from telic.artifact import Artifact

__all__ = ["likeness", "structure"]

_TOKEN = re.compile(r"[^\W\d]\w*|\d[\w.]*|[^\w\s]")
_NOT_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)
_MIX = 1_000_003
_MASK = 0xFFFFFFFF


def likeness(one: Mapping[int, int], other: Mapping[int, int]) -> float:
    """Return the shared part of two structures, 0 to 1; 1 if both are empty."""
    if not one and not other:
        return 1.0
    shared = sum(min(count, other[key]) for key, count in one.items() if key in other)
    return shared / (sum(one.values()) + sum(other.values()) - shared)


@lru_cache(maxsize=512)
def structure(artifact: Artifact) -> Mapping[int, int]:
    """Return how often each edge or pair of tokens occurs in an artifact, by its hash."""
    counts: Counter[int] = Counter()
    for name, text in artifact.files:
        tree = _parsed(text) if name.endswith(".py") else None
        counts.update(_pairs(text) if tree is None else _edges(tree))
    return counts


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except _NOT_PYTHON:
        return None


def _edges(tree: ast.Module) -> Iterator[int]:
    """Return a hash for each edge: parent's label, place among its fields, child's label."""
    bound = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            bound.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bound.add(node.name)
    numbers: dict[str, int] = {}
    stack: list[tuple[ast.AST, int]] = [(tree, 0)]
    while stack:
        node, above = stack.pop()
        label = _label(node, bound, numbers)
        yield (above * _MIX ^ label) & _MASK
        children: list[tuple[ast.AST, int]] = []
        for place, child in enumerate(_children(node)):
            children.append((child, (label * _MIX ^ min(place, 7)) & _MASK))
        stack.extend(reversed(children))  # in reading order, which numbers the names


def _children(node: ast.AST) -> Iterator[ast.AST]:
    documentation = None
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        has_one = ast.get_docstring(node, clean=False) is not None
        documentation = node.body[0] if has_one else None
    for child in ast.iter_child_nodes(node):
        if child is not documentation and not isinstance(child, ast.expr_context):
            yield child


def _label(node: ast.AST, bound: set[str], numbers: dict[str, int]) -> int:
    name = None
    if isinstance(node, ast.Name):
        name = node.id
    elif isinstance(node, ast.arg):
        name = node.arg
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        name = node.name
    kind = type(node).__name__
    if name is not None:
        said = str(numbers.setdefault(name, len(numbers))) if name in bound else name
        return _hash(f"{kind} {said}")
    if isinstance(node, ast.Constant):
        return _hash(f"{kind} {node.value!r}")
    if isinstance(node, ast.Attribute):
        return _hash(f"{kind} {node.attr}")
    if isinstance(node, ast.keyword):
        return _hash(f"{kind} {node.arg}")
    if isinstance(node, ast.alias):
        return _hash(f"{kind} {node.name} {node.asname}")
    return _hash(kind)


def _pairs(text: str) -> Iterator[int]:
    tokens = _TOKEN.findall(text)
    often = Counter(tokens)
    numbers: dict[str, int] = {}
    before = 0
    for token in tokens:
        is_name = (token[0].isalpha() or token[0] == "_") and often[token] > 1
        said = f"name {numbers.setdefault(token, len(numbers))}" if is_name else token
        label = _hash(said)
        yield (before * _MIX ^ label) & _MASK
        before = label


def _hash(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))
