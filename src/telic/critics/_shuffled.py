"""A control: the same critic, taught the outcomes of other candidates."""

from __future__ import annotations

import msgspec

from telic.critics.base import Critic, Estimate, Example, Reader
from telic.seeding import stream

__all__ = ["ShuffledCritic"]


class ShuffledCritic:
    """Gives each example the outcome of an earlier one, drawn by address.

    Whatever such a critic seems to achieve is not due to what it learned.

    Args:
        critic: the one to mislead.
        seed: the run's.
    """

    def __init__(self, critic: Critic, *, seed: int) -> None:
        self._critic = critic
        self._seed = seed
        self._outcomes: list[tuple[float | None, float | None]] = []

    def reader(self) -> Reader:
        """Return the misled critic as it is now."""
        return self._critic.reader()

    def update(self, example: Example, estimate: Estimate | None) -> None:
        """Learn another's outcome: its fitness, and its parent's."""
        self._outcomes.append((example.fitness, example.query.parent_fitness))
        drawn = stream(self._seed, "shuffled", len(self._outcomes)).choice(self._outcomes)
        query = msgspec.structs.replace(example.query, parent_fitness=drawn[1])
        self._critic.update(Example(query, drawn[0]), estimate)
