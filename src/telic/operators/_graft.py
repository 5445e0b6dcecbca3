"""The ``graft`` operator: brings general idioms into a program, from a library of blocks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from random import Random

from telic.operators._crossover import cross_expression, cross_statement
from telic.operators._edits import Change
from telic.operators._graft_fit import called, wrapped
from telic.operators._graft_library import Library, load_library
from telic.operators._program import Program
from telic.operators._symbolic import SymbolicOperator

__all__ = ["graft"]

_PARTS = 0.2
"""Chance of taking an expression or a statement out of a block instead of the whole block."""
_EXPRESSIONS = 0.7
"""Chance, then, that it is an expression."""


def graft(*, folder: str = "") -> SymbolicOperator:
    """Transplant a function from a library: multi-start, annealing, memoising, ….

    The block goes in front of the function that is to use it. A value that suits its first
    parameter becomes a call on that value; its other parameters get names in scope, and
    where a block wants an objective, a function of the program that judges such a value.

    Not among the operators of a run by default: a program that searches by itself scores better
    but takes longer, and so does everything that is bred from it.

    Args:
        folder: Python files with blocks of your own, beside the bundled ones. What a block
            fits is read from its annotations: ``list[float]``, ``np.ndarray``,
            ``Callable[..., float]`` and the like.

    Raises:
        ValueError: if there is no such folder, or a file in it does not parse.
    """
    return SymbolicOperator("graft", partial(_draw, load_library(folder)))


def _draw(library: Library, program: Program, _: Sequence[Program], rng: Random) -> Change | None:
    if rng.random() < _PARTS:
        donor = rng.choice(library.donors)
        take = cross_expression if rng.random() < _EXPRESSIONS else cross_statement
        change = take(program, donor, rng)
        return None if change is None else Change(change.splices, f"from a block: {change.note}")
    block = library.blocks[rng.choice(library.public)]
    if block.is_wrapper:
        return wrapped(program, library, block, rng)
    return called(program, library, block, rng)
