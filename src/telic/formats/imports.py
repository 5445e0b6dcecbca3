"""Which modules a foreign evaluation should find already imported."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterator
from importlib.resources import files

__all__ = ["preloadable"]

_SAFE = frozenset({"numpy", "scipy", "sympy", "networkx", "pandas"}) | sys.stdlib_module_names
"""Importing these before the fork is safe and saves tens of milliseconds an evaluation."""
_SURPRISING = frozenset({"antigravity", "idlelib", "this", "tkinter", "turtle", "turtledemo"})


def preloadable(runner: str, *sources: str) -> tuple[str, ...]:
    """Return the installed modules that an evaluation imports and that may be preloaded.

    Args:
        runner: file name of the foreign runner.
        *sources: Python texts; one that does not parse imports nothing.
    """
    texts = [(files("telic.formats.foreign") / runner).read_text(encoding="utf-8"), *sources]
    wanted = {name for text in texts for name in _imports(text)}
    return tuple(sorted(name for name in wanted if _is_safe(name)))


def _is_safe(name: str) -> bool:
    package = name.partition(".")[0]
    if package not in _SAFE or package in _SURPRISING:
        return False
    is_standard = package in sys.stdlib_module_names
    try:
        # Looking for a module imports what it lies in: of other packages look for the whole.
        return importlib.util.find_spec(name if is_standard else package) is not None
    except (ImportError, ValueError):
        return False


def _imports(source: str) -> Iterator[str]:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
