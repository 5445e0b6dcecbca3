"""Rewriting a program so that its entry function returns a literal."""

from __future__ import annotations

import ast
import io
import math
import tokenize
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from telic.artifact import Region, evolve_regions
from telic.errors import MarkerError
from telic.operators._slot_walk import parse_quietly
from telic.operators._slots import literal
from telic.operators._splice import Lines, Splice, apply_splices

__all__ = ["FreezeError", "frozen_text", "is_frozen", "layout"]

MAXIMUM = 2_000
"""Numbers in a literal; beyond that a program is no longer something to read."""
_WIDTH = 88
_LITERAL_NODES = (
    *(ast.Return, ast.List, ast.Tuple, ast.Dict, ast.Constant, ast.UnaryOp, ast.USub),
    *(ast.Load, ast.Call, ast.Attribute, ast.keyword),
)


class FreezeError(Exception):
    """A program cannot be frozen; the text says why."""


def is_frozen(text: str, entry: str) -> bool:
    """Tell whether the entry function does nothing but return a literal."""
    tree = parse_quietly(text)
    function = None if tree is None else _entry_of(tree, entry)
    if function is None:
        return False
    body = _body_after_docstring(function)
    if not body or not isinstance(body[-1], ast.Return) or body[-1].value is None:
        return False
    if not all(isinstance(statement, ast.Import) for statement in body[:-1]):
        return False
    return all(
        node.id == "numpy" if isinstance(node, ast.Name) else isinstance(node, _LITERAL_NODES)
        for node in ast.walk(body[-1])
    )


def frozen_text(text: str, entry: str, output: Any, *, file: str = "main.py") -> str:
    """Return the program with the body of ``entry`` replaced by ``return <output>``.

    The signature, the docstring and everything outside evolvable regions stay; functions
    and imports inside regions that nothing mentions any more go.

    Args:
        text: a whole Python file.
        entry: name of a function at its top level.
        output: nested lists, tuples, dicts and arrays of numbers.
        file: its name, for messages.

    Raises:
        FreezeError: if the body does not lie in one region, or the output is not numeric.
    """
    tree = parse_quietly(text)
    function = None if tree is None else _entry_of(tree, entry)
    if function is None:
        raise FreezeError(f"the program does not parse or has no function {entry}")
    try:
        regions = evolve_regions(text, file=file)
    except MarkerError as error:
        raise FreezeError(str(error)) from None
    body = _body_after_docstring(function)
    lines = Lines(text)
    if not body:
        raise FreezeError(f"{entry} has no body to replace")
    start, end = lines.span(body[0])[0], lines.span(body[-1])[1]
    if body[0].lineno == function.lineno:
        raise FreezeError(f"{entry} has its body on the line of its signature")
    if not _inside(regions, start, end):
        raise FreezeError(f"the body of {entry} does not lie in one evolvable region")
    counted = Counter(type(item) for item in _leaves(output))
    if not 0 < sum(counted.values()) <= MAXIMUM:
        raise FreezeError(f"the output holds {sum(counted.values())} numbers")
    indent = " " * function.body[0].col_offset
    statement = f"return {layout(output, indent)}"
    if "numpy." in statement:
        statement = f"import numpy\n\n{indent}{statement}"
    frozen = apply_splices(text, [Splice(start, end, statement)])
    return _without_unused(frozen, entry, file)


def layout(value: Any, indent: str) -> str:
    """Return a literal that evaluates to ``value``, one row to a line.

    Args:
        value: what :func:`frozen_text` accepts.
        indent: white space of the line on which it starts.

    Raises:
        FreezeError: if it holds something else than finite numbers.
    """
    if hasattr(value, "dtype") and hasattr(value, "tolist"):
        if value.ndim == 0:
            return layout(value.item(), indent)
        return f"numpy.array({layout(value.tolist(), indent)}, dtype={str(value.dtype)!r})"
    if isinstance(value, bool) or value is None:
        return repr(value)
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise FreezeError(f"the output holds {value}")
        return literal(value)
    if isinstance(value, Mapping):
        pairs = [(repr(key), item) for key, item in value.items()]
        if not all(isinstance(key, str | int) for key in value):
            raise FreezeError("the output has keys that are neither text nor integers")
        return _enclosed([f"{k}: {layout(v, indent + '    ')}" for k, v in pairs], "{}", indent)
    if isinstance(value, list | tuple):
        parts = [layout(item, indent + "    ") for item in value]  # pyright: ignore[reportUnknownArgumentType]
        return _enclosed(parts, "[]" if isinstance(value, list) else "()", indent)
    raise FreezeError(f"the output holds a {type(value).__name__}")


def _enclosed(parts: Sequence[str], brackets: str, indent: str) -> str:
    """Join parts in brackets: on one line if they fit, one to a line if they have brackets."""
    left, right = brackets
    comma = "," if brackets == "()" and len(parts) == 1 else ""
    short = f"{left}{', '.join(parts)}{comma}{right}"
    inner = indent + "    "
    is_nested = sum(part[-1] in "])}" for part in parts) > 1
    if not is_nested and "\n" not in short and len(indent) + len(short) <= _WIDTH:
        return short
    rows: list[str] = []
    for part in parts:
        fits = rows and len(inner) + len(rows[-1]) + len(part) + 2 <= _WIDTH
        if fits and not is_nested and "\n" not in rows[-1] + part:
            rows[-1] += f" {part},"
        else:
            rows.append(f"{part},")
    return "\n".join([left, *(inner + row for row in rows), indent + right])


def _leaves(value: Any) -> list[float]:
    """Return all numbers of an output."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [leaf for item in value for leaf in _leaves(item)]  # pyright: ignore[reportUnknownArgumentType]
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return [value] if is_number else []


def _entry_of(tree: ast.Module, entry: str) -> ast.FunctionDef | None:
    functions = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == entry]
    return functions[-1] if functions else None


def _body_after_docstring(function: ast.FunctionDef) -> list[ast.stmt]:
    return function.body[1:] if ast.get_docstring(function) is not None else function.body


def _inside(regions: Sequence[Region], start: int, end: int) -> bool:
    return any(region.start <= start and end <= region.end for region in regions)


def _without_unused(text: str, entry: str, file: str) -> str:
    """Remove functions, classes and imports in regions whose names occur nowhere else."""
    while True:
        tree, lines = parse_quietly(text), Lines(text)
        assert tree is not None
        regions = evolve_regions(text, file=file)
        names = Counter(
            token.string
            for token in tokenize.generate_tokens(io.StringIO(text).readline)
            if token.type == tokenize.NAME
        )
        splices: list[Splice] = []
        for node in tree.body:
            first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
            start = lines.starts[first - 1]
            end = lines.after(node.end_lineno or node.lineno)
            if _is_unused(node, entry, names) and _inside(regions, start, end):
                while text[end : end + 1] == "\n":
                    end += 1
                splices.append(Splice(start, end, ""))
        if not splices:
            return text
        text = apply_splices(text, splices[:1])


def _is_unused(node: ast.stmt, entry: str, names: Counter[str]) -> bool:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        inside = sum(isinstance(part, ast.Name) and part.id == node.name for part in ast.walk(node))
        return node.name != entry and names[node.name] == 1 + inside
    if isinstance(node, ast.Import | ast.ImportFrom):
        bound = [alias.asname or alias.name.partition(".")[0] for alias in node.names]
        is_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        return not is_future and all(names[name] == 1 for name in bound)
    return False
