"""Swaps: one operator, function, flag or operand for another; conditions turned round."""

from __future__ import annotations

import ast
import re
from random import Random

from telic.operators._edits import Change, Weighted, clip, line_of, replacement
from telic.operators._generate import Term, combine
from telic.operators._kinds import ARRAYS, is_number
from telic.operators._liveness import is_guard
from telic.operators._places import Site
from telic.operators._precedence import (
    ATOM,
    NEGATED,
    OPERATOR_SIGNS,
    TEST,
    binding,
)
from telic.operators._program import Program, Spot
from telic.operators._splice import Splice

__all__ = ["SWAPS", "arithmetic_signs", "order_signs", "sign_splice", "swapped_sign", "term_of"]

_LOGICAL = frozenset({ast.Compare, ast.BoolOp})
_ORDERED = frozenset({ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow})
"""Arithmetic whose operands are not alike."""
_SYMMETRIC = ast.Eq | ast.NotEq | ast.Is
_DISPLAYS = ast.Tuple | ast.List
_UNPACKING = ast.Return | ast.Assign | ast.Subscript
_EXITS = ast.Break | ast.Continue
_ARITHMETIC = ("+", "-", "*", "/")
_SIGNS = (*_ARITHMETIC, "//", "%", "**")
_ORDERS = ("<", "<=", ">", ">=")
_OPPOSITE = {
    "<": ">=",
    "<=": ">",
    ">": "<=",
    ">=": "<",
    "==": "!=",
    "!=": "==",
    "is": "is not",
    "is not": "is",
    "in": "not in",
    "not in": "in",
}
_FAMILIES = (
    ("min", "max"),
    ("any", "all"),
    ("sum", "max", "min"),
    ("abs", "float"),
    ("floor", "ceil", "round", "trunc"),
    ("sin", "cos", "tanh", "atan", "tan", "sinh", "asinh"),
    ("sqrt", "log1p", "cbrt", "log"),
    ("exp", "expm1", "cosh"),
    ("argmin", "argmax"),
    ("minimum", "maximum"),
    ("mean", "max", "min", "sum", "std"),
)
_ITEM_REDUCTIONS = frozenset({"sum", "len"})


def swap_operator(program: Program, rng: Random) -> Change | None:
    """Swap one arithmetic, comparison or boolean operator."""
    spot = program.pick(_has_operator, rng)
    if spot is None or (spot.site.role == "index" and rng.random() < 0.7):
        return None
    node = spot.site.node
    if isinstance(node, ast.BinOp):
        return _swap_arithmetic(program, spot, node, rng)
    if isinstance(node, ast.Compare):
        return _swap_comparison(program, spot, node, rng)
    if isinstance(node, ast.BoolOp):
        return _swap_boolean(program, spot, node)
    return None


def _has_operator(site: Site) -> bool:
    node = site.node
    if type(node) is ast.BinOp:
        return OPERATOR_SIGNS[type(node.op)] in _SIGNS and (
            is_number(site.kind) or site.kind in ARRAYS
        )
    return type(node) in _LOGICAL and not is_guard(node)


def arithmetic_signs(sign: str, role: str) -> tuple[str, ...]:
    """Return the arithmetic signs that may take the place of one."""
    if role == "index" or sign == "//":
        return tuple(other for other in ("+", "-", "*", "//") if other != sign)
    return tuple(other for other in _ARITHMETIC if other != sign)


def order_signs(sign: str) -> tuple[str, ...]:
    """Return the comparisons that may take the place of one, the likely ones repeated."""
    near = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}.get(sign)
    if near is None:
        return (_OPPOSITE[sign],)
    return (near, near, *(other for other in _ORDERS if other not in (sign, near)))


def _swap_arithmetic(program: Program, spot: Spot, node: ast.BinOp, rng: Random) -> Change | None:
    before = OPERATOR_SIGNS[type(node.op)]
    return swapped_sign(program, spot, node, rng.choice(arithmetic_signs(before, spot.site.role)))


def swapped_sign(program: Program, spot: Spot, node: ast.BinOp, sign: str) -> Change | None:
    """Give an arithmetic expression another sign, with brackets that keep its operands."""
    left, right = term_of(program, spot, node.left), term_of(program, spot, node.right)
    before = OPERATOR_SIGNS[type(node.op)]
    note = f"line {line_of(program, spot)}: swapped {before} for {sign}"
    if left is None or right is None or "\n" in program.source(spot):
        splice = sign_splice(program, spot, node.left, node.right, before, sign)
        return None if splice is None else Change((splice,), note)
    if left.text == right.text and sign in ("-", "/"):
        return None
    term = combine(left, sign, right)
    return Change((program.replace(spot, term.text, term.tightness),), note)


