"""Crossover of two programs: lines, expressions, statements and functions change hands.

What comes from the donor is adapted to the names in scope where it goes: a name that has no
value there is replaced by one of the same kind that has.
"""

from __future__ import annotations

import ast
import re
from random import Random

from telic.operators._edits import Change, clip, line_of, replacement
from telic.operators._hunks import cross_lines
from telic.operators._kinds import is_alike, is_data
from telic.operators._layout import lines_of, reindent, with_break
from telic.operators._nodes import names_read, nodes_in
from telic.operators._places import Chunk, Place, Site, Statement
from telic.operators._precedence import TUPLE, binding
from telic.operators._program import Line, Program
from telic.operators._recursion import recursive_names
from telic.operators._reusable import free_names
from telic.operators._sites import names_bound
from telic.operators._splice import Splice
from telic.operators._statements import is_movable, needs

__all__ = ["cross", "cross_expression", "cross_function", "cross_statement"]

_TERMINALS = ast.Name | ast.Constant
_LOOPS = ast.For | ast.While | ast.AsyncFor
_EXITS = ast.Break | ast.Continue
_LEAVES = ast.Return | ast.Raise | ast.Break | ast.Continue
_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef
_IDENTIFIER = re.compile(r"(?<![\w.])[^\W\d]\w*")


def cross(program: Program, donor: Program, rng: Random) -> Change | None:
    """Take something from the donor: some lines, an expression, a statement or a function."""
    draw = rng.random()
    if draw < 0.4:
        return cross_lines(program, donor, rng)
    if draw < 0.7:
        return cross_expression(program, donor, rng)
    if draw < 0.87:
        return cross_statement(program, donor, rng)
    return cross_function(program, donor, rng)


def cross_expression(program: Program, donor: Program, rng: Random) -> Change | None:
    """Put an expression of the donor in the place of one of the same kind and use."""
    spot = program.pick(_is_exchangeable, rng)
    if spot is None:
        return None
    own = spot.site
    candidates = [
        other
        for other in donor.where(_is_exchangeable)
        if _is_like(other.site, own) and not isinstance(other.site.node, _TERMINALS)
    ]
    for _ in range(4 if candidates else 0):
        other = rng.choice(candidates)
        text = adapted(program, spot.chunk, own.place, donor.source(other), other.site.place, rng)
        if text is not None and text != program.source(spot):
            tightness = TUPLE if "\n" in text else binding(other.site.node)
            return replacement(program, spot, text, tightness)
    return None


def _is_exchangeable(site: Site) -> bool:
    return is_data(site.kind) and site.role in ("value", "argument", "test")


def _is_like(site: Site, other: Site) -> bool:
    if (site.role == "test") != (other.role == "test"):
        return False
    return is_alike(site.kind, other.kind)


def adapted(
    program: Program, chunk: int, place: Place, text: str, origin: Place, rng: Random
) -> str | None:
    """Return code with the names that have no value at a place replaced by ones that have.

    Args:
        program: where the code goes.
        chunk: index of the chunk of the place.
        place: what holds there.
        text: code on one line that binds no names.
        origin: the place it comes from, for the kinds of its names.
        rng: draws among the names of the same kind.
    """
    names = free_names(text)
    if names is None or names & recursive_names(program, place):
        return None
    renamed: dict[str, str] = {}
    for name in sorted(names):
        if program.is_visible(name, chunk, place):
            continue
        kind = origin.function.kinds.get(name, "any")
        alike = [
            other for other, known in program.visible_at(chunk, place) if is_alike(known, kind)
        ]
        if not alike or kind == "any":
            return None
        renamed[name] = rng.choice(alike)
    return _IDENTIFIER.sub(lambda match: renamed.get(match[0], match[0]), text)


