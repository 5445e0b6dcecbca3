"""The table of symbolic operators: which edits each one draws from, and how often."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from telic.operators._calls import CALLS
from telic.operators._constants import step_constant
from telic.operators._coupled import COUPLED
from telic.operators._crossover import cross
from telic.operators._edits import Change, Choice, Weighted
from telic.operators._expressions import EXPRESSIONS
from telic.operators._normalise import simplify as simplified
from telic.operators._program import Program
from telic.operators._splice import Splice, overlap
from telic.operators._statements import STATEMENTS
from telic.operators._swaps import SWAPS
from telic.operators._symbolic import Draw, SymbolicOperator

__all__ = [
    "burst",
    "constants",
    "coupled",
    "crossover",
    "expressions",
    "simplify",
    "statements",
    "swaps",
]

_ANY = Choice(
    (
        (3, Choice(((1, step_constant),))),
        (5, Choice(EXPRESSIONS)),
        (2, Choice(STATEMENTS)),
        (2, Choice(SWAPS)),
        (1, Choice(CALLS)),
        (2, Choice(COUPLED)),
    )
)
"""An edit of any family."""
_MOST = 6


def constants() -> SymbolicOperator:
    """Step one numeric literal: a Gaussian or log-normal step, the sign, a simple number."""
    return SymbolicOperator("constants", _single(((1, step_constant),)))


def expressions() -> SymbolicOperator:
    """Grow, replace or shrink one expression, or change the arguments of a call."""
    return SymbolicOperator("expressions", _single((*EXPRESSIONS, *CALLS)))


def statements() -> SymbolicOperator:
    """Insert, delete, repeat, exchange, wrap or unwrap one statement."""
    return SymbolicOperator("statements", _single(STATEMENTS))


def swaps() -> SymbolicOperator:
    """Swap one operator, function, flag or pair of operands, or turn a condition round."""
    return SymbolicOperator("swaps", _single(SWAPS))


def coupled() -> SymbolicOperator:
    """Make the same rewrite at all matching sites."""
    return SymbolicOperator("coupled", _single(COUPLED))


def simplify() -> SymbolicOperator:
    """Remove what does nothing, and keep the behaviour."""
    return SymbolicOperator("simplify", _single(((1, simplified),)))


def crossover() -> SymbolicOperator:
    """Combine the parent with another: lines, expressions, statements or functions."""
    return SymbolicOperator("crossover", _crossed, donors=True)


def burst(*, more: float = 0.3) -> SymbolicOperator:
    """Make several edits of any family at once.

    Args:
        more: chance of one edit more after the second, and after each further one, below 1.

    Raises:
        ValueError: if the chance is not in [0, 1).
    """
    if not 0.0 <= more < 1.0:
        raise ValueError(f"more must be in [0, 1); got {more}")

    def draw(program: Program, _: Sequence[Program], rng: Random) -> Change | None:
        count = 2
        while count < _MOST and rng.random() < more:
            count += 1
        return _several(program, count, rng)

    return SymbolicOperator("burst", draw)


def _single(edits: Weighted) -> Draw:
    choice = Choice(edits)

    def draw(program: Program, _: Sequence[Program], rng: Random) -> Change | None:
        return choice(program, rng)

    return draw


def _crossed(program: Program, donors: Sequence[Program], rng: Random) -> Change | None:
    return cross(program, donors[0], rng) if donors else None


def _several(program: Program, count: int, rng: Random) -> Change | None:
    """Return that many changes in one, or fewer when they keep touching each other."""
    splices: list[Splice] = []
    notes: list[str] = []
    for _ in range(3 * count):
        change = _ANY(program, rng)
        if change is None or overlap((*splices, *change.splices)):
            continue
        splices.extend(change.splices)
        notes.append(change.note)
        if len(notes) == count:
            break
    return Change(tuple(splices), "; ".join(notes)) if len(notes) > 1 else None
