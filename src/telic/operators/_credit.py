"""What operators have earned and cost of late: the books that portfolios decide by.

A reward compares a candidate with what was there before it. It is asymmetric, as in
ShinkaEvolve's bandit: falling short costs what it costs and no more. Raw differences of
fitness shrink by orders of magnitude during a run, so a gain counts relative to the usual
gain of its time, up to a cap.

Where a trial inside an operator costs as much as an evaluation, the usual gain is that of one
evaluation: a turn of twenty trials that gains as much as twenty turns earns as much as they do.

A cost is counted in evaluations: the same in every replay, which measured seconds are not.

The past fades with every improvement rather than with every turn. While nothing improves,
the books just grow, so that a cheap operator that gives nothing is told from a costly one
that gives something seldom; when much improves, the past is soon no guide any more.
"""

from __future__ import annotations

import math
from array import array
from collections import deque
from statistics import median

import msgspec

from telic.candidate import Candidate, Cost, Record

__all__ = ["Account", "Books", "Prices"]

_PARENT_REWARD = 0.2
"""For beating the parents without being the best of all."""
_GAIN_CAP = 20.0
"""The reward of a new best, at most, in usual gains; a turn of more evaluations than that may earn
one for each."""
_RECENT_GAINS = 31
_TURN = 1.0
"""Cost of any turn at least: one that ends without an evaluation took a place in the window."""


class Prices(msgspec.Struct, frozen=True):
    """What is worth how many evaluations.

    Raises:
        ValueError: if a price is negative or not finite.
    """

    trial: float = 0.05
    """A trial inside an operator: it comes in batches, without a process of its own."""
    dollar: float = 10_000.0
    token: float = 0.01
    """For models that cost time rather than money."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            price = getattr(self, name)
            if not 0 <= price < math.inf:
                raise ValueError(f"{name} must be 0 or more and finite; got {price}")

    def of(self, cost: Cost, evaluations: int) -> float:
        """Return the price of a proposal and of evaluating it."""
        spent = self.trial * cost.trials + self.dollar * cost.money + self.token * cost.tokens
        return spent + (evaluations or _TURN)


class Account(msgspec.Struct):
    """One operator's books; all but ``turns``, ``improved`` and ``spent`` fade."""

    reward: float = 0.0
    square: float = 0.0
    """Sum of squared rewards."""
    cost: float = 0.0
    recent: float = 0.0
    """Number of turns."""
    spending: float = 0.0
    """Turns that ended with an evaluation, or spent trials on finding that there is none."""
    turns: int = 0
    improved: int = 0
    """Candidates that became the best of all."""
    spent: float = 0.0

    @property
    def price(self) -> float:
        """Usual cost of one turn, in evaluations."""
        return max(self.cost / self.recent, 1e-3) if self.recent > 1e-9 else 1.0

    @property
    def yields(self) -> float:
        """Share of turns that are not declined at once, above 0, 1 to begin with."""
        return (self.spending + 1.0) / (self.recent + 1.0)


class Books:
    """Accounts of every operator that was ever told of.

    Memory is eight bytes a candidate, for the fitness of those that may become parents.

    Args:
        memory: improvements after which earlier turns have faded to a third, above 0.
        prices: what is worth how many evaluations.
    """

    def __init__(self, memory: float, prices: Prices) -> None:
        self.accounts: dict[str, Account] = {}
        self.told = 0
        self._memory = memory
        self._prices = prices
        self._fitness = array("d")
        self._best = -math.inf
        self._gains: deque[float] = deque(maxlen=_RECENT_GAINS)

    def tell(self, record: Record) -> None:
        """Book one request's end."""
        candidate = record.candidate
        is_evaluated = record.outcome == "evaluated" and record.evaluation is not None
        fitness = record.fitness if is_evaluated else None
        if candidate.operator != "seed":
            samples = len(record.evaluation.samples) if record.evaluation else 0
            self._book(candidate, fitness, max(1, samples) if is_evaluated else 0)
        if fitness is not None:
            self._remember(candidate.id, fitness)
            self._best = max(self._best, fitness)

    def rate(self) -> float:
        """Return the reward per evaluation over all operators; above 0 even without any."""
        reward = sum(account.reward for account in self.accounts.values())
        return (reward + 0.5) / (sum(account.cost for account in self.accounts.values()) + 1.0)

    def part(self, operator: str) -> float:
        """Return an operator's part of all reward of late, 0 to 1."""
        account = self.accounts.get(operator)
        total = sum(account.reward for account in self.accounts.values())
        return account.reward / total if account is not None and total > 0.0 else 0.0

    def _book(self, candidate: Candidate, fitness: float | None, executions: int) -> None:
        operator, parents = candidate.operator, candidate.parents
        cost = self._prices.of(candidate.cost, executions)
        reward = self._reward(fitness, parents, cost if self._prices.trial >= 1.0 else 1.0)
        fading = math.exp(-min(reward, 1.0) / self._memory)
        for account in self.accounts.values():
            account.reward *= fading
            account.square *= fading
            account.cost *= fading
            account.recent *= fading
            account.spending *= fading
        self.told += 1
        account = self.accounts.setdefault(operator, Account())
        account.reward += reward
        account.square += reward * reward
        account.cost += cost
        account.recent += 1.0
        account.spending += executions > 0 or cost > _TURN
        account.turns += 1
        account.spent += cost
        if fitness is not None and fitness > self._best:
            account.improved += 1

    def _reward(self, fitness: float | None, parents: tuple[int, ...], effort: float) -> float:
        if fitness is None:
            return 0.0
        if fitness > self._best:
            gain = fitness - self._best
            if not math.isfinite(gain):
                return 1.0
            # Its own gain counts as usual, too: one tiny gain before must not make it huge.
            self._gains.append(gain / effort)
            return _PARENT_REWARD + min(gain / median(self._gains), max(_GAIN_CAP, effort))
        return (
            _PARENT_REWARD if fitness > max(map(self._recall, parents), default=math.inf) else 0.0
        )

    def _remember(self, candidate: int, fitness: float) -> None:
        missing = candidate + 1 - len(self._fitness)
        self._fitness.extend([-math.inf] * missing)
        self._fitness[candidate] = fitness

    def _recall(self, candidate: int) -> float:
        return self._fitness[candidate] if candidate < len(self._fitness) else -math.inf
