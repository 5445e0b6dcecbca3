"""Expression trees for recipes that stage genetic programming: grow, cross, mutate, evaluate.

A tree is a plain tuple, ``(name, size, *children)``; a constant has its value as name. Trees share
their parts and are never changed. Crossover and mutation are Koza's (1992) of subtrees.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Shape", "Tree", "cross", "evaluator", "grow", "mutate"]

Tree = tuple[Any, ...]
"""``(name, size, *children)``; a name is that of a function, ``"x"`` or a number."""

_BINARY = ("+", "-", "*", "/")
_UNARY = ("sin", "cos", "exp", "log")
_TRIES = 5
"""Draws of places before a child is its parent again, because the others were too large."""


class Shape(NamedTuple):
    """What trees are made of."""

    constants: bool = True
    """Whether a quarter of the leaves are constants."""
    nodes: int = 60
    """Most nodes of a tree."""


def grow(rng: Random, depth: int, *, full: bool, shape: Shape) -> Tree:
    """Return a random tree (Koza's full and grow methods).

    Args:
        rng: drawn from.
        depth: most levels below the root.
        full: whether every leaf lies at that depth.
        shape: what it is made of.
    """
    if depth == 0 or (not full and rng.random() < 0.2):
        if shape.constants and rng.random() < 0.25:
            return (round(rng.uniform(-1.0, 1.0), 2), 1)
        return ("x", 1)
    name = rng.choice(_BINARY + _UNARY)
    children = [grow(rng, depth - 1, full=full, shape=shape) for _ in range(1 + (name in _BINARY))]
    return _node(name, children)


def cross(tree: Tree, donor: Tree, rng: Random, shape: Shape) -> Tree:
    """Return a tree with one of its subtrees replaced by one of the donor's."""
    return _varied(tree, lambda: _subtree(donor, rng.randrange(donor[1])), rng, shape)


def mutate(tree: Tree, rng: Random, shape: Shape) -> Tree:
    """Return a tree with one of its subtrees replaced by a random one of at most three levels."""
    return _varied(tree, lambda: grow(rng, rng.randrange(4), full=False, shape=shape), rng, shape)


def evaluator(x: np.ndarray) -> Callable[[Tree], np.ndarray]:
    """Return the function that gives a tree's value at every point of ``x``.

    Division by less than 1e-9 gives 1, the logarithm is of the absolute value and 0 at 0; what
    overflows is infinite or not a number.
    """
    import numpy as np

    def divided(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        small = np.abs(b) < 1e-9
        return np.where(small, 1.0, a / np.where(small, 1.0, b))

    def logarithm(a: np.ndarray) -> np.ndarray:
        size = np.abs(a)
        return np.log(np.where(size > 0.0, size, 1.0))

    functions: Mapping[str, Callable[..., np.ndarray]] = {
        "+": np.add,
        "-": np.subtract,
        "*": np.multiply,
        "/": divided,
        "sin": np.sin,
        "cos": np.cos,
        "exp": np.exp,
        "log": logarithm,
    }

    constants: dict[str, np.ndarray] = {}

    def value(tree: Tree) -> np.ndarray:
        name = tree[0]
        if name == "x":
            return x
        if len(tree) == 2:
            key = repr(name)  # tells 0.0 from -0.0
            if key not in constants:
                constants[key] = np.full_like(x, name)
            return constants[key]
        return functions[name](*[value(child) for child in tree[2:]])

    def quiet_value(tree: Tree) -> np.ndarray:
        with np.errstate(all="ignore"):
            return value(tree)

    return quiet_value


def _node(name: str, children: list[Tree]) -> Tree:
    return (name, 1 + sum(child[1] for child in children), *children)


def _varied(tree: Tree, make: Callable[[], Tree], rng: Random, shape: Shape) -> Tree:
    for _ in range(_TRIES):
        place, part = rng.randrange(tree[1]), make()
        if tree[1] - _subtree(tree, place)[1] + part[1] <= shape.nodes:
            return _with(tree, place, part)
    return tree


def _subtree(tree: Tree, place: int) -> Tree:
    """Return the node at a place, counted from 0 at the root in depth-first order."""
    while place > 0:
        place -= 1
        for child in tree[2:]:
            if place < child[1]:
                tree = child
                break
            place -= child[1]
    return tree


def _with(tree: Tree, place: int, part: Tree) -> Tree:
    if place == 0:
        return part
    place -= 1
    children = list(tree[2:])
    for index, child in enumerate(children):
        if place < child[1]:
            children[index] = _with(child, place, part)
            break
        place -= child[1]
    return _node(tree[0], children)
