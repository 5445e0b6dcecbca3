"""What expressions mean, so that two of one meaning are not both tried.

Trees are evaluated here, in trusted code, at a few drawn points: not at the problem's, which
are nobody's business but the scorer's. ``x * x + x`` and ``x * (x + 1)`` then look the same.
Names that stand for arrays are taken as the numbers in them, for nearly all that trees are made
of works number by number; an unknown function has a meaning of its own for each argument.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from telic.operators._breed_trees import Tree, number_of
from telic.seeding import numpy_stream

__all__ = ["key"]

Floats = NDArray[np.float64]

_CALL = re.compile(r"(?:\w+\.)*(\w+)\(\{0\}(?:, \{1\})?\)")
_DIGITS = 9
"""Decimals of an argument that tell it from others, for an unknown function."""
_COUNT = 12
"""Points."""


def _less(left: Floats, right: Floats) -> Floats:
    return np.less(left, right).astype(float)


_FUNCTIONS: dict[str, Callable[..., Floats]] = {
    "abs": np.abs,
    "fabs": np.abs,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "tanh": np.tanh,
    "atan": np.arctan,
    "arctan": np.arctan,
    "exp": np.exp,
    "log": np.log,
    "log1p": np.log1p,
    "log2": np.log2,
    "sqrt": np.sqrt,
    "square": np.square,
    "floor": np.floor,
    "ceil": np.ceil,
    "min": np.minimum,
    "minimum": np.minimum,
    "max": np.maximum,
    "maximum": np.maximum,
    "hypot": np.hypot,
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "**": np.power,
    "neg": np.negative,
    "<": _less,
}


def key(tree: Tree) -> bytes | None:
    """Return equal bytes for equal functions; ``None`` for one that is defined nowhere.

    Call it where NumPy's floating-point warnings are off.
    """
    values = _values(tree)
    if np.isnan(values).all():
        return None
    # Single precision takes rounding errors of the same function written otherwise for equal.
    return (values + 0.0).astype(np.float32).tobytes()


def _values(tree: Tree) -> Floats:
    if tree.values is None:
        tree.values = _computed(tree)
    return tree.values


def _computed(tree: Tree) -> Floats:
    if not tree.parts:
        number = number_of(tree)
        return _points(tree.head) if number is None else np.full(_COUNT, number)
    parts = [_values(part) for part in tree.parts]
    call = None if tree.head in _FUNCTIONS else _CALL.fullmatch(tree.head)
    function = _FUNCTIONS.get(call[1] if call else tree.head)
    if function is not None:
        values = function(*parts)
        values[~np.isfinite(values)] = np.nan
        return values
    digest = hashlib.sha256(b"".join(np.round(part, _DIGITS).tobytes() for part in parts))
    return _points(f"{tree.head} of {digest.hexdigest()}")


@lru_cache(maxsize=1_024)
def _points(name: str) -> Floats:
    """Return the numbers that a name stands for: of both signs, mostly between 0 and 1."""
    rng = numpy_stream(0, f"meaning of {name}")
    drawn = [rng.uniform(0.0, 1.0, 6), rng.uniform(0.0, 4.0, 3), rng.uniform(-1.0, 0.0, 3)]
    return rng.permutation(np.concatenate(drawn))
