"""Whose turn it is among islands: any one's, or mostly of those that are ahead or repay tries."""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import Literal, Protocol

__all__ = ["RankedTurns", "Rule", "Turns", "UcbTurns", "UniformTurns", "turns_by"]

Rule = Literal["ranked", "uniform", "ucb"]

_ISLAND_REWARD = 0.2
"""For a new best of the island that is not the best of all."""


class Turns(Protocol):
    """Decides among islands; changes in :meth:`tell` alone."""

    def draw(self, bests: Sequence[float], rng: Random) -> int:
        """Return an island, given the best fitness of each, minus infinity where there is none."""
        ...

    def tell(self, island: int, *, is_best: bool, is_island_best: bool) -> None:
        """Learn what a try on an island gave."""
        ...


class UniformTurns:
    """Every island is as likely as any other."""

    def draw(self, bests: Sequence[float], rng: Random) -> int:
        """Return any island."""
        return rng.randrange(len(bests))

    def tell(self, island: int, *, is_best: bool, is_island_best: bool) -> None:
        """Learn nothing."""


class RankedTurns:
    """Islands are drawn by a power law over the ranks of their best, as elites are within one.

    An island that lags behind mostly repeats what the first ones have done already; it gets
    fewer tries the further back it is, and most once it leads.

    Args:
        islands: how many, 1 or more.
        exponent: 0 is uniform; the larger, the more for the first.
    """

    def __init__(self, islands: int, *, exponent: float) -> None:
        self._cumulated = list(accumulate((rank + 1) ** -exponent for rank in range(islands)))

    def draw(self, bests: Sequence[float], rng: Random) -> int:
        """Return an island, the best ones most often."""
        rank = bisect(self._cumulated, rng.random() * self._cumulated[-1])
        order = sorted(range(len(bests)), key=lambda island: -bests[island])
        return order[min(rank, len(order) - 1)]

    def tell(self, island: int, *, is_best: bool, is_island_best: bool) -> None:
        """Learn nothing: the ranks say it."""


class UcbTurns:
    """Discounted UCB (Garivier & Moulines 2011) over islands.

    A try repays 1 when it gives the best of all, 0.2 when the best of its island alone: an
    island that merely catches up must not draw the effort.

    Args:
        islands: how many, 1 or more.
        exploration: factor of the optimism, 0 or more.
        discount: by how much past tries fade with each new one, above 0 and at most 1.
    """

    def __init__(self, islands: int, *, exploration: float, discount: float) -> None:
        self._rewards = [0.0] * islands
        self._tries = [0.0] * islands
        self._exploration = exploration
        self._discount = discount

    def draw(self, bests: Sequence[float], rng: Random) -> int:
        """Return the island of the highest upper bound, any one of equals."""
        del bests
        total = math.log(1.0 + sum(self._tries))
        bounds = [
            reward / tries + self._exploration * math.sqrt(total / tries)
            if tries > 0.0
            else math.inf
            for reward, tries in zip(self._rewards, self._tries, strict=True)
        ]
        highest = max(bounds)
        return rng.choice([island for island, bound in enumerate(bounds) if bound == highest])

    def tell(self, island: int, *, is_best: bool, is_island_best: bool) -> None:
        """Book a try on an island."""
        fade = self._discount
        self._rewards = [reward * fade for reward in self._rewards]
        self._tries = [tries * fade for tries in self._tries]
        self._tries[island] += 1.0
        self._rewards[island] += 1.0 if is_best else _ISLAND_REWARD * is_island_best


def turns_by(
    rule: Rule, islands: int, *, exponent: float, exploration: float, discount: float
) -> Turns:
    """Return whose turn it is by the name of a rule; each takes what concerns it.

    Raises:
        ValueError: if there is no such rule.
    """
    if rule == "ranked":
        return RankedTurns(islands, exponent=exponent)
    if rule == "uniform":
        return UniformTurns()
    if rule == "ucb":
        return UcbTurns(islands, exploration=exploration, discount=discount)
    raise ValueError(f"turns must be 'ranked', 'uniform' or 'ucb'; got {rule!r}")
