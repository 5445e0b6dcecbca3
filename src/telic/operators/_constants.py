"""Steps of numeric literals."""

from __future__ import annotations

import ast
import math
from random import Random

from telic.operators._edits import Change, replacement
from telic.operators._places import Site
from telic.operators._precedence import ATOM, FACTOR
from telic.operators._program import Program, Spot

__all__ = ["is_literal", "literal_value", "number_text", "step_constant"]

_LITERALS = frozenset({ast.Constant, ast.UnaryOp})
_DISPLAYS = (ast.List, ast.Tuple, ast.Set)
_SIMPLE = (0.0, 0.01, 0.05, 0.1, 0.2, 0.25, 0.3, 1 / 3, 0.5, 2 / 3, 0.75, 0.8, 0.9, 0.95, 0.99)
_ROUND = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 8.0, 10.0, 12.0, 16.0, 20.0, 50.0, 100.0, 1000.0)
_WIDTHS = (0.02, 0.1, 0.1, 0.3, 0.3, 0.8)
_ALIKE = 4
"""Items of a display from which on it may be written in a few symbols."""
_KEEPS_SYMBOLS = 0.7
"""Share of the steps of such an item that take another one of the symbols."""
_EXACT = (ast.FloorDiv, ast.Mod, ast.LShift, ast.RShift, ast.BitAnd, ast.BitOr, ast.BitXor)


def is_literal(site: Site) -> bool:
    """Tell whether a site is a whole number literal, its sign included."""
    if type(site.node) not in _LITERALS or literal_value(site.node) is None:
        return False
    parent = site.parent
    is_negated = isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.USub)
    return not (is_negated and isinstance(site.node, ast.Constant))


def literal_value(node: ast.expr) -> int | float | None:
    """Return the value of a number literal with an optional minus, else ``None``."""
    sign = 1
    if type(node) is ast.UnaryOp and type(node.op) is ast.USub:
        sign, node = -1, node.operand
    value = node.value if type(node) is ast.Constant else None
    return sign * value if type(value) is int or type(value) is float else None


def number_text(value: float, digits: int = 4) -> str:
    """Return a short literal: an ``int`` exactly, a ``float`` to some significant digits."""
    if isinstance(value, int):
        return str(value)
    short = float(f"{value:.{digits}g}")
    return repr(short) if math.isfinite(short) else repr(float(f"{value:.3g}"))


def step_constant(program: Program, rng: Random) -> Change | None:
    """Move one literal: a step relative to its size, a factor, its sign, or a simple number."""
    spot = program.pick(is_literal, rng)
    if spot is None or (spot.site.role == "index" and rng.random() < 0.6):
        return None
    value = literal_value(spot.site.node)
    assert value is not None
    others = [symbol for symbol in _symbols(spot.site.parent) if symbol != value]
    if isinstance(spot.site.parent, ast.Subscript):
        new = rng.choice(_items(program))
    elif others and rng.random() < _KEEPS_SYMBOLS:
        new = rng.choice(others)
    elif isinstance(value, int):
        new = step_integer(value, spot, rng)
    else:
        new = step_float(value, rng)
    if not math.isfinite(new) or abs(new) > 1e12:
        return None
    text = number_text(new, rng.choice((2, 3, 4)))
    return replacement(program, spot, text, FACTOR if text.startswith("-") else ATOM)


def _symbols(node: ast.AST) -> list[int]:
    """Return the whole numbers in which a display is written, if it keeps repeating a few.

    Signs, bits and colours are chosen, not measured: another of them is the least step.
    """
    if not isinstance(node, _DISPLAYS):
        return []
    values = [literal_value(item) for item in node.elts]
    symbols = sorted({value for value in values if isinstance(value, int)})
    is_repeated = len(values) >= max(_ALIKE, 2 * len(symbols))
    return symbols if is_repeated and all(isinstance(value, int) for value in values) else []


def _items(program: Program) -> list[int]:
    """Return the literals by which the program selects items, and the first and last."""
    found = {0, -1}
    for spot in program.where(is_literal):
        value = literal_value(spot.site.node)
        if isinstance(spot.site.parent, ast.Subscript) and isinstance(value, int):
            found.add(value)
    return sorted(found)


def step_float(value: float, rng: Random) -> float:
    """Return a neighbour of a real number."""
    draw = rng.random()
    if draw < 0.45:
        return rng.gauss(value, rng.choice(_WIDTHS) * (abs(value) or 1.0))
    if draw < 0.75:
        return (value or rng.choice((0.1, 1.0))) * math.exp(rng.gauss(0.0, rng.choice((0.3, 1.2))))
    if draw < 0.83 and value:
        return -value
    return snap(value, rng)


def step_integer(value: int, spot: Spot, rng: Random) -> int | float:
    """Return a neighbour of an integer; a real number where one may stand."""
    needs_integer = spot.site.role == "index" or (
        isinstance(spot.site.parent, ast.BinOp) and isinstance(spot.site.parent.op, _EXACT)
    )
    is_item = isinstance(spot.site.parent, _DISPLAYS)
    if not needs_integer and not is_item and spot.site.role == "value" and rng.random() < 0.3:
        return step_float(float(value), rng)
    draw = rng.random()
    if draw < 0.5 or abs(value) < 2:
        return value + rng.choice((-1, 1, -1, 1, 2))
    if draw < 0.75:
        return round(value * math.exp(rng.gauss(0.0, 0.5)))
    if draw < 0.8 and not needs_integer:
        return -value
    # Halving is as likely as doubling: a bound of a loop should not only grow.
    return rng.choice((value // 2, value * 2, value // 2 + 1, 1))


def snap(value: float, rng: Random) -> float:
    """Return a simple number: near the value, or any small one."""
    if rng.random() < 0.5 or not value:
        return rng.choice((*_SIMPLE, *_ROUND)) * rng.choice((1, 1, 1, -1))
    near = sorted((*_SIMPLE, *_ROUND), key=lambda simple: abs(simple - abs(value)))[:4]
    return math.copysign(rng.choice(near), value)
