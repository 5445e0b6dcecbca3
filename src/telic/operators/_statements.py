"""Inserting, deleting, repeating, moving, guarding and unwrapping statements."""

from __future__ import annotations

import ast
from random import Random

from telic.operators._edits import Change, Weighted, clip, line_of
from telic.operators._insertions import condition, draw_lines, insertion, new_assignment
from telic.operators._layout import indent_unit, lines_of, reindent, with_break
from telic.operators._liveness import depend
from telic.operators._nodes import names_read, nodes_in
from telic.operators._places import Chunk, Statement
from telic.operators._program import Line, Program
from telic.operators._sites import names_bound
from telic.operators._splice import Splice

__all__ = ["STATEMENTS", "is_movable", "needs"]

_IDLE = (
    ast.FunctionDef
    | ast.AsyncFunctionDef
    | ast.ClassDef
    | ast.Import
    | ast.ImportFrom
    | ast.Global
    | ast.Nonlocal
    | ast.Delete
    | ast.Pass
)
_RISK_TAKEN = 0.05
_REPEATABLE = ast.AugAssign | ast.Expr | ast.For | ast.If
_EXITS = ast.Break | ast.Continue | ast.Return
_LEAVES = ast.Return | ast.Raise | ast.Break | ast.Continue


def is_movable(statement: Statement) -> bool:
    """Tell whether a statement does work, rather than declare something."""
    return not isinstance(statement.node, _IDLE)


def used_outside(chunk: Chunk, statement: Statement, names: frozenset[str]) -> bool:
    """Tell whether a name is read in the chunk anywhere but in a statement."""
    return any(
        isinstance(site.node, ast.Name)
        and site.node.id in names
        and not statement.start <= site.start < statement.end
        for site in chunk.sites
    )


def needs(program: Program, line: Line) -> bool:
    """Tell whether other statements count on names that a statement is the first to bind."""
    statement = line.statement
    fresh = names_bound(statement.node) - statement.place.bound
    return bool(fresh) and used_outside(program.chunks[line.chunk], statement, fresh)


def pick(program: Program, rng: Random, kinds: type | None = None) -> Line | None:
    """Draw a movable statement; those that end a ``while`` loop are mostly passed over."""
    found = [
        line
        for line in program.statements
        if is_movable(line.statement) and (kinds is None or isinstance(line.statement.node, kinds))
    ]
    for _ in range(4 if found else 0):
        line = rng.choice(found)
        if not line.statement.place.is_risky or rng.random() < _RISK_TAKEN:
            return line
    return None


def insert(program: Program, rng: Random) -> Change | None:
    """Add a new statement beside another."""
    line = pick(program, rng)
    if line is None:
        return None
    after = rng.random() < 0.4 and not isinstance(line.statement.node, _LEAVES)
    lines = draw_lines(program, line, rng, after=after)
    if lines is None:
        return None
    return insertion(program, line, lines, f"inserted {clip(' '.join(lines))}", after=after)


def delete(program: Program, rng: Random) -> Change | None:
    """Remove a statement that nothing else counts on."""
    line = pick(program, rng)
    if line is None or line.statement.place.is_risky or needs(program, line):
        return None
    statement = line.statement
    if isinstance(statement.node, _LEAVES) and not isinstance(statement.block.owner, ast.If):
        return None
    offset = program.offset(line)
    note = f"line {line_of(program, line)}: deleted {clip(_source(program, line))}"
    if statement.block.size > 1:
        return Change((Splice(offset + statement.start, offset + statement.end, ""),), note)
    start = offset + statement.start + len(statement.block.indent)
    return Change((Splice(start, offset + statement.text_end, "pass"),), note)


def _source(program: Program, line: Line) -> str:
    statement = line.statement
    return program.chunks[line.chunk].text[statement.start : statement.text_end].strip()


def duplicate(program: Program, rng: Random) -> Change | None:
    """Run a statement a second time."""
    line = pick(program, rng)
    if line is None or not _is_repeatable(line.statement.node):
        return None
    chunk, statement = program.chunks[line.chunk], line.statement
    text = with_break(chunk.text[statement.start : statement.end], program.newline)
    at = program.offset(line) + statement.start
    note = f"line {line_of(program, line)}: repeated {clip(_source(program, line))}"
    return Change((Splice(at, at, text),), note)


def _is_repeatable(node: ast.stmt) -> bool:
    """Tell whether doing it twice can differ from doing it once."""
    if isinstance(node, ast.Assign):
        read = names_read(node.value)
        return bool(names_bound(node) & read)
    return isinstance(node, _REPEATABLE)


