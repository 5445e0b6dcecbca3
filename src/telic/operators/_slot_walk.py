"""Finding the numeric literals of a syntax tree that may be tuned.

Floats may be tuned nearly everywhere. An integer is more often structure than quantity, so
one counts as safe only where a quantity stands: in lists of numbers, in assignments,
defaults, arguments, comparisons and plain arithmetic; and 0 and 1 only in lists.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence

import msgspec

__all__ = ["Findings", "Found", "parse_quietly", "walk_literals"]

_COUNTING = """
range arange zeros ones empty full eye identity linspace logspace reshape repeat tile split
array_split resize randint integers seed default_rng RandomState Random islice combinations
permutations product round getattr enumerate setrecursionlimit transpose swapaxes moveaxis
roll expand_dims squeeze astype bytes bytearray
"""
_STRUCTURAL_CALLS = frozenset(_COUNTING.split())
"""Functions whose integer arguments are counts, shapes, axes or seeds."""
_STRUCTURAL_KEYWORDS = frozenset(
    ("axis", "axes", "ndim", "ndmin", "dtype", "shape", "size", "order", "seed", "random_state")
)
_QUANTITIES = (ast.Assign, ast.AnnAssign, ast.Return, ast.Compare, ast.IfExp, ast.Lambda)
_BARE = (ast.List, ast.Tuple, ast.Set, ast.Call, ast.keyword, ast.Assign, ast.AnnAssign)
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div)
_Sequence = ast.List | ast.Tuple


class Found(msgspec.Struct, frozen=True):
    """A numeric literal, its sign included."""

    node: ast.expr
    value: float
    is_integer: bool
    is_safe: bool
    """Whether it may be tuned without being declared."""
    needs_brackets: bool


class Findings(msgspec.Struct, frozen=True):
    """All literals of a tree, and its lists of numbers."""

    literals: list[Found]
    tables: list[list[list[ast.expr]]]
    """Rows of literal nodes."""


def parse_quietly(text: str) -> ast.Module | None:
    """Return the syntax tree, or ``None``; what Python would warn of is not our concern."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def walk_literals(tree: ast.Module) -> Findings:
    """Return the literals that stand where a number can be exchanged, and the tables."""
    literals: list[Found] = []
    tables: list[list[list[ast.expr]]] = []
    claimed: set[int] = set()  # lists that are rows of a table
    stack: list[tuple[ast.AST, ast.AST, bool]] = [(tree, tree, False)]
    while stack:
        node, parent, is_structural = stack.pop()
        number = _number(node)
        if number is not None and isinstance(node, ast.expr):
            literals.append(_found(node, number, parent, is_structural=is_structural))
            continue
        if isinstance(node, _Sequence) and id(node) not in claimed:
            table = _table(node, claimed)
            if table:
                tables.append(table)
        stack += [
            (child, node, is_structural or is_count)
            for child, is_count in reversed(list(_children(node)))
        ]
    return Findings(literals, tables)


def _number(node: ast.AST) -> float | None:
    """Return the value of a numeric literal, signed or not; ``None`` for anything else."""
    is_negative = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    if isinstance(node, ast.UnaryOp) and is_negative:
        node = node.operand
    number = node.value if isinstance(node, ast.Constant) else None
    if isinstance(number, bool) or not isinstance(number, int | float):
        return None
    return -number if is_negative else number


def _found(node: ast.expr, value: float, parent: ast.AST, *, is_structural: bool) -> Found:
    is_integer = isinstance(value, int)
    return Found(
        node,
        value,
        is_integer,
        _is_safe_integer(value, parent, is_structural=is_structural)
        if is_integer
        else value != 0.0 or isinstance(parent, _Sequence),
        not isinstance(parent, (*_BARE, ast.Return, ast.arguments)),
    )


def _is_safe_integer(value: float, parent: ast.AST, *, is_structural: bool) -> bool:
    if is_structural or abs(value) > 2**31:
        return False
    if isinstance(parent, _Sequence):
        return sum(_number(item) is not None for item in parent.elts) >= 2
    if isinstance(parent, ast.BinOp):
        return abs(value) >= 2 and isinstance(parent.op, _ARITHMETIC)
    is_quantity = isinstance(parent, (*_QUANTITIES, ast.arguments, ast.keyword, ast.Call))
    return is_quantity and abs(value) >= 2


def _children(node: ast.AST) -> Iterator[tuple[ast.AST, bool]]:
    """Yield the children that may hold literals; true where integers there are counts."""
    if isinstance(node, ast.JoinedStr | ast.pattern) or _is_main_guard(node):
        return
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        is_structural = name in _STRUCTURAL_CALLS
        yield node.func, False
        for argument in node.args:
            yield argument, is_structural
        for keyword in node.keywords:
            yield keyword, is_structural or keyword.arg in _STRUCTURAL_KEYWORDS
        return
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "type_params", "slice", "decorator_list"):
            continue
        if isinstance(node, ast.Dict) and name == "keys":
            continue
        if isinstance(node, ast.Attribute | ast.Expr) and _number(node.value) is not None:
            continue
        items: Sequence[object] = value if isinstance(value, list) else [value]
        for item in items:
            if isinstance(item, ast.AST):
                yield item, False


def _is_main_guard(node: ast.AST) -> bool:
    """Tell whether this is ``if __name__ == ...``, whose body never runs in the sandbox."""
    test = node.test if isinstance(node, ast.If) else None
    if not isinstance(test, ast.Compare) or not isinstance(test.left, ast.Name):
        return False
    return test.left.id == "__name__"


def _table(node: _Sequence, claimed: set[int]) -> list[list[ast.expr]]:
    """Return the rows of a list of numbers or of equally long lists of numbers, or nothing."""
    if len(node.elts) < 2:
        return []
    if all(_number(item) is not None for item in node.elts):
        return [[item] for item in node.elts]
    rows: list[list[ast.expr]] = []
    for item in node.elts:
        if not isinstance(item, _Sequence) or len(item.elts) < 1:
            return []
        if any(_number(number) is None for number in item.elts):
            return []
        rows.append(item.elts)
    if len({len(row) for row in rows}) != 1:
        return []
    claimed.update(id(item) for item in node.elts)
    return rows
