"""What hangs together: who reads a variable later, which order matters, what a test guards."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from telic.operators._nodes import names_read, nodes_in
from telic.operators._places import Chunk, Statement

__all__ = ["block_of", "depend", "is_guard", "is_read_after"]

_LEAVES = ast.Return | ast.Raise | ast.Break | ast.Continue
_LOOPS = ast.For | ast.AsyncFor | ast.While
_PARTS_OF_OBJECTS = ast.Attribute | ast.Subscript
_FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def block_of(statement: Statement) -> list[ast.stmt]:
    """Return the list of statements that a statement is in."""
    for name in ("body", "orelse", "finalbody"):
        body = getattr(statement.block.owner, name, [])
        if statement.node in body:
            return body
    return []


def is_read_after(chunk: Chunk, statement: Statement, name: str, *, after: bool) -> bool:
    """Tell whether a value given to a name beside a statement may be read before the next.

    The way on is followed to the end of the block, once round the loops around it, and
    behind them. Where it cannot be followed, the answer is yes.

    Args:
        chunk: where the statement is.
        statement: the place.
        name: a local variable.
        after: whether the value is given behind the statement or before it.
    """
    place: Statement | None = statement
    skipped = 1 if after else 0
    while place is not None:
        found = _fate(block_of(place)[place.position + skipped :], name)
        if found is not None:
            return found
        owner = place.block.owner
        if isinstance(owner, _FUNCTIONS):
            return False
        if isinstance(owner, _LOOPS):
            if isinstance(owner, ast.While) and _reads(owner.test, name):
                return True
            if _fate(owner.body, name):
                return True
        skipped = 1
        place = next((other for other in chunk.statements if other.node is owner), None)
    return True


def _fate(nodes: Sequence[ast.stmt], name: str) -> bool | None:
    """Tell whether a variable is read first, or overwritten or left behind; else ``None``."""
    for node in nodes:
        if _reads(node, name):
            return True
        if isinstance(node, _LEAVES):
            return False
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == name for target in node.targets
        ):
            return False
    return None


def _reads(node: ast.AST, name: str) -> bool:
    for part in nodes_in(node):
        if isinstance(part, ast.Name) and part.id == name and isinstance(part.ctx, ast.Load):
            return True
        if isinstance(part, ast.AugAssign) and getattr(part.target, "id", "") == name:
            return True
    return False


def depend(first: ast.stmt, second: ast.stmt) -> bool:
    """Tell whether the order of two statements may matter: one changes what the other uses."""
    return bool(_changed(first) & _used(second) or _changed(second) & _used(first))


def _used(node: ast.AST) -> set[str]:
    return names_read(node)


def _changed(node: ast.AST) -> set[str]:
    """Return the names that are bound, or whose object may be changed by an item or method."""
    found: set[str] = set()
    for part in nodes_in(node):
        base = part
        if isinstance(part, ast.Call):
            base = part.func
        elif not isinstance(getattr(part, "ctx", None), ast.Store):
            continue
        is_item = False
        while isinstance(base, _PARTS_OF_OBJECTS):
            base, is_item = base.value, True
        if isinstance(base, ast.Name) and (is_item or not isinstance(part, ast.Call)):
            found.add(base.id)
    return found


def is_guard(node: ast.AST) -> bool:
    """Tell whether a condition asks for ``None`` or a type, so that what follows holds."""
    if isinstance(node, ast.BoolOp):
        return any(map(is_guard, node.values))
    if isinstance(node, ast.UnaryOp):
        return is_guard(node.operand)
    if isinstance(node, ast.Compare):
        sides = (node.left, *node.comparators)
        return any(isinstance(side, ast.Constant) and side.value is None for side in sides)
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "isinstance"
