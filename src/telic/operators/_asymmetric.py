"""The bandit that ShinkaEvolve chooses models with, over operators and models alike.

Rewards are asymmetric: what a candidate gains over the better of its parents and the seed
counts, what it loses does not, and large gains count exponentially. Method of ShinkaEvolve
(Lange, Imajuku & Cetin 2025; ``AsymmetricUCB`` in its code), with three corrections: gains are
measured in the largest gain so far, so that the scale of a problem's score does not matter;
the turns that the exploration bonus divides by fade like the rewards do, so that an arm that
was bad once is seen again; and unseen arms take turns by index, so that requests in flight do
not all try the same one.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from random import Random
from statistics import median

import msgspec

from telic.candidate import Record
from telic.operators._credit import Books, Prices
from telic.operators.portfolio import Booked, unseen_arm

__all__ = ["AsymmetricPortfolio"]


class _Arm(msgspec.Struct):
    reward: float = 0.0
    turns: float = 0.0
    """Both fade with every turn of any arm."""


class AsymmetricPortfolio(Booked):
    """Gives a turn to the arm of highest upper bound, its cheapness blended in.

    Args:
        exploration: factor of the bonus, 0 or more.
        cheapness: weight of being cheap against being good, 0 to 1.
        spread: share of the turns that all arms divide evenly, 0 to 1.
        discount: by how much past turns fade, above 0 and at most 1.
        dollar: price of a US dollar, in evaluations.
        token: price of a model token, in evaluations.

    Raises:
        ValueError: if a setting is out of its range.
    """

    def __init__(
        self,
        *,
        exploration: float = 1.0,
        cheapness: float = 0.5,
        spread: float = 0.2,
        discount: float = 0.95,
        dollar: float = 10_000.0,
        token: float = 0.01,
    ) -> None:
        for name, value in (("cheapness", cheapness), ("spread", spread)):
            if not 0 <= value <= 1:
                raise ValueError(f"{name} must be between 0 and 1; got {value}")
        if not exploration >= 0 or not 0 < discount <= 1:
            raise ValueError(
                "exploration must be 0 or more, and discount above 0 and at most 1; got "
                f"{exploration} and {discount}"
            )
        super().__init__(Books(1.0, Prices(dollar=dollar, token=token)))
        self._exploration = exploration
        self._cheapness = cheapness
        self._spread = spread
        self._discount = discount
        self._arms: dict[str, _Arm] = {}
        self._seed: float | None = None
        self._largest = 0.0
        self._fitness = array("d")

    def choose(self, index: int, arms: Sequence[str], rng: Random) -> str:
        """Return an operator, one not seen yet first."""
        unseen = unseen_arm(index, arms, self._books.accounts)
        if unseen is not None:
            return unseen
        seen = [arm for arm in arms if arm in self._arms]
        if rng.random() < self._spread:
            return rng.choice(seen)
        scores = self._scores(seen)
        best = max(scores)
        return rng.choice([arm for arm, s in zip(seen, scores, strict=True) if s == best])

    def tell(self, record: Record) -> None:
        """Learn the end of a request."""
        candidate, fitness = record.candidate, record.fitness
        super().tell(record)
        if candidate.operator == "seed":
            self._seed = fitness
        else:
            for arm in self._arms.values():
                arm.reward *= self._discount
                arm.turns *= self._discount
            told = self._arms.setdefault(candidate.operator, _Arm())
            told.turns += 1.0
            told.reward += self._reward(record)
        if fitness is not None:
            missing = candidate.id + 1 - len(self._fitness)
            self._fitness.extend([-math.inf] * missing)
            self._fitness[candidate.id] = fitness

    def _reward(self, record: Record) -> float:
        """Return from 0 to e - 1: the exponential of the gain, less 1."""
        if record.outcome != "evaluated" or record.fitness is None:
            return 0.0
        known = [self._fitness[p] for p in record.candidate.parents if p < len(self._fitness)]
        before = max((*known, -math.inf if self._seed is None else self._seed), default=-math.inf)
        gain = record.fitness - before
        if math.isinf(gain):
            return math.expm1(1.0)  # the first that is feasible at all
        if not gain > 0:
            return 0.0
        self._largest = max(self._largest, gain)
        return math.expm1(gain / self._largest)

    def _scores(self, arms: Sequence[str]) -> list[float]:
        states = [self._arms[arm] for arm in arms]
        total = math.fsum(state.turns for state in self._arms.values())
        means = [state.reward / max(state.turns, 1e-9) for state in states]
        top = max(means) or 1.0
        prices = [self._books.accounts[arm].price for arm in arms]
        cheap = [median(prices) / price for price in prices]
        most = max(cheap)
        return [
            (1.0 - self._cheapness) * mean / top
            + self._cheapness * ease / most
            + self._exploration * math.sqrt(2.0 * math.log1p(total) / max(state.turns, 1e-9))
            for mean, ease, state in zip(means, cheap, states, strict=True)
        ]
