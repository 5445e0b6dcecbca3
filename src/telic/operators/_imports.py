"""The names that import statements bind."""

from __future__ import annotations

import ast

from telic.operators._nodes import statements_in

__all__ = ["imports_in"]


def imports_in(tree: ast.AST) -> dict[str, str]:
    """Return the names that import statements bind, at any depth, with dotted full names."""
    found: dict[str, str] = {}
    for node in statements_in(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                found[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return found
