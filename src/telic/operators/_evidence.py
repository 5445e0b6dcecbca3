"""What the names of a function hold, gathered from every use of them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from telic.operators._annotations import annotation_kind
from telic.operators._call_evidence import note_attribute, note_call
from telic.operators._kinds import ANY
from telic.operators._names import HOLDERS, Names
from telic.operators._nodes import own_fields
from telic.operators._parameters import note_parameters

__all__ = ["gather"]

_ARITHMETIC = (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
_ALSO_OF_SEQUENCES = (ast.Add, ast.Mult)
"""Arithmetic that lists and strings know, too."""
_SIGNS = (ast.USub, ast.UAdd)
_MEMBERSHIP = (ast.In, ast.NotIn)
_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_EQUALITY = (ast.Eq, ast.NotEq)
_DISPLAYS = (ast.List, ast.Tuple)
_SEQUENCES = (ast.List, ast.Tuple, ast.ListComp, ast.Starred)
_TEXTS = (str, bytes)
_Handler = Callable[..., tuple[str, ...] | None]
"""Notes what a node tells; it may say which fields to go on with, instead of all."""


def gather(
    body: list[ast.stmt],
    arguments: ast.arguments | None,
    enclosing: Mapping[str, str],
    modules: Mapping[str, str],
    hints: Sequence[str] = (),
) -> Names:
    """Collect the evidence in a function's own statements.

    Args:
        body: its statements; nested functions and classes only bind their names.
        arguments: its parameters, ``None`` for a module or class.
        enclosing: kinds of the names around it.
        modules: names that stand for modules and their functions.
        hints: kinds of the arguments that it is called with, ``any`` where not known.
    """
    names = Names(enclosing, modules)
    if arguments is not None:
        note_parameters(arguments, names)
        positional = [*arguments.posonlyargs, *arguments.args]
        for argument, kind in zip(positional, hints, strict=False):
            if kind != ANY and argument.annotation is None:
                names.strong[argument.arg] = kind
        names.parameters.extend(sorted(names.stored))
    _visit(body, names)
    return names


def _visit(body: list[ast.stmt], names: Names) -> None:
    """Handle each node that runs with the function; not annotations, not nested bodies.

    The innermost loop of an analysis: names, a third of all nodes, go without a call.
    """
    pending: list[Any] = list(body)
    take, stored = pending.pop, names.stored
    while pending:
        node = take()
        node_type = type(node)
        if node_type is ast.Name:
            if type(node.ctx) is not ast.Load:
                stored.add(node.id)
            continue
        if node_type is ast.Constant:
            continue
        handler, fields = _RULES[node_type]
        if handler is not None:
            fields = handler(node, names) or fields
        for field in fields:
            value = getattr(node, field)
            if type(value) is list:
                pending += value
            else:
                pending.append(value)


def _binary(node: ast.BinOp, names: Names) -> None:
    if type(node.left) not in HOLDERS and type(node.right) not in HOLDERS:
        return
    if isinstance(node.op, ast.Mod) and _is_text(node.left):
        return
    if isinstance(node.op, _ARITHMETIC):
        names.expect(node.left, "num")
        names.expect(node.right, "num")
    elif isinstance(node.op, ast.MatMult):
        names.expect(node.left, "array")
        names.expect(node.right, "array")
    elif isinstance(node.op, _ALSO_OF_SEQUENCES) and not (
        _is_sequence(node.left) or _is_sequence(node.right)
    ):
        is_weak = not (_is_arithmetic(node.left) or _is_arithmetic(node.right))
        names.expect(node.left, "num", weak=is_weak)
        names.expect(node.right, "num", weak=is_weak)


def _augmented(node: ast.AugAssign, names: Names) -> None:
    if isinstance(node.op, _ARITHMETIC):
        names.expect(node.target, "num")
        names.expect(node.value, "num")
    elif isinstance(node.op, _ALSO_OF_SEQUENCES) and not _is_sequence(node.value):
        is_weak = not _is_arithmetic(node.value)
        names.expect(node.target, "num", weak=is_weak)
        names.expect(node.value, "num", weak=is_weak)
    if isinstance(node.target, ast.Name):
        names.bindings.append((node.target, node.value, False))


def _unary(node: ast.UnaryOp, names: Names) -> None:
    if isinstance(node.op, _SIGNS):
        names.expect(node.operand, "num")


def _compare(node: ast.Compare, names: Names) -> None:
    sides = [node.left, *node.comparators]
    for operator, left, right in zip(node.ops, sides, sides[1:], strict=False):
        if type(left) not in HOLDERS and type(right) not in HOLDERS:
            continue
        if isinstance(operator, _MEMBERSHIP):
            names.expect(right, "list", weak=True)
            continue
        ordered = isinstance(operator, _ORDER)
        if ordered or isinstance(operator, _EQUALITY):
            for one, other in ((left, right), (right, left)):
                if _is_text(other):
                    names.expect(one, "str")
                elif _is_arithmetic(other):
                    names.expect(one, "num", weak=not ordered)
                elif ordered and not isinstance(other, ast.Tuple):
                    names.expect(one, "num", weak=True)


def _subscript(node: ast.Subscript, names: Names) -> None:
    index = node.slice
    if isinstance(index, ast.Tuple):
        names.expect(node.value, "matrix" if len(index.elts) == 2 else "array")
    elif _is_text(index):
        names.expect(node.value, "dict")
    else:
        names.expect(node.value, "list", weak=True)
        if isinstance(index, ast.Name):
            names.expect(index, "int", weak=True)
    names.select(index)


def _loop(node: ast.For | ast.AsyncFor | ast.comprehension, names: Names) -> None:
    for target in (node.target, *getattr(node.target, "elts", ())):
        if isinstance(target, ast.Name):
            names.counters.add(target.id)
    names.expect(node.iter, "list", weak=True)
    names.bindings.append((node.target, node.iter, True))


def _assign(node: ast.Assign, names: Names) -> None:
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Subscript):
            _row(node.value, names)
        elif isinstance(target, ast.Subscript) and isinstance(node.value, _DISPLAYS):
            _row(target, names)
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = zip(target.elts, node.value.elts, strict=False)
            names.bindings.extend((one, value, False) for one, value in pairs)
        else:
            names.bindings.append((target, node.value, False))


def _row(node: ast.Subscript, names: Names) -> None:
    """An item that is unpacked, or made of several values, is no number."""
    if isinstance(node.value, ast.Name):
        names.rows.add(node.value.id)


def _annotated(node: ast.AnnAssign, names: Names) -> None:
    kind = annotation_kind(node.annotation)
    if kind != ANY:
        names.expect(node.target, kind)
    elif node.value is not None:
        names.bindings.append((node.target, node.value, False))


def _named(node: ast.NamedExpr, names: Names) -> None:
    names.bindings.append((node.target, node.value, False))


def _lambda(node: ast.Lambda, names: Names) -> None:
    note_parameters(node.args, names)


def _return(node: ast.Return, names: Names) -> None:
    if node.value is not None:
        names.returns.append(node.value)
        if isinstance(node.value, ast.Name):
            names.results.add(node.value.id)


def _yield(node: ast.Yield | ast.YieldFrom, names: Names) -> None:
    del node
    names.yields = True


def _definition(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, names: Names) -> None:
    names.stored.add(node.name)
    names.strong[node.name] = "func"


def _imports(node: ast.Import | ast.ImportFrom, names: Names) -> None:
    for alias in node.names:
        bound = alias.asname or alias.name.partition(".")[0]
        names.stored.add(bound)
        names.strong[bound] = "module"


def _handler(node: ast.ExceptHandler, names: Names) -> None:
    if node.name:
        names.stored.add(node.name)
        names.strong[node.name] = "obj"


def _capture(node: ast.MatchAs | ast.MatchStar, names: Names) -> None:
    if node.name:
        names.stored.add(node.name)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, _TEXTS)
    )


def _is_sequence(node: ast.expr) -> bool:
    return isinstance(node, _SEQUENCES) or _is_text(node)


def _is_arithmetic(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return type(node.value) in (int, float)
    return isinstance(node, ast.UnaryOp) or (
        isinstance(node, ast.BinOp) and isinstance(node.op, _ARITHMETIC)
    )


# The key of each entry is the type its handler takes, which a dictionary type cannot say.
_HANDLERS: dict[type, _Handler] = {
    ast.BinOp: _binary,
    ast.AugAssign: _augmented,
    ast.UnaryOp: _unary,
    ast.Compare: _compare,
    ast.Subscript: _subscript,
    ast.For: _loop,
    ast.AsyncFor: _loop,
    ast.comprehension: _loop,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.NamedExpr: _named,
    ast.Call: note_call,
    ast.Attribute: note_attribute,
    ast.Lambda: _lambda,
    ast.Return: _return,
    ast.Yield: _yield,
    ast.YieldFrom: _yield,
    ast.FunctionDef: _definition,
    ast.AsyncFunctionDef: _definition,
    ast.ClassDef: _definition,
    ast.Import: _imports,
    ast.ImportFrom: _imports,
    ast.ExceptHandler: _handler,
    ast.MatchAs: _capture,
    ast.MatchStar: _capture,
}
_RULES: dict[type, tuple[_Handler | None, tuple[str, ...]]] = {
    type(None): (None, ()),  # an optional part that is absent
    **{
        node_type: (_HANDLERS.get(node_type), own_fields(node_type))
        for node_type in vars(ast).values()
        if isinstance(node_type, type) and issubclass(node_type, ast.AST)
    },
}
"""The handler of each type of node, and the fields to go on with."""
