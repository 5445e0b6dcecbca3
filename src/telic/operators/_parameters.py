"""What the parameters of a function tell: their names, annotations and defaults."""

from __future__ import annotations

import ast

from telic.operators._annotations import annotation_kind
from telic.operators._kinds import ANY, kind_of
from telic.operators._names import Names

__all__ = ["note_parameters", "parameter_names"]


def parameter_names(arguments: ast.arguments) -> frozenset[str]:
    """Return the names of a function's parameters."""
    extra = [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *extra)
    return frozenset(argument.arg for argument in every)


def note_parameters(arguments: ast.arguments, names: Names) -> None:
    """Note the kinds that annotations and defaults give."""
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    pairs = [
        *zip(positional, [*defaults, *arguments.defaults], strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    names.stored |= parameter_names(arguments)
    for argument, default in pairs:
        kind = annotation_kind(argument.annotation)
        if kind == ANY and default is not None:
            kind = kind_of(default, names.enclosing, names.modules, {})
            kind = {"none": ANY, "int": "num", "float": "num"}.get(kind, kind)
        if kind != ANY:
            names.strong[argument.arg] = kind
    if arguments.vararg is not None:
        names.strong[arguments.vararg.arg] = "list"
    if arguments.kwarg is not None:
        names.strong[arguments.kwarg.arg] = "dict"
