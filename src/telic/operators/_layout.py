"""Moving lines of Python about with their indentation."""

from __future__ import annotations

import ast
from itertools import pairwise

from telic.operators._nodes import nodes_in
from telic.operators._places import Chunk, Statement

__all__ = ["indent_unit", "lines_of", "reindent", "string_lines", "with_break"]

_TEXTS = str | bytes


def indent_unit(chunk: Chunk, indent: str) -> str:
    """Return what one more level of indentation adds, after the example of the chunk."""
    if "\t" in indent:
        return "\t"
    for statement in chunk.statements:
        own = statement.block.indent
        if own.startswith("\t"):
            return "\t"
        if own:
            return own if statement.place.function.node is None else _step(chunk, own)
    return "    "


def _step(chunk: Chunk, first: str) -> str:
    others = sorted({len(s.block.indent) for s in chunk.statements} | {0, len(first)})
    steps = [after - before for before, after in pairwise(others)]
    return " " * min(steps)


def reindent(chunk: Chunk, node: ast.AST, lines: range, before: str, after: str) -> str:
    """Return lines of a chunk, the last one's break included, with another indentation.

    Args:
        chunk: where they are.
        node: what is in them; lines that begin inside one of its strings keep their text.
        lines: their numbers, from 1.
        before: their indentation; lines with less, comments or bracketed ones, keep theirs.
        after: what it becomes.
    """
    frozen = string_lines(node)
    parts: list[str] = []
    for number in lines:
        line = chunk.text[chunk.lines.starts[number - 1] : chunk.lines.after(number)]
        if number not in frozen and line.startswith(before) and line.strip():
            line = after + line[len(before) :]
        parts.append(line)
    return "".join(parts)


def lines_of(chunk: Chunk, statement: Statement) -> range:
    """Return the numbers of a statement's lines."""
    first = chunk.lines.line_of(statement.start)
    return range(first, chunk.lines.line_of(statement.text_end) + 1)


def string_lines(node: ast.AST) -> set[int]:
    """Return the numbers of the lines that begin inside a string."""
    found: set[int] = set()
    for part in nodes_in(node):
        is_text = isinstance(part, ast.JoinedStr) or (
            isinstance(part, ast.Constant) and isinstance(part.value, _TEXTS)
        )
        if is_text and isinstance(part, ast.expr) and part.end_lineno:
            found.update(range(part.lineno + 1, part.end_lineno + 1))
    return found


def with_break(text: str, newline: str) -> str:
    """Return lines that end with a line break."""
    return text if text.endswith(("\n", "\r")) else text + newline
