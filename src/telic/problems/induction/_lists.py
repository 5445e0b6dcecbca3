"""Functions on lists of integers, written as steps: ``drop 1 | times 2 | reverse``."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from random import Random

from telic.problems.induction._tasks import RuleError, World

__all__ = ["LISTS", "STEPS", "draw_step"]

_LONGEST = 64
_LARGEST = 10**6

Step = Callable[[list[int], int], list[int]]

_PLAIN: dict[str, Callable[[list[int]], list[int]]] = {
    "reverse": lambda xs: xs[::-1],
    "sort": sorted,
    "sort down": lambda xs: sorted(xs, reverse=True),
    "unique": lambda xs: list(dict.fromkeys(xs)),
    "keep even": lambda xs: [x for x in xs if x % 2 == 0],
    "keep odd": lambda xs: [x for x in xs if x % 2],
    "double": lambda xs: [x for x in xs for _ in (0, 1)],
    "sums": lambda xs: list(accumulate(xs)),
    "swap ends": lambda xs: xs if len(xs) < 2 else [xs[-1], *xs[1:-1], xs[0]],
    "twice": lambda xs: xs + xs,
}
_WITH_NUMBER: dict[str, Step] = {
    "drop": lambda xs, n: xs[n:],
    "take": lambda xs, n: xs[:n],
    "drop last": lambda xs, n: xs[: max(0, len(xs) - n)],
    "add": lambda xs, n: [x + n for x in xs],
    "times": lambda xs, n: [x * n for x in xs],
    "keep above": lambda xs, n: [x for x in xs if x > n],
    "keep below": lambda xs, n: [x for x in xs if x < n],
    "remove": lambda xs, n: [x for x in xs if x != n],
    "append": lambda xs, n: [*xs, n],
    "prepend": lambda xs, n: [n, *xs],
}
STEPS = (*_PLAIN, *(f"{name} N" for name in _WITH_NUMBER))
"""Every step; ``N`` stands for a whole number from 0 to 99."""

_NUMBERS = {"drop": (1, 3), "take": (2, 5), "drop last": (1, 3), "times": (2, 4), "add": (1, 9)}
"""Lowest and highest numbers that drawn rules hold; 3 to 15 for all others."""


def _apply(rule: str, given: str) -> str:
    numbers = _read(given)
    for step in rule.strip().split("|"):
        numbers = _stepped(" ".join(step.split()), numbers)
        if len(numbers) > _LONGEST or any(abs(x) > _LARGEST for x in numbers):
            raise RuleError("the list grows too large")
    return str(numbers)


def _read(given: str) -> list[int]:
    inside = given.strip().removeprefix("[").removesuffix("]")
    try:
        return [int(piece) for piece in inside.split(",") if piece.strip()]
    except ValueError:
        raise RuleError(f"{given!r} is no list of whole numbers") from None


def _stepped(step: str, numbers: list[int]) -> list[int]:
    if step in _PLAIN:
        return _PLAIN[step](numbers)
    name, _, number = step.rpartition(" ")
    if name not in _WITH_NUMBER or not (number.isascii() and number.isdigit()) or len(number) > 2:
        raise RuleError(f"there is no step {step!r}")
    return _WITH_NUMBER[name](numbers, int(number))


def draw_step(rng: Random) -> str:
    """Return any step, all as likely."""
    step = rng.choice(STEPS)
    if not step.endswith(" N"):
        return step
    name = step.removesuffix(" N")
    return f"{name} {rng.randint(*_NUMBERS.get(name, (3, 15)))}"


def _draw_rule(rng: Random) -> str:
    return " | ".join(draw_step(rng) for _ in range(rng.choice((2, 2, 3))))


def _draw_input(rule: str, rng: Random) -> str:
    del rule
    return str([rng.randint(0, 20) for _ in range(rng.randint(3, 9))])


LISTS = World(
    name="lists",
    manual=(
        "A rule is a chain of steps between bars, taken from the left, for example\n"
        f"drop 1 | times 2 | reverse\nSteps: {', '.join(STEPS)}."
    ),
    apply=_apply,
    draw_rule=_draw_rule,
    draw_input=_draw_input,
    show=lambda _: (),
)
"""Functions on lists of integers."""
