"""A text cut into named components: functions, methods, assignments, or a whole region.

What lies outside the evolvable regions belongs to no component. Within a region of Python every
top-level statement is one, under a name that stays the same in relatives (``def f``, ``x =``), and
a class falls apart into its methods; other languages have one component for each region.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence

import msgspec

from telic.artifact import evolve_regions

__all__ = ["Component", "components_of"]

_NOT_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)


class Component(msgspec.Struct, frozen=True):
    """A stretch of text with its name; all of them joined give the text."""

    name: tuple[str, ...]
    """Unique in its text; empty for what may not change."""
    text: str


def components_of(text: str, *, is_python: bool) -> list[Component]:
    """Return the components of a file, in order.

    Args:
        text: a whole file with balanced markers.
        is_python: whether regions may be cut into statements.
    """
    found: list[Component] = []
    end = 0
    for number, region in enumerate(evolve_regions(text)):
        if region.start > end:
            found.append(Component((), text[end : region.start]))
        inside, name = text[region.start : region.end], f"region {number}"
        found += _statements(inside, name) if is_python else [Component((name,), inside)]
        end = region.end
    if end < len(text):
        found.append(Component((), text[end:]))
    return found


def _statements(text: str, region: str) -> list[Component]:
    whole = [Component((region,), text)]
    try:
        tree = ast.parse(text)
    except _NOT_PYTHON:
        return whole
    lines = text.splitlines(keepends=True)
    found = _cut(tree.body, lines, 0, len(lines), (region,))
    return found if "".join(part.text for part in found) == text else whole


def _cut(
    body: Sequence[ast.stmt], lines: list[str], start: int, stop: int, within: tuple[str, ...]
) -> list[Component]:
    """Cut lines ``start`` to ``stop`` where the statements of a body end."""
    found: list[Component] = []
    counts: Counter[str] = Counter()
    at = start
    for place, node in enumerate(body):
        end = node.end_lineno or node.lineno
        if any(following.lineno <= end for following in body[place + 1 : place + 2]):
            continue  # several statements on a line stay together, under the last one's name
        label = _label(node)
        counts[label] += 1
        name = (*within, label if counts[label] == 1 else f"{label} {counts[label]}")
        found += _class(node, lines, at, end, name)
        at = end
    if at < stop:
        found.append(Component((*within, "end"), "".join(lines[at:stop])))
    return found


def _class(
    node: ast.stmt, lines: list[str], start: int, stop: int, name: tuple[str, ...]
) -> list[Component]:
    """Return one component, or the head and the members of a class."""
    if isinstance(node, ast.ClassDef):
        first = node.body[0]
        decorated = getattr(first, "decorator_list", [])
        head = min([first.lineno, *(each.lineno for each in decorated)]) - 1
        if head >= node.lineno:
            opening = Component((*name, "head"), "".join(lines[start:head]))
            return [opening, *_cut(node.body, lines, head, stop, name)]
    return [Component(name, "".join(lines[start:stop]))]


def _label(node: ast.stmt) -> str:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return f"def {node.name}"
    if isinstance(node, ast.Assign):
        return f"{' = '.join(ast.unparse(target) for target in node.targets)} ="
    if isinstance(node, ast.AnnAssign | ast.AugAssign):
        return f"{ast.unparse(node.target)} ="
    if isinstance(node, ast.Import | ast.ImportFrom):
        return ast.unparse(node)
    return type(node).__name__
