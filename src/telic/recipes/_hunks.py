"""Patches of several hunks as a place for learned edits: tests, noisy reading, and a policy.

A patch chooses one of a few options for each hunk; every test passes when two certain hunks are
both right, so that a score is worth following and yet has plateaus. A policy changes one hunk or
keeps the patch. It reads the task each time anew, and its reading of a hunk is wrong now and then.
Its logits are linear in what an edit looks like; it learns by the gradient of log-probabilities,
which serves cross-entropy and REINFORCE (Williams 1992) alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = [
    "Choice",
    "Patch",
    "Policy",
    "Task",
    "drawn",
    "new_task",
    "reinforced",
    "score",
    "supervised",
]

_FEATURES = 4

Patch = tuple[int, ...]
"""Option of each hunk."""


class Task(NamedTuple):
    """What is right, and how it is seen."""

    right: Patch
    tests: tuple[tuple[int, int], ...]
    """Pairs of hunks."""
    options: int
    """Of each hunk."""
    misread: float
    """Chance that a hunk is read as a random option."""


def new_task(rng: Random, *, hunks: int, options: int, tests: int, misread: float) -> Task:
    """Return a task; each hunk is in some test if there are tests enough."""
    order = rng.sample(range(hunks), hunks)
    ring = [(order[i], order[(i + 1) % hunks]) for i in range(hunks)]
    right = tuple(rng.randrange(options) for _ in range(hunks))
    return Task(right, tuple(ring[i % hunks] for i in range(tests)), options, misread)


def score(task: Task, patch: Patch) -> float:
    """Return the share of tests that pass."""
    good = [chosen == wanted for chosen, wanted in zip(patch, task.right, strict=True)]
    return sum(good[a] and good[b] for a, b in task.tests) / len(task.tests)


def drawn(task: Task, rng: Random) -> Patch:
    """Return a patch written at once: every hunk as it is read."""
    return tuple(
        rng.randrange(task.options) if rng.random() < task.misread else wanted
        for wanted in task.right
    )


class Choice(NamedTuple):
    """One edit that a policy chose, and what learning needs to know of it."""

    after: Patch
    gradient: Array
    """Of the log-probability of the edit, by the weights."""


@dataclass
class Policy:
    """Weights of what an edit looks like, zero at first: then every edit is as likely."""

    weights: Array

    @classmethod
    def even(cls) -> Policy:
        """Return the policy that has learnt nothing."""
        import numpy as np

        return cls(np.zeros(_FEATURES))

    def choose(self, task: Task, patch: Patch, rng: Random, *, by: Policy | None = None) -> Choice:
        """Return an edit of a patch.

        Args:
            task: read anew for it.
            patch: to change.
            rng: drawn from.
            by: policy that draws the edit in this one's place; the gradient is this one's.
        """
        import numpy as np

        read, present = np.array(drawn(task, rng)), np.array(patch)
        # One row for each new option of each hunk, and a last one for keeping the patch.
        looks = np.zeros((len(patch) * task.options + 1, _FEATURES))
        looks[:-1, 0] = (np.arange(task.options) == read[:, None]).ravel()
        looks[:-1, 1] = np.repeat(present != read, task.options)
        looks[-1, 2:] = 1.0, np.count_nonzero(present != read)
        present_rows = np.arange(len(patch)) * task.options + present
        drawing = _chances(looks, (by or self).weights, present_rows)
        at = min(int(np.searchsorted(np.cumsum(drawing), rng.random())), len(drawing) - 1)
        own = drawing if by is None else _chances(looks, self.weights, present_rows)
        hunk, option = divmod(at, task.options)
        changed = (*patch[:hunk], option, *patch[hunk + 1 :])
        return Choice(changed if at < len(drawing) - 1 else patch, looks[at] - own @ looks)

    def learn(self, choice: Choice, step: float) -> None:
        """Make an edit likelier by a step along its gradient, or less likely by a negative one."""
        self.weights = self.weights + step * choice.gradient


def _chances(looks: Array, weights: Array, present: NDArray[np.int64]) -> Array:
    """Return the probability of every row; options that are there already have none."""
    import numpy as np

    logits = looks @ weights
    logits[present] = -np.inf
    chances = np.exp(logits - logits.max())
    return chances / chances.sum()


def supervised(tasks: Sequence[Task], rng: Random, *, edits: int, rate: float) -> Policy:
    """Return a policy that learnt those of some random edits that improved a patch.

    Args:
        tasks: to draw from.
        rng: drawn from.
        edits: drawn in all.
        rate: step of learning.
    """
    policy, even = Policy.even(), Policy.even()
    for _ in range(edits):
        task = rng.choice(tasks)
        before = drawn(task, rng)
        choice = policy.choose(task, before, rng, by=even)
        if score(task, choice.after) > score(task, before):
            policy.learn(choice, rate)
    return policy


def reinforced(
    start: Policy,
    tasks: Sequence[Task],
    rng: Random,
    *,
    edits: int,
    rate: float,
    length: int,
    reward: Literal["difference", "score"],
) -> Policy:
    """Return a policy trained on along its own chains of edits.

    Args:
        start: stays as it is.
        tasks: to draw from.
        rng: drawn from.
        edits: made in all.
        rate: step of learning.
        length: of a chain.
        reward: of an edit: what it adds to the score, or the score that it reaches.
    """
    policy, task, before = Policy(start.weights), tasks[0], drawn(tasks[0], rng)
    for turn in range(edits):
        if turn % length == 0:
            task = rng.choice(tasks)
            before = drawn(task, rng)
        choice = policy.choose(task, before, rng)
        base = score(task, before) if reward == "difference" else 0.0
        policy.learn(choice, rate * (score(task, choice.after) - base))
        before = choice.after
    return policy
