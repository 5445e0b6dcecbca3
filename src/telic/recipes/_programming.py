"""Writing pipelines token by token with a policy or a critic, on PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from telic.critics.bellman import DuelingCritic, Steps, recovered_reward
from telic.recipes._pipelines import END, LONGEST, Outcome, Task, outcome_of, state

__all__ = [
    "REWARDS",
    "Program",
    "is_right",
    "likelihoods",
    "ranked_first",
    "recovered",
    "shares_right",
    "steps_of",
    "write",
]

Program = tuple[int, ...]

REWARDS: dict[Outcome, float] = {
    "passed": 1.0,
    "failed": -0.3,
    "runtime error": -0.6,
    "type error": -1.0,
}
"""At the end of a program, by its shown tests."""


def write(
    logits: Callable[[Tensor], Tensor],
    tasks: Sequence[Task],
    *,
    count: int,
    generator: torch.Generator,
    temperature: float = 1.0,
) -> list[list[Program]]:
    """Write ``count`` programs for each task, drawn from the logits.

    Args:
        logits: of the actions in states.
        tasks: to write for.
        count: programs a task.
        generator: of the draws.
        temperature: of the softmax.
    """
    rows = [task for task in tasks for _ in range(count)]
    programs: list[list[int]] = [[] for _ in rows]
    is_open = [True] * len(rows)
    for _ in range(LONGEST):
        states = torch.tensor([state(t, p) for t, p in zip(rows, programs, strict=True)])
        with torch.no_grad():
            found = logits(states)
        chances = (found / temperature).softmax(dim=1)
        picks = torch.multinomial(chances, 1, generator=generator)[:, 0]
        for place, pick in enumerate(picks.tolist()):
            is_open[place] &= pick != END
            if is_open[place]:
                programs[place].append(pick)
        if not any(is_open):
            break
    return [
        [tuple(one) for one in programs[k * count : (k + 1) * count]] for k in range(len(tasks))
    ]


def steps_of(pairs: Sequence[tuple[Task, Program]]) -> Steps:
    """Return the steps of writing programs, rewarded at their ends by the shown tests."""
    states: list[list[int]] = []
    actions: list[int] = []
    rewards: list[float] = []
    is_last: list[bool] = []
    following: list[list[int]] = []
    for task, program in pairs:
        acts = [*program, END][:LONGEST]
        for place, act in enumerate(acts):
            states.append(state(task, program[:place]))
            actions.append(act)
            is_last.append(place == len(acts) - 1)
            following.append(state(task, program[: place + 1]))
            reward = REWARDS[outcome_of(task, program, held_out=False)] if is_last[-1] else 0.0
            rewards.append(reward)
    return Steps(
        torch.tensor(states),
        torch.tensor(actions),
        torch.tensor(rewards),
        torch.tensor(is_last),
        torch.tensor(following),
    )


def likelihoods(
    logits: Callable[[Tensor], Tensor], task: Task, programs: Sequence[Program]
) -> list[float]:
    """Return the log likelihood of each program."""
    steps = steps_of([(task, program) for program in programs])
    with torch.no_grad():
        logs = logits(steps.states).log_softmax(dim=1)
    return _sums(logs.gather(1, steps.actions[:, None])[:, 0], steps)


def recovered(
    critic: DuelingCritic, task: Task, programs: Sequence[Program], *, discount: float
) -> list[float]:
    """Return the recovered reward of each program, summed over its steps."""
    steps = steps_of([(task, program) for program in programs])
    return _sums(recovered_reward(critic, steps, discount=discount), steps)


def is_right(task: Task, program: Program) -> bool:
    """Return whether a program passes the held-out tests."""
    return outcome_of(task, program, held_out=True) == "passed"


def shares_right(
    tasks: Sequence[Task], programs: Sequence[Sequence[Program]]
) -> tuple[float, float]:
    """Return the mean share of right programs, and the share of tasks with one among theirs."""
    right = [
        [is_right(task, one) for one in several]
        for task, several in zip(tasks, programs, strict=True)
    ]
    return sum(sum(row) / len(row) for row in right) / len(tasks), sum(map(any, right)) / len(tasks)


def ranked_first(
    tasks: Sequence[Task],
    programs: Sequence[Sequence[Program]],
    score: Callable[[Task, Sequence[Program]], list[float]],
) -> float:
    """Return the share of tasks whose program of the highest score is right."""
    firsts = (
        max(zip(score(task, several), several, strict=True), key=lambda pair: pair[0])[1]
        for task, several in zip(tasks, programs, strict=True)
    )
    return sum(map(is_right, tasks, firsts)) / len(tasks)


def _sums(values: Tensor, steps: Steps) -> list[float]:
    owner = steps.is_last.long().cumsum(0) - steps.is_last.long()
    total = torch.zeros(int(steps.is_last.sum()), dtype=values.dtype)
    return total.index_add(0, owner, values).tolist()
