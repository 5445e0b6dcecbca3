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

        read = drawn(task, rng)
        edits = [patch]
        unlike = sum(a != b for a, b in zip(read, patch, strict=True))
        looks = [(0.0, 0.0, 1.0, float(unlike))]
        for at, present in enumerate(patch):
            for option in range(task.options):
                if option != present:
                    edits.append((*patch[:at], option, *patch[at + 1 :]))
                    looks.append((float(option == read[at]), float(present != read[at]), 0.0, 0.0))
        features = np.array(looks, dtype=np.float64)
        drawing = _chances(features, (by or self).weights)
        at = min(int(np.searchsorted(np.cumsum(drawing), rng.random())), len(edits) - 1)
        own = drawing if by is None else _chances(features, self.weights)
        return Choice(edits[at], features[at] - own @ features)

    def learn(self, choice: Choice, step: float) -> None:
        """Make an edit likelier by a step along its gradient, or less likely by a negative one."""
        self.weights = self.weights + step * choice.gradient


def _chances(features: Array, weights: Array) -> Array:
    import numpy as np

    logits = features @ weights
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