def _swap_comparison(program: Program, spot: Spot, node: ast.Compare, rng: Random) -> Change | None:
    place = rng.randrange(len(node.ops))
    before = OPERATOR_SIGNS[type(node.ops[place])]
    after = rng.choice(order_signs(before))
    sides = [node.left, *node.comparators]
    splice = sign_splice(program, spot, sides[place], sides[place + 1], before, after)
    note = f"line {line_of(program, spot)}: swapped {before} for {after}"
    return None if splice is None else Change((splice,), note)


def _swap_boolean(program: Program, spot: Spot, node: ast.BoolOp) -> Change | None:
    before = OPERATOR_SIGNS[type(node.op)]
    after = "or" if before == "and" else "and"
    splices = [
        sign_splice(program, spot, left, right, before, after)
        for left, right in zip(node.values, node.values[1:], strict=False)
    ]
    if after == "or" and spot.site.slot > TEST + 1:
        return None  # would be torn apart by what is around it
    note = f"line {line_of(program, spot)}: swapped {before} for {after}"
    found = tuple(splice for splice in splices if splice is not None)
    return Change(found, note) if len(found) == len(splices) else None


def sign_splice(
    program: Program, spot: Spot, left: ast.expr, right: ast.expr, before: str, after: str
) -> Splice | None:
    """Return the splice that replaces the operator sign between two operands."""
    chunk = program.chunks[spot.chunk]
    start, end = chunk.lines.span(left)[1], chunk.lines.span(right)[0]
    pattern = re.escape(before).replace(r"\ ", r"\s+")
    for match in re.finditer(rf"#[^\r\n]*|({pattern})", chunk.text[start:end]):
        if match[1]:
            offset = program.offset(spot) + start
            return Splice(offset + match.start(), offset + match.end(), after)
    return None


def term_of(program: Program, spot: Spot, node: ast.expr) -> Term | None:
    """Return the source of a part of a site; ``None`` if it holds a line break or comment."""
    chunk = program.chunks[spot.chunk]
    start, end = chunk.lines.span(node)
    text = chunk.text[start:end]
    if "\n" in text or "\r" in text:
        return None
    return Term(text, ATOM if _is_enclosed(node) else binding(node))


def _is_enclosed(node: ast.expr) -> bool:
    """Tell whether a tuple or generator carries its own brackets."""
    if isinstance(node, ast.Tuple):
        return not node.elts or node.elts[0].col_offset > node.col_offset
    return isinstance(node, ast.GeneratorExp)


def negate_condition(program: Program, rng: Random) -> Change | None:
    """Turn a condition into its opposite."""
    spot = program.pick(_is_condition, rng)
    if spot is None:
        return None
    node = spot.site.node
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = term_of(program, spot, node.operand)
        return inner and replacement(program, spot, inner.text, inner.tightness)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        before = OPERATOR_SIGNS[type(node.ops[0])]
        after = _OPPOSITE[before]
        splice = sign_splice(program, spot, node.left, node.comparators[0], before, after)
        note = f"line {line_of(program, spot)}: negated {clip(program.source(spot))}"
        return None if splice is None else Change((splice,), note)
    whole = term_of(program, spot, node)
    return whole and replacement(program, spot, f"not {whole.within(NEGATED)}", NEGATED)


def _is_condition(site: Site) -> bool:
    if site.role != "test" or site.kind in ARRAYS:
        return False
    return not isinstance(site.parent, ast.UnaryOp) and not is_guard(site.node)


def swap_operands(program: Program, rng: Random) -> Change | None:
    """Exchange two operands, arguments, items or branches."""
    spot = program.pick(_has_operands, rng)
    if spot is None:
        return None
    node = spot.site.node
    if isinstance(node, ast.BinOp):
        pair = (node.left, node.right)
    elif isinstance(node, ast.Compare):
        pair = (node.left, node.comparators[0])
    elif isinstance(node, ast.IfExp):
        pair = (node.body, node.orelse)
    else:
        items = node.args if isinstance(node, ast.Call) else getattr(node, "elts", [])
        first = rng.randrange(len(items) - 1)
        pair = (items[first], items[rng.randrange(first + 1, len(items))])
    one, other = (program.child(spot, part) for part in pair)
    if one is None or other is None or program.source(one) == program.source(other):
        return None
    sources = [(program.source(part), binding(part.site.node)) for part in (one, other)]
    splices = (program.replace(one, *sources[1]), program.replace(other, *sources[0]))
    note = f"line {line_of(program, spot)}: exchanged {clip(sources[0][0], 20)}"
    return Change(splices, f"{note} and {clip(sources[1][0], 20)}")


