"""Scripted models for rule induction: they see nothing but their prompts.

The proposer is a learner of limited attention: it draws rules and keeps the one that fits the few
examples it attends to. The applier follows a rule, but slips at each step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import eq
from random import Random

from telic.models import Prompt
from telic.models.scripted import Script
from telic.problems.induction import LISTS, TEMPLATES, Example, RuleError, World, draw_step
from telic.recipes._induction import EXAMPLES, INPUT, RULE, WRONG
from telic.seeding import stream

__all__ = ["applier", "proposer"]

_Make = Callable[[Random], str]


@dataclass(frozen=True)
class _Seen:
    examples: list[Example]
    rule: str
    wrong: list[Example]


def _read(text: str) -> _Seen:
    """Read a question as a model sees it."""
    parts: dict[str, list[str]] = {}
    name = ""
    for line in text.splitlines()[:-1]:
        if line in (EXAMPLES, RULE, WRONG):
            name = line
        else:
            parts.setdefault(name, []).append(line)
    found = [line.partition(" -> ") for line in parts.get(EXAMPLES, [])]
    examples = [Example(given, expected) for given, _, expected in found]
    wrong = {line.partition(" -> ")[0] for line in parts.get(WRONG, [])}
    rule = "\n".join(parts.get(RULE, []))
    return _Seen(examples, rule, [example for example in examples if example.given in wrong])


def proposer(world: World, *, draws: int, attention: int) -> Script:
    """Return a scripted model that finds rules.

    Args:
        world: whose notation it knows.
        draws: rules that it considers for each reply.
        attention: examples that it looks at, wrong ones first.
    """

    def script(prompt: Prompt) -> str:
        rng = stream(prompt.seed, "scripted proposer")
        seen = _read(prompt.messages[-1].text)
        looked = rng.sample(seen.wrong, min(len(seen.wrong), (attention + 1) // 2))
        others = [example for example in seen.examples if example not in looked]
        looked += rng.sample(others, min(len(others), attention - len(looked)))
        make = _list_rules(seen.rule) if world is LISTS else _grammars(seen)
        return max((make(rng) for _ in range(draws)), key=lambda rule: _fit(world, rule, looked))

    return script


def applier(world: World, *, slip: float) -> Script:
    """Return a scripted model that follows rules, and at each step slips with a probability."""

    def script(prompt: Prompt) -> str:
        rng = stream(prompt.seed, "scripted applier")
        head, _, given = prompt.messages[-1].text.rpartition(f"\n{INPUT}\n")
        rule = head.rpartition(f"{RULE}\n")[2]
        steps = rule.split("|") if world is LISTS else [rule]
        count = len(steps) if world is LISTS else len(given.split()) // 2
        try:
            for step in steps:
                given = world.apply(step, given)
        except RuleError:
            return "?"
        return given if all(rng.random() >= slip for _ in range(count)) else f"{given} ?"

    return script


def _fit(world: World, rule: str, examples: Sequence[Example]) -> float:
    """Return how near a rule's outputs come, exact ones counting most."""
    total = 0.0
    for example in examples:
        try:
            given = world.apply(rule, example.given)
        except RuleError:
            continue
        if given == example.expected:
            total += 1.0
        else:
            total += 0.5 * _likeness(given.split(), example.expected.split())
    return total


def _likeness(given: list[str], wanted: list[str]) -> float:
    """Return the share of places that agree, counted from the nearer end."""
    longest = max(len(given), len(wanted), 1)
    front = sum(map(eq, given, wanted))
    back = sum(map(eq, reversed(given), reversed(wanted)))
    return max(front, back) / longest


def _list_rules(rule: str) -> _Make:
    """Return what draws a chain of steps, or one that differs in a step from a given one."""

    def make(rng: Random) -> str:
        if not rule:
            return " | ".join(draw_step(rng) for _ in range(rng.choice((1, 2, 2, 3))))
        steps = [step.strip() for step in rule.split("|")]
        at, kind = rng.randrange(len(steps)), rng.random()
        if kind < 0.3:
            steps.insert(rng.randint(0, len(steps)), draw_step(rng))
        elif kind < 0.4 and len(steps) > 1:
            del steps[at]
        else:
            steps[at] = draw_step(rng)
        return " | ".join(steps)

    return make


def _grammars(seen: _Seen) -> _Make:
    """Return what draws a grammar for the words in some examples, or a change of a given one."""
    single = {e.given: e.expected for e in seen.examples if " " not in e.given}
    lines = [f"{word} = {colour}" for word, colour in single.items()]
    used = [word for e in seen.examples for word in e.given.split()]
    last = {e.given.split()[-1] for e in seen.examples}
    words = list(dict.fromkeys(word for word in used if word not in single))
    known = [line for line in seen.rule.splitlines() if " = " in line and line not in lines]

    def drawn(word: str, rng: Random) -> str:
        sides = [text for text in TEMPLATES if ("2 =" in text) != (word in last)]
        return rng.choice(sides).format(f=word)

    def make(rng: Random) -> str:
        if not known:
            functions = [drawn(word, rng) for word in rng.sample(words, len(words))]
        else:
            functions = list(known)
            for _ in range(rng.choice((1, 1, 2))):
                at = rng.randrange(len(functions))
                functions[at] = drawn(functions[at].split()[1], rng)
            if rng.random() < 0.3:
                rng.shuffle(functions)
        return "\n".join((*lines, *functions))

    return make
