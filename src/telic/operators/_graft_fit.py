"""Fitting a building block into a program: where it is called, with what, and where it lies."""

from __future__ import annotations

import ast
import re
from random import Random

from telic.operators._edits import Change, clip, line_of
from telic.operators._graft_library import Block, Library
from telic.operators._kinds import (
    ANY,
    ARRAYS,
    element_kind,
    is_alike,
    is_data,
    is_list,
    is_number,
)
from telic.operators._places import Site
from telic.operators._precedence import binding
from telic.operators._program import Line, Program, Spot
from telic.operators._recursion import recursive_names
from telic.operators._splice import Splice

__all__ = ["called", "wrapped"]

_TRIES = 4
_TRIAL = "trial"
"""Name of the value that an objective judges."""


def called(program: Program, library: Library, block: Block, rng: Random) -> Change | None:
    """Replace a value by what a block makes of it, and bring the block along."""
    spots = [spot for spot in program.where(_is_value) if _suits(spot.site.kind, block)]
    for _ in range(_TRIES if spots else 0):
        spot = rng.choice(spots)
        source = program.source(spot)
        arguments = _arguments(program, block, spot, rng)
        if arguments is None or block.name in recursive_names(program, spot.site.place):
            continue
        if spot.site.place.is_risky or source.startswith(f"{block.name}("):
            continue
        brought = _brought(program, library, block, spot.chunk)
        if brought is None:
            return None
        call = f"{block.name}({', '.join([source, *arguments])})"
        change = program.replace(spot, call, binding(ast.parse(call, mode="eval").body))
        note = f"line {line_of(program, spot)}: grafted {block.name} on {clip(source)}"
        return Change((*brought, change), note)
    return None


def wrapped(program: Program, library: Library, block: Block, rng: Random) -> Change | None:
    """Decorate a function of the program with a block."""
    targets = [
        line
        for index, chunk in enumerate(program.chunks)
        for statement in chunk.statements
        for line in (Line(index, statement),)
        if _is_plain_function(statement.node)
        and not statement.block.indent
        and _may_change(program, line)
    ]
    if not targets:
        return None
    line = rng.choice(targets)
    brought = _brought(program, library, block, line.chunk)
    if brought is None:
        return None
    start = program.offset(line) + line.statement.start
    decorator = f"@{block.name}{program.newline}"
    note = f"line {line_of(program, line)}: grafted {block.name} around a function"
    if brought and brought[0].start == start:
        return Change((Splice(start, start, brought[0].text + decorator),), note)
    return Change((*brought, Splice(start, start, decorator)), note)


def _is_value(site: Site) -> bool:
    return is_data(site.kind) and site.role in ("value", "argument")


def _suits(kind: str, block: Block) -> bool:
    """Tell whether a value of a kind may go into a block and what comes out may replace it."""
    return _is_like(kind, block.parameters[0]) and _is_like(kind, block.returned)


def _is_like(kind: str, wanted: str) -> bool:
    """Tell whether a value may stand where a kind is wanted; numbers in a list do as an array."""
    if wanted in ARRAYS:
        return kind in ARRAYS or (is_list(kind) and is_number(element_kind(kind)))
    return wanted == ANY or is_alike(kind, wanted)


def _may_judge(taken: str, kind: str) -> bool:
    """Tell whether a parameter may take a value; what looks like a number may be an array."""
    return _is_like(kind, taken) or (kind in ARRAYS and is_number(taken))


def _arguments(program: Program, block: Block, spot: Spot, rng: Random) -> list[str] | None:
    """Return what goes into the parameters after the first, or ``None`` if something lacks."""
    place = spot.site.place
    data = program.visible_at(spot.chunk, place)
    found: list[str] = []
    for wanted in block.parameters[1:]:
        if wanted == "func":
            options = _objectives(program, spot)
        else:
            options = [name for name, kind in data if wanted == ANY or is_alike(kind, wanted)]
        if not options:
            return None
        found.append(rng.choice(options))
    return found


def _objectives(program: Program, spot: Spot) -> list[str]:
    """Return expressions for functions that turn a value like the one at a spot to a number."""
    place, kind = spot.site.place, spot.site.kind
    recursive = recursive_names(program, place)
    found: list[str] = []
    for name, entry in sorted(program.names.items()):
        if not entry.required <= 1 <= entry.allowed or name in recursive or name == _TRIAL:
            continue
        if not program.is_visible(name, spot.chunk, place):
            continue
        if not _may_judge(entry.parameters[0], kind):
            continue
        judged = f"{name}({_TRIAL})"
        if is_number(entry.returned):
            found += [name, f"lambda {_TRIAL}: -{judged}"]
        elif entry.returned == "array" or is_list(entry.returned):
            found += [f"lambda {_TRIAL}: {f}({judged})" for f in ("sum", "min", "max")]
            found.append(f"lambda {_TRIAL}: -max({judged})")
    return found


def _is_plain_function(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.FunctionDef)
        and not node.decorator_list
        and bool(node.args.posonlyargs or node.args.args)
    )


def _may_change(program: Program, line: Line) -> bool:
    offset, statement = program.offset(line), line.statement
    return program.may_change(offset + statement.start, offset + statement.end)


def _brought(
    program: Program, library: Library, block: Block, chunk: int
) -> tuple[Splice, ...] | None:
    """Return the insertion of a block's definition in front of a chunk that is to use it.

    Nothing is inserted when the program has a function of that name with the same arguments;
    ``None`` when the name is taken by something else, or nothing may be inserted there.
    """
    known = program.names.get(block.name)
    if known is not None:
        is_same = known.required == len(block.parameters) and known.chunk < chunk
        return () if is_same else None
    members = [library.blocks[name] for name in (*block.helpers, block.name)]
    if any(member.name in program.names for member in members[:-1]):
        return None
    lines = sorted({line for name, line in block.imports if name not in program.names})
    at = _above_comments(program, program.offsets[chunk] + program.chunks[chunk].extent[0])
    if at is None:
        return None
    parts = ["\n".join(lines) + "\n"] if lines else []
    parts += [member.text for member in members]
    text = "\n\n".join(parts) + "\n\n"
    return (Splice(at, at, text.replace("\n", program.newline)),)


def _above_comments(program: Program, start: int) -> int | None:
    """Return where to insert before a statement and the comments that belong to it."""
    region = next((r for r in program.regions if r.start <= start <= r.end), None)
    start = program.text.rfind("\n", 0, start) + 1
    if region is None or start < region.start:
        return None
    while start > region.start:
        above = program.text.rfind("\n", 0, start - 1) + 1
        if above < region.start or not re.match(r"#", program.text[above:start]):
            break
        start = above
    return start
