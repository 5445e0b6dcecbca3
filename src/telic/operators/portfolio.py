"""Which operator earns the next try: bandits over shares of the budget.

Operators differ in price by orders of magnitude: one proposal of a numeric operator may cost
thousands of trials. So the bandits deal out the *budget*, not the turns: an operator that is
to have the share ``s`` of it and costs ``c`` a turn gets turns in proportion to ``s / c``.

What is compared is reward per cost, discounted, because the best operator at the start of a
run is seldom the best at its end. ``ucb`` follows UCB1 (Auer, Cesa-Bianchi & Fischer 2002) in
its discounted form (Garivier & Moulines 2011) with the bonus of a rare-event rate; ``thompson``
samples such rates from gamma posteriors (Thompson 1933); ``uniform`` is the baseline. Either
gives an operator that keeps declining fewer turns than its share would buy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate, compress
from random import Random
from typing import Protocol

import msgspec

from telic.candidate import Record
from telic.operators._credit import Account, Books, Prices

__all__ = [
    "Booked",
    "Portfolio",
    "Share",
    "ThompsonPortfolio",
    "UcbPortfolio",
    "UniformPortfolio",
    "stake_of",
    "unseen_arm",
]

_UNPROVED = 0.5
"""Reward that every operator is credited with beforehand."""
_DRAWS = 8
_LONG = 10.0
"""Cost, in evaluations, from which on a turn keeps later ones waiting when results are told in
order."""
_TOGETHER = 4
"""Neighbouring turns that are long together, so that no worker is idle meanwhile."""
_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0


class Share(msgspec.Struct, frozen=True):
    """What one operator gets and what it gave."""

    operator: str
    share: float
    """Of all cost so far, from 0 to 1."""
    turns: int
    improved: int
    """Candidates of its making that became the best of all."""
    cost: float
    """In evaluations."""
    rate: float
    """Recent reward per cost, relative to the mean of all operators; 1 is average."""


class Portfolio(Protocol):
    """Decides among operators. State changes in :meth:`tell` alone."""

    def choose(self, index: int, arms: Sequence[str], rng: Random) -> str:
        """Return the operator for candidate ``index``; draws from ``rng`` only."""
        ...

    def tell(self, record: Record) -> None:
        """Learn the end of a request."""
        ...

    def shares(self) -> tuple[Share, ...]:
        """Report every operator told of so far, the costliest first."""
        ...


class Booked:
    """What keeps books of every operator and reports from them.

    Args:
        books: empty ones.
    """

    def __init__(self, books: Books) -> None:
        self._books = books

    def tell(self, record: Record) -> None:
        """Keep the books."""
        self._books.tell(record)

    def stake(self, arm: str) -> float:
        """Return an operator's part of all recent reward, 0 to 1."""
        return self._books.part(arm)

    def shares(self) -> tuple[Share, ...]:
        """Report every operator told of so far, the costliest first."""
        return _shares_of(self._books)


class UniformPortfolio(Booked):
    """Gives every operator equally many turns, whatever they cost."""

    def __init__(self) -> None:
        super().__init__(Books(math.inf, Prices()))

    def choose(self, index: int, arms: Sequence[str], rng: Random) -> str:
        """Return any operator."""
        del index
        return rng.choice(arms)


class UcbPortfolio(Booked):
    """Gives most of the budget to the operator of highest optimistic reward per cost.

    Args:
        exploration: factor of the optimism, 0 or more.
        spread: share of the budget that the other operators divide, 0 to 1.
        leaning: power of its price that each of them gets of that in proportion to: with 0 equal
            parts of the budget, with 1 equally many turns; 0 to 1.
        memory: improvements after which earlier turns have faded to a third, above 0.
        pace: turns from the first try of an operator to that of the next one, 1 or more; as many
            operators are seen at once to begin with.
        trial: price of a trial inside an operator, in evaluations.
        dollar: price of a US dollar, in evaluations.
        token: price of a model token, in evaluations.

    Raises:
        ValueError: if a setting is out of its range.
    """

    def __init__(
        self,
        *,
        exploration: float = 0.4,
        spread: float = 0.15,
        leaning: float = 0.0,
        memory: float = 40.0,
        pace: int = 1,
        trial: float = 0.05,
        dollar: float = 10_000.0,
        token: float = 0.01,
    ) -> None:
        if not exploration >= 0:
            raise ValueError(f"exploration must be 0 or more; got {exploration}")
        if pace < 1:
            raise ValueError(f"pace must be 1 or more; got {pace}")
        for name, value in (("spread", spread), ("leaning", leaning)):
            if not 0 <= value <= 1:
                raise ValueError(f"{name} must be between 0 and 1; got {value}")
        super().__init__(_books(memory, Prices(trial, dollar, token)))
        self._exploration = exploration
        self._spread, self._leaning = spread, leaning
        self._pace = pace

    def choose(self, index: int, arms: Sequence[str], rng: Random) -> str:
        """Return an operator, one not seen yet first."""
        accounts = self._books.accounts
        unseen = unseen_arm(index, arms, accounts, pace=self._pace)
        if unseen is not None:
            return unseen
        seen = [arm for arm in arms if arm in accounts]
        if not seen:
            return arms[index % len(arms)]
        if len(seen) == 1:
            return seen[0]
        prior = _UNPROVED / self._books.rate()
        optimism = self._exploration * math.sqrt(math.log(1.0 + self._books.told))
        bounds = [_upper_bound(accounts[arm], prior, optimism) for arm in seen]
        favourite = bounds.index(max(bounds))
        owners = [accounts[arm] for arm in seen]
        parts = [owner.price**self._leaning for owner in owners]
        parts[favourite] = 0.0
        others = self._spread / sum(parts)
        shares = [others * part for part in parts]
        shares[favourite] = 1.0 - self._spread
        turns = [
            share * owner.yields / owner.price for share, owner in zip(shares, owners, strict=True)
        ]
        return _bunched(index, seen, turns, [owner.price for owner in owners], rng)


