"""The nodes of a piece of syntax, listed several times as fast as ``ast.walk`` does."""

from __future__ import annotations

import ast
from collections.abc import Iterator

__all__ = ["is_documentation", "names_read", "nodes_in", "own_fields", "statements_in"]

_REMARKS = (str, type(...))
_NOT_NODES = frozenset({"ctx", "op", "ops", "id", "attr", "level", "module", "type_comment"})
"""Fields without nodes of their own: operators and contexts are the same object everywhere."""
_FIELDS: dict[type, tuple[str, ...]] = {
    node_type: tuple(field for field in node_type._fields if field not in _NOT_NODES)
    for node_type in vars(ast).values()
    if isinstance(node_type, type) and issubclass(node_type, ast.AST)
} | {ast.Constant: (), ast.alias: ()}

_OPAQUE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.JoinedStr, ast.Constant)
_PARTS = frozenset(
    {"args", "body", "cases", "comparators", "context_expr", "elt", "elts", "exc", "finalbody"}
    | {"format_spec", "func", "generators", "guard", "handlers", "ifs", "items", "iter", "key"}
    | {"cause", "defaults", "keys", "kw_defaults", "kwd_patterns", "keywords", "left", "lower"}
    | {"msg", "operand", "optional_vars", "orelse", "pattern"}
    | {"patterns", "right", "slice", "step", "subject", "target", "targets", "test", "upper"}
    | {"value", "values"}
)


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


def own_fields(node_type: type[ast.AST]) -> tuple[str, ...]:
    """Return the fields of a type of node that run with it; not annotations, not definitions."""
    if issubclass(node_type, _OPAQUE):
        return ()
    return tuple(field for field in node_type._fields if field in _PARTS)


def statements_in(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements within a node, at any depth; handlers and cases count as such."""
    for name in ("body", "orelse", "handlers", "finalbody", "cases"):
        for inner in getattr(node, name, ()):
            yield inner
            yield from statements_in(inner)


def is_documentation(node: ast.stmt) -> bool:
    """Tell whether a statement is nothing but a string or an ellipsis."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, _REMARKS)
    )
