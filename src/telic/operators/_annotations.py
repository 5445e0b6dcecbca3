"""What annotations promise, in the words of :mod:`telic.operators._kinds`."""

from __future__ import annotations

import ast

from telic.operators._kinds import ANY

__all__ = ["annotation_kind"]


def annotation_kind(node: ast.expr | None) -> str:
    """Return the kind that an annotation promises."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value, mode="eval").body
        except (SyntaxError, ValueError):
            return ANY
    if isinstance(node, ast.Name):
        return {
            "int": "int",
            "float": "float",
            "bool": "bool",
            "str": "str",
            "list": "list",
            "List": "list",
            "dict": "dict",
            "tuple": "tuple",
            "set": "set",
            "Callable": "func",
        }.get(node.id, ANY)
    if isinstance(node, ast.Attribute):
        return "array" if node.attr in ("ndarray", "NDArray") else ANY
    if isinstance(node, ast.Subscript):
        base = node.value.attr if isinstance(node.value, ast.Attribute) else ""
        base = node.value.id if isinstance(node.value, ast.Name) else base
        if base in ("list", "List", "Sequence", "Iterable", "Collection"):
            inner = annotation_kind(node.slice)
            return "list" if inner == ANY else f"list:{inner}"
        return {
            "dict": "dict",
            "Dict": "dict",
            "Mapping": "dict",
            "tuple": "tuple",
            "Tuple": "tuple",
            "set": "set",
            "NDArray": "array",
            "Callable": "func",
        }.get(base, ANY)
    return ANY
