"""Growing, replacing and shrinking expressions, with the kinds of values kept."""

from __future__ import annotations

import ast
from random import Random

from telic.operators._constants import literal_value
from telic.operators._edits import Change, Weighted, clip, line_of, replacement
from telic.operators._generate import (
    Term,
    apply_shape,
    combine,
    grow,
    index,
    number,
    operand,
    reorder,
    truth,
)
from telic.operators._kinds import ANY, ARRAYS, NUMBERS, is_alike, is_list, is_number
from telic.operators._liveness import is_guard
from telic.operators._material import Material, material_at
from telic.operators._nodes import nodes_in
from telic.operators._places import Site
from telic.operators._precedence import ATOM, FACTOR, TEST, TUPLE, binding
from telic.operators._program import Program, Spot
from telic.operators._reusable import free_names
from telic.operators._splice import Splice

__all__ = ["EXPRESSIONS", "draw_term", "extended", "is_value", "namesakes", "near"]

_COMPOUND = frozenset({ast.BinOp, ast.BoolOp, ast.IfExp, ast.Call, ast.UnaryOp})
_VALUES = NUMBERS | ARRAYS
_UNCLEAR = ("any", "mixed", "func", "module", "obj")
_HOLDING = ("value", "argument")
_SHRUNK = ("value", "argument", "test", "iterable")
_LONGEST = 160
"""Characters beyond which an expression is not extended any more."""
_AND, _OR = TEST + 2, TEST + 1


def is_value(site: Site) -> bool:
    """Tell whether a site holds a number or array that an expression may replace."""
    if site.role not in _HOLDING or site.kind not in _VALUES:
        return False
    node = site.node.value if type(site.node) is ast.Subscript else site.node
    is_token = type(node) is ast.Name and node.id in site.place.function.indices
    return not (is_token and (site.role == "argument" or node is not site.node))


def draw_term(program: Program, spot: Spot, rng: Random, depth: int = 2) -> Term | None:
    """Grow an expression that may stand at a site."""
    return grow(near(program, spot), spot.site.kind, rng, depth)


def near(program: Program, spot: Spot) -> Material:
    """Return the material at a site."""
    return material_at(program, spot.chunk, spot.site.place)


def replace_value(program: Program, rng: Random) -> Change | None:
    """Put a grown expression in a number's place."""
    spot = program.pick(is_value, rng)
    term = spot and draw_term(program, spot, rng, rng.choice((0, 1, 1, 2)))
    return spot and term and replacement(program, spot, *term)


def extend_value(program: Program, rng: Random) -> Change | None:
    """Make a number the operand of a new sign, function or choice."""
    spot = program.pick(is_value, rng)
    if spot is None or spot.site.end - spot.site.start > _LONGEST:
        return None
    term = extended(program, spot, rng)
    return term and replacement(program, spot, *term)


def extended(program: Program, spot: Spot, rng: Random, own: Term | None = None) -> Term | None:
    """Return a number's expression, or ``own`` instead, with something added to it."""
    material = near(program, spot)
    own = own or Term(program.source(spot), binding(spot.site.node))
    draw = rng.random()
    if draw < 0.25:
        known = material.array_shapes if spot.site.kind in ARRAYS else material.shapes
        shapes = list(material.declared or known)
        shape = rng.choice(shapes or list(material.shapes))
        others = [number(material, rng, 1) for _ in range(shape.arity - 1)]
        arguments = [own, *others]
        rng.shuffle(arguments)
        return apply_shape(shape, arguments)
    if draw < 0.33 and spot.site.kind not in ARRAYS:
        test, other = truth(material, rng, 1), number(material, rng, 1)
        if test is None:
            return None
        sides = [own, other]
        rng.shuffle(sides)
        first, last = sides[0].within(TEST + 1), sides[1].within(TEST)
        return Term(f"{first} if {test.within(TEST + 1)} else {last}", TEST)
    sign = rng.choice("++--***///")
    other = _companion(program, spot, rng) or operand(material, sign, rng, rng.choice((0, 0, 1, 2)))
    if draw > 0.85 and sign != "/":
        return _joined(other, sign, own)
    return _joined(own, sign, other)


def _joined(left: Term, sign: str, right: Term) -> Term:
    """Join two terms, which had better not cancel each other."""
    return combine(left, "*" if left.text == right.text and sign in "-/" else sign, right)


