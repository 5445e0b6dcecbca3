"""Trusted simulation of a shop that orders its articles together.

Joint replenishment under can-order policies (Balintfy, 1964, "On a basic class of multi-item
inventory problems", Management Science 10(2)): an article at its level ``must`` makes its supplier
deliver, and others of that supplier that are at their level ``can`` come along, since the fee of a
delivery is shared. No closed form is known for the best levels, so they are judged by simulation,
with the same days for all. A candidate gives the levels and never sees a day; all numbers are
whole, so costs are exact.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

import msgspec
import numpy as np

__all__ = ["Shop", "cost_of", "draw_shop"]

SUPPLIERS = 6
EACH = 5
"""Articles of a supplier; those of one are neighbours."""
WARM_UP = 100
"""Days before costs count, since the shop starts full."""


class Shop(msgspec.Struct, frozen=True):
    """Articles and days, as whole numbers."""

    chance: list[int]
    """Per article: in how many per cent of the days anyone asks for it, 1 to 100."""
    size: list[int]
    """Per article: mean pieces that are asked for on such a day; 1 to twice that less 1 are equally
    likely."""
    lead: list[int]
    """Per article: days between order and delivery; at least 1."""
    holding: list[int]
    """Per article: cost of a piece and night in the shop."""
    backlog: list[int]
    """Per article: cost of a piece and night that it is owed."""
    handling: list[int]
    """Per article: cost of ordering it."""
    fee: list[int]
    """Per supplier: cost of a delivery."""
    demand: list[list[int]]
    """Per day: pieces asked for of each article."""

    @property
    def counted(self) -> int:
        """Days whose costs count."""
        return len(self.demand) - WARM_UP

    def articles(self) -> list[tuple[float, ...]]:
        """Return per article what a policy may know, with mean and deviation of demand in days."""
        rows: list[tuple[float, ...]] = []
        for at, (chance, size) in enumerate(zip(self.chance, self.size, strict=True)):
            mean = chance * size / 100.0
            square = mean * (4 * size - 1) / 3.0  # the mean square of 1 to 2 size - 1
            rows.append(
                (
                    mean,
                    math.sqrt(square - mean * mean),
                    self.lead[at],
                    self.holding[at],
                    self.backlog[at],
                    self.handling[at],
                    self.fee[at // EACH],
                )
            )
        return rows


def draw_shop(rng: Random, days: int) -> Shop:
    """Return a shop with articles that sell from once a week to dozens a day.

    Args:
        rng: where all draws come from.
        days: simulated, the first ``WARM_UP`` of which do not count.
    """
    count = SUPPLIERS * EACH
    leads = [rng.randint(2, 14) for _ in range(SUPPLIERS)]
    chance = [rng.randint(15, 100) for _ in range(count)]
    size = [rng.choice((1, 2, 3, 5, 8, 13, 20)) for _ in range(count)]
    holding = [rng.randint(1, 10) for _ in range(count)]
    return Shop(
        chance=chance,
        size=size,
        lead=[leads[at // EACH] for at in range(count)],
        holding=holding,
        backlog=[each * rng.randint(4, 30) for each in holding],
        handling=[rng.randint(10, 60) for _ in range(count)],
        fee=[rng.randint(100, 1500) for _ in range(SUPPLIERS)],
        demand=[
            [
                rng.randint(1, 2 * mean - 1) if rng.randrange(100) < share else 0
                for share, mean in zip(chance, size, strict=True)
            ]
            for _ in range(days)
        ],
    )


def cost_of(shop: Shop, levels: Sequence[Sequence[int]]) -> dict[str, int]:
    """Return what the counted days cost: for holding, for what is owed, and for orders.

    A day goes so: what was ordered ``lead`` days ago comes in, customers ask, the night is paid
    for, and orders are made.

    Args:
        shop: articles and days.
        levels: must, can and full of each article.
    """
    must, can, full = np.array(levels, dtype=np.int64).T
    can = np.maximum(must, can)
    lead = np.array(shop.lead)
    holding, backlog = np.array(shop.holding), np.array(shop.backlog)
    handling, fee = np.array(shop.handling), np.array(shop.fee)
    demand = np.array(shop.demand)
    coming = np.zeros((int(lead.max()) + 1, len(lead)), dtype=np.int64)
    places = np.arange(len(lead))
    stock = full.copy()  # what is owed counts as negative
    position = full.copy()  # with what is on the way
    held = owed = orders = 0
    for day, asked in enumerate(demand):
        arriving = coming[day % len(coming)]
        stock += arriving - asked
        arriving[:] = 0
        position -= asked
        counts = day >= WARM_UP
        if counts:
            held += int(holding @ np.maximum(stock, 0))
            owed += int(backlog @ np.maximum(-stock, 0))
        calls = (position <= must).reshape(-1, EACH).any(axis=1)
        if not calls.any():
            continue
        amount = np.where(calls.repeat(EACH) & (position <= can), full - position, 0)
        amount = np.maximum(amount, 0)
        coming[(day + lead) % len(coming), places] = amount
        position += amount
        if counts:
            ordered = amount > 0
            orders += int(handling @ ordered)
            orders += int(fee @ ordered.reshape(-1, EACH).any(axis=1))
    return {"held": held, "owed": owed, "orders": orders}
