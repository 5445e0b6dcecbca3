"""Values of many expressions at the calls that one execution made, each part computed once.

A tree that was bred differs from its parents by a node or two. Where a program reads numbers
and arrays of numbers at a site, and neither what it reads nor how often depends on the
expression there, the values of all other nodes are known already. What is not so, or is made
of unknown functions, is left to the program itself.
"""

from __future__ import annotations

import ast
import hashlib
import math
import operator
import re
from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from telic.operators._breed_meaning import FUNCTIONS
from telic.operators._breed_trees import LESS, MINUS, SIGNS, Tree, number_of, read

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Values", "values_of"]

_WORD = re.compile(r"[^\W\d]\w*")
_NUMPY = frozenset({"np", "numpy"})
_PARTS = ["first", "second", "third"]
_MOST = 20_000
"""Numbers in one row, at most."""
_FEW = 100
"""Calls for which every column is kept, at most."""
_PAIR = 2
_ROUNDED_BITS = 29
"""Of a double's significand, which single precision does not have."""
_HALF = 1 << _ROUNDED_BITS - 1
_CLOSE = 1e-9

Function = Callable[..., Any]


class Values:
    """Computes trees at all calls together.

    Args:
        atoms: for each name or other leaf its values, a column over all calls.
        lengths: of the array that each call gives, ``None`` for a number.
        functions: what each sign and each function does to columns.
        constant: makes a column of one number.
    """

    def __init__(
        self,
        atoms: Mapping[str, Any],
        lengths: Sequence[int | None],
        functions: Mapping[str, Function],
        constant: Callable[[float], Any],
    ) -> None:
        self.lengths = lengths
        self._atoms = atoms
        self._functions = dict(functions)
        self._constant = constant
        self._is_kept = len(lengths) <= _FEW
        self._known: dict[tuple[str, int, int], tuple[Any, Sequence[Any]]] = {}
        """By what is applied, and to which columns; these are kept, so that no other is taken
        for them."""

    def key(self, tree: Tree) -> bytes | None:
        """Return equal bytes for equal columns; ``None`` if there is no row."""
        row = self.row(tree)
        if row is None:
            return None
        # Single precision takes rounding errors of the same function written otherwise for equal.
        if isinstance(row, list):
            return array("f", [value + 0.0 for value in row]).tobytes()
        rounded = ((row + 0.0).view("i8") + _HALF) >> _ROUNDED_BITS  # keeps the exponent whole
        return hashlib.blake2b(rounded.tobytes(), digest_size=16).digest()

    def row(self, tree: Tree) -> Any:
        """Return the column of a tree; ``None`` if it is undefined or not finite somewhere."""
        found = self.of(tree)
        if found is None:
            return None
        total = sum(found) if isinstance(found, list) else 0.0
        return found if total - total == 0.0 or all(map(math.isfinite, found)) else None

    def of(self, tree: Tree) -> Any:
        """Return the column of a tree; ``None`` if it is undefined somewhere."""
        if tree.results is None:
            try:
                tree.results = self._computed(tree)
            except (ArithmeticError, ValueError, TypeError, KeyError):
                tree.results = ()
        return tree.results if len(tree.results) else None

    def _computed(self, tree: Tree) -> Any:
        if not tree.parts:
            number = number_of(tree)
            known = self._known.get((tree.head, 0, 0))
            if known is None:
                column = self._atoms[tree.head] if number is None else self._constant(number)
                known = self._known[tree.head, 0, 0] = column, ()
            return known[0]
        parts: list[Any] = []
        for part in tree.parts:
            found = part.results
            if found is None:
                found = self.of(part)
            if found is None or not len(found):
                return ()
            parts.append(found)
        if not self._is_kept or len(parts) > _PAIR:
            return self._function(tree.head)(*parts)
        address = tree.head, id(parts[0]), id(parts[-1])
        known = self._known.get(address)
        if known is None:
            known = self._known[address] = self._function(tree.head)(*parts), parts
        return known[0]

    def _leaf(self, tree: Tree, known: Mapping[str, Any]) -> Any:
        number = number_of(tree)
        return known[tree.head] if number is None else self._constant(number)

    def _function(self, head: str) -> Function:
        """Return what a sign, or the shape of a call of one function or several, does."""
        if head not in self._functions:
            pattern = _pattern(head)
            is_single = [part.head for part in pattern.parts] == _PARTS[: len(pattern.parts)]
            self._functions[head] = (
                self._functions[_name(head)]
                if is_single
                else lambda *parts: self._applied(pattern, dict(zip(_PARTS, parts, strict=False)))
            )
        return self._functions[head]

    def _applied(self, pattern: Tree, arguments: Mapping[str, Any]) -> Any:
        if not pattern.parts:
            return self._leaf(pattern, arguments)
        parts = [self._applied(part, arguments) for part in pattern.parts]
        return self._functions[_name(pattern.head)](*parts)


