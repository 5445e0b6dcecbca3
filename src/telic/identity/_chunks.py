"""Python source in chunks of top-level statements, each compiled once.

The code that a key is computed from is also what runs: a chunk in which nothing can be a
docstring compiles to the same either way.
"""

from __future__ import annotations

import ast
import re
import sys
import warnings
from functools import lru_cache
from types import CodeType

__all__ = [
    "NOT_PYTHON",
    "bare_code",
    "crosses_chunks",
    "future_count",
    "program_code",
    "split_chunks",
]

NOT_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)
"""What compiling raises for text that is no Python."""

_LINE = re.compile(r"\n([^\W\d]\w*|@)")
_CONTINUES = frozenset({"else", "elif", "except", "finally"})
_COMPOUND = frozenset({"@", "def", "class", "async", "if", "for", "while", "try", "with", "match"})
_FUTURE = re.compile(r"^from __future__\b", re.MULTILINE)
_GLOBAL = re.compile(r"^global\b", re.MULTILINE)
_MAY_DOCUMENT = re.compile(r"""(?:^|[:;\\])[\s(]*[A-Za-z]{0,2}["']""", re.MULTILINE)
"""A string where a statement may begin."""
_FILE = "<candidate>"
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_ANNOTATES_AT_ONCE = sys.version_info < (3, 14)
"""Whether a module's annotations are evaluated where they stand, not by a function of it."""


@lru_cache(maxsize=128)
def split_chunks(text: str) -> tuple[str, ...]:
    """Split Python source before top-level statements; the pieces join to ``text``.

    A compound statement, with its decorators, is a chunk; so is a run of simple statements
    between two of them. The split looks at the beginnings of lines alone: when such a line
    lies within brackets or a string, a piece does not compile on its own.
    """
    starts = [0]
    previous = ""
    for match in _LINE.finditer("\n" + text):  # with a first line break, starts are text's own
        word = match[1]
        if word in _CONTINUES:
            continue
        is_compound = word in _COMPOUND
        if previous != "@" and previous and (is_compound or previous in _COMPOUND):
            starts.append(match.start())
        if previous != "@" or is_compound:
            previous = word
    return tuple(text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True))


def future_count(text: str) -> int:
    """Return how many lines import from ``__future__``."""
    return len(_FUTURE.findall(text)) if "__future__" in text else 0


def crosses_chunks(text: str) -> bool:
    """Tell whether a top-level statement has an effect on the compilation of later ones."""
    return "global" in text and _GLOBAL.search(text) is not None


def bare_code(chunk: str, flags: int) -> CodeType:
    """Return what a chunk compiles to without its docstrings.

    Args:
        chunk: Python source.
        flags: of the ``__future__`` features that it is subject to.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError, OverflowError: if it does not.
    """
    if not ("'" in chunk or '"' in chunk) or _MAY_DOCUMENT.search(chunk) is None:
        return _full_code(chunk, flags)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if "assert" not in chunk and "__debug__" not in chunk:
            return compile(chunk, _FILE, "exec", flags, dont_inherit=True, optimize=2)
        # Level 2 drops assertions together with docstrings: drop the docstrings by hand.
        tree = compile(chunk, _FILE, "exec", flags | ast.PyCF_ONLY_AST, dont_inherit=True)
        for node in ast.walk(tree):
            if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
                node.body[0] = ast.copy_location(ast.Pass(), node.body[0])
        return compile(tree, _FILE, "exec", flags, dont_inherit=True, optimize=0)


@lru_cache(maxsize=256)
def _full_code(chunk: str, flags: int) -> CodeType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compile(chunk, _FILE, "exec", flags, dont_inherit=True, optimize=0)


def program_code(text: str, path: str) -> tuple[CodeType, ...] | None:
    """Return the code of a program's chunks, to be executed one after the other.

    That is the same as executing the whole, and where an exception comes from is said alike.

    Args:
        text: Python source.
        path: what tracebacks call it.

    Returns:
        ``None`` for a program that is better compiled in one piece, or does not compile.
    """
    if not _ANNOTATES_AT_ONCE or future_count(text) or crosses_chunks(text) or "\r" in text:
        return None
    codes: list[CodeType] = []
    above = 0
    for chunk in split_chunks(text):
        try:
            code = _placed_code(chunk, above, path)
        except NOT_PYTHON:
            return None
        if above and "__doc__" in code.co_names:
            return None  # a string that is no docstring in the whole
        codes.append(code)
        above += chunk.count("\n")
    return tuple(codes)


@lru_cache(maxsize=256)
def _placed_code(chunk: str, above: int, path: str) -> CodeType:
    """Return the code of a chunk in a file, below so many lines."""
    return _placed(_full_code(chunk, 0), above, path)


def _placed(code: CodeType, above: int, path: str) -> CodeType:
    constants = (
        _placed(const, above, path) if isinstance(const, CodeType) else const
        for const in code.co_consts
    )
    return code.replace(
        co_consts=tuple(constants),
        co_filename=path,
        co_firstlineno=code.co_firstlineno + above,
    )
