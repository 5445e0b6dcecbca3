"""Simplifications that keep what a program computes: the counterweight to growth.

Drift along ties leaves code behind that does nothing. Each rule here removes some: literal
arithmetic is folded, neutral operands go, and so do statements that cannot be reached or
whose result nobody reads. A rule that depends on the kinds of values uses the guessed ones.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterator
from random import Random

from telic.operators._constants import literal_value, number_text
from telic.operators._edits import Change, clip
from telic.operators._kinds import is_number
from telic.operators._liveness import block_of
from telic.operators._nodes import nodes_in
from telic.operators._places import Block, Chunk, Site, Statement
from telic.operators._precedence import ATOM, FACTOR, TUPLE, binding
from telic.operators._program import Line, Program, Spot
from telic.operators._splice import Splice

__all__ = ["simplifications", "simplify"]

_FOLDS: dict[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_ORDERS: dict[type[ast.AST], Callable[[float, float], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_PURE = frozenset(
    {"abs", "min", "max", "len", "float", "int", "round", "sum", "sorted", "list", "range"}
    | {"tuple", "bool", "reversed", "enumerate", "zip", "set"}
)
_COMPOUND = ast.BinOp | ast.UnaryOp | ast.BoolOp | ast.Compare | ast.IfExp | ast.Call
_EFFECTS = ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom
_ASSIGNMENTS = ast.Assign | ast.AugAssign
_PASSED = ast.If | ast.For
"""Statements that do nothing when their blocks do nothing."""
_SUMS = ast.Add | ast.Sub
_SHARED = ast.Global | ast.Nonlocal
_LEAVES = ast.Return | ast.Raise | ast.Break | ast.Continue
_LONGEST = 12
"""Characters of a folded literal; a longer one is no simplification."""


def simplify(program: Program, rng: Random) -> Change | None:
    """Apply all simplifications at hand; or else those of statements, or some of the others.

    Statements go together: an assignment that nobody reads may feed another of its kind.
    """
    found = simplifications(program)
    draw = rng.random()
    if draw > 0.5:
        statements = {splice for splice in found if splice in set(_statement_rules(program))}
        others = [splice for splice in found if splice not in statements]
        if draw > 0.75 and statements:
            found = sorted(statements)
        elif others:
            found = [splice for splice in others if rng.random() < 0.5] or [rng.choice(others)]
    if not found:
        return None
    places = "1 place" if len(found) == 1 else f"{len(found)} places"
    first = program.text[found[0].start : found[0].end]
    note = f"simplified {places}, first {clip(first)} -> {clip(found[0].text) or 'nothing'}"
    return Change(tuple(found), note)


def simplifications(program: Program) -> list[Splice]:
    """Return all simplifications of a program that do not touch each other, in order."""
    known = program.notes.get("simplifications")
    if known is None:
        found = sorted((*_statement_rules(program), *_expression_rules(program)), key=_by_extent)
        kept: list[Splice] = []
        for splice in found:
            if not kept or splice.start >= kept[-1].end:
                kept.append(splice)
        known = program.notes["simplifications"] = kept
    assert isinstance(known, list)
    return list(known)


def _by_extent(splice: Splice) -> tuple[int, int]:
    return splice.start, -splice.end


# Expressions


def _expression_rules(program: Program) -> Iterator[Splice]:
    for spot in program.where(_is_compound):
        result = _simpler(program, spot)
        if result is None:
            continue
        text, tightness = result
        if text != program.source(spot):
            yield program.replace(spot, text, tightness)


def _is_compound(site: Site) -> bool:
    return isinstance(site.node, _COMPOUND)


def _simpler(program: Program, spot: Spot) -> tuple[str, int] | None:
    """Return a simpler expression of the same value, with its tightness, if a rule knows one."""
    rule = _RULES.get(type(spot.site.node))
    result = rule(program, spot, spot.site.node) if rule else None
    if isinstance(result, ast.expr):
        chunk = program.chunks[spot.chunk]
        start, end = chunk.lines.span(result)
        text = chunk.text[start:end]
        return text, TUPLE if "\n" in text else binding(result)
    if isinstance(result, bool):
        return str(result), ATOM
    if result is None:
        return None
    text = number_text(result, 17)
    return (text, FACTOR if text.startswith("-") else ATOM) if len(text) <= _LONGEST else None


_Result = ast.expr | float | None


def _binary(program: Program, spot: Spot, node: ast.BinOp) -> _Result:
    left, right = literal_value(node.left), literal_value(node.right)
    if left is not None and right is not None:
        return _folded(node, left, right)
    if not is_number(spot.site.kind):
        return None
    sign = type(node.op)
    if right is not None and _is_neutral(right, sign, (ast.Add, ast.Sub), (ast.Mult, ast.Pow)):
        return node.left if _keeps(program, spot, node.left, right) else None
    if sign is ast.Div and right == 1 and _kind(program, spot, node.left) == "float":
        return node.left
    if left is not None and _is_neutral(left, sign, (ast.Add,), (ast.Mult,)):
        return node.right if _keeps(program, spot, node.right, left) else None
    if sign is ast.Sub and isinstance(node.left, ast.Name) and _same(node.left, node.right):
        return 0
    return None


def _is_neutral(
    value: float, sign: type, sums: tuple[type, ...], products: tuple[type, ...]
) -> bool:
    return (value == 0 and sign in sums) or (value == 1 and sign in products)


def _keeps(program: Program, spot: Spot, operand: ast.expr, literal: float) -> bool:
    """Tell whether dropping a neutral literal keeps the type: 1.0 makes an integer real."""
    kind = _kind(program, spot, operand)
    return is_number(kind) and (isinstance(literal, int) or kind == "float")


def _kind(program: Program, spot: Spot, node: ast.expr) -> str:
    child = program.child(spot, node)
    return child.site.kind if child else "any"


def _folded(node: ast.BinOp, left: float, right: float) -> float | None:
    fold = _FOLDS.get(type(node.op))
    try:
        result = fold(left, right) if fold else None
    except (ZeroDivisionError, OverflowError):
        return None
    return result if result is not None and math.isfinite(result) else None


def _unary(program: Program, spot: Spot, node: ast.UnaryOp) -> _Result:
    del program
    inner = node.operand
    is_twice = isinstance(inner, ast.UnaryOp) and type(inner.op) is type(node.op)
    keeps = isinstance(node.op, ast.USub) or spot.site.role == "test"
    if isinstance(inner, ast.UnaryOp) and is_twice and keeps:
        return inner.operand
    if isinstance(node.op, ast.USub) and literal_value(inner) == 0:
        value = literal_value(inner)
        return value if isinstance(value, int) else None
    return None


def _boolean(program: Program, spot: Spot, node: ast.BoolOp) -> _Result:
    del program
    if len(node.values) != 2:
        return None
    first, second = node.values
    if _same(first, second) and is_pure(first):
        return first
    if isinstance(first, ast.Constant) and isinstance(first.value, int):
        return second if bool(first.value) == isinstance(node.op, ast.And) else first
    if spot.site.role == "test" and isinstance(second, ast.Constant):
        is_and = isinstance(node.op, ast.And)
        if (second.value is True and is_and) or (second.value is False and not is_and):
            return first
    return None


def _compare(program: Program, spot: Spot, node: ast.Compare) -> _Result:
    del program, spot
    if len(node.ops) != 1 or type(node.ops[0]) not in _ORDERS:
        return None
    order, right = _ORDERS[type(node.ops[0])], node.comparators[0]
    one, other = literal_value(node.left), literal_value(right)
    if one is not None and other is not None:
        return order(one, other)
    if isinstance(node.left, ast.Name) and _same(node.left, right):
        return order(0, 0)
    return None


def _conditional(program: Program, spot: Spot, node: ast.IfExp) -> _Result:
    del program, spot
    if isinstance(node.test, ast.Constant):
        return node.body if node.test.value else node.orelse
    return node.body if _same(node.body, node.orelse) and is_pure(node.test) else None


def _call(program: Program, spot: Spot, node: ast.Call) -> _Result:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in program.names or name in spot.site.place.function.hidden or node.keywords:
        return None
    values = [literal_value(argument) for argument in node.args]
    if name == "abs" and len(node.args) == 1:
        inner = node.args[0]
        if values[0] is not None:
            return abs(values[0])
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name):
            return inner if inner.func.id == "abs" else None
    if name in ("min", "max") and len(node.args) == 2:
        if _same(*node.args) and is_pure(node.args[0]):
            return node.args[0]
        if values[0] is not None and values[1] is not None:
            return (min if name == "min" else max)(values[0], values[1])
    return None


def is_pure(node: ast.AST) -> bool:
    """Tell whether evaluating an expression does nothing but give a value."""
    for part in nodes_in(node):
        if isinstance(part, ast.Call):
            function = part.func
            if isinstance(function, ast.Name) and function.id in _PURE:
                continue
            base = function.value if isinstance(function, ast.Attribute) else None
            if isinstance(base, ast.Name) and base.id == "math":
                continue
            return False
        if isinstance(part, _EFFECTS):
            return False
    return True


def _same(one: ast.AST, other: ast.AST) -> bool:
    return ast.dump(one) == ast.dump(other)


_RULES: dict[type, Callable[..., _Result]] = {
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _conditional,
    ast.Call: _call,
}


# Statements


def _statement_rules(program: Program) -> Iterator[Splice]:
    idle = [line for line in program.statements if _is_idle(program, line)]
    gone: dict[Block, int] = {}
    for line in reversed(idle):
        statement, offset = line.statement, program.offset(line)
        block = statement.block
        gone[block] = gone.get(block, 0) + 1
        if gone[block] < block.size:
            yield Splice(offset + statement.start, offset + statement.end, "")
        elif not isinstance(statement.node, ast.Pass):
            start = offset + statement.start + len(block.indent)
            yield Splice(start, offset + statement.text_end, "pass")


def _is_idle(program: Program, line: Line) -> bool:
    """Tell whether a statement does nothing that anything else can notice."""
    statement, chunk = line.statement, program.chunks[line.chunk]
    node, function = statement.node, statement.place.function
    if function.node is None:
        return False
    if not function.is_generator and _is_unreachable(statement):
        return True
    if isinstance(node, ast.Pass):
        return statement.block.size > 1
    if isinstance(node, _ASSIGNMENTS):
        return _is_idle_assignment(chunk, statement, node)
    if isinstance(node, _PASSED):
        blank = all(isinstance(part, ast.Pass) for part in (*node.body, *node.orelse))
        if isinstance(node, ast.If):
            return blank and is_pure(node.test)
        return blank and is_pure(node.iter) and getattr(node.target, "id", "") == "_"
    return isinstance(node, ast.Expr) and is_pure(node.value)


def _is_unreachable(statement: Statement) -> bool:
    body = block_of(statement)
    return any(isinstance(node, _LEAVES) for node in body[: statement.position])


def _is_idle_assignment(
    chunk: Chunk, statement: Statement, node: ast.Assign | ast.AugAssign
) -> bool:
    target = node.target if isinstance(node, ast.AugAssign) else node.targets[0]
    if not isinstance(target, ast.Name) or not is_pure(node.value):
        return False
    if isinstance(node, ast.Assign):
        if len(node.targets) > 1:
            return False
        if isinstance(node.value, ast.Name) and node.value.id == target.id:
            return True
    elif literal_value(node.value) == (
        0 if isinstance(node.op, _SUMS) else 1 if isinstance(node.op, ast.Mult) else None
    ) and isinstance(literal_value(node.value), int):
        return True
    function = statement.place.function
    shared = any(
        isinstance(part, _SHARED) and target.id in part.names for part in nodes_in(chunk.tree)
    )
    return target.id in function.stored and target.id not in chunk.loaded and not shared
