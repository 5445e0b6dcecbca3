"""Mutation policies learned by Q-learning over a hierarchy of operators.

HHNAS-AM (Tripathi et al. 2025, "Hierarchical Hybrid Neural Architecture Search using Adaptive
Mutation Policies") mutates on two levels, *macro* for the structure of a solution and *micro* for
its numbers, and learns by Q-learning from the change of accuracy which mutation to make. Here the
levels are operators that change a program's structure and operators that change its numbers:
first the level is chosen, then an operator of it, each by a table of values of its own.

The paper leaves state, reward scale and rates open. Here the state is how long nothing has
improved; the reward is that of the bandits beside which the policy stands, less what the turn cost
at the run's usual rate (the average-reward form of Schwartz 1993), so that a dear operator must
give more.
"""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Mapping, Sequence
from random import Random

from telic.candidate import Record
from telic.operators._credit import Account, Books, Prices
from telic.operators.portfolio import Booked, unseen_arm

__all__ = ["AdaptivePortfolio"]

_STATES = (5, 40)
"""Turns without a new best after which the state changes: fresh, slow, stuck."""
_FADE = 0.99
"""By how much the usual reward per cost forgets with every turn."""

_Key = tuple[int, str]
"""A state, and a level or an operator."""


class Values:
    """A table of action values: running means that forget at a least rate.

    Args:
        rate: weight of the newest target once there are many, above 0 and at most 1.
    """

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._values: dict[_Key, float] = {}
        self._visits: dict[_Key, int] = {}

    def best(self, state: int, actions: Sequence[str]) -> str:
        """Return the action of the highest value; of equals the first."""
        return max(actions, key=lambda action: self._values.get((state, action), 0.0))

    def draw(self, state: int, actions: Sequence[str], temperature: float, rng: Random) -> str:
        """Return an action, of probability rising exponentially with its value.

        Args:
            state: where.
            actions: to choose from.
            temperature: what lowers the probability to a third, in units of the distance of the
                highest from the lowest value; above 0.
            rng: draws.
        """
        values = [self._values.get((state, action), 0.0) for action in actions]
        highest = max(values)
        spread = (highest - min(values)) or 1.0
        weights = [math.exp((value - highest) / (spread * temperature)) for value in values]
        return rng.choices(actions, weights)[0]

    def highest(self, state: int) -> float:
        """Return the highest value known in a state, 0 if none is."""
        return max((v for (s, _), v in self._values.items() if s == state), default=0.0)

    def learn(self, state: int, action: str, target: float) -> None:
        """Move a value toward a target."""
        key = (state, action)
        visits = self._visits[key] = self._visits.get(key, 0) + 1
        value = self._values.get(key, 0.0)
        self._values[key] = value + max(1.0 / visits, self._rate) * (target - value)


class AdaptivePortfolio(Booked):
    """Chooses a level, then an operator of it, by Q-learning with random exploration.

    A record in flight is credited to the state in which it arrives.

    Args:
        micro: names of the operators that change numbers, separated by blanks; all others
            change structure.
        epsilon: share of turns that go to any operator, dear ones in proportion less, 0 to 1.
        rate: least weight of the newest reward, above 0 and at most 1.
        foresight: weight of what the next state promises, at least 0 and below 1.
        temperature: 0 takes the action of the highest value; above, an action is drawn, and one
            whose value is lower by this share of the values' range is a third as probable.
        trial: price of a trial inside an operator, in evaluations.
        dollar: price of a US dollar, in evaluations.
        token: price of a model token, in evaluations.

    Raises:
        ValueError: if a setting is out of its range.
    """

    def __init__(
        self,
        *,
        micro: str = "constants numeric polish",
        epsilon: float = 0.2,
        rate: float = 0.03,
        foresight: float = 0.5,
        temperature: float = 0.0,
        trial: float = 0.05,
        dollar: float = 10_000.0,
        token: float = 0.01,
    ) -> None:
        for name, value in (("epsilon", epsilon), ("rate", rate), ("foresight", foresight)):
            if not 0 <= value <= 1:
                raise ValueError(f"{name} must be between 0 and 1; got {value}")
        if rate == 0 or foresight == 1:
            raise ValueError(f"rate must be above 0, foresight below 1; got {rate}, {foresight}")
        if not 0 <= temperature < math.inf:
            raise ValueError(f"temperature must be 0 or more and finite; got {temperature}")
        super().__init__(Books(math.inf, Prices(trial, dollar, token)))
        self._micro = frozenset(micro.split())
        self._epsilon = epsilon
        self._foresight = foresight
        self._temperature = temperature
        self._recent = Account()
        self._levels = Values(rate)
        self._operators = {level: Values(rate) for level in ("macro", "micro")}
        self._waited = 0

    def choose(self, index: int, arms: Sequence[str], rng: Random) -> str:
        """Return an operator, one not seen yet first."""
        accounts = self._books.accounts
        first = unseen_arm(index, arms, accounts)
        if first is not None:
            return first
        seen = [arm for arm in arms if arm in accounts]
        if rng.random() < self._epsilon:
            return rng.choices(seen, [1.0 / accounts[arm].price for arm in seen])[0]
        state = self._state()
        level = self._pick(self._levels, state, sorted({self._level(arm) for arm in seen}), rng)
        mine = [arm for arm in seen if self._level(arm) == level]
        return self._pick(self._operators[level], state, mine, rng)

    def tell(self, record: Record) -> None:
        """Learn from the reward of a turn, less its cost."""
        operator = record.candidate.operator
        before = _totals(self._books.accounts, operator)
        super().tell(record)
        if operator == "seed":
            return
        after = self._books.accounts[operator]
        reward, cost = after.reward - before.reward, after.spent - before.spent
        advantage = reward - self._usual_rate() * cost
        self._recent.reward = _FADE * self._recent.reward + reward
        self._recent.cost = _FADE * self._recent.cost + cost
        state = self._state()
        self._waited = 0 if after.improved > before.improved else self._waited + 1
        self._learn(state, operator, advantage)

    def _learn(self, state: int, operator: str, advantage: float) -> None:
        level, arrived = self._level(operator), self._state()
        operators = self._operators[level]
        for table, action in ((self._levels, level), (operators, operator)):
            promise = table.highest(arrived)
            table.learn(state, action, advantage + self._foresight * promise)

    def _pick(self, values: Values, state: int, actions: Sequence[str], rng: Random) -> str:
        if self._temperature == 0:
            return values.best(state, actions)
        return values.draw(state, actions, self._temperature, rng)

    def _usual_rate(self) -> float:
        """Return the reward per evaluation of late, over all operators."""
        return self._recent.reward / self._recent.cost if self._recent.cost > 0 else 0.0

    def _level(self, operator: str) -> str:
        return "micro" if operator in self._micro else "macro"

    def _state(self) -> int:
        return bisect(_STATES, self._waited)


def _totals(accounts: Mapping[str, Account], operator: str) -> Account:
    """Return a copy of what an operator has earned, spent and improved so far."""
    account = accounts.get(operator, Account())
    return Account(reward=account.reward, improved=account.improved, spent=account.spent)
