"""Coupled edits: the same rewrite at all matching sites.

Programs repeat themselves: a weight that is compared in one place is summed in another.
Changing one of the two breaks what ties them; changing both keeps it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from random import Random

from telic.operators._constants import (
    is_literal,
    literal_value,
    number_text,
    step_float,
    step_integer,
)
from telic.operators._edits import Change, Weighted, clip, line_of
from telic.operators._expressions import draw_term, extended, is_value, namesakes
from telic.operators._generate import Term
from telic.operators._kinds import is_list, is_number
from telic.operators._places import Site
from telic.operators._precedence import ATOM, FACTOR, OPERATOR_SIGNS, binding
from telic.operators._program import Program, Spot
from telic.operators._reusable import free_names
from telic.operators._splice import Splice, overlap
from telic.operators._swaps import arithmetic_signs, order_signs, sign_splice

__all__ = ["COUPLED"]

_ARITHMETIC = frozenset({ast.Add, ast.Sub, ast.Mult, ast.Div})
_SUBJECTS = frozenset({ast.Name, ast.Subscript, ast.Attribute, ast.Call, ast.BinOp})
_RISK_TAKEN = 0.05
_HOLE = "\ufdd0"
"""Stands for each site's own text in a rewrite; a code point that no program holds."""


def _twins(
    program: Program,
    rng: Random,
    accepts: Callable[[Site], bool],
    alike: Callable[[Program, Spot], object],
) -> list[Spot]:
    """Draw a group of at least two sites for which ``alike`` gives the same; or nothing.

    The group is the one of a single function, or sometimes that of the whole program.
    """
    key = (accepts, alike)
    groups = program.notes.get(key)
    if groups is None:
        found: dict[object, list[Spot]] = {}
        for spot in program.where(accepts):
            found.setdefault(alike(program, spot), []).append(spot)
        groups = program.notes[key] = tuple(
            tuple(group) for group in found.values() if len(group) > 1
        )
    assert isinstance(groups, tuple)
    if not groups:
        return []
    group = rng.choice(groups)
    function = rng.choice(group).site.place.function
    near = [spot for spot in group if spot.site.place.function is function]
    chosen = near if len(near) > 1 and rng.random() < 0.7 else list(group)
    is_risky = any(spot.site.place.is_risky for spot in chosen)
    return [] if is_risky and rng.random() > _RISK_TAKEN else chosen


def _all_see(program: Program, spots: list[Spot], text: str) -> bool:
    """Tell whether every name in an expression has a value at every site."""
    names = free_names(text.replace(_HOLE, "")) or ()
    return all(
        program.is_visible(name, spot.chunk, spot.site.place) for spot in spots for name in names
    )


def _together(
    program: Program, spots: list[Spot], splices: list[Splice], note: str
) -> Change | None:
    if overlap(splices):
        return None
    where = f"lines {line_of(program, spots[0])}…, {len(spots)} places"
    return Change(tuple(splices), f"{where}: {note}")


def _source(program: Program, spot: Spot) -> object:
    return program.source(spot), spot.site.kind


def step_constants(program: Program, rng: Random) -> Change | None:
    """Move all literals of one value alike."""
    spots = _twins(program, rng, is_literal, _source)
    if not spots:
        return None
    value = literal_value(spots[0].site.node)
    assert value is not None
    exact = next((spot for spot in spots if spot.site.role == "index"), spots[0])
    new = step_integer(value, exact, rng) if isinstance(value, int) else step_float(value, rng)
    text = number_text(new, 3)
    tightness = FACTOR if text.startswith("-") else ATOM
    splices = [program.replace(spot, text, tightness) for spot in spots]
    before = program.source(spots[0])
    return None if text == before else _together(program, spots, splices, f"{before} -> {text}")


def swap_operators(program: Program, rng: Random) -> Change | None:
    """Swap one operator sign for another wherever it stands."""
    spots = _twins(program, rng, _has_sign, _sign_of)
    if not spots:
        return None
    before = _sign_of(program, spots[0])
    signs = arithmetic_signs(before, "value") if before in "+-*/" else order_signs(before)
    after = rng.choice(signs)
    splices: list[Splice] = []
    for spot in spots:
        node = spot.site.node
        assert isinstance(node, ast.BinOp | ast.Compare)
        right = node.right if isinstance(node, ast.BinOp) else node.comparators[0]
        splice = sign_splice(program, spot, node.left, right, before, after)
        if splice is not None:
            splices.append(splice)
    return _together(program, spots, splices, f"swapped {before} for {after}")


def _has_sign(site: Site) -> bool:
    node = site.node
    if type(node) is ast.BinOp:
        return type(node.op) in _ARITHMETIC and is_number(site.kind)
    return type(node) is ast.Compare and len(node.ops) == 1


def _sign_of(program: Program, spot: Spot) -> str:
    del program
    node = spot.site.node
    assert isinstance(node, ast.BinOp | ast.Compare)
    return OPERATOR_SIGNS[type(node.op if isinstance(node, ast.BinOp) else node.ops[0])]


def rewrite_values(program: Program, rng: Random) -> Change | None:
    """Extend or replace all expressions that read the same, or items of the same list."""
    spots = _twins(program, rng, _is_repeated, _subject)
    if not spots:
        return None
    narrow = min(spots, key=lambda spot: len(spot.site.place.bound))
    if rng.random() < 0.75:
        term = extended(program, narrow, rng, Term(_HOLE, ATOM))
    else:
        term = draw_term(program, narrow, rng, 1)
    if term is None or not _all_see(program, spots, term.text):
        return None
    splices: list[Splice] = []
    for spot in spots:
        own = Term(program.source(spot), binding(spot.site.node))
        text = term.text.replace(_HOLE, own.within(ATOM))
        splices.append(program.replace(spot, text, term.tightness))
    subject = clip(program.source(spots[0]), 20)
    return _together(program, spots, splices, f"{subject} -> {clip(splices[0].text)}")


def _is_repeated(site: Site) -> bool:
    return type(site.node) in _SUBJECTS and is_value(site)


def _subject(program: Program, spot: Spot) -> object:
    node = spot.site.node
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        return node.value.id, "item"
    return program.source(spot)


def exchange_names(program: Program, rng: Random) -> Change | None:
    """Read one variable wherever another is read, and perhaps the other way round."""
    spots = _twins(program, rng, _is_data_name, _source)
    if not spots:
        return None
    narrow = min(spots, key=lambda spot: len(spot.site.place.bound))
    own = program.source(narrow)
    others = namesakes(program, narrow)
    if not others:
        return None
    other = rng.choice(others)
    if not _all_see(program, spots, other):
        return None
    changes = [(spot, other) for spot in spots]
    if rng.random() < 0.5:
        function = narrow.site.place.function
        changes += [
            (spot, own)
            for spot in program.where(_is_data_name)
            if program.source(spot) == other
            and spot.site.place.function is function
            and program.is_visible(own, spot.chunk, spot.site.place)
        ]
    splices = [program.replace(spot, name, ATOM) for spot, name in changes]
    word = "exchanged with" if len(changes) > len(spots) else "->"
    return _together(program, spots, splices, f"{own} {word} {other}")


def _is_data_name(site: Site) -> bool:
    return type(site.node) is ast.Name and (is_number(site.kind) or is_list(site.kind))


COUPLED: Weighted = (
    (22, step_constants),
    (22, swap_operators),
    (40, rewrite_values),
    (16, exchange_names),
)
