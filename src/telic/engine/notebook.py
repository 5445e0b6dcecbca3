"""What a run learns for its prompts: notes on what worked, and advice that is itself evolved.

Both are written by models, as turns of their own (operators with a :class:`Chore`): every so many
candidates made by models, one request goes to a chore instead of an operator, and what it writes
is a record like any other. So notes and advice are state that comes of the journal's records
alone, and a run that goes on or is made again has them at the same point.

Advice follows the prompt evolution of ShinkaEvolve (Lange et al. 2025) and Promptbreeder (Fernando
et al. 2023): a small archive, of which each prompt holds one piece drawn by Thompson sampling from
the gains that candidates made with it had over their parents.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

import msgspec

from telic.candidate import Record
from telic.operators.base import Advice, Attempt, Operator, asks_of, chore_of

__all__ = ["Notebook", "Page"]

_RECENT = 40
"""Latest attempts that a note-taker is shown at most."""
_ARCHIVE = 8
"""Pieces of advice kept at most, beside none at all."""
_GAINS = 200
"""Gains that a new one is ranked among at most."""
_NONE = Advice(0, "")


class Page(msgspec.Struct, frozen=True):
    """What a request may know of what was learnt, as it was when it was opened."""

    notes: str = ""
    advice: Advice | None = None
    """Piece drawn for it; ``None`` in a run without advice."""
    archive: tuple[Advice, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    """The latest first."""


@dataclass
class _Arm:
    """A piece of advice and what came of it."""

    text: str
    tries: int = 0
    reward: float = 0.0
    """Sum of rewards, each from 0 to 1."""

    def mean(self) -> float:
        """Return the mean reward that is to be expected, an even one at first."""
        return (self.reward + 1.0) / (self.tries + 2.0)


@dataclass
class _Due:
    """When a chore is to be done."""

    operator: Operator
    every: int
    done: int = 0
    is_open: bool = False


@dataclass
class _Gains:
    """Ranks a gain among the latest ones, so that it needs no scale."""

    order: deque[float] = field(default_factory=deque[float])
    ranked: list[float] = field(default_factory=list[float])

    def reward(self, gain: float | None) -> float:
        """Return 0 for no gain, else from 0.5 to 1 by its rank."""
        if gain is None or not gain > 0.0:
            return 0.0
        share = (bisect_left(self.ranked, gain) + 0.5) / (len(self.ranked) + 1)
        insort(self.ranked, gain)
        self.order.append(gain)
        if len(self.order) > _GAINS:
            self.ranked.remove(self.order.popleft())
        return 0.5 + 0.5 * share


class Notebook:
    """State of notes and advice; changes by records told and chores opened alone.

    Args:
        operators: of the run, chores among them.
    """

    def __init__(self, operators: Sequence[Operator]) -> None:
        chores = [(operator, chore_of(operator)) for operator in operators]
        self._due = {o.name: _Due(o, c.every) for o, c in chores if c is not None}
        self._writes = {o.name: c.writes for o, c in chores if c is not None}
        self._asking = {o.name for o, c in chores if c is None and asks_of(o) is not None}
        self._made = 0
        self._notes = ""
        self._arms = {0: _Arm("")}
        self._fitness = array("d")
        self._gains = _Gains()
        self._attempts: deque[Attempt] = deque(maxlen=_RECENT)

    def chore(self, name: str) -> Operator | None:
        """Return a chore by its name."""
        return self._due[name].operator if name in self._due else None

    def due(self) -> Operator | None:
        """Return the chore whose turn it is, if any."""
        for each in self._due.values():
            if not each.is_open and self._made >= each.every * (each.done + 1):
                return each.operator
        return None

    def opened(self, name: str) -> None:
        """Learn that a request was opened for an operator."""
        if name in self._due:
            self._due[name].is_open = True

    def tell(self, record: Record, *, is_best: bool) -> None:
        """Learn the end of a request."""
        if not self._due:
            return
        name = record.candidate.operator
        if name in self._due:
            self._due[name].is_open = False
            self._due[name].done = self._made // self._due[name].every
            if record.outcome == "noted":
                self._write(name, record)
            return
        gain = self._gain(record)
        if name not in self._asking and not is_best:
            return
        self._attempts.appendleft(Attempt(record, gain))
        if name in self._asking:
            self._made += 1
            self._credit(record, gain)

    def page(self, operator: str, rng: Callable[[], Random]) -> Page:
        """Return what a request of an operator may know, its advice drawn from what ``rng`` gives.

        Most requests draw none, and a generator takes longer to make than the rest of this.
        """
        if not self._due or (operator not in self._asking and operator not in self._due):
            return Page()
        evolves = "advice" in self._writes.values()
        archive = tuple(
            Advice(key, arm.text, arm.tries, arm.mean()) for key, arm in self._arms.items()
        )
        chosen = self._drawn(rng()) if evolves and operator in self._asking else None
        return Page(self._notes, chosen, archive, tuple(self._attempts))

    def _drawn(self, rng: Random) -> Advice:
        draws = {
            key: rng.betavariate(1.0 + arm.reward, 1.0 + arm.tries - arm.reward)
            for key, arm in self._arms.items()
        }
        key = max(draws, key=lambda key: draws[key])
        return Advice(key, self._arms[key].text) if key else _NONE

    def _gain(self, record: Record) -> float | None:
        """Return how much better than its best parent a candidate is, and remember its fitness."""
        known, at = self._fitness, record.candidate.id
        while len(known) <= at:
            known.append(math.nan)
        fitness = record.fitness if record.outcome == "evaluated" else None
        if fitness is None:
            return None
        known[at] = fitness
        parents = [known[i] for i in record.candidate.parents if i < len(known)]
        scored = [value for value in parents if not math.isnan(value)]
        return fitness - max(scored) if scored else None

    def _credit(self, record: Record, gain: float | None) -> None:
        reward = self._gains.reward(gain)
        arm = self._arms.get(record.advice) if record.advice is not None else None
        if arm is not None:
            arm.tries += 1
            arm.reward += reward

    def _write(self, name: str, record: Record) -> None:
        if self._writes[name] == "notes":
            self._notes = record.reason
            return
        self._arms[record.candidate.id] = _Arm(record.reason)
        if len(self._arms) > 1 + _ARCHIVE:
            known = [key for key in self._arms if key not in (0, record.candidate.id)]
            del self._arms[min(known, key=lambda key: self._arms[key].mean())]
