"""What new expressions are made of: names, functions and expressions the program already has."""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from telic.operators._kinds import NUMBERS, element_kind, is_data, is_list, is_number
from telic.operators._places import Chunk, Place, Site
from telic.operators._precedence import binding
from telic.operators._program import Program

__all__ = [
    "Material",
    "Reuse",
    "Shape",
    "free_names",
    "material_at",
    "recursive_names",
    "reusable",
    "shape",
]

_Part = TypeVar("_Part")

_TERMINALS = frozenset({ast.Name, ast.Constant})
_STRUCTURAL = ("callee", "base", "iterable")
_LONGEST = 60
_HANDY = 12
_NOT_PLAIN = re.compile(r"[\n\r\"']|:=")
_NAME = re.compile(r"(?<![\w.])[^\W\d]\w*")
_TOKEN = re.compile(r"\w+|[-+*/%<>=&|^]+")
_BINDERS = frozenset({"lambda", "for", "await", "yield"})
_WORDS = frozenset(keyword.kwlist)
_UNARY_MATH = ("sqrt", "exp", "log", "sin", "cos", "tanh", "atan", "floor", "ceil")
_BINARY = frozenset(
    {"atan2", "hypot", "pow", "fmod", "copysign", "min", "max", "minimum", "maximum", "power"}
)
_NOT_NUMERIC = frozenset({"len", "range", "sum", "dist", "where", "prod", "any", "all", "array"})
"""Functions whose arguments or results are not plain numbers."""
# Numeric forms that have a value everywhere; the bare form is the declared vocabulary's.
_SAFE = {
    "sqrt": "sqrt(abs({0}))",
    "log": "log(abs({0}) + 1)",
    "exp": "exp(-abs({0}))",
    "pow": "pow(abs({0}), {1})",
}
_ARRAY_SHAPES = (
    "abs({0})",
    "sqrt({m}.abs({0}))",
    "exp(-{m}.abs({0}))",
    "log1p({m}.abs({0}))",
    "square({0})",
    "tanh({0})",
    "maximum({0}, {1})",
    "minimum({0}, {1})",
    "where({0} > {1}, {0}, {1})",
)


class Shape(NamedTuple):
    """A function call with places for its arguments, for example ``max({0}, {1})``."""

    text: str
    arity: int


class Reuse(NamedTuple):
    """An expression of the program that may be used again."""

    text: str
    kind: str
    tightness: int
    names: frozenset[str]
    """Every name in it."""
    size: int
    """Number of names, literals and signs."""


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
        return self._part(_reuse)

    @property
    def terms(self) -> Sequence[Reuse]:
        """The numbers among those expressions."""
        return self._part(_terms)

    @property
    def handy(self) -> Sequence[Reuse]:
        """The short ones among the numbers."""
        return self._part(_handy)

    @property
    def shapes(self) -> Sequence[Shape]:
        """Numeric functions."""
        return self._part(_shapes)

    @property
    def declared(self) -> Sequence[Shape]:
        """Functions of the problem's vocabulary."""
        return self._part(_declared)

    @property
    def array_shapes(self) -> Sequence[Shape]:
        """Functions of NumPy."""
        return self._part(_array_shapes)


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


def _reuse(program: Program, chunk: int, place: Place) -> list[Reuse]:
    every = _every_reuse(program)
    hidden = _hidden(program, chunk, place, every)
    if not hidden:
        return every.items
    return [item for item in every.items if item.names.isdisjoint(hidden)]


def _terms(program: Program, chunk: int, place: Place) -> list[Reuse]:
    every = _every_reuse(program)
    hidden = _hidden(program, chunk, place, every)
    if not hidden:
        return every.terms
    return [item for item in every.terms if item.names.isdisjoint(hidden)]


def _handy(program: Program, chunk: int, place: Place) -> list[Reuse]:
    return [item for item in Material(program, chunk, place).terms if item.size <= _HANDY]


class _Every(NamedTuple):
    """All that a program may use again somewhere; at most places, that is everywhere."""

    items: list[Reuse]
    terms: list[Reuse]
    """The numbers among them."""
    names: frozenset[str]


def _every_reuse(program: Program) -> _Every:
    known = program.notes.get(_every_reuse)
    if known is None:
        items = [item for index in program.live for item in reusable(program.chunks[index])]
        terms = [item for item in items if item.kind in NUMBERS]
        names = frozenset[str]().union(*[item.names for item in items])
        known = program.notes[_every_reuse] = _Every(items, terms, names)
    assert isinstance(known, _Every)
    return known


def _hidden(program: Program, chunk: int, place: Place, every: _Every) -> set[str]:
    """Return the names in them that have no value at a place, or must not be called there."""
    recursive = recursive_names(program, place)
    return {
        name
        for name in every.names
        if name in recursive or not program.is_visible(name, chunk, place)
    }


@lru_cache(maxsize=192)
def reusable(chunk: Chunk) -> tuple[Reuse, ...]:
    """Return the short expressions of a chunk that hold data and bind no names."""
    found: dict[str, Reuse] = {}
    for site in chunk.where(_is_reusable):
        text = chunk.text[site.start : site.end]
        if text not in found:
            names = free_names(text)
            if names:
                found[text] = Reuse(text, site.kind, binding(site.node), names, _size(text))
    return tuple(found.values())


