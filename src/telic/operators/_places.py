"""What an edit may touch: sites (expressions), statements and blocks of a piece of Python.

There are thousands of them, none in a cycle, so they are no business of the cyclic collector.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Literal

import msgspec

from telic.operators._splice import Lines

__all__ = ["Block", "Chunk", "Function", "Place", "Role", "Site", "Statement"]

Role = Literal["value", "test", "index", "iterable", "argument", "base", "callee"]
"""What an expression is used for.

``test`` decides a branch, ``index`` selects an item or bounds a range, ``iterable`` is looped
over, ``argument`` is passed to a function, ``base`` is the object of an attribute or
subscript, ``callee`` is called.
"""


class Function(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A function, the lambdas in it included; or a module or class level."""

    name: str
    node: ast.FunctionDef | ast.AsyncFunctionDef | None
    """``None`` for a module or class level."""
    kinds: Mapping[str, str]
    """Kinds of the names used in it, those of the functions around it included."""
    hidden: frozenset[str]
    """Names that are local to it or to a function around it."""
    stored: frozenset[str]
    """Names that it binds itself."""
    returned: str
    """Kind of what it returns."""
    results: frozenset[str]
    """Names that it returns as they are."""
    is_generator: bool
    indices: frozenset[str]
    """Names that stand for items, not for amounts; arithmetic with them makes little sense."""
    counters: frozenset[str]
    """Targets of its loops."""
    within: tuple[str, ...]
    """Names of the functions around it, and its own: calling one of them would recurse."""


class Place(msgspec.Struct, frozen=True, eq=False, gc=False):
    """What holds at a statement or expression."""

    function: Function
    bound: frozenset[str]
    """Local names that certainly have a value here."""
    loops: int = 0
    """How many loops of the function surround it."""
    in_while: bool = False
    """Whether the innermost loop around is a ``while``."""
    watched: frozenset[str] = frozenset()
    """Names that the tests of the ``while`` loops around read."""
    is_decisive: bool = False
    """Whether a function's result or the order of items is computed here."""
    is_risky: bool = False
    """Whether an edit here may keep a ``while`` loop from ending."""


class Site(msgspec.Struct, frozen=True, eq=False, gc=False):
    """An expression that is evaluated, with its offsets in the chunk."""

    node: ast.expr
    parent: ast.AST
    start: int
    end: int
    kind: str
    slot: int
    """How tightly an expression must bind to stand here without brackets."""
    role: Role
    place: Place


class Block(msgspec.Struct, eq=False, gc=False):
    """A list of statements with one indentation."""

    owner: ast.AST
    size: int
    indent: str


class Statement(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A statement that has its lines to itself, with its offsets in the chunk."""

    node: ast.stmt
    start: int
    """Where its first line begins, decorators included."""
    end: int
    """Behind its last line's break."""
    text_end: int
    """Before its last line's break."""
    block: Block
    position: int
    """Index in its block, which may also hold statements that share a line."""
    place: Place


class Chunk(msgspec.Struct, frozen=True, eq=False):
    """What is known of a top-level piece of a program; independent of where it stands."""

    text: str
    lines: Lines
    tree: ast.Module
    extent: tuple[int, int]
    """Where its first statement begins and its last one ends; without comments around."""
    sites: tuple[Site, ...]
    statements: tuple[Statement, ...]
    functions: tuple[Function, ...]
    defined: Mapping[str, str]
    """Names it binds at the top level, with their kinds."""
    modules: Mapping[str, str]
    """Names it imports anywhere, with dotted full names."""
    loaded: frozenset[str]
    """Every name it reads anywhere."""
    calls: tuple[tuple[str, tuple[str, ...]], ...]
    """Calls of functions by name, with the kinds of their positional arguments."""
    selected: dict[object, tuple[Site, ...]]
    """Its sites by the predicate that accepts them."""
    by_node: dict[ast.expr, Site]
    """Its sites by their expression; filled when first asked for."""

    def site_of(self) -> Mapping[ast.expr, Site]:
        """Return the sites by their expression."""
        if not self.by_node:
            self.by_node.update((site.node, site) for site in self.sites)
        return self.by_node

    def where(self, accepts: Callable[[Site], bool]) -> tuple[Site, ...]:
        """Return the sites that a predicate, a module-level function, accepts."""
        found = self.selected.get(accepts)
        if found is None:
            found = self.selected[accepts] = tuple(filter(accepts, self.sites))
        return found