def _has_operands(site: Site) -> bool:
    node = site.node
    if isinstance(node, ast.BinOp):
        return type(node.op) in _ORDERED and (is_number(site.kind) or site.kind in ARRAYS)
    if isinstance(node, ast.Compare):
        return len(node.ops) == 1 and not isinstance(node.ops[0], _SYMMETRIC)
    if isinstance(node, ast.Call):
        is_symmetric = isinstance(node.func, ast.Name) and node.func.id in ("min", "max")
        has_star = any(isinstance(argument, ast.Starred) for argument in node.args)
        return len(node.args) > 1 and not has_star and not is_symmetric
    if isinstance(node, _DISPLAYS):
        is_unpacked = isinstance(site.parent, _UNPACKING)
        return len(node.elts) > 1 and not (is_unpacked and isinstance(node, ast.Tuple))
    return isinstance(node, ast.IfExp)


def swap_function(program: Program, rng: Random) -> Change | None:
    """Call a related function, such as ``max`` for ``min`` or ``cos`` for ``sin``."""
    spot = program.pick(_is_related_callee, rng)
    if spot is None:
        return None
    node = spot.site.node
    before = _callee_name(node)
    call = spot.site.parent
    assert isinstance(call, ast.Call)
    # A function with keywords has few relatives that take them, too.
    arguments = 0 if call.keywords else len(call.args)
    others = [
        name
        for family in _FAMILIES
        if before in family
        for name in family
        if name != before and _may_stand_for(name, before, node, arguments)
    ]
    if not others:
        return None
    after = rng.choice(others)
    end = spot.site.end + program.offset(spot)
    note = f"line {line_of(program, spot)}: swapped {before} for {after}"
    return Change((Splice(end - len(before), end, after),), note)


def _may_stand_for(name: str, before: str, node: ast.expr, arguments: int) -> bool:
    """Tell whether a function is there under the same module or as a built-in one."""
    if isinstance(node, ast.Name):
        if before not in _BUILT_IN or name not in _BUILT_IN:
            return before not in _BUILT_IN and name not in _BUILT_IN and before not in _ARRAY_ONLY
        if not arguments and name not in ("min", "max"):
            return False
        return arguments == 1 or name not in _ITEM_REDUCTIONS
    return name not in _BUILTIN_ONLY


_BUILT_IN = frozenset({"min", "max", "any", "all", "sum", "len", "abs", "round", "float"})
_BUILTIN_ONLY = frozenset({"len", "float"})
_ARRAY_ONLY = frozenset({"minimum", "maximum", "mean", "median", "std", "argmin", "argmax"})


def _callee_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_related_callee(site: Site) -> bool:
    name = _callee_name(site.node) if site.role == "callee" else ""
    return any(name in family for family in _FAMILIES) if name else False


def flip_flag(program: Program, rng: Random) -> Change | None:
    """Turn ``True`` into ``False`` or the other way round."""
    spot = program.pick(_is_flag, rng)
    if spot is None:
        return None
    after = "False" if program.source(spot) == "True" else "True"
    return replacement(program, spot, after, ATOM)


def _is_flag(site: Site) -> bool:
    return type(site.node) is ast.Constant and isinstance(site.node.value, bool)


def swap_assignment(program: Program, rng: Random) -> Change | None:
    """Swap the sign of an augmented assignment, or make it a plain one."""
    found = [line for line in program.statements if isinstance(line.statement.node, ast.AugAssign)]
    if not found:
        return None
    line = rng.choice(found)
    node = line.statement.node
    assert isinstance(node, ast.AugAssign)
    before = OPERATOR_SIGNS[type(node.op)]
    kind = line.statement.place.function.kinds.get(getattr(node.target, "id", ""), "any")
    if before not in _ARITHMETIC or kind in ("str", "tuple") or kind.startswith("list"):
        return None
    after = rng.choice([sign for sign in ("+", "-", "*", "/", "") if sign != before])
    chunk = program.chunks[line.chunk]
    start, end = chunk.lines.span(node.target)[1], chunk.lines.span(node.value)[0]
    place = chunk.text.find(f"{before}=", start, end)
    if place < 0:
        return None
    offset = program.offset(line) + place
    splice = Splice(offset, offset + len(before) + 1, f"{after}=")
    return Change((splice,), f"line {line_of(program, line)}: swapped {before}= for {after}=")


def swap_exit(program: Program, rng: Random) -> Change | None:
    """Swap ``break`` for ``continue`` or the other way round."""
    found = [
        line
        for line in program.statements
        if isinstance(line.statement.node, _EXITS) and not line.statement.place.is_risky
    ]
    if not found:
        return None
    line = rng.choice(found)
    chunk = program.chunks[line.chunk]
    start, end = chunk.lines.span(line.statement.node)
    before = chunk.text[start:end]
    after = "continue" if before == "break" else "break"
    offset = program.offset(line)
    note = f"line {line_of(program, line)}: swapped {before} for {after}"
    return Change((Splice(offset + start, offset + end, after),), note)


SWAPS: Weighted = (
    (40, swap_operator),
    (10, negate_condition),
    (20, swap_operands),
    (12, swap_function),
    (6, flip_flag),
    (9, swap_assignment),
    (3, swap_exit),
)
