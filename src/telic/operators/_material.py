"""What new expressions are made of: names, functions and expressions the program already has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from telic.operators._call_shapes import (
    Shape,
    array_shapes,
    call_name,
    declared_shapes,
    numeric_shapes,
)
from telic.operators._kinds import element_kind, is_list, is_number
from telic.operators._places import Place
from telic.operators._program import Program
from telic.operators._reusable import Reuse, reuse_at, terms_at

__all__ = ["Material", "material_at"]

_Part = TypeVar("_Part")

_HANDY = 12


class Material:
    """What is available at one place; every sequence is in a fixed order.

    Most edits need little of it, so each part is collected when it is first asked for, and
    kept with the program.
    """

    __slots__ = ("_known", "_where")

    def __init__(self, program: Program, chunk: int, place: Place) -> None:
        known = program.notes.setdefault(place, {})
        assert isinstance(known, dict)
        self._known: dict[object, Any] = known
        self._where = program, chunk, place

    def _part(self, collect: Callable[[Program, int, Place], Sequence[_Part]]) -> Sequence[_Part]:
        found = self._known.get(collect)
        if found is None:
            found = self._known[collect] = collect(*self._where)
        return found

    @property
    def numbers(self) -> Sequence[str]:
        """Names of numbers."""
        return self._part(_numbers)

    @property
    def quantities(self) -> Sequence[str]:
        """The numbers that no index or shape is made of."""
        return self._part(_quantities)

    @property
    def integers(self) -> Sequence[str]:
        """Names of integers."""
        return self._part(_integers)

    @property
    def booleans(self) -> Sequence[str]:
        """Names of truth values."""
        return self._part(_booleans)

    @property
    def arrays(self) -> Sequence[str]:
        """Names of arrays that are not known to have rows."""
        return self._part(_arrays)

    @property
    def matrices(self) -> Sequence[str]:
        """Names of arrays of rows."""
        return self._part(_matrices)

    @property
    def lists(self) -> Sequence[str]:
        """Names of lists."""
        return self._part(_lists)

    @property
    def totals(self) -> Sequence[str]:
        """Numbers that lists give: an end, a length, a sum, a distance."""
        return self._part(_totals)

    @property
    def reuse(self) -> Sequence[Reuse]:
        """Expressions of the program whose names all have a value here."""
        return self._part(reuse_at)

    @property
    def terms(self) -> Sequence[Reuse]:
        """The numbers among those expressions."""
        return self._part(terms_at)

    @property
    def handy(self) -> Sequence[Reuse]:
        """The short ones among the numbers."""
        return self._part(_handy)

    @property
    def shapes(self) -> Sequence[Shape]:
        """Numeric functions."""
        return self._part(numeric_shapes)

    @property
    def declared(self) -> Sequence[Shape]:
        """Functions of the problem's vocabulary."""
        return self._part(declared_shapes)

    @property
    def array_shapes(self) -> Sequence[Shape]:
        """Functions of NumPy."""
        return self._part(array_shapes)


def material_at(program: Program, chunk: int, place: Place) -> Material:
    """Return what expressions at a place can be made of."""
    return Material(program, chunk, place)


def _of_kind(program: Program, chunk: int, place: Place, kind: str) -> list[str]:
    """Return the names of a kind, local ones alone if there are any names of data."""
    return [name for name, known in _local(program, chunk, place) if known == kind]


def _local(program: Program, chunk: int, place: Place) -> Sequence[tuple[str, str]]:
    visible = program.visible_at(chunk, place)
    return [pair for pair in visible if pair[0] in place.bound] or visible


def _numbers(program: Program, chunk: int, place: Place) -> list[str]:
    return [name for name, kind in program.visible_at(chunk, place) if is_number(kind)]


def _quantities(program: Program, chunk: int, place: Place) -> list[str]:
    indices = place.function.indices
    return [name for name in _numbers(program, chunk, place) if name not in indices]


def _integers(program: Program, chunk: int, place: Place) -> list[str]:
    return _of_kind(program, chunk, place, "int")


def _booleans(program: Program, chunk: int, place: Place) -> list[str]:
    return _of_kind(program, chunk, place, "bool")


def _arrays(program: Program, chunk: int, place: Place) -> list[str]:
    return _of_kind(program, chunk, place, "array")


def _matrices(program: Program, chunk: int, place: Place) -> list[str]:
    return _of_kind(program, chunk, place, "matrix")


def _lists(program: Program, chunk: int, place: Place) -> list[str]:
    return [name for name, kind in _local(program, chunk, place) if is_list(kind)]


def _handy(program: Program, chunk: int, place: Place) -> list[Reuse]:
    return [item for item in Material(program, chunk, place).terms if item.size <= _HANDY]


def _totals(program: Program, chunk: int, place: Place) -> list[str]:
    found: list[str] = []
    points: list[str] = []
    for name, kind in _local(program, chunk, place):
        if is_list(kind):
            found.append(f"len({name})")
        if is_list(kind) and is_number(element_kind(kind)):
            found.extend((f"{name}[0]", f"{name}[-1]", f"sum({name})", f"max({name})"))
            points.append(name)
    declared = call_name(program, "math.dist", chunk, place)
    if declared and "math.dist" in program.vocabulary:
        found.extend(f"{declared}({a}, {b})" for a in points for b in points if a < b)
    return found
