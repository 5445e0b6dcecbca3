"""Expressions as trees: read from Python, put together again with as few brackets as needed."""

from __future__ import annotations

import ast
from collections.abc import Collection
from typing import Any

from telic.operators._call_shapes import Shape, shape
from telic.operators._generate import Term, apply_shape, combine, constant
from telic.operators._precedence import COMPARED, COMPARISON, FACTOR, OPERATOR_SIGNS

__all__ = ["LESS", "MINUS", "SIGNS", "Tree", "leaf", "number_of", "read"]

SIGNS = ("+", "-", "*", "/", "**")
LESS = "<"
"""A comparison, which is 1 where it holds and 0 elsewhere."""
MINUS = "neg"
_HEAVY = 2
"""Weight of a function in a tree's size; everything else weighs 1."""


class Tree:
    """A leaf, or a sign or function of other trees; never changed, but for what it looks up once.

    Args:
        head: a sign, the shape of a function such as ``math.sin({0})``, or the text of a leaf.
        parts: what it is applied to.
    """

    __slots__ = (
        "_term",
        "count",
        "head",
        "is_constant",
        "is_function",
        "is_silly",
        "parts",
        "results",
        "size",
        "values",
    )

    def __init__(self, head: str, parts: tuple[Tree, ...] = ()) -> None:
        self.head = head
        self.parts = parts
        self.values: list[float] | None = None
        """Its meaning, once it was asked for."""
        self.results: Any = None
        """Its values at the calls of one search, once they were asked for; empty: none."""
        self._term: Term | None = None
        if not parts:
            self.count = self.size = 1
            self.is_function = self.is_silly = False
            self.is_constant = number_of(self) is not None
            return
        count, is_constant, is_silly = 1, True, False
        self.is_function = "{0}" in head
        size = _HEAVY if self.is_function else 1
        if self.is_function and len(parts) == 1:
            is_silly = parts[0].is_constant or (parts[0].is_function and len(parts[0].parts) == 1)
        for part in parts:
            count += part.count
            size += part.size
            is_constant = is_constant and part.is_constant
            is_silly = is_silly or part.is_silly
        self.count = count
        """Number of nodes."""
        self.size = size
        """The same with functions counted twice."""
        self.is_constant = is_constant
        self.is_silly = is_silly
        """Whether a function of a literal, or of another function at once, is in it."""

    @property
    def term(self) -> Term:
        """Its text."""
        if self._term is None:
            self._term = _term(self)
        return self._term

    def node(self, number: int) -> Tree:
        """Return the node of a number below ``count``, the root being 0."""
        tree, number = self, number - 1
        while number >= 0:
            for part in tree.parts:
                if number < part.count:
                    tree = part
                    break
                number -= part.count
            number -= 1
        return tree

    def put(self, number: int, new: Tree) -> Tree:
        """Return the tree with another one in the place of the node of that number."""
        if number == 0:
            return new
        number -= 1
        parts = list(self.parts)
        for place, part in enumerate(parts):
            if number < part.count:
                parts[place] = part.put(number, new)
                break
            number -= part.count
        return Tree(self.head, tuple(parts))


def leaf(text: str) -> Tree:
    """Return the tree of a name or number."""
    return Tree(text)


def number_of(tree: Tree) -> float | None:
    """Return the value of a literal, ``None`` for anything else."""
    if tree.parts or tree.head[-1].isalpha():
        return None
    try:
        return float(tree.head)
    except ValueError:
        return None


def _term(tree: Tree) -> Term:
    if not tree.parts:
        return constant(tree.head)
    terms = [part.term for part in tree.parts]
    if tree.head == MINUS:
        return Term(f"-{terms[0].within(FACTOR)}", FACTOR)
    if tree.head == LESS:
        left, right = (each.within(COMPARED) for each in terms)
        return Term(f"{left} < {right}", COMPARISON)
    if tree.head in SIGNS:
        return combine(terms[0], tree.head, terms[1])
    return apply_shape(Shape(tree.head, len(terms)), terms)


def read(node: ast.expr, functions: Collection[str]) -> Tree:
    """Return the tree of an expression; what trees cannot express becomes a leaf.

    Args:
        node: the expression.
        functions: shapes of calls that are taken apart.
    """
    if isinstance(node, ast.BinOp) and OPERATOR_SIGNS[type(node.op)] in SIGNS:
        parts = read(node.left, functions), read(node.right, functions)
        return Tree(OPERATOR_SIGNS[type(node.op)], parts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        part = read(node.operand, functions)
        is_literal = number_of(part) is not None and not part.head.startswith("-")
        return leaf(f"-{part.head}") if is_literal else Tree(MINUS, (part,))
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        sides = read(node.left, functions), read(node.comparators[0], functions)
        if isinstance(node.ops[0], ast.Lt | ast.Gt):
            return Tree(LESS, sides if isinstance(node.ops[0], ast.Lt) else sides[::-1])
    if isinstance(node, ast.Call) and not node.keywords:
        head = shape(ast.unparse(node.func), len(node.args)).text
        if head in functions:
            return Tree(head, tuple(read(part, functions) for part in node.args))
    text = ast.unparse(node)
    is_plain = isinstance(node, ast.Name | ast.Constant | ast.Call | ast.Subscript | ast.Attribute)
    return leaf(text if is_plain else f"({text})")