def values_of(
    atoms: Sequence[str], rows: Sequence[Sequence[Any]], shapes: Sequence[str], start: Tree
) -> Values | None:
    """Return what computes trees for recorded calls; ``None`` if the program itself has to.

    Args:
        atoms: texts of the names and other leaves that trees may have.
        rows: for each call a value of each atom, and last that of the expression itself.
        shapes: of the functions that trees may have.
        start: the expression that was recorded; it must come out alike.
    """
    if not rows or not all(isinstance(row, list | tuple) for row in rows):
        return None
    columns = [list(column) for column in zip(*rows, strict=True)]
    kinds = {type(value) for column in columns for value in column}
    words = {word for shape in shapes for word in _WORD.findall(shape)}
    if kinds <= {float, int} and words <= set(FUNCTIONS) | {"math"}:
        values = _numbers(atoms, columns)
    elif words <= set(FUNCTIONS) | {"where"} | _NUMPY and all(map(_is_for_arrays, shapes)):
        values = _arrays(atoms, columns)
    else:
        values = None
    return values if values is not None and _agrees(values, start, columns[-1]) else None


def _agrees(values: Values, start: Tree, recorded: Sequence[Any]) -> bool:
    """Tell whether a recorded expression comes out as it was, in kind and value."""
    found = values.of(start)
    if found is None or any(type(value) is int for value in recorded):
        return False  # a whole number may be a whole number for a reason
    flat = [number for value in recorded for number in _flat(value)]
    return len(flat) == len(found) and all(
        math.isclose(value, other, rel_tol=_CLOSE) for value, other in zip(found, flat, strict=True)
    )


def _flat(value: Any) -> Sequence[float]:
    return [value] if isinstance(value, int | float) else value.tolist()


def _numbers(atoms: Sequence[str], columns: Sequence[Sequence[Any]]) -> Values:
    """Return what computes numbers, as Python does; a comparison stays a truth value."""
    count = len(columns[-1])
    known = {
        atom: [float(value) for value in column]
        for atom, column in zip(atoms, columns, strict=False)
    }
    exact = FUNCTIONS | {LESS: operator.lt}
    functions = {name: _mapped(function) for name, function in exact.items()}
    return Values(known, [None] * count, functions, lambda number: [number] * count)


def _mapped(function: Callable[..., float]) -> Function:
    return lambda *parts: list(map(function, *parts))


def _arrays(atoms: Sequence[str], columns: Sequence[Sequence[Any]]) -> Values | None:
    """Return what computes arrays of one dimension, and numbers beside them, as NumPy does."""
    import numpy as np

    if not all(_is_row(value) for column in columns for value in column):
        return None
    sizes = [
        {len(value) for value in row if not isinstance(value, int | float)}
        for row in zip(*columns, strict=True)
    ]
    results = (1 - isinstance(value, int | float) for value in columns[-1])
    if any(len(size) != wanted for size, wanted in zip(sizes, results, strict=True)):
        return None
    counts = [max(size, default=1) for size in sizes]
    total = sum(counts)
    if total > _MOST:
        return None

    def joined(column: Sequence[Any]) -> NDArray[np.float64]:
        pieces = [
            np.broadcast_to(np.asarray(value, dtype=float), count)
            for value, count in zip(column, counts, strict=True)
        ]
        return np.concatenate(pieces)

    known = {atom: joined(column) for atom, column in zip(atoms, columns, strict=False)}
    lengths = [max(size) if size else None for size in sizes]
    functions = {name: _finite(function) for name, function in _numpy_functions().items()}
    return Values(known, lengths, functions, lambda number: np.full(total, number))


def _numpy_functions() -> dict[str, Function]:
    import numpy as np

    named = {"fabs", "min", "max", "atan", "where"} | {name for name in FUNCTIONS if len(name) > 2}
    known: dict[str, Function] = {
        name: getattr(np, name) for name in named - {"neg", "min", "max"} if hasattr(np, name)
    }
    signs = (np.add, np.subtract, np.multiply, np.divide, np.power)
    return known | dict(zip(SIGNS, signs, strict=True)) | {LESS: np.less, MINUS: np.negative}


def _finite(function: Function) -> Function:
    """Return the function with a refusal of values that are not finite."""
    import numpy as np

    def checked(*parts: Any) -> Any:
        with np.errstate(all="ignore"):
            values = function(*parts)
        if not np.isfinite(values).all():
            raise ValueError("not finite")
        return values

    return checked


def _is_row(value: Any) -> bool:
    """Tell whether a value is a number, or an array of some in one dimension."""
    if isinstance(value, int | float):
        return not isinstance(value, bool)
    return getattr(value, "ndim", 0) == 1 and value.dtype.kind in "fi" and value.size > 0


def _is_for_arrays(shape: str) -> bool:
    words = set(_WORD.findall(shape))
    return words <= {"abs"} or not words.isdisjoint(_NUMPY)


def _pattern(shape: str) -> Tree:
    """Return the tree of a shape, with ``first`` and so on for its arguments.

    Raises:
        ValueError: if trees cannot express it.
    """
    text = shape.format(*_PARTS)
    return read(ast.parse(text, mode="eval").body, _All())


class _All(frozenset[str]):
    """Holds every text."""

    def __contains__(self, text: object) -> bool:
        return True


def _name(head: str) -> str:
    """Return the last part of a function's name, or a sign as it is."""
    words = _WORD.findall(head.partition("(")[0])
    return words[-1] if words and head not in (LESS, MINUS) else head
