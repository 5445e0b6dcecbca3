"""Typed growth: new expressions of a wanted kind from the material at a place.

Shapes and probabilities follow the grow method of genetic programming (Koza, 1992), with
small trees, names before constants, and forms that are defined everywhere where a bare one
could leave its domain.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import NamedTuple

from telic.operators._call_shapes import Shape
from telic.operators._kinds import ARRAYS, is_list, is_number
from telic.operators._material import Material
from telic.operators._precedence import ATOM, AWAITED, COMPARED, COMPARISON, FACTOR, SUM, TERM, TEST

__all__ = ["Term", "apply_shape", "combine", "grow", "number", "truth"]

CONSTANTS = ("0", "1", "2", "3", "0.5", "0.1", "-1", "10", "1.5", "0.01", "5", "100", "0.25")
_SIGNS = ("+", "-", "*", "/", "**")
_SIGN_BOUNDS = tuple(accumulate((25, 24, 27, 19, 5)))
_TIGHTNESS = {"+": SUM, "-": SUM, "*": TERM, "/": TERM, "//": TERM, "%": TERM, "@": TERM}
_ORDERS = ("<", "<=", ">", ">=")


class Term(NamedTuple):
    """The text of an expression and how tightly its outermost operator binds."""

    text: str
    tightness: int

    def within(self, slot: int) -> str:
        """Return the text, in brackets when it binds more loosely than ``slot``."""
        return self.text if self.tightness >= slot else f"({self.text})"


def constant(text: str) -> Term:
    """Return a literal; a negative one binds like a sign."""
    return Term(text, FACTOR if text.startswith("-") else ATOM)


def combine(left: Term, sign: str, right: Term) -> Term:
    """Join two terms by an arithmetic sign."""
    if sign == "**":
        return Term(f"{left.within(AWAITED)} ** {right.within(FACTOR)}", FACTOR + 1)
    own = _TIGHTNESS[sign]
    return Term(f"{left.within(own)} {sign} {right.within(own + 1)}", own)


def apply_shape(shape: Shape, arguments: list[Term]) -> Term:
    """Put arguments into a call; in a comparison or sign within the shape they are bracketed."""
    slot = ATOM if "-abs" in shape.text or " > " in shape.text else TEST
    inner = TEST if "abs({0})" in shape.text else slot
    return Term(shape.text.format(*(term.within(inner) for term in arguments)), ATOM)


def grow(material: Material, kind: str, rng: Random, depth: int = 2) -> Term | None:
    """Return a new expression of a kind, or ``None`` when nothing of it is at hand."""
    if kind in ARRAYS:
        return array(material, rng, depth, kind)
    if kind == "bool":
        return truth(material, rng, depth)
    if is_number(kind):
        return number(material, rng, depth)
    if is_list(kind):
        return sequence(material, rng, kind)
    return None


def number(material: Material, rng: Random, depth: int) -> Term:
    """Return a number: a terminal, or terms joined by a sign or a function."""
    if depth <= 0 or rng.random() < (0.25 if depth > 1 else 0.55):
        return _number_terminal(material, rng)
    if rng.random() < _function_chance(material):
        shape = rng.choice(_either(material, rng))
        arguments = [number(material, rng, depth - 1) for _ in range(shape.arity)]
        return apply_shape(shape, arguments)
    left = number(material, rng, depth - 1)
    sign = _sign(rng)
    right = operand(material, sign, rng, depth - 1)
    return combine(left, "+" if left.text == right.text and sign in "-/" else sign, right)


def _sign(rng: Random) -> str:
    """Return a sign by its weight, drawn as ``rng.choices`` does."""
    return _SIGNS[bisect(_SIGN_BOUNDS, rng.random() * _SIGN_BOUNDS[-1])]


def operand(material: Material, sign: str, rng: Random, depth: int) -> Term:
    """Return what may stand on the right of a sign: no likely zero under ``/``, no high power."""
    if sign == "**":
        return constant(rng.choice(("2", "2", "2", "3", "4")))
    right = number(material, rng, depth)
    if sign != "/" or right.text in ("0", "0.0"):
        return right if right.text != "0" else constant("2")
    draw = rng.random()
    is_index = right.text in material.integers and right.text not in material.quantities
    if right.text[0].isdigit() or (draw < 0.45 and not is_index):
        return right
    if draw < 0.8:
        return Term(f"abs({right.text}) + 1", SUM)
    return Term(f"{right.within(COMPARED)} or 1", TEST + 1)


def truth(material: Material, rng: Random, depth: int) -> Term | None:
    """Return a condition: mostly a comparison of numbers that have a name."""
    draw = rng.random()
    if material.booleans and draw < 0.15:
        name = rng.choice(material.booleans)
        return Term(f"not {name}", TEST + 3) if rng.random() < 0.4 else Term(name, ATOM)
    if material.lists and draw < 0.22:
        name = rng.choice(material.lists)
        return Term(f"len({name}) {rng.choice(_ORDERS)} {rng.choice((1, 2, 3, 5, 10))}", COMPARISON)
    if material.integers and draw < 0.27:
        name = rng.choice(material.integers)
        return Term(f"{name} % {rng.choice((2, 2, 3))} == {rng.choice((0, 1))}", COMPARISON)
    if not material.numbers and not material.terms:
        return None
    left = _named_number(material, rng)
    for _ in range(4):
        right = number(material, rng, min(depth - 1, 1))
        if right.text != left.text:
            sign = rng.choice(_ORDERS)
            return Term(f"{left.within(COMPARED)} {sign} {right.within(COMPARED)}", COMPARISON)
    return None


def array(material: Material, rng: Random, depth: int, kind: str = "array") -> Term | None:
    """Return an array: a named one, or one joined with numbers or others of its kind."""
    known = [Term(item.text, item.tightness) for item in material.reuse if item.kind == kind]
    names = [
        Term(name, ATOM) for name in (material.arrays if kind == "array" else material.matrices)
    ]
    if not names and not known:
        return None
    if depth <= 0 or rng.random() < 0.3:
        return rng.choice(known if known and (not names or rng.random() < 0.3) else names)
    first = array(material, rng, depth - 1, kind)
    assert first is not None
    other = rng.choice(names) if names and rng.random() < 0.4 else _number_terminal(material, rng)
    if material.array_shapes and rng.random() < 0.4:
        shape = rng.choice(material.array_shapes)
        return apply_shape(shape, [first, other][: shape.arity])
    sign = _sign(rng)
    if sign in ("**", "/") or rng.random() < 0.5:
        return combine(first, sign, operand(material, sign, rng, 0))
    return combine(first, sign, other)


def sequence(material: Material, rng: Random, kind: str) -> Term | None:
    """Return a list: one that has a name, in another order or in part."""
    alike = [Term(item.text, item.tightness) for item in material.reuse if item.kind == kind]
    names = [Term(name, ATOM) for name in material.lists]
    if not names and not alike:
        return None
    base = rng.choice(alike if alike and (not names or rng.random() < 0.4) else names)
    return reorder(base, rng) if rng.random() < 0.5 else base


def reorder(base: Term, rng: Random) -> Term:
    """Return a sequence in another order."""
    forms = ("sorted({0})", "sorted({0}, reverse=True)", "list({0})[::-1]")
    return Term(rng.choice(forms).format(base.text), ATOM)


def index(material: Material, rng: Random) -> Term:
    """Return an index or a bound of a range: an integer near those in use."""
    draw = rng.random()
    if material.integers and draw < 0.6:
        name = rng.choice(material.integers)
        if draw < 0.3:
            return Term(name, ATOM)
        return Term(f"{name} {rng.choice('+-')} 1", SUM)
    if material.lists and draw < 0.75:
        name = rng.choice(material.lists)
        return rng.choice(
            (
                Term(f"len({name})", ATOM),
                Term(f"len({name}) - 1", SUM),
                Term(f"len({name}) // 2", TERM),
            )
        )
    return constant(rng.choice(("0", "0", "1", "-1", "2")))


def _number_terminal(material: Material, rng: Random) -> Term:
    if rng.random() < 0.72:
        return _named_number(material, rng)
    return constant(rng.choice(CONSTANTS))


def _named_number(material: Material, rng: Random) -> Term:
    known = material.handy
    if known and (not material.numbers or rng.random() < 0.4):
        item = min(rng.choice(known), rng.choice(known), key=lambda item: item.size)
        return Term(item.text, item.tightness)
    if material.totals and rng.random() < (0.1 if material.numbers else 0.5):
        return Term(rng.choice(material.totals), ATOM)
    names = material.quantities if rng.random() < 0.85 else material.numbers
    if names or material.numbers:
        return Term(rng.choice(names or material.numbers), ATOM)
    return constant(rng.choice(CONSTANTS))


def _function_chance(material: Material) -> float:
    return 0.4 if material.declared else 0.22


def _either(material: Material, rng: Random) -> Sequence[Shape]:
    """Return the vocabulary mostly, when one is declared, and all functions otherwise."""
    if material.declared and rng.random() < 0.85:
        return material.declared
    return material.shapes
