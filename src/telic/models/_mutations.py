"""Random changes of Python text through its syntax tree, in the place of a language model's ideas.

The text is a function, a few statements or a whole module; what comes out parses, and may well
fail when it runs. Every draw comes from the generator that is given.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import NamedTuple

__all__ = ["broken", "changed", "renamed"]

_TRIES = 40
_ARITHMETIC: tuple[type[ast.operator], ...] = (ast.Add, ast.Sub, ast.Mult, ast.Div)
_ORDER: tuple[type[ast.cmpop], ...] = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)

_MODULES = ("math", "np")
_NUMERIC = ("abs", "max", "min", "round")
_OF_MODULES = ("sin", "cos", "exp", "sqrt", "tanh")


class _Place(NamedTuple):
    """Where an expression stands."""

    parent: ast.AST
    field: str
    at: int | None
    old: ast.expr

    def put(self, new: ast.expr) -> None:
        """Put another expression there."""
        if self.at is None:
            setattr(self.parent, self.field, new)
        else:
            getattr(self.parent, self.field)[self.at] = new


class _Text(NamedTuple):
    """A tree with what its changes may use."""

    tree: ast.Module
    functions: tuple[ast.expr, ...]
    """Of one number."""


def changed(text: str, rng: Random) -> str | None:
    """Return a text with one random change, ``None`` if it is not Python or none is found."""
    tree = _parsed(text)
    if tree is None:
        return None
    before = ast.unparse(tree)
    given = _Text(tree, _functions(tree))
    for _ in range(_TRIES):
        if rng.choices(_KINDS, _WEIGHTS)[0](given, rng):
            after = ast.unparse(tree)
            if after != before:
                return f"{after}\n"
    return None


def broken(text: str, rng: Random) -> str | None:
    """Return a text that reads, in one place, a variable that does not exist.

    So fails most of what small models write: it parses and does not run.
    """
    tree = _parsed(text)
    places = _places(tree) if tree is not None else []
    if tree is None or not places:
        return None
    rng.choice(places).put(ast.Name(f"value_{rng.randrange(10**6)}", ast.Load()))
    return f"{ast.unparse(tree)}\n"


def renamed(text: str, rng: Random) -> str | None:
    """Return a text with one of its variables under another name, ``None`` if it has none."""
    tree = _parsed(text)
    if tree is None:
        return None
    names = sorted(_bound(tree) - _keywords(tree))
    if not names:
        return None
    old = rng.choice(names)
    taken = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | set(names)
    new = next(n for n in (f"{old}_{number}" for number in range(1, 1000)) if n not in taken)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == old:
            node.id = new
        elif isinstance(node, ast.arg) and node.arg == old:
            node.arg = new
    return f"{ast.unparse(tree)}\n"


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _bound(tree: ast.Module) -> set[str]:
    """Return the names of variables and parameters."""
    stored = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return stored | {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}


def _keywords(tree: ast.Module) -> set[str]:
    """Return names that a call or another scope may know a parameter by."""
    given = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg}
    names = (ast.Global, ast.Nonlocal)
    return given.union(*(node.names for node in ast.walk(tree) if isinstance(node, names)))


def _functions(tree: ast.Module) -> tuple[ast.expr, ...]:
    """Return functions of one argument from modules that the text uses, and ``abs``."""
    found: dict[str, ast.expr] = {"abs": ast.Name("abs", ast.Load())}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if len(node.args) == 1 and not node.keywords:
                found[ast.unparse(node.func)] = node.func
        elif isinstance(node, ast.Name) and node.id in _MODULES:
            for name in _OF_MODULES:
                function = ast.Attribute(ast.Name(node.id, ast.Load()), name, ast.Load())
                found[ast.unparse(function)] = function
    return tuple(found[name] for name in sorted(found))


def _places(tree: ast.Module) -> list[_Place]:
    """Return every place of a number that is read.

    What a loop runs over, what is indexed, defaults and arguments of plain functions stay: changes
    there nearly always fail.
    """
    found: list[_Place] = []
    todo: list[tuple[ast.AST, bool]] = [(tree, True)]
    while todo:
        node, is_free = todo.pop()
        for field, value in ast.iter_fields(node):
            inside = is_free and not _is_fixed(node, field)
            for index, part in enumerate(value if isinstance(value, list) else [value]):
                if not isinstance(part, ast.AST):
                    continue
                if inside and isinstance(part, ast.expr) and _is_number(part):
                    found.append(
                        _Place(node, field, index if isinstance(value, list) else None, part)
                    )
                todo.append((part, inside))
    return found


def _is_fixed(node: ast.AST, field: str) -> bool:
    if isinstance(node, ast.For | ast.comprehension):
        return field in ("iter", "target")
    if isinstance(node, ast.Call):
        return field == "func" or not _is_function(node.func)
    return isinstance(node, ast.Subscript | ast.arguments | ast.Expr | ast.JoinedStr)


def _is_number(node: ast.expr) -> bool:
    if isinstance(node, ast.Name):
        return isinstance(node.ctx, ast.Load)
    if isinstance(node, ast.Constant):
        return type(node.value) in (int, float)
    if isinstance(node, ast.Call):
        return _is_function(node.func)
    return isinstance(node, ast.BinOp | ast.UnaryOp)


def _is_function(called: ast.expr) -> bool:
    """Tell whether what is called makes numbers of numbers, as far as can be seen."""
    if isinstance(called, ast.Name):
        return called.id in _NUMERIC
    return isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name)


def _move(given: _Text, rng: Random) -> bool:
    """Move one number: by a step if it is whole, else by a share of it."""
    numbers = [p.old for p in _places(given.tree) if isinstance(p.old, ast.Constant)]
    if not numbers:
        return False
    node = rng.choice(numbers)
    value = node.value
    assert isinstance(value, int | float)
    if isinstance(value, int) and rng.random() < 0.7:
        node.value = value + rng.choice((-2, -1, 1, 2))
    else:
        moved = value * rng.gauss(1.0, 0.25) + rng.gauss(0.0, 0.02)
        node.value = float(f"{moved:.5g}")
    return True


def _exchange(given: _Text, rng: Random) -> bool:
    """Exchange one operator."""
    found = [n for n in ast.walk(given.tree) if isinstance(n, ast.BinOp | ast.Compare)]
    if not found:
        return False
    node = rng.choice(found)
    if isinstance(node, ast.BinOp):
        node.op = rng.choice(_ARITHMETIC)()
    elif isinstance(node.ops[0], _ORDER):
        node.ops[0] = rng.choice(_ORDER)()
    return True


def _grow(given: _Text, rng: Random) -> bool:
    """Join an expression with a number, a variable or a function of one."""
    places = _places(given.tree)
    if not places:
        return False
    place = rng.choice(places)
    pair = [place.old, _leaf(given, rng)]
    if rng.random() < 0.3:
        pair.reverse()
    place.put(ast.BinOp(pair[0], rng.choice(_ARITHMETIC)(), pair[1]))
    return True


def _leaf(given: _Text, rng: Random) -> ast.expr:
    names = sorted(_bound(given.tree))
    number = ast.Constant(round(rng.uniform(-2.0, 3.0), 2))
    if not names or rng.random() < 0.35:
        return number
    name = ast.Name(rng.choice(names), ast.Load())
    if rng.random() < 0.5:
        return name
    inside = ast.BinOp(name, ast.Mult(), number) if rng.random() < 0.6 else name
    return ast.Call(deepcopy(rng.choice(given.functions)), [inside], [])


def _wrap(given: _Text, rng: Random) -> bool:
    """Put an expression into a function."""
    places = _places(given.tree)
    if not places:
        return False
    place = rng.choice(places)
    place.put(ast.Call(deepcopy(rng.choice(given.functions)), [place.old], []))
    return True


def _shrink(given: _Text, rng: Random) -> bool:
    """Put one part of an expression in the place of the whole."""
    places = [
        p for p in _places(given.tree) if isinstance(p.old, ast.BinOp | ast.UnaryOp | ast.Call)
    ]
    if not places:
        return False
    place = rng.choice(places)
    old = place.old
    if isinstance(old, ast.BinOp):
        place.put(rng.choice((old.left, old.right)))
    elif isinstance(old, ast.UnaryOp):
        place.put(old.operand)
    elif isinstance(old, ast.Call) and old.args:
        place.put(rng.choice(old.args))
    return True


def _copy(given: _Text, rng: Random) -> bool:
    """Put a copy of one expression in the place of another."""
    places = _places(given.tree)
    if len(places) < 2:
        return False
    source, place = rng.sample(places, 2)
    place.put(deepcopy(source.old))
    return True


_KINDS: tuple[Callable[[_Text, Random], bool], ...] = (
    _move,
    _exchange,
    _grow,
    _wrap,
    _shrink,
    _copy,
)
_WEIGHTS = (42, 8, 26, 8, 8, 8)
