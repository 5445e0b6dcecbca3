"""The kinds of a function's names, as far as evidence and assignments tell."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from telic.operators._kinds import ANY, NUMBERS, element_kind, join, kind_of

__all__ = ["HOLDERS", "Names"]

HOLDERS = frozenset({ast.Name, ast.Subscript, ast.IfExp})
"""Types of the expressions of which :meth:`Names.expect` notes anything."""
_PARTIAL = (ast.Slice, ast.Tuple)
"""Indices that select more than one item."""
_OF_PARTS = (ast.BinOp, ast.UnaryOp, ast.Tuple, ast.Slice)
"""What an index may be computed or made up of."""


class Names:
    """Kinds of the names of one function, lambdas and comprehensions within included."""

    def __init__(self, enclosing: Mapping[str, str], modules: Mapping[str, str]) -> None:
        self.modules = modules
        self.enclosing = enclosing
        self.strong: dict[str, str] = {}
        self.weak: dict[str, str] = {}
        self.opaque: set[str] = set()
        """Names handed to unknown functions, of which nothing may be guessed."""
        self.stored: set[str] = set()
        self.parameters: list[str] = []
        self.bindings: list[tuple[ast.expr, ast.expr, bool]] = []
        """Target, value, and whether the target takes the value's items."""
        self.returns: list[ast.expr] = []
        self.results: set[str] = set()
        """Names that are returned as they are."""
        self.yields = False
        self.indices: set[str] = set()
        """Names that select items or count them."""
        self.passed: set[str] = set()
        """Names handed bare to a method such as ``append``."""
        self.rows: set[str] = set()
        """Names of sequences whose items are sequences."""
        self.counters: set[str] = set()
        """Targets of loops."""

    def expect(self, node: ast.expr, kind: str, *, weak: bool = False) -> None:
        """Note that an expression is used where a value of some kind belongs."""
        if isinstance(node, ast.Name):
            table = self.weak if weak else self.strong
            table[node.id] = join(table.get(node.id, ANY), kind)
        elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            if not isinstance(node.slice, _PARTIAL) and kind in ("num", "int"):
                self.expect(node.value, f"list:{kind}", weak=True)
        elif isinstance(node, ast.IfExp):
            self.expect(node.body, kind, weak=weak)
            self.expect(node.orelse, kind, weak=weak)

    def select(self, node: ast.expr) -> None:
        """Note the names that an index, a bound or a shape is made of."""
        if isinstance(node, ast.Name):
            self.indices.add(node.id)
        elif isinstance(node, ast.Subscript):
            self.select(node.value)  # a list of indices
        elif isinstance(node, _OF_PARTS):
            for part in ast.iter_child_nodes(node):
                if isinstance(part, ast.expr):
                    self.select(part)

    def tokens(self) -> frozenset[str]:
        """Return the names that stand for an item, not for an amount.

        They select or count items, or are handed on to methods and never computed with.
        """
        amounts = {name for name, kind in self.strong.items() if kind in ("num", "float")}
        return frozenset(self.indices | (self.passed - amounts))

    def kinds(self) -> dict[str, str]:
        """Return the kind of every name, after two rounds of spreading along assignments."""
        found = dict(self.enclosing)
        for name in self.stored:
            found[name] = ANY
        found |= self.strong
        for name, kind in self.weak.items():
            found[name] = _refine(found.get(name, ANY), kind)
        for _ in range(2):
            memo: dict[ast.expr, str] = {}
            spread: dict[str, str] = {}
            for target, value, takes_items in self.bindings:
                kind = kind_of(value, found, self.modules, memo)
                self._bind(target, value, element_kind(kind) if takes_items else kind, spread)
                if takes_items and isinstance(target, ast.Name) and isinstance(value, ast.Name):
                    inner = found.get(target.id, ANY)
                    if inner not in (ANY, "mixed") and found.get(value.id) in ("list", ANY):
                        found[value.id] = f"list:{inner}"
            for name, kind in spread.items():
                found[name] = _refine(join(self.strong.get(name, ANY), kind), found.get(name, ANY))
        has_arrays = any(full.startswith("numpy") for full in self.modules.values())
        for name in self.rows:
            if found.get(name, ANY) in ("array", "list", ANY, "list:num", "list:int"):
                found[name] = "matrix" if has_arrays else "list:list"
        known = {found.get(name, ANY) for name in self.parameters} - {ANY}
        if not known or known & NUMBERS:  # among numbers, what nothing is known of is one
            for name in self.parameters:
                if found.get(name, ANY) == ANY and name not in self.opaque:
                    found[name] = "num"
        return found

    def _bind(self, target: ast.expr, value: ast.expr, kind: str, spread: dict[str, str]) -> None:
        if isinstance(target, ast.Name):
            spread[target.id] = join(spread.get(target.id, ANY), kind)
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.Call):
            function = value.func.id if isinstance(value.func, ast.Name) else ""
            if function == "enumerate" and target.elts:
                self._bind(target.elts[0], value, "int", spread)


def _refine(kind: str, hint: str) -> str:
    """Return the more precise of two kinds; the first one wins a contradiction."""
    if kind == ANY or (kind == "list" and hint.startswith("list:")):
        return hint
    return "int" if kind == "num" and hint == "int" else kind