def swap_neighbours(program: Program, rng: Random) -> Change | None:
    """Exchange two neighbouring statements whose names allow it."""
    line = pick(program, rng)
    if line is None or isinstance(line.statement.node, _LEAVES):
        return None
    first = line.statement
    following = [
        other
        for other in program.statements
        if other.chunk == line.chunk
        and other.statement.block is first.block
        and other.statement.position == first.position + 1
    ]
    if not following or not is_movable(following[0].statement):
        return None
    second = following[0].statement
    fresh = names_bound(first.node) - first.place.bound
    read = names_read(second.node)
    is_idle = not depend(first.node, second.node)
    if fresh & read or is_idle or isinstance(second.node, _LEAVES):
        return None
    chunk = program.chunks[line.chunk]
    texts = [
        with_break(chunk.text[part.start : part.end], program.newline) for part in (first, second)
    ]
    offset = program.offset(line)
    between = chunk.text[first.end : second.start]
    splice = Splice(offset + first.start, offset + second.end, texts[1] + between + texts[0])
    return Change((splice,), f"line {line_of(program, line)}: exchanged with the next statement")


def wrap(program: Program, rng: Random) -> Change | None:
    """Put a statement under a condition or in a short loop."""
    line = pick(program, rng)
    if line is None or needs(program, line):
        return None
    node = line.statement.node
    if rng.random() < 0.7:
        test = condition(program, line, rng)
        if test is None or (isinstance(node, _LEAVES) and line.statement.block.size == 1):
            return None
        if isinstance(node, ast.Return) and not isinstance(line.statement.block.owner, ast.If):
            return None
        return _wrapped(program, line, f"if {test}:")
    if not _is_repeatable(node) or _leaves(node):
        return None
    return _wrapped(program, line, f"for _ in range({rng.choice((2, 2, 3, 5, 10))}):")


def _leaves(node: ast.stmt) -> bool:
    return any(isinstance(part, _EXITS) for part in nodes_in(node))


def _wrapped(program: Program, line: Line, header: str) -> Change:
    chunk, statement = program.chunks[line.chunk], line.statement
    indent = statement.block.indent
    inner = indent + indent_unit(chunk, indent)
    body = reindent(chunk, statement.node, lines_of(chunk, statement), indent, inner)
    offset = program.offset(line)
    splice = Splice(
        offset + statement.start,
        offset + statement.end,
        f"{indent}{header}{program.newline}{body}",
    )
    return Change((splice,), f"line {line_of(program, line)}: wrapped in {clip(header)}")


def unwrap(program: Program, rng: Random) -> Change | None:
    """Run the body of a conditional statement always."""
    line = pick(program, rng, ast.If)
    if line is None:
        return None
    node = line.statement.node
    assert isinstance(node, ast.If)
    chunk, owner = program.chunks[line.chunk], line.statement
    body = node.orelse if node.orelse and rng.random() < 0.4 else node.body
    inner = [part for part in chunk.statements if part.node in body]
    if not inner or len(inner) != len(body) or any(isinstance(n, _LEAVES) for n in body):
        return None
    first = lines_of(chunk, inner[0]).start
    if body is node.body:  # with the comments above its first statement
        first = min(first, (node.test.end_lineno or first) + 1)
    lines = range(first, lines_of(chunk, inner[-1]).stop)
    text = reindent(chunk, node, lines, inner[0].block.indent, owner.block.indent)
    offset = program.offset(line)
    splice = Splice(offset + owner.start, offset + owner.end, text)
    note = f"line {line_of(program, line)}: removed {clip(_source(program, line).split(':')[0])}"
    return Change((splice,), note)


def add_otherwise(program: Program, rng: Random) -> Change | None:
    """Give a conditional statement an ``else``."""
    line = pick(program, rng, ast.If)
    if line is None:
        return None
    node = line.statement.node
    assert isinstance(node, ast.If)
    inner = new_assignment(program, line, rng, after=True)
    if node.orelse or inner is None:
        return None
    lines = ["else:", f"\t{inner}"]
    return insertion(program, line, lines, f"added else: {clip(inner)}", after=True)


STATEMENTS: Weighted = (
    (34, insert),
    (24, delete),
    (8, duplicate),
    (12, swap_neighbours),
    (14, wrap),
    (8, unwrap),
    (6, add_otherwise),
)