@lru_cache(maxsize=2048)
def _size(text: str) -> int:
    return len(_TOKEN.findall(text))


def _is_reusable(site: Site) -> bool:
    return (
        type(site.node) not in _TERMINALS
        and site.end - site.start <= _LONGEST
        and site.role not in _STRUCTURAL
        and is_data(site.kind)
    )


@lru_cache(maxsize=2048)
def free_names(text: str) -> frozenset[str] | None:
    """Return every name in a line of code, or ``None`` if it may bind some itself."""
    if _NOT_PLAIN.search(text):
        return None
    names = frozenset(_NAME.findall(text))
    return None if names & _BINDERS else names - _WORDS


def shape(name: str, arity: int) -> Shape:
    """Return a plain call of a function."""
    return Shape(f"{name}({', '.join(f'{{{index}}}' for index in range(arity))})", arity)


def _totals(program: Program, chunk: int, place: Place) -> list[str]:
    found: list[str] = []
    points: list[str] = []
    for name, kind in _local(program, chunk, place):
        if is_list(kind):
            found.append(f"len({name})")
        if is_list(kind) and is_number(element_kind(kind)):
            found.extend((f"{name}[0]", f"{name}[-1]", f"sum({name})", f"max({name})"))
            points.append(name)
    declared = _call_name(program, "math.dist", chunk, place)
    if declared and "math.dist" in program.vocabulary:
        found.extend(f"{declared}({a}, {b})" for a in points for b in points if a < b)
    return found


def _shapes(program: Program, chunk: int, place: Place) -> list[Shape]:
    found = [Shape("abs({0})", 1), Shape("min({0}, {1})", 2), Shape("max({0}, {1})", 2)]
    for alias in _aliases(program, "math", chunk, place):
        found.extend(
            Shape(f"{alias}.{_SAFE.get(name, f'{name}({{0}})')}", 1) for name in _UNARY_MATH
        )
    for name, full in sorted(program.modules.items()):
        short = full.removeprefix("math.")
        if full.startswith("math.") and short in _UNARY_MATH and "." not in short:
            safe = _SAFE.get(short, f"{short}({{0}})").replace(short, name, 1)
            found.append(Shape(safe, 1))
    recursive = recursive_names(program, place)
    for name, entry in sorted(program.names.items()):
        if (
            0 < entry.required <= 4
            and is_number(entry.returned)
            and all(is_number(kind) for kind in entry.parameters[: entry.required])
            and name not in recursive
            and program.is_visible(name, chunk, place)
        ):
            found.append(shape(name, entry.required))
    return found


def _declared(program: Program, chunk: int, place: Place) -> list[Shape]:
    """Return calls of the vocabulary's functions, bare: their domain is the problem's affair."""
    found: list[Shape] = []
    for full in program.vocabulary:
        name = _call_name(program, full, chunk, place)
        short = full.rpartition(".")[2]
        if not name or short in _NOT_NUMERIC:
            continue
        entry = program.names.get(name)
        known = entry.required if entry and entry.required > 0 else 0
        found.append(shape(name, known or (2 if short in _BINARY else 1)))
    return found


def _array_shapes(program: Program, chunk: int, place: Place) -> list[Shape]:
    return [
        Shape(f"{name}.{text}".replace("{m}", name), 2 if "{1}" in text else 1)
        for name in _aliases(program, "numpy", chunk, place)
        for text in _ARRAY_SHAPES
    ]


def _call_name(program: Program, full: str, chunk: int, place: Place) -> str:
    """Return how a declared function is called at a place, or ``""`` if it is not there.

    A declaration may name the module, ``numpy.exp``, or what the program calls it, ``np.exp``.
    """
    module, _, short = full.rpartition(".")
    first = full.partition(".")[0]
    if first not in recursive_names(program, place) and program.is_visible(first, chunk, place):
        return full
    for name in _aliases(program, module, chunk, place):
        return f"{name}.{short}"
    direct = [name for name, known in program.modules.items() if known == full]
    return next((name for name in direct if program.is_visible(name, chunk, place)), "")


def _aliases(program: Program, module: str, chunk: int, place: Place) -> list[str]:
    """Return at most one name under which a module is visible at a place."""
    known = {**program.modules, **program.chunks[chunk].modules}
    names = sorted(name for name, full in known.items() if full == module)
    return [name for name in names if program.is_visible(name, chunk, place)][:1]


def _callers(program: Program, called: str) -> frozenset[str]:
    """Return the functions of the module that call a function, directly or through others."""
    key = ("callers", called)
    known = program.notes.get(key)
    if isinstance(known, frozenset):
        return known
    reads = {
        name: program.chunks[entry.chunk].loaded
        for name, entry in program.names.items()
        if entry.kind == "func"
    }
    found: set[str] = set()
    pending = [called]
    while pending:
        target = pending.pop()
        fresh = [name for name, loaded in reads.items() if target in loaded and name not in found]
        found.update(fresh)
        pending.extend(fresh)
    program.notes[key] = frozenset(found)
    return frozenset(found)


def recursive_names(program: Program, place: Place) -> frozenset[str]:
    """Return the functions that must not be called at a place, lest they call themselves."""
    within = place.function.within
    return _callers(program, within[0]) | frozenset(within) if within else frozenset()
