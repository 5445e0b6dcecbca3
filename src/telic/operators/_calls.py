"""Changes of call arguments: dropped, added after an example, or a new key to sort by."""

from __future__ import annotations

import ast
import re
from random import Random

from telic.operators._edits import Change, Weighted, clip, line_of
from telic.operators._generate import Term
from telic.operators._kinds import is_number
from telic.operators._places import Site
from telic.operators._precedence import FACTOR, TEST, TUPLE
from telic.operators._program import Program, Spot
from telic.operators._reusable import Reuse, reusable
from telic.operators._splice import Splice

__all__ = ["CALLS"]

_ORDERING = frozenset({"sorted", "sort", "min", "max", "nsmallest", "nlargest"})


def _name_of(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _is_call(site: Site) -> bool:
    return type(site.node) is ast.Call and bool(_name_of(site.node))


def _has_keywords(site: Site) -> bool:
    return type(site.node) is ast.Call and any(word.arg for word in site.node.keywords)


def _is_ordering(site: Site) -> bool:
    return type(site.node) is ast.Call and _name_of(site.node) in _ORDERING


def drop_argument(program: Program, rng: Random) -> Change | None:
    """Leave a keyword argument to its default."""
    spot = program.pick(_has_keywords, rng)
    if spot is None:
        return None
    node = spot.site.node
    assert isinstance(node, ast.Call)
    word = rng.choice([word for word in node.keywords if word.arg])
    chunk = program.chunks[spot.chunk]
    start = chunk.lines.offset(word.lineno, word.col_offset)
    end = chunk.lines.span(word.value)[1]
    while end < spot.site.end and chunk.text[end] in " )" and chunk.text[end] != ")":
        end += 1
    comma = re.compile(r",\s*$").search(chunk.text, 0, start)
    following = re.compile(r"\s*,\s*").match(chunk.text, end)
    if comma is not None:
        start = comma.start()
    elif following is not None:
        end = following.end()
    offset = program.offset(spot)
    note = f"line {line_of(program, spot)}: dropped {word.arg}= of {_name_of(node)}"
    return Change((Splice(offset + start, offset + end, ""),), note)


def add_argument(program: Program, rng: Random) -> Change | None:
    """Pass a keyword argument that another call of the same function passes."""
    spot = program.pick(_is_call, rng)
    if spot is None:
        return None
    node = spot.site.node
    assert isinstance(node, ast.Call)
    name = _name_of(node)
    present = {word.arg for word in node.keywords}
    known: list[str] = []
    if name in ("sorted", "sort") and "reverse" not in present:
        known.append("reverse=True")
    for index in program.live:
        chunk = program.chunks[index]
        for site in chunk.sites:
            if not isinstance(site.node, ast.Call) or _name_of(site.node) != name:
                continue
            known.extend(
                f"{word.arg}={word.value.value!r}"
                for word in site.node.keywords
                if word.arg not in present and isinstance(word.value, ast.Constant)
            )
    return _with_argument(program, spot, node, rng.choice(known)) if known else None


def _with_argument(program: Program, spot: Spot, node: ast.Call, text: str) -> Change | None:
    """Return the change that appends an argument to a call."""
    arguments = [*node.args, *(word.value for word in node.keywords)]
    if any(isinstance(argument, ast.GeneratorExp) for argument in arguments):
        return None
    chunk = program.chunks[spot.chunk]
    inside = chunk.text[: spot.site.end - 1].rstrip()
    comma = "" if inside.endswith(("(", ",")) else ", "
    at = program.offset(spot) + spot.site.end - 1
    note = f"line {line_of(program, spot)}: added {clip(text)} to {_name_of(node)}"
    return Change((Splice(at, at, comma + text),), note)


def order_by(program: Program, rng: Random) -> Change | None:
    """Order items by an expression that the program has elsewhere, or by their own value."""
    spot = program.pick(_is_ordering, rng)
    if spot is None:
        return None
    node = spot.site.node
    assert isinstance(node, ast.Call)
    name = _name_of(node)
    expected = {"sort": 0, "nsmallest": 2, "nlargest": 2}.get(name, 1)
    keys = _keys(program, spot)
    if len(node.args) != expected or not keys:
        return None
    parameter, term = rng.choice(keys)
    body = f"-{term.within(FACTOR)}" if rng.random() < 0.4 else term.within(TEST)
    function = f"lambda {parameter}: {body}"
    present = [word for word in node.keywords if word.arg == "key"]
    if not present:
        return _with_argument(program, spot, node, f"key={function}")
    value = program.child(spot, present[0].value)
    if value is None or program.source(value) == function:
        return None
    note = f"line {line_of(program, spot)}: {name} by {clip(body)}"
    return Change((program.replace(value, function, TEST),), note)


def _keys(program: Program, spot: Spot) -> list[tuple[str, Term]]:
    """Return a parameter and an expression of it for each number known of a single loose name."""
    place = spot.site.place
    found: list[tuple[str, Term]] = []
    for index in program.live:
        for item in reusable(program.chunks[index]):
            if not is_number(item.kind):
                continue
            loose = [
                name
                for name in sorted(item.names)
                if not program.is_visible(name, spot.chunk, place)
            ]
            if len(loose) == 1 and _is_plain(item, loose[0]):
                found.append((loose[0], Term(item.text, item.tightness)))
    return found


def _is_plain(item: Reuse, name: str) -> bool:
    return item.tightness > TUPLE and not re.search(rf"\b{re.escape(name)}\(", item.text)


CALLS: Weighted = ((3, drop_argument), (3, add_argument), (4, order_by))
