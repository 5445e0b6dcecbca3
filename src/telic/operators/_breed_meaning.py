"""What expressions mean, so that two of one meaning are not both tried.

Trees are evaluated here, in trusted code, at a few drawn points: not at the problem's, which
are nobody's business but the scorer's. ``x * x + x`` and ``x * (x + 1)`` then look the same.
Names that stand for arrays are taken as the numbers in them, for nearly all that trees are made
of works number by number; an unknown function has a meaning of its own for each argument.
"""

from __future__ import annotations

import hashlib
import math
import operator
import re
from array import array
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from telic.operators._breed_trees import Tree, number_of
from telic.seeding import stream

__all__ = ["FUNCTIONS", "Meanings"]

_CALL = re.compile(r"(?:\w+\.)*(\w+)\(\{0\}(?:, \{1\})?\)")
_DIGITS = 9
"""Decimals of an argument that tell it from others, for an unknown function."""
_RANGES = ((0.0, 1.0),) * 6 + ((0.0, 4.0),) * 3 + ((-1.0, 0.0),) * 3
"""Where the points lie: of both signs, mostly between 0 and 1."""
_COUNT = len(_RANGES)
_PARTS = 2
"""Parts of a sign or function, at most, for its values to be kept."""


def _squared(value: float) -> float:
    return value * value


def _floored(value: float) -> float:
    return float(math.floor(value))


def _raised(value: float) -> float:
    return float(math.ceil(value))


def _is_less(left: float, right: float) -> float:
    return float(left < right)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs,
    "fabs": abs,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "tanh": math.tanh,
    "atan": math.atan,
    "arctan": math.atan,
    "exp": math.exp,
    "log": math.log,
    "log1p": math.log1p,
    "log2": math.log2,
    "sqrt": math.sqrt,
    "square": _squared,
    "floor": _floored,
    "ceil": _raised,
    "min": min,
    "minimum": min,
    "max": max,
    "maximum": max,
    "hypot": math.hypot,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": math.pow,
    "neg": operator.neg,
    "<": _is_less,
}
"""Signs and functions of numbers, by the last part of their names."""


class Meanings:
    """Tells what trees mean, and computes what they share once."""

    def __init__(self) -> None:
        self._numbers: dict[float, list[float]] = {}
        self._known: dict[tuple[str, int, int], tuple[list[float], Sequence[list[float]]]] = {}
        """By what is applied, and to which lists; these are kept, so that no other is taken
        for them."""

    def key(self, tree: Tree) -> bytes | None:
        """Return equal bytes for equal functions; ``None`` for one that is defined nowhere."""
        values = tree.values or self._values(tree)
        if values.count(math.nan) == _COUNT:
            return None
        # Single precision takes rounding errors of the same function written otherwise for equal.
        return array("f", [value + 0.0 for value in values]).tobytes()

    def _values(self, tree: Tree) -> list[float]:
        """Return a value for each point; it is ``math.nan`` itself where there is none."""
        if not tree.parts:
            number = number_of(tree)
            if number is None:
                tree.values = _points(tree.head)
            else:
                tree.values = self._numbers.setdefault(number, [number] * _COUNT)
            return tree.values
        parts = [part.values or self._values(part) for part in tree.parts]
        if len(parts) > _PARTS:
            tree.values = _computed(tree.head, parts)
            return tree.values
        address = tree.head, id(parts[0]), id(parts[-1])
        known = self._known.get(address)
        if known is None:
            known = self._known[address] = _computed(tree.head, parts), parts
        tree.values = known[0]
        return tree.values


def _computed(head: str, parts: Sequence[Sequence[float]]) -> list[float]:
    function = _function(head)
    if function is None:
        rounded = [round(value, _DIGITS) for part in parts for value in part]
        digest = hashlib.sha256(array("d", rounded).tobytes())
        return _points(f"{head} of {digest.hexdigest()}")
    try:
        values = list(map(function, *parts))
        total = sum(values)
    except (ArithmeticError, ValueError):
        return _partly(function, parts)
    # What is not finite anywhere makes a sum that is not.
    return values if total - total == 0.0 else _partly(function, parts)


def _partly(function: Callable[..., float], parts: Sequence[Sequence[float]]) -> list[float]:
    """Return values where there are such."""
    values: list[float] = []
    for arguments in zip(*parts, strict=True):
        value = math.nan
        if math.nan not in arguments:
            try:
                value = function(*arguments)
            except (ArithmeticError, ValueError):
                value = math.nan
        values.append(value if math.isfinite(value) else math.nan)
    return values


@lru_cache(maxsize=1_024)
def _function(head: str) -> Callable[..., float] | None:
    """Return what a sign or the shape of a call does; ``None`` if it is not known."""
    call = None if head in FUNCTIONS else _CALL.fullmatch(head)
    return FUNCTIONS.get(call[1] if call else head)


@lru_cache(maxsize=1_024)
def _points(name: str) -> list[float]:
    """Return the numbers that a name stands for."""
    rng = stream(0, f"meaning of {name}")
    drawn = [rng.uniform(*each) for each in _RANGES]
    rng.shuffle(drawn)
    return drawn