def _companion(program: Program, spot: Spot, rng: Random) -> Term | None:
    """Draw a known number that shares a name with a site, such as another item's at its index."""
    names = free_names(program.source(spot))
    if not names or rng.random() < 0.6:
        return None
    known = [
        item
        for item in near(program, spot).terms
        if item.size <= 5 and not item.names.isdisjoint(names)
    ]
    item = rng.choice(known) if known else None
    return item and Term(item.text, item.tightness)


def shrink_value(program: Program, rng: Random) -> Change | None:
    """Put one part of an expression in the place of the whole."""
    spot = program.pick(_has_parts, rng)
    if spot is None:
        return None
    parts: list[Spot] = []
    for node in nodes_in(spot.site.node):
        part = program.child(spot, node) if isinstance(node, ast.expr) else None
        if part is not None and part.site is not spot.site and _fits(part.site, spot.site):
            parts.append(part)
    if not parts:
        return None
    part = rng.choice(parts)
    return replacement(program, spot, program.source(part), _tightness(program, part))


def _has_parts(site: Site) -> bool:
    return type(site.node) in _COMPOUND and site.role in _SHRUNK


def _fits(part: Site, whole: Site) -> bool:
    """Tell whether a part may stand for the whole: alike in kind, with no name of its own."""
    return (
        is_alike(part.kind, whole.kind)
        and part.role in ("value", "argument", "test")
        and part.place.bound <= whole.place.bound
        and (part.kind != "any" or part.role == "test")
    )


def _tightness(program: Program, spot: Spot) -> int:
    text = program.source(spot)
    is_enclosed = isinstance(spot.site.node, ast.Tuple) and text.startswith("(")
    return TUPLE if is_enclosed else binding(spot.site.node)


def rename(program: Program, rng: Random) -> Change | None:
    """Read another name of the same kind."""
    spot = program.pick(_is_known_name, rng)
    if spot is None:
        return None
    others = namesakes(program, spot)
    return replacement(program, spot, rng.choice(others), ATOM) if others else None


def namesakes(program: Program, spot: Spot) -> list[str]:
    """Return the names that may stand for a name: of its kind, an index only for an index."""
    own, kind, function = program.source(spot), spot.site.kind, spot.site.place.function
    is_index = own in function.indices
    watched = spot.site.place.watched
    if spot.site.role == "base" and own in watched:
        return []  # what is done to it may be what ends a loop
    taken = watched if spot.site.role == "base" else frozenset[str]()
    return [
        name
        for name, other in program.visible(spot)
        if name != own
        and name not in taken
        and is_alike(other, kind)
        and (name in function.counters if is_index else name not in function.indices)
    ]


def _is_known_name(site: Site) -> bool:
    is_read = type(site.node) is ast.Name and site.role != "callee"
    return is_read and site.kind not in _UNCLEAR


def replace_condition(program: Program, rng: Random) -> Change | None:
    """Decide a branch by a new comparison."""
    spot = program.pick(_is_test, rng)
    term = spot and truth(near(program, spot), rng, 2)
    return spot and term and replacement(program, spot, *term)


def extend_condition(program: Program, rng: Random) -> Change | None:
    """Join a condition with a new comparison by ``and`` or ``or``."""
    spot = program.pick(_is_test, rng)
    term = spot and truth(near(program, spot), rng, 2)
    if spot is None or term is None or spot.site.end - spot.site.start > _LONGEST:
        return None
    own = Term(program.source(spot), binding(spot.site.node))
    word, slot = rng.choice((("and", _AND), ("or", _OR)))
    return replacement(program, spot, f"{own.within(slot)} {word} {term.within(slot)}", slot)


def _is_test(site: Site) -> bool:
    if site.role != "test":
        return False
    return site.kind in ("bool", "any", "num", "int") and not is_guard(site.node)


def change_index(program: Program, rng: Random) -> Change | None:
    """Select another item, or bound a loop or slice otherwise."""
    spot = program.pick(_is_index, rng)
    if spot is None:
        return None
    own = Term(program.source(spot), binding(spot.site.node))
    draw = rng.random()
    if draw < 0.45:
        return replacement(program, spot, *index(near(program, spot), rng))
    if draw < 0.8:
        return replacement(program, spot, *combine(own, rng.choice("+-"), Term("1", ATOM)))
    if isinstance(spot.site.parent, ast.Call):
        return replacement(program, spot, f"{own.within(11)} // 2", 11)
    return None


