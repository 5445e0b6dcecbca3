"""The nodes of a piece of syntax, listed several times as fast as ``ast.walk`` does."""

from __future__ import annotations

import ast

__all__ = ["names_read", "nodes_in"]

_NOT_NODES = frozenset({"ctx", "op", "ops", "id", "attr", "level", "module", "type_comment"})
"""Fields without nodes of their own: operators and contexts are the same object everywhere."""
_FIELDS: dict[type, tuple[str, ...]] = {
    node_type: tuple(field for field in node_type._fields if field not in _NOT_NODES)
    for node_type in vars(ast).values()
    if isinstance(node_type, type) and issubclass(node_type, ast.AST)
} | {ast.Constant: (), ast.alias: ()}


def nodes_in(root: ast.AST) -> list[ast.AST]:
    """Return a node and all below it, level by level, without operators and contexts."""
    found = [root]
    for node in found:
        for field in _FIELDS[type(node)]:
            value = getattr(node, field)
            if isinstance(value, list):
                found += [part for part in value if isinstance(part, ast.AST)]
            elif isinstance(value, ast.AST):
                found.append(value)
    return found


def names_read(root: ast.AST) -> set[str]:
    """Return every name in a piece of syntax, read or bound."""
    return {node.id for node in nodes_in(root) if isinstance(node, ast.Name)}
