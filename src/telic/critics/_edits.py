"""Where and what an edit is, as keys that recur from candidate to candidate.

The syntax trees of parent and child are descended together while a single branch differs; where
that ends is the *site*, and what stood and now stands there are the edit. Edits at the same site,
of the same kind, or with the same material then share keys, whatever the rest of the program is.
"""

from __future__ import annotations

import ast
import re
import zlib
from functools import lru_cache
from textwrap import dedent
from typing import NamedTuple

from telic.artifact import Artifact
from telic.critics.base import Query
from telic.identity import split_chunks

__all__ = ["edit_keys"]

_MIX = 1_000_003
_MASK = 0xFFFFFFFFFFFF
_NOT_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)
_VERB = re.compile(r": (\w+)")
_SHALLOW = 6
_TEXT = zlib.crc32(b"text")
"""Kind of what does not parse."""


class _Tree(NamedTuple):
    """A syntax tree with hashes."""

    digest: int
    label: int
    kind: int
    number: int | float | None
    children: tuple[_Tree, ...]


@lru_cache(maxsize=1024)
def edit_keys(query: Query) -> tuple[int, ...]:
    """Return keys of the operator, the parent, the site and the edit, 12 at most."""
    verb = "->" if " -> " in query.note else (_VERB.findall(query.note) or [""])[0]
    general = (
        _hash(f"operator {query.operator}"),
        _hash(f"parent {query.parent_id}"),
        _hash(f"verb {query.operator} {verb}"),
    )
    if query.parent is None:
        return general
    found = _difference(query.parent, query.artifact)
    if found is None:
        return general
    path, before, after = found
    site = _mixed(path)
    old, new = before.number, after.number
    rises = -1 if old is None or new is None else int(new > old)
    parity = new % 2 if isinstance(new, int) and old is not None else -1
    return (
        *general,
        _mixed((1, site)),
        _mixed((2, _mixed(path[:-1]))),
        _mixed((3, _mixed(path[:_SHALLOW]))),
        _mixed((4, before.kind, after.kind)),
        _mixed((5, before.digest)),
        _mixed((6, after.digest)),
        _mixed((7, site, after.kind)),
        _mixed((8, site, rises + 1)),
        _mixed((9, site, parity + 1)),
    )


def _difference(parent: Artifact, child: Artifact) -> tuple[tuple[int, ...], _Tree, _Tree] | None:
    """Return the path to the first file's place that differs, and both trees there."""
    for number, ((name, before), (_, after)) in enumerate(
        zip(parent.files, child.files, strict=False)
    ):
        if before != after:
            start, old, new = _changed_pieces(before, after, is_python=name.endswith(".py"))
            return _narrowed((number, start), old, new)
    return None


def _narrowed(path: tuple[int, ...], old: str, new: str) -> tuple[tuple[int, ...], _Tree, _Tree]:
    """Descend from the changed lines where these are statements, else from all of both pieces.

    To parse a line costs a fraction of what it costs to parse the function around it.
    """
    line, few, others = _changed_pieces(old, new, is_python=False)
    before, after = _parsed(dedent(few)), _parsed(dedent(others))
    if _TEXT in (before.kind, after.kind):
        return _descend(path, _parsed(old), _parsed(new))
    return _descend((*path, line), before, after)


def _changed_pieces(before: str, after: str, *, is_python: bool) -> tuple[int, str, str]:
    """Return the number of the first piece that differs, and all pieces that do."""
    split = split_chunks if is_python else _lines
    old, new = split(before), split(after)
    shared = min(len(old), len(new))
    start = next((i for i in range(shared) if old[i] != new[i]), shared)
    end = next((i for i in range(shared - start) if old[-1 - i] != new[-1 - i]), shared - start)
    return start, "".join(old[start : len(old) - end]), "".join(new[start : len(new) - end])


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.splitlines(keepends=True))


def _descend(
    path: tuple[int, ...], before: _Tree, after: _Tree
) -> tuple[tuple[int, ...], _Tree, _Tree]:
    steps = list(path)
    while before.label == after.label and len(before.children) == len(after.children):
        pairs = zip(before.children, after.children, strict=True)
        places = [i for i, (a, b) in enumerate(pairs) if a.digest != b.digest]
        if len(places) != 1:
            break
        steps.append(_mixed((before.kind, places[0])))
        before, after = before.children[places[0]], after.children[places[0]]
    return tuple(steps), before, after


@lru_cache(maxsize=1024)
def _parsed(text: str) -> _Tree:
    try:
        return _tree(ast.parse(text))
    except _NOT_PYTHON:
        digest = _hash(text)
        return _Tree(digest, digest, _TEXT, None, ())


def _tree(node: ast.AST) -> _Tree:
    children: list[_Tree] = []
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, list):
            children.extend(_tree(item) for item in value if isinstance(item, ast.AST))
        elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
            children.append(_tree(value))
    kind = _hash(type(node).__name__)
    label, number = kind, None
    if isinstance(node, ast.Name):
        label = _hash(f"name {node.id}")
    elif isinstance(node, ast.Attribute):
        label = _hash(f"attribute {node.attr}")
    elif isinstance(node, ast.Constant):
        label = _hash(f"constant {node.value!r}")
        if isinstance(node.value, int | float) and not isinstance(node.value, bool):
            kind, number = _hash("number"), node.value
    digest = label
    for child in children:
        digest = (digest * _MIX ^ child.digest) & _MASK
    return _Tree(digest * _MIX & _MASK, label, kind, number, tuple(children))


def _mixed(parts: tuple[int, ...]) -> int:
    digest = len(parts)
    for part in parts:
        digest = (digest * _MIX ^ part) & _MASK
    return digest


@lru_cache(maxsize=8192)
def _hash(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))