def _is_index(site: Site) -> bool:
    if site.role != "index" or site.kind not in ("int", "num"):
        return False
    return not isinstance(site.parent, ast.Subscript) or literal_value(site.node) is None


def change_order(program: Program, rng: Random) -> Change | None:
    """Go through a list in another order, or only part of it."""
    spot = program.pick(_is_order, rng)
    if spot is None:
        return None
    own = Term(program.source(spot), binding(spot.site.node))
    if rng.random() < 0.3 and own.tightness >= ATOM and spot.site.kind != "list":
        return replacement(program, spot, f"{own.text}[1:]", ATOM)
    return replacement(program, spot, *reorder(own, rng))


def _is_order(site: Site) -> bool:
    return site.role in ("iterable", "argument", "value") and (
        is_list(site.kind) or site.kind in ("range", "pairs")
    )


def change_items(program: Program, rng: Random) -> Change | None:
    """Add, drop or turn round an item of a tuple, such as a key to sort by."""
    spot = program.pick(_is_key, rng)
    if spot is None:
        return None
    node = spot.site.node
    assert isinstance(node, ast.Tuple)
    items = [program.child(spot, item) for item in node.elts]
    place = rng.randrange(len(items))
    item = items[place]
    draw = rng.random()
    if item is None:
        return None
    if draw < 0.35 and (is_number(item.site.kind) or item.site.kind == ANY):
        own = Term(program.source(item), binding(item.site.node))
        return replacement(program, item, f"-{own.within(FACTOR)}", FACTOR)
    if draw < 0.6 and len(items) > 2:
        return replacement(program, item, "0", ATOM)
    term = number(near(program, spot), rng, 1)
    at = program.offset(spot) + item.site.start
    return Change((Splice(at, at, f"{term.within(TEST)}, "),), f"new item {term.text} in a tuple")


def _is_key(site: Site) -> bool:
    return (
        type(site.node) is ast.Tuple
        and isinstance(site.parent, ast.Lambda)
        and len(site.node.elts) > 0
    )


def change_list(program: Program, rng: Random) -> Change | None:
    """Drop, repeat or copy an item of a list that the program spells out."""
    spot = program.pick(_is_display, rng)
    if spot is None:
        return None
    node = spot.site.node
    assert isinstance(node, ast.List)
    chunk, offset = program.chunks[spot.chunk], program.offset(spot)
    spans = [chunk.lines.span(item) for item in node.elts]
    place = rng.randrange(len(spans))
    text = chunk.text[spans[place][0] : spans[place][1]]
    draw = rng.random()
    if draw < 0.35 and len(spans) > 1:
        last = place == len(spans) - 1
        start = spans[place - 1][1] if last else spans[place][0]
        end = spans[place][1] if last else spans[place + 1][0]
        splice, word = Splice(offset + start, offset + end, ""), "dropped"
    else:
        other = rng.randrange(len(spans))
        if draw < 0.7:
            at = offset + spans[other][0]
            splice, word = Splice(at, at, f"{text}, "), "added"
        else:
            start, end = spans[other]
            splice, word = Splice(offset + start, offset + end, text), "copied"
    return Change((splice,), f"line {line_of(program, spot)}: {word} item {clip(text)}")


def _is_display(site: Site) -> bool:
    return type(site.node) is ast.List and bool(site.node.elts)


def wrap_not(program: Program, rng: Random) -> Change | None:
    """Negate a number, such as the key of an order."""
    spot = program.pick(is_value, rng)
    if spot is None or isinstance(spot.site.parent, ast.UnaryOp):
        return None
    own = Term(program.source(spot), binding(spot.site.node))
    if isinstance(spot.site.node, ast.UnaryOp):
        return None
    return replacement(program, spot, f"-{own.within(FACTOR)}", FACTOR)


EXPRESSIONS: Weighted = (
    (26, replace_value),
    (30, extend_value),
    (22, shrink_value),
    (10, rename),
    (4, wrap_not),
    (4, replace_condition),
    (5, extend_condition),
    (4, change_index),
    (3, change_order),
    (2, change_items),
    (6, change_list),
)
