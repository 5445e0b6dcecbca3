"""The search of the ``breed`` operator: short epochs of genetic programming on one expression.

Parents come mostly from the front of size against worth, which keeps the small and good
expressions that large ones are built from (as in PySR; Cranmer, 2023). An epoch that has found
nothing for a while ends, and the next one begins with other weights and no memory but this: no
meaning is ever tried twice.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

from telic.operators._breed_draws import Draws, Supply
from telic.operators._breed_meaning import Meanings
from telic.operators._breed_trees import Tree, leaf, number_of

__all__ = ["Found", "Key", "Measure", "Search", "Worth"]

_BATCH = 24
_STARTERS = 150
_FEW, _PART_OF_FEW, _SMALLEST_BATCH = 300, 3, 6
"""Trials below which batches are smaller, down to so many, and starters a third of all."""
_SIMPLE, _JOINED = 0.45, 0.65
"""Share of children then that extend the best by a function, and of these that join one to it."""
_PATIENCE = 180
"""Trials without a better expression after which an epoch ends."""
_IDLE = 40
"""Batches without anything new after which an epoch ends."""
_PER_SIZE = 3
_KEPT = 120
_LARGEST = 36
_SAME = 1e-9
"""Gain that counts as none."""


class Worth(NamedTuple):
    """What a trial gave."""

    value: float
    """More is better."""
    early: float
    """The same after the first stage."""


class Found(NamedTuple):
    """A tried expression."""

    worth: Worth
    tree: Tree


Measure = Callable[[Sequence[Tree], float], Sequence[Worth | None]]
"""``(trees, least early value worth going on for) -> what each is worth``; ``None``: nothing."""

Key = Callable[[Tree], bytes | None]
"""``tree -> bytes that only expressions of one meaning share``; ``None``: it has none."""


class Search:
    """Breeds expressions until its trials are spent.

    Args:
        supply: what new expressions are made of.
        measure: tries expressions.
        rng: source of every draw.
        trials: how many expressions may be tried.
        target: value at which there is nothing left to gain; ``None``: unknown.
        key: tells expressions of different meaning apart; ``None`` does so by their values at
            drawn points.
    """

    def __init__(
        self,
        supply: Supply,
        measure: Measure,
        rng: Random,
        *,
        trials: int,
        target: float | None = None,
        key: Key | None = None,
    ) -> None:
        self.best: Found | None = None
        self._supply = supply
        self._measure = measure
        self._rng = rng
        self._left = trials
        self._few = trials // _PART_OF_FEW if trials < _FEW else None
        self._batch = max(_SMALLEST_BATCH, min(_BATCH, trials * _BATCH // _FEW))
        self._target = math.inf if target is None else target
        self._key = Meanings().key if key is None else key
        self._known: dict[bytes, Worth | None] = {}
        self._herd: list[Found] = []
        self._members: set[bytes] = set()
        self._largest = _LARGEST
        self._top = -math.inf
        self._stale = 0

    @property
    def _is_over(self) -> bool:
        is_reached = self.best is not None and self.best.worth.value >= self._target
        return self._left <= 0 or is_reached

    def run(self, start: Tree) -> None:
        """Search from an expression and from nothing in turn."""
        self._largest = max(_LARGEST, start.size + _LARGEST // 3)
        epoch = 0
        while not self._is_over:
            draws = Draws(self._supply, self._rng, plain=epoch == 0)
            self._begin([start] if epoch % 2 == 0 else [], draws)
            idle = 0
            while not self._is_over and self._stale < _PATIENCE and idle < _IDLE:
                if not self._herd:
                    break
                front = self._trimmed()
                children = [self._child(front, draws) for _ in range(2 * self._batch)]
                idle = 0 if self._try(children) else idle + 1
            epoch += 1
            if epoch > 2 and not self._herd:
                break

    def _begin(self, own: Sequence[Tree], draws: Draws) -> None:
        self._herd, self._members = [], set()
        self._top, self._stale = -math.inf, 0
        starters = draws.starters(_STARTERS)
        if self._few is not None:
            starters = self._rng.sample(starters, min(self._few, len(starters)))
        self._try([*own, *starters])

    def _try(self, trees: Sequence[Tree]) -> int:
        """Let new expressions of bearable size join the herd; return how many were tried."""
        asked: dict[bytes, Tree] = {}
        for tree in trees:
            if tree.size > self._largest or tree.is_silly:
                continue
            meaning = self._key(tree)
            if meaning is None or meaning in self._members or meaning in asked:
                continue
            if meaning in self._known:
                self._join(meaning, tree, self._known[meaning])
            elif len(asked) < self._left:
                asked[meaning] = tree
        if not asked:
            return 0
        worths = self._measure([*asked.values()], self._floor())
        self._left -= len(asked)
        self._stale += len(asked)
        for (meaning, tree), worth in zip(asked.items(), worths, strict=True):
            self._known[meaning] = worth
            self._join(meaning, tree, worth)
        return len(asked)

    def _join(self, meaning: bytes, tree: Tree, worth: Worth | None) -> None:
        self._members.add(meaning)
        if worth is None:
            return
        found = Found(worth, tree)
        self._herd.append(found)
        if worth.value > self._top + _SAME * abs(worth.value):
            self._top, self._stale = worth.value, 0
        if self.best is None or _order(found) < _order(self.best):
            self.best = found

    def _floor(self) -> float:
        """Return the median early value of the herd, once there is a herd."""
        if len(self._herd) < _BATCH:
            return -math.inf
        early = sorted(found.worth.early for found in self._herd)
        return early[len(early) // 2]

    def _trimmed(self) -> list[Found]:
        """Keep the best few of each size; return those that no smaller one equals."""
        self._herd.sort(key=_order)
        counts: dict[int, int] = {}
        kept: list[Found] = []
        for found in self._herd:
            # Exactly the same value: the two behave alike, though they mean different things.
            if kept and found.worth == kept[-1].worth:
                continue
            counts[found.tree.size] = counts.get(found.tree.size, 0) + 1
            if counts[found.tree.size] <= _PER_SIZE:
                kept.append(found)
        self._herd = kept[:_KEPT]
        front: list[Found] = []
        for found in sorted(self._herd, key=lambda each: (each.tree.size, -each.worth.value)):
            if not front or found.worth.value > front[-1].worth.value:
                front.append(found)
        return front

    def _parent(self, front: Sequence[Found]) -> Tree:
        draw = self._rng.random()
        if draw < 0.45:
            return self._rng.choice(front).tree
        if draw < 0.65:
            return front[-1 - int(len(front) * self._rng.random() ** 2)].tree
        count = len(self._herd)
        return self._herd[min(self._rng.randrange(count), self._rng.randrange(count))].tree

    def _child(self, front: Sequence[Found], draws: Draws) -> Tree:
        rng = self._rng
        if self._few is not None and rng.random() < _SIMPLE:
            return _extended(front[-1].tree, draws, rng)
        parent = self._parent(front)
        draw = rng.random()
        if draw < 0.28:
            return Tree(rng.choice("++-"), (parent, draws.product()))
        if draw < 0.36:
            return Tree(rng.choice("**/"), (parent, draws.factor()))
        place = rng.randrange(parent.count)
        node = parent.node(place)
        if draw < 0.80:
            return parent.put(place, _changed(node, draws, rng))
        if draw < 0.92:
            return parent.put(place, _part(self._parent(front), rng))
        return parent.put(place, _varied(node, draws, rng))


def _extended(best: Tree, draws: Draws, rng: Random) -> Tree:
    """Return the best with a plain function joined to it, or with a part within a function."""
    if rng.random() < _JOINED:
        return Tree(rng.choice("++-*"), (best, draws.plain_call()))
    place = rng.randrange(best.count)
    return best.put(place, draws.call(best.node(place)))


def _changed(node: Tree, draws: Draws, rng: Random) -> Tree:
    """Return a node with something added, replaced or taken away."""
    draw = rng.random()
    if draw < 0.36:
        sign = rng.choice("++-**/")
        return Tree(sign, (node, draws.product()))
    if draw < 0.77:
        return draws.product() if rng.random() < 0.5 else draws.factor()
    return rng.choice(node.parts) if node.parts else draws.factor()


def _varied(node: Tree, draws: Draws, rng: Random) -> Tree:
    """Return a node within a function, with another sign, or with a nearby number."""
    number = number_of(node)
    if number is not None:
        return leaf(f"{number * math.exp(rng.gauss(0.0, 0.7)):.2g}")
    if len(node.parts) == 2 and not node.is_function and rng.random() < 0.5:
        return Tree(rng.choice("+-*/"), node.parts)
    return draws.call(node)


def _order(found: Found) -> tuple[float, int]:
    """Sort better expressions first, and of equally good ones the smaller."""
    return -found.worth.value, found.tree.size


def _part(tree: Tree, rng: Random) -> Tree:
    return tree.node(rng.randrange(tree.count))
