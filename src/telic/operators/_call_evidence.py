"""What calls and attributes tell of the names in them."""

from __future__ import annotations

import ast

from telic.operators._kinds import SHAPED, module_of
from telic.operators._names import HOLDERS, Names

__all__ = ["note_attribute", "note_call"]

_ARGUMENTS = ("args", "keywords")
"""The parts of a call that tell something when a module's function is called."""
_METHODS = (
    ("list", "append extend sort insert reverse pop remove index count"),
    ("dict", "items keys values get setdefault"),
    ("array", "argmax argmin argsort astype dot max mean min ravel reshape shape size std sum T"),
    ("array", "ndim flatten cumsum tolist fill any"),
    ("str", "split strip join startswith endswith lower upper splitlines lstrip rstrip encode"),
    ("str", "isdigit isalpha find rfind"),
)
_KIND_OF_METHOD = {name: kind for kind, names in _METHODS for name in names.split()}
_TAKES_LIST = frozenset({"len", "sum", "sorted", "enumerate", "reversed", "list", "set", "tuple"})
_TAKES_NUMBER = frozenset({"abs", "round"})


def note_call(node: ast.Call, names: Names) -> tuple[str, ...] | None:
    """Note what a call tells of its arguments; return the fields to go on with, if not all."""
    function = node.func
    full = module_of(function, names.modules)
    known = True
    if full.startswith("math."):
        kind = "list:num" if full in ("math.dist", "math.fsum", "math.prod") else "num"
        for argument in node.args:
            if type(argument) in HOLDERS:
                names.expect(argument, kind)
    elif full.startswith("numpy."):
        is_shape = full.rpartition(".")[2] in SHAPED
        for argument in node.args[:1]:
            if is_shape:
                names.select(argument)
            else:
                names.expect(argument, "array", weak=True)
    elif isinstance(function, ast.Name):
        known = _builtin_call(function.id, node.args, names)
    elif isinstance(function, ast.Attribute):
        known = False
        _method(function, names)
        names.passed.update(part.id for part in node.args if isinstance(part, ast.Name))
    for keyword in node.keywords:
        if keyword.arg == "key" and isinstance(keyword.value, ast.Lambda):
            names.expect(keyword.value.body, "num", weak=True)  # most orders are of numbers
    if not known:
        for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
            if isinstance(argument, ast.Name):
                names.opaque.add(argument.id)
    return _ARGUMENTS if full else None


def _builtin_call(name: str, arguments: list[ast.expr], names: Names) -> bool:
    if name in _TAKES_LIST:
        for argument in arguments[:1]:
            names.expect(argument, "list", weak=True)
    elif name in _TAKES_NUMBER or (name in ("min", "max") and len(arguments) > 1):
        for argument in arguments:
            names.expect(argument, "num", weak=name not in _TAKES_NUMBER)
    elif name == "range":
        for argument in arguments:
            names.expect(argument, "int")
            names.select(argument)
    else:
        return name in ("float", "int", "str", "print", "min", "max")
    return True


def _method(function: ast.Attribute, names: Names) -> None:
    if isinstance(function.value, ast.Name):
        kind = _KIND_OF_METHOD.get(function.attr)
        if kind is None:
            names.opaque.add(function.value.id)
        else:
            names.expect(function.value, kind)


def note_attribute(node: ast.Attribute, names: Names) -> None:
    """Note what the attribute of a name tells of it."""
    if isinstance(node.value, ast.Name) and node.value.id not in names.modules:
        if node.attr in ("shape", "size", "ndim", "T", "dtype"):
            names.expect(node.value, "array")
        else:
            names.opaque.add(node.value.id)
