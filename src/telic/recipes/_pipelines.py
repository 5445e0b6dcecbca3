"""A small typed language of list pipelines, with described tasks and unit tests.

A program is a row of operations, each of which takes what the one before it gave, beginning with a
list of integers. A description names the operations by words; every operation has two. Demonstrated
programs have bugs of a system: where the second word of some operations stands, a partner of the
same type is often written instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate
from random import Random
from typing import Literal, NamedTuple

import msgspec

__all__ = [
    "ACTIONS",
    "END",
    "LONGEST",
    "PLACES",
    "TOKENS",
    "Outcome",
    "Task",
    "demonstrated",
    "draw_task",
    "outcome_of",
    "state",
]

Value = int | list[int]
Outcome = Literal["passed", "failed", "runtime error", "type error"]


class Operation(NamedTuple):
    """Types and meaning."""

    takes: type[Value]
    gives: type[Value]
    apply: Callable[..., Value]


# Neighbours in pairs are partners: one is often written for the other by mistake.
_LISTS: dict[str, Callable[[list[int]], list[int]]] = {
    "reverse": lambda v: v[::-1],
    "sort": lambda v: sorted(v),
    "rest": lambda v: v[1:] if v else [v[0]],
    "front": lambda v: v[:-1] if v else [v[0]],
    "evens": lambda v: [x for x in v if x % 2 == 0],
    "odds": lambda v: [x for x in v if x % 2],
    "doubles": lambda v: [2 * x for x in v],
    "squares": lambda v: [x * x for x in v],
    "next": lambda v: [x + 1 for x in v],
    "previous": lambda v: [x - 1 for x in v],
    "positives": lambda v: [x for x in v if x > 0],
    "magnitudes": lambda v: [abs(x) for x in v],
    "running": lambda v: list(accumulate(v)),
    "unique": lambda v: list(dict.fromkeys(v)),
}
_FOLDS: dict[str, Callable[[list[int]], int]] = {
    "sum": sum,
    "length": len,
    "greatest": max,
    "least": min,
    "first": lambda v: v[0],
    "last": lambda v: v[-1],
}
_NUMBERS: dict[str, Callable[[int], int]] = {
    "double": lambda x: 2 * x,
    "square": lambda x: x * x,
    "negate": lambda x: -x,
    "absolute": lambda x: abs(x),
}
_OPERATIONS = (
    *(Operation(list, list, apply) for apply in _LISTS.values()),
    *(Operation(list, int, apply) for apply in _FOLDS.values()),
    *(Operation(int, int, apply) for apply in _NUMBERS.values()),
)
END = len(_OPERATIONS)
ACTIONS = END + 1
LONGEST = 6
"""Operations in a program at most."""
PLACES = 2 * LONGEST
"""Tokens of a state: a description's words, then the program so far."""
_WORDS = 2 * END
TOKENS = 1 + _WORDS + END
"""0 stands for nothing, then words, then operations."""


class Task(msgspec.Struct, frozen=True):
    """What is to be written, and how it is tested."""

    words: tuple[int, ...]
    program: tuple[int, ...]
    """One that is right."""
    shown: tuple[tuple[int, ...], ...]
    """Inputs of the tests that give rewards."""
    held_out: tuple[tuple[int, ...], ...]
    """Inputs of the tests that judge."""


def draw_task(rng: Random, *, shortest: int) -> Task:
    """Draw a task whose right program runs on every test and does not ignore its input."""
    while True:
        size = rng.randint(shortest, LONGEST)
        program: list[int] = []
        kind: type[Value] = list
        while len(program) < size:
            rest = size - len(program)
            wanted = int if kind is int or rest == 1 or (rest == 2 and rng.random() < 0.5) else list
            fits = [k for k, o in enumerate(_OPERATIONS) if o.takes is kind and o.gives is wanted]
            program.append(rng.choice(fits))
            kind = wanted
        inputs = [tuple(rng.randint(-9, 9) for _ in range(rng.randint(4, 7))) for _ in range(13)]
        outputs = [_output(tuple(program), one) for one in inputs]
        if not any(isinstance(one, str) for one in outputs) and len(set(outputs)) > 4:
            words = tuple(2 * k + rng.randrange(2) for k in program)
            return Task(words, tuple(program), tuple(inputs[:3]), tuple(inputs[3:]))


def demonstrated(task: Task, rng: Random, *, bugs: float) -> tuple[int, ...]:
    """Return a program as people might write it, wrong with a chance where a word misleads."""
    return tuple(
        k ^ 1 if word % 2 and k % 4 < 2 and rng.random() < bugs else k
        for k, word in zip(task.program, task.words, strict=True)
    )


def state(task: Task, written: Sequence[int]) -> list[int]:
    """Return the tokens of a state."""
    words = [1 + word for word in task.words]
    tokens = [1 + _WORDS + k for k in written]
    return [*words, *[0] * (LONGEST - len(words)), *tokens, *[0] * (LONGEST - len(tokens))]


def outcome_of(task: Task, program: tuple[int, ...], *, held_out: bool) -> Outcome:
    """Return how a program fares on a task's tests."""
    for one in task.held_out if held_out else task.shown:
        found = _output(program, one)
        if isinstance(found, str):
            return found
        if found != _output(task.program, one):
            return "failed"
    return "passed"


@cache
def _output(
    program: tuple[int, ...], given: tuple[int, ...]
) -> int | tuple[int, ...] | Literal["runtime error", "type error"]:
    value: Value = list(given)
    for number in program:
        operation = _OPERATIONS[number]
        if not isinstance(value, operation.takes):
            return "type error"
        try:
            value = operation.apply(value)
        except (IndexError, ValueError):  # of an empty list
            return "runtime error"
    return tuple(value) if isinstance(value, list) else value