def cross_statement(program: Program, donor: Program, rng: Random) -> Change | None:
    """Insert a statement of the donor, or put it in the place of one."""
    lines = [line for line in donor.statements if is_movable(line.statement)]
    anchors = [line for line in program.statements if is_movable(line.statement)]
    if not lines or not anchors:
        return None
    line, anchor = rng.choice(lines), rng.choice(anchors)
    if not _fits(program, anchor, line):
        return None
    source = donor.chunks[line.chunk]
    statement, place = line.statement, anchor.statement
    text = reindent(
        source,
        statement.node,
        lines_of(source, statement),
        statement.block.indent,
        place.block.indent,
    )
    text = with_break(re.sub(r"\r\n|\r|\n", program.newline, text), program.newline)
    if text in program.text and "\n" not in text.strip():
        return None
    offset = program.offset(anchor)
    start = offset + place.start
    is_free = not place.place.is_risky and not needs(program, anchor)
    replaces = rng.random() < 0.5 and is_free
    end = offset + place.end if replaces else start
    word = "replaced by" if replaces else "inserted"
    note = f"line {line_of(program, anchor)}: {word} {clip(text.strip())} of the other parent"
    return Change((Splice(start, end, text),), note)


def _fits(program: Program, anchor: Line, line: Line) -> bool:
    """Tell whether a statement's names allow it at an anchor of another program."""
    node, place = line.statement.node, anchor.statement.place
    if isinstance(node, _LEAVES):
        return False
    if not place.loops and _leaves_loop(node):
        return False
    bound = names_bound(node)
    if bound & place.watched:
        return False  # might keep a loop from ending
    fresh = bound - place.function.stored
    chunk = program.chunks[anchor.chunk]
    if fresh & chunk.loaded:
        return False  # would turn a name of the module into a local one
    read = names_read(node) - fresh
    recursive = recursive_names(program, place)
    return all(
        program.is_visible(name, anchor.chunk, place) and name not in recursive for name in read
    )


def _leaves_loop(node: ast.stmt) -> bool:
    """Tell whether a statement may break or continue a loop that it does not hold itself."""
    if isinstance(node, _LOOPS):
        return False
    return any(isinstance(part, _EXITS) for part in nodes_in(node))


def cross_function(program: Program, donor: Program, rng: Random) -> Change | None:
    """Take over a function of the donor, with the functions it calls that are missing here."""
    own, others = _functions(program), _functions(donor)
    pairs = [
        (own[name], others[name])
        for name in own
        if name in others and _may_follow(program, donor, own[name], others[name])
    ]
    if not pairs:
        return None
    line, other = rng.choice(pairs)
    missing = _missing(program, donor, other)
    if missing is None:
        return None
    offset, place = program.offset(line), line.statement
    brought = [_text_of(donor, others[name]) for name in missing]
    text = (program.newline * 2).join([*brought, _text_of(donor, other)])
    splice = Splice(offset + place.start, offset + place.end, text)
    name = getattr(place.node, "name", "")
    with_what = f" with {', '.join(missing)}" if missing else ""
    return Change((splice,), f"took {name}{with_what} from the other parent")


def _functions(program: Program) -> dict[str, Line]:
    """Return the functions of the module level by name."""
    return {
        statement.node.name: Line(index, statement)
        for index, chunk in enumerate(program.chunks)
        for statement in chunk.statements
        if isinstance(statement.node, _FUNCTIONS)
        and statement.place.function.node is None
        and not statement.block.indent
    }


def _text_of(program: Program, line: Line) -> str:
    chunk, statement = program.chunks[line.chunk], line.statement
    return with_break(chunk.text[statement.start : statement.end], program.newline)


def _may_follow(program: Program, donor: Program, own: Line, other: Line) -> bool:
    """Tell whether a function may be replaced by its namesake."""
    offset, statement = program.offset(own), own.statement
    return (
        program.may_change(offset + statement.start, offset + statement.end)
        and _text_of(program, own) != _text_of(donor, other)
        and _arity(statement) == _arity(other.statement)
    )


def _arity(statement: Statement) -> int:
    node = statement.node
    assert isinstance(node, _FUNCTIONS)
    return len(node.args.posonlyargs) + len(node.args.args)


def _missing(program: Program, donor: Program, line: Line) -> list[str] | None:
    """Return the donor's functions that must come along; ``None`` if more than functions must."""
    found: list[str] = []
    pending = [donor.chunks[line.chunk]]
    while pending:
        chunk: Chunk = pending.pop()
        for name in sorted(chunk.loaded):
            if name in program.names or name in found or name not in donor.names:
                continue
            entry = donor.names[name]
            if entry.required < 0 or donor.chunks[entry.chunk] is chunk:
                return None
            found.append(name)
            pending.append(donor.chunks[entry.chunk])
    return found
