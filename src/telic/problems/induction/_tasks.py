"""What a world of rules offers, tasks in it, and how hypotheses are judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from random import Random

from telic.artifact import Artifact
from telic.problem import Limits, Problem
from telic.scoring import Case, Score

__all__ = [
    "Example",
    "RuleError",
    "Task",
    "World",
    "accuracy",
    "failures",
    "generate",
    "problem_of",
]

_TRIES = 1000


class RuleError(ValueError):
    """A rule cannot be read, or does not apply to an input."""


@dataclass(frozen=True, slots=True)
class Example:
    """An input and what the hidden rule makes of it, as texts."""

    given: str
    expected: str


@dataclass(frozen=True)
class World:
    """A language of rules.

    ``apply`` is its interpreter: rule and input to output, all texts.
    """

    name: str
    manual: str
    """The notation of rules, for whoever has to write one."""
    apply: Callable[[str, str], str]
    """Raises :class:`RuleError`."""
    draw_rule: Callable[[Random], str]
    draw_input: Callable[[str, Random], str]
    """Given the rule; draws an input that it may be asked about."""
    show: Callable[[str], Sequence[str]]
    """Given the rule; inputs that every learner must see, before the drawn ones."""


@dataclass(frozen=True)
class Task:
    """A hidden rule with what is seen of it, and what is asked at the end."""

    world: World
    rule: str
    seen: tuple[Example, ...]
    held_out: tuple[Example, ...]


def generate(world: World, rng: Random, *, seen: int = 8, held_out: int = 8) -> Task:
    """Return a task whose rule does something, with examples that all differ.

    Args:
        world: of the rule.
        rng: drawn from.
        seen: drawn examples beside those that every learner must see.
        held_out: examples that a hypothesis is finally judged by.

    Raises:
        RuntimeError: if the world has no such rule among many.
    """
    for _ in range(_TRIES):
        rule = world.draw_rule(rng)
        first = [Example(given, world.apply(rule, given)) for given in world.show(rule)]
        found = {each.given: each for each in first}
        for _ in range(20 * (seen + held_out)):
            if len(found) == len(first) + seen + held_out:
                break
            given = world.draw_input(rule, rng)
            with suppress(RuleError):  # not every drawn input has a meaning
                found.setdefault(given, Example(given, world.apply(rule, given)))
        listed = [*found.values()]
        outputs = {each.expected for each in listed[len(first) :]}
        moved = sum(each.given != each.expected for each in listed)
        is_full = len(found) == len(first) + seen + held_out
        if is_full and len(outputs) > (seen + held_out) // 2 and moved > len(listed) // 2:
            shown = len(first) + seen
            return Task(world, rule, tuple(listed[:shown]), tuple(listed[shown:]))
    raise RuntimeError(f"no usable rule among {_TRIES} of {world.name}")


def accuracy(world: World, rule: str, examples: Sequence[Example]) -> float:
    """Return the share of examples that a rule gets right; one that cannot be read gets none."""
    return 1.0 - len(failures(world, rule, examples)) / len(examples)


def failures(world: World, rule: str, examples: Sequence[Example]) -> list[tuple[Example, str]]:
    """Return the examples that a rule gets wrong, each with what it gives or why it gives none."""
    found: list[tuple[Example, str]] = []
    for example in examples:
        try:
            given = world.apply(rule, example.given)
        except RuleError as error:
            given = f"error: {error}"
        if given != example.expected:
            found.append((example, given))
    return found


def problem_of(task: Task, name: str) -> tuple[Problem, Callable[[object, Case], Score]]:
    """Return a problem whose artifact is a rule, and its scorer; one case for each seen example.

    The scorer says what a wrong rule gives instead, so that it can be refined.
    """
    world = task.world

    def score(output: object, case: Case) -> Score:
        example: Example = case.hidden
        wrong = failures(world, str(output).strip(), [example])
        said = [f"{e.given} -> {given}, expected {e.expected}" for e, given in wrong]
        return Score(metrics={"score": float(not wrong)}, feedback="\n".join(said))

    shown = "\n".join(f"{example.given} -> {example.expected}" for example in task.seen)
    problem = Problem(
        name=name,
        seed=Artifact.of("?\n", "rule.txt"),
        description=f"Find the rule behind these examples.\n{shown}\n\n{world.manual}",
        limits=Limits(seconds=2.0),
        target=1.0,
    )
    return problem, score
