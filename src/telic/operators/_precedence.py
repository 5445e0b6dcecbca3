"""How tightly Python's expressions bind, so that a spliced one keeps its meaning."""

from __future__ import annotations

import ast

__all__ = [
    "ATOM",
    "COMPARED",
    "FACTOR",
    "NEGATED",
    "OPERATOR_SIGNS",
    "SUM",
    "TERM",
    "TEST",
    "binding",
    "operand_slots",
]

TUPLE, TEST, OR, AND, NEGATED, COMPARISON, COMPARED = range(7)
SUM, TERM, FACTOR, POWER, AWAITED, ATOM = range(10, 16)

OPERATOR_SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.BitAnd: "&",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.And: "and",
    ast.Or: "or",
}
_TEXTS = (str, bytes)
_BINARY: dict[type[ast.AST], int] = {
    ast.BitOr: COMPARED,
    ast.BitXor: 7,
    ast.BitAnd: 8,
    ast.LShift: 9,
    ast.RShift: 9,
    ast.Add: SUM,
    ast.Sub: SUM,
    ast.Mult: TERM,
    ast.Div: TERM,
    ast.FloorDiv: TERM,
    ast.Mod: TERM,
    ast.MatMult: TERM,
    ast.Pow: POWER,
}
_OPERANDS = {
    operator: (AWAITED, FACTOR) if operator is ast.Pow else (own, own + 1)
    for operator, own in _BINARY.items()
}
_OTHERS: dict[type[ast.AST], int] = {
    ast.NamedExpr: TUPLE,
    ast.Tuple: TUPLE,
    ast.Yield: TUPLE,
    ast.YieldFrom: TUPLE,
    ast.Starred: TUPLE,
    ast.GeneratorExp: TUPLE,  # its brackets may be those of a call
    ast.Lambda: TEST,
    ast.IfExp: TEST,
    ast.Compare: COMPARISON,
    ast.Await: AWAITED,
}


def binding(node: ast.expr) -> int:
    """Return how tightly a node's own operator binds; ``ATOM`` when nothing can split it."""
    if type(node) is ast.BinOp:
        return _BINARY[type(node.op)]
    if type(node) is ast.BoolOp:
        return AND if isinstance(node.op, ast.And) else OR
    if type(node) is ast.UnaryOp:
        return NEGATED if isinstance(node.op, ast.Not) else FACTOR
    if type(node) is ast.Constant and isinstance(node.value, _TEXTS):
        return AWAITED  # an implicit concatenation may have parts
    return _OTHERS.get(type(node), ATOM)


def operand_slots(node: ast.BinOp) -> tuple[int, int]:
    """Return how tightly the left and the right operand must bind to go unbracketed."""
    return _OPERANDS[type(node.op)]
