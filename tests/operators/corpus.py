"""Real Python to edit: the functions of standard-library modules."""

import ast
import importlib
import inspect
import io
import textwrap
import tokenize
from collections import Counter
from collections.abc import Callable
from functools import cache
from random import Random

from telic.operators._edits import Change
from telic.operators._program import Program, analyse
from telic.operators._symbolic import changed_text

_MODULES = (
    "ast",
    "asyncio.queues",
    "base64",
    "bisect",
    "calendar",
    "colorsys",
    "contextlib",
    "copy",
    "csv",
    "dataclasses",
    "difflib",
    "fractions",
    "functools",
    "heapq",
    "json.decoder",
    "pathlib",
    "random",
    "shlex",
    "statistics",
    "textwrap",
)


@cache
def functions(*, shortest: int = 4, longest: int = 80) -> tuple[tuple[str, str], ...]:
    """Return the name and text of every function that compiles on its own."""
    found: list[tuple[str, str]] = []
    for module in _MODULES:
        source = inspect.getsource(importlib.import_module(module))
        lines = source.splitlines(keepends=True)
        for node in ast.walk(ast.parse(source)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            last = node.end_lineno or first
            if not shortest <= last - first <= longest:
                continue
            text = textwrap.dedent("".join(lines[first - 1 : last]))
            try:
                compile(text, module, "exec", dont_inherit=True)
            except SyntaxError:
                continue  # a nonlocal name of the function around it
            found.append((f"{module}.{node.name}", text))
    return tuple(found)


def comments(text: str) -> Counter[str]:
    """Return the comments of a program, with how often each occurs."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return Counter(token.string for token in tokens if token.type == tokenize.COMMENT)


def outcomes(
    draw: Callable[[Program, Random], Change | None],
    text: str,
    *,
    draws: int = 300,
    entry: str = "",
    vocabulary: tuple[str, ...] = (),
) -> set[str]:
    """Return the programs that some draws of an edit give."""
    program = analyse(text, entry, vocabulary)
    assert program is not None
    rng = Random(0)
    found: set[str] = set()
    for _ in range(draws):
        change = draw(program, rng)
        result = changed_text(program, change) if change else None
        if result is not None:
            found.add(result)
    return found