class ThompsonPortfolio(Booked):
    """Gives each operator the share of the budget with which it is probably the best.

    A price is paid in luck: the winner of a draw gets the turn with a probability inverse to
    its price, else all draw again, up to eight times.

    Args:
        memory: improvements after which earlier turns have faded to a third, above 0.
        trial: price of a trial inside an operator, in evaluations.
        dollar: price of a US dollar, in evaluations.
        token: price of a model token, in evaluations.

    Raises:
        ValueError: if a setting is out of its range.
    """

    def __init__(
        self,
        *,
        memory: float = 40.0,
        trial: float = 0.05,
        dollar: float = 10_000.0,
        token: float = 0.01,
    ) -> None:
        super().__init__(_books(memory, Prices(trial, dollar, token)))

    def choose(self, index: int, arms: Sequence[str], rng: Random) -> str:
        """Return an operator, one not seen yet first."""
        accounts = self._books.accounts
        unseen = unseen_arm(index, arms, accounts)
        if unseen is not None:
            return unseen
        seen = [(arm, accounts[arm]) for arm in arms if arm in accounts]
        prior = _UNPROVED / self._books.rate()
        cheapest = min(account.price for _, account in seen)
        arm, account = _best_of_draw(seen, prior, rng)
        for _ in range(_DRAWS - 1):
            if rng.random() * account.price <= cheapest * account.yields:
                break
            arm, account = _best_of_draw(seen, prior, rng)
        return arm


def _books(memory: float, prices: Prices) -> Books:
    if not memory > 0:
        raise ValueError(f"memory must be above 0; got {memory}")
    return Books(memory, prices)


def stake_of(portfolio: Portfolio, arm: str) -> float:
    """Return the share of what is left that one turn of an operator may stake, 0 to 1.

    A portfolio says so by a method ``stake``; one that has none gives nobody more than the least.
    """
    stake = getattr(portfolio, "stake", None)
    return 0.0 if stake is None else stake(arm)


def unseen_arm(
    index: int, arms: Sequence[str], accounts: dict[str, Account], *, pace: int = 1
) -> str | None:
    """Return the operator whose turn it is to be seen for the first time, if any.

    The turn goes round by index: requests in flight, which the books do not know yet, never
    try the same operator twice within a round.

    Args:
        index: of the request.
        arms: operators that may have it.
        accounts: of those seen so far.
        pace: turns that go round by one operator, after as many that do so each.
    """
    if index >= pace:
        index, rest = divmod(index, pace)
        if rest:
            return None
    arm = arms[index % len(arms)]
    return None if arm in accounts else arm


def _upper_bound(account: Account, prior: float, optimism: float) -> float:
    spread = math.sqrt(account.square + _UNPROVED)
    return (account.reward + _UNPROVED + optimism * spread) / (account.cost + prior)


def _best_of_draw(
    arms: Sequence[tuple[str, Account]], prior: float, rng: Random
) -> tuple[str, Account]:
    """Draw every operator's reward per cost from its posterior and return the highest."""
    rates = [
        rng.gammavariate(account.reward + _UNPROVED, 1.0) / (account.cost + prior)
        for _, account in arms
    ]
    return arms[rates.index(max(rates))]


def _bunched(
    index: int, arms: Sequence[str], turns: Sequence[float], prices: Sequence[float], rng: Random
) -> str:
    """Draw an operator by its share of the turns, so that long turns come side by side.

    Whether a turn is long is the same for neighbouring indices, and decided by a sequence
    that spreads evenly, the multiples of the golden ratio.
    """
    is_long = [price > _LONG for price in prices]
    share = sum(compress(turns, is_long)) / sum(turns)
    wants_long = index // _TOGETHER * _GOLDEN % 1.0 < share
    chosen = [long == wants_long for long in is_long]
    return _draw([*compress(arms, chosen)], [*compress(turns, chosen)], rng)


def _draw(arms: Sequence[str], weights: Sequence[float], rng: Random) -> str:
    cumulated = list(accumulate(weights))
    drawn = rng.random() * cumulated[-1]
    return next((arm for arm, edge in zip(arms, cumulated, strict=True) if drawn < edge), arms[-1])


def _shares_of(books: Books) -> tuple[Share, ...]:
    """Report the books of every operator, the costliest first."""
    total = sum(account.spent for account in books.accounts.values()) or 1.0
    mean = books.rate()
    rows = [
        Share(
            operator=name,
            share=account.spent / total,
            turns=account.turns,
            improved=account.improved,
            cost=account.spent,
            rate=account.reward / account.cost / mean if account.cost > 0 else 0.0,
        )
        for name, account in books.accounts.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.cost, row.operator)))
