"""New statements, made of what is at hand where they go."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from random import Random

from telic.operators._edits import Change, line_of
from telic.operators._generate import grow, number, truth
from telic.operators._kinds import is_data
from telic.operators._layout import indent_unit
from telic.operators._liveness import is_read_after
from telic.operators._material import Material, material_at
from telic.operators._program import Line, Program
from telic.operators._recursion import recursive_names
from telic.operators._reusable import free_names
from telic.operators._sites import names_bound
from telic.operators._splice import Splice

__all__ = ["Lines", "condition", "draw_lines", "insertion", "new_assignment"]

_SIMPLE = ast.Assign | ast.AugAssign | ast.Expr

Lines = Sequence[str]
"""Lines of a new statement; a leading tab stands for one more level of indentation."""


def insertion(
    program: Program, line: Line, lines: Lines, note: str, *, after: bool = False
) -> Change:
    """Return the change that adds lines before or after a statement."""
    chunk = program.chunks[line.chunk]
    statement = line.statement
    indent = statement.block.indent
    unit = indent_unit(chunk, indent)
    text = program.newline.join(
        indent + (unit + part[1:] if part.startswith("\t") else part) for part in lines
    )
    offset = program.offset(line)
    if after:
        at = offset + statement.text_end
        splice = Splice(at, at, program.newline + text)
    else:
        at = offset + statement.start
        splice = Splice(at, at, text + program.newline)
    return Change((splice,), f"line {line_of(program, line)}: {note}")


def draw_lines(program: Program, line: Line, rng: Random, *, after: bool) -> Lines | None:
    """Make a new statement of a drawn form for a place beside a statement."""
    draw = rng.random()
    if draw < 0.33:
        assignment = new_assignment(program, line, rng, after=after)
        return assignment and [assignment]
    if draw < 0.6:
        return _guarded(program, line, rng, after=after)
    if draw < 0.8:
        return _exit(program, line, rng, after=after)
    make = _copy if draw < 0.93 else _order
    return make(program, line, rng, after=after)


def condition(program: Program, line: Line, rng: Random) -> str | None:
    """Make a condition for a place beside a statement."""
    term = truth(_material(program, line), rng, 2)
    return term and term.text


def new_assignment(program: Program, line: Line, rng: Random, *, after: bool) -> str | None:
    """Give another value to a variable of the function that is read later."""
    material = _material(program, line)
    names = _variables(line, material)
    if not names:
        return None
    name, term = rng.choice(names), number(material, rng, 2)
    if term.text in ("0", name) or not _is_read(program, line, name, after=after):
        return None
    if rng.random() < 0.5:
        return f"{name} {rng.choice('+-*')}= {term.text}"
    return f"{name} = {term.text}"


def _material(program: Program, line: Line) -> Material:
    return material_at(program, line.chunk, line.statement.place)


def _variables(line: Line, material: Material) -> list[str]:
    """Return the number variables that belong to the function itself."""
    function = line.statement.place.function
    place = line.statement.place
    own = (function.stored & place.bound) - function.indices - function.counters
    return [name for name in material.numbers if name in own - place.watched]


def _guarded(program: Program, line: Line, rng: Random, *, after: bool) -> Lines | None:
    inner = new_assignment(program, line, rng, after=after)
    test = condition(program, line, rng)
    return None if inner is None or test is None else [f"if {test}:", f"\t{inner}"]


def _exit(program: Program, line: Line, rng: Random, *, after: bool) -> Lines | None:
    """Leave the function or loop early under a condition."""
    place = line.statement.place
    test = condition(program, line, rng)
    if test is None or place.function.node is None:
        return None
    if place.loops and rng.random() < 0.7:
        is_last = line.statement.position == line.statement.block.size - 1
        if after and is_last:
            return None  # the loop would go on anyway
        # Skipping the rest of a ``while`` loop's body may skip what ends it.
        word = "break" if place.in_while else rng.choice(("continue", "continue", "break"))
        return [f"if {test}:", f"\t{word}"]
    returned = place.function.returned
    value = grow(_material(program, line), returned, rng, 1) if is_data(returned) else None
    return None if value is None else [f"if {test}:", f"\treturn {value.text}"]


def _is_read(program: Program, line: Line, name: str, *, after: bool) -> bool:
    return is_read_after(program.chunks[line.chunk], line.statement, name, after=after)


def _copy(program: Program, line: Line, rng: Random, *, after: bool) -> Lines | None:
    """Return a simple statement of the program whose names all have a value here."""
    place = line.statement.place
    known: list[str] = []
    for other in program.statements:
        node = other.statement.node
        if not isinstance(node, _SIMPLE) or other is line:
            continue
        chunk = program.chunks[other.chunk]
        text = chunk.text[other.statement.start : other.statement.text_end].strip()
        names = free_names(text)
        stored = names_bound(node)
        if (
            names
            and "#" not in text
            and not (isinstance(node, ast.Expr) and names & place.watched)
            and not names & recursive_names(program, place)
            and all(program.is_visible(name, line.chunk, place) for name in names - stored)
            and stored <= (place.function.stored & place.bound) - place.watched
            and (not stored or any(_is_read(program, line, name, after=after) for name in stored))
        ):
            known.append(text)
    return [rng.choice(known)] if known else None


def _order(program: Program, line: Line, rng: Random, *, after: bool) -> Lines | None:
    place = line.statement.place
    names = [
        name
        for name in _material(program, line).lists
        if name in (place.function.stored & place.bound) - place.watched
        and _is_read(program, line, name, after=after)
    ]
    if not names:
        return None
    name = rng.choice(names)
    forms = (f"{name} = sorted({name})", f"{name} = sorted({name}, reverse=True)")
    return [rng.choice((*forms, f"{name} = list({name})[::-1]"))]
