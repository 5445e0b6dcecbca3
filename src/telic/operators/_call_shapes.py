"""Functions that a new expression may call at a place, with places for their arguments."""

from __future__ import annotations

from typing import NamedTuple

from telic.operators._kinds import is_number
from telic.operators._places import Place
from telic.operators._program import Program
from telic.operators._recursion import recursive_names

__all__ = ["Shape", "array_shapes", "call_name", "declared_shapes", "numeric_shapes", "shape"]

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


def shape(name: str, arity: int) -> Shape:
    """Return a plain call of a function."""
    return Shape(f"{name}({', '.join(f'{{{index}}}' for index in range(arity))})", arity)


def numeric_shapes(program: Program, chunk: int, place: Place) -> list[Shape]:
    """Return calls of functions of numbers: built in, of ``math`` and of the program."""
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


def declared_shapes(program: Program, chunk: int, place: Place) -> list[Shape]:
    """Return calls of the vocabulary's functions, bare: their domain is the problem's affair."""
    found: list[Shape] = []
    for full in program.vocabulary:
        name = call_name(program, full, chunk, place)
        short = full.rpartition(".")[2]
        if not name or short in _NOT_NUMERIC:
            continue
        entry = program.names.get(name)
        known = entry.required if entry and entry.required > 0 else 0
        found.append(shape(name, known or (2 if short in _BINARY else 1)))
    return found


def array_shapes(program: Program, chunk: int, place: Place) -> list[Shape]:
    """Return calls of functions of NumPy, where the program has it."""
    return [
        Shape(f"{name}.{text}".replace("{m}", name), 2 if "{1}" in text else 1)
        for name in _aliases(program, "numpy", chunk, place)
        for text in _ARRAY_SHAPES
    ]


def call_name(program: Program, full: str, chunk: int, place: Place) -> str:
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
