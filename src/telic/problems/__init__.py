"""The bundled problem library: each problem is a folder in Telic's own format.

``names()`` lists them, ``load(name)`` gives the :class:`~telic.problem.Problem`. A folder
under ``library/`` is found by its name; nothing else registers it.
"""

from __future__ import annotations

from pathlib import Path

from telic.errors import UnknownNameError
from telic.folder import PROBLEM_FILE, load_folder
from telic.problem import Problem

__all__ = ["describe", "folder", "load", "names"]

_LIBRARY = Path(__file__).parent / "library"


def names() -> tuple[str, ...]:
    """Return the names of all bundled problems, sorted."""
    return tuple(sorted(path.parent.name for path in _LIBRARY.glob(f"*/{PROBLEM_FILE}")))


def folder(name: str) -> Path:
    """Return the folder of a bundled problem.

    Raises:
        UnknownNameError: if there is none of that name.
    """
    known = names()
    if name not in known:
        raise UnknownNameError("problem", name, known)
    return _LIBRARY / name


def load(name: str) -> Problem:
    """Return a bundled problem.

    Raises:
        UnknownNameError: if there is none of that name.
    """
    return load_folder(folder(name))


def describe() -> tuple[Problem, ...]:
    """Return every bundled problem, in the order of :func:`names`."""
    return tuple(load(name) for name in names())
