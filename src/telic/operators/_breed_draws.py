"""New expressions as people write formulas: sums of products of simple factors.

A uniformly drawn tree is mostly functions within functions. Sums of few products, with powers
and with functions of something simple, hold nearly every formula of use, and neighbours among
them differ by one term or one factor. What is drawn often differs from one set of weights to
the next: most formulas need few functions, and these are found sooner where there are no others.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from random import Random

from telic.operators._breed_trees import LESS, Tree, leaf
from telic.operators._call_shapes import Shape
from telic.operators._generate import CONSTANTS

__all__ = ["Draws", "Supply"]

_MULTIPLE, _MULTIPLES = 0.6, ("0.5", "2", "3")
_RARE = 0.3
"""Weight of a leaf that is not a local name."""


class Supply:
    """What expressions at a site can be made of.

    Args:
        names: leaves that stand for quantities, at least one.
        rare: leaves that are drawn less often.
        functions: calls of one or two arguments.
    """

    def __init__(
        self, names: Sequence[Tree], rare: Sequence[Tree], functions: Sequence[Shape]
    ) -> None:
        self.leaves = (*names, *rare)
        self.weights = list(accumulate([1.0] * len(names) + [_RARE] * len(rare)))
        """Cumulated ones of the leaves."""
        self.small = (leaf("1"), leaf("2"))
        self.functions = tuple(each for each in functions if each.arity in (1, 2))


class Draws:
    """Draws expressions with weights of its own.

    Args:
        supply: what they are made of.
        rng: source of the weights and of every draw.
        plain: whether the weights are even, rather than drawn.
    """

    def __init__(self, supply: Supply, rng: Random, *, plain: bool) -> None:
        self._supply = supply
        self._rng = rng
        functions = supply.functions
        weights = [1.0 if plain else rng.random() ** 3 + 1e-6 for _ in functions]
        self._weights = list(accumulate(weights))
        self._calls = 0.0
        if functions:
            self._calls = 0.25 if plain else 0.4 * rng.random() * (rng.random() < 0.8)
        self._quotients = 0.15 if rng.random() < 0.5 else 0.03
        self._comparisons = 0.1 if not plain and rng.random() < 0.3 else 0.0
        self._powers = 0.05 if rng.random() < 0.5 else 0.0
        self._numbers = 0.12 if rng.random() < 0.6 else 0.25
        self._is_wide = rng.random() < 0.5

    def name(self) -> Tree:
        """Return a leaf that is no literal."""
        supply = self._supply
        drawn = self._rng.random() * supply.weights[-1]
        return supply.leaves[bisect_right(supply.weights, drawn)]

    def number(self) -> Tree:
        """Return a literal, often 1 or 2."""
        if self._is_wide and self._rng.random() < 0.4:
            return leaf(self._rng.choice(CONSTANTS[2:]))
        return self._rng.choice(self._supply.small)

    def inner(self) -> Tree:
        """Return something simple, as it stands within a function."""
        draw = self._rng.random()
        first = self.name()
        if draw < 0.45:
            return first
        if draw < 0.65:
            first = Tree("*", (first, self.name()))
        if draw < 0.55:
            return first
        other = self.name() if self._rng.random() < 0.5 else self.number()
        return Tree(self._rng.choice("++-*/"), (first, other))

    def call(self, *own: Tree) -> Tree:
        """Return a function of ``own`` or of something simple; ``own`` if there is none."""
        if not self._supply.functions:
            return own[0] if own else self.inner()
        drawn = self._rng.random() * self._weights[-1]
        shape = self._supply.functions[bisect_right(self._weights, drawn)]
        arguments = [*own, self.inner(), self.inner() if own else self.number()][: shape.arity]
        return Tree(shape.text, tuple(arguments))

    def plain_call(self) -> Tree:
        """Return a function of a name, or of a simple multiple; a name if there is none."""
        name = self.name()
        if self._rng.random() < _MULTIPLE:
            name = Tree("*", (name, leaf(self._rng.choice(_MULTIPLES))))
        return self.call(name)

    def factor(self) -> Tree:
        """Return a factor: a function, a literal, a difference, a power or a name."""
        draw = self._rng.random()
        if draw < self._calls:
            return self.call()
        draw -= self._calls
        if draw < self._comparisons:
            return Tree(LESS, (self.inner(), self.inner()))
        draw -= self._comparisons
        if draw < self._numbers:
            return self.number()
        if draw < self._numbers + 0.08:
            other = self.name() if self._rng.random() < 0.4 else self.number()
            return Tree(self._rng.choice("+-"), (self.name(), other))
        name = self.name()
        if self._rng.random() < self._powers:
            return Tree("**", (name, self.name() if self._rng.random() < 0.5 else self.number()))
        power = name
        if self._rng.random() < 0.3:
            for _ in range(self._rng.choice((1, 1, 1, 2, 2, 3))):
                power = Tree("*", (power, name))
        return power

    def product(self) -> Tree:
        """Return a product, or quotient, of one factor or more."""
        whole = self.factor()
        while self._rng.random() < 0.42:
            sign = "/" if self._rng.random() < self._quotients else "*"
            whole = Tree(sign, (whole, self.factor()))
        return whole

    def whole(self) -> Tree:
        """Return a sum of one product or more."""
        total = self.product()
        while self._rng.random() < 0.35:
            total = Tree(self._rng.choice("++-"), (total, self.product()))
        return total

    def starters(self, count: int) -> list[Tree]:
        """Return every leaf, small literals, and ``count`` drawn expressions."""
        whole = [self.whole() for _ in range(count)]
        return [*self._supply.leaves, *self._supply.small, leaf("-1"), *whole]
