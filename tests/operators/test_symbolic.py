"""The symbolic operators keep the contract, on easy and on awkward programs."""

import ast
import asyncio
import tokenize
from io import StringIO

import msgspec
import pytest

from telic.artifact import Artifact, respects_regions
from telic.candidate import Proposal, Record
from telic.identity import normalised_key
from telic.operators._arms import (
    burst,
    constants,
    coupled,
    crossover,
    expressions,
    simplify,
    statements,
    swaps,
)
from telic.operators._symbolic import SymbolicOperator, is_overgrown
from telic.problem import Problem
from telic.registry import build, parse
from telic.seeding import stream
from telic.testing import check_operator, toy_context, toy_problem, toy_record
from tests.operators.corpus import comments
from tests.processes import outputs_by_hash_seed

FACTORIES = (constants, expressions, statements, swaps, coupled, burst, crossover, simplify)
SINGLE = (constants, expressions, statements, swaps, coupled, burst)

AWKWARD = '''\
# -*- coding: utf-8 -*-
"""Docs with EVOLVE words: 1 + 2."""
from __future__ import annotations

import asyncio
import functools
import math as m
from math import sqrt as root

GRÖSSE = 1.5  # Größe, in м²
LIMIT: int = 10


def plain(größe: float, *, faktor: float = 0.5, **rest) -> float:
    """Return 1 + 2."""

    def inner(x: float) -> float:
        nonlocal größe  # shared
        größe += 0.25 * x
        return größe - 1

    text = f"{größe:>10.2f} {inner(2.0)!r} 3 + 4"
    raw = r"\\d+" "joined" \\
        "on"
    table = {"a": 1.0, 'b': [2, 3, (4,)], **{}}
    part = [y for y in range(10) if y % 3 == 1] + [i*2 for i in (1, 2)]
    return (
        inner(größe)  # first
        * faktor + len(text) - len(raw)
        + table["a"] + part[0] + root(2.0)
    )


@functools.lru_cache(maxsize=8)
def decorated(n: int = 3, /) -> int:
	if n < 2: return 1
	else:
		total = 0; total += n
		return total * decorated(n - 1)


async def later(items, key=lambda v: -v):
    async with asyncio.Lock() as lock:
        async for item in items:
            if (n := item + 1) > 2 and not lock:
                yield n
    await asyncio.sleep(0.0)


def choose(command):
    match command:
        case [x, y, *others] if x > 1:
            return x * 2.0
        case {"go": int(steps)} | {"run": steps}:
            return steps
        case -1 | "stop" | None:
            pass
        case _:
            return 3
    try:
        value = m.floor(1.7) if command else 0
    except* ValueError as error:
        value = 2
    finally:
        del command
    while True:
        value += 1
        if value > 9:
            break
    else:
        value = 5
    return value


class Thing(object, metaclass=type):
    rate: float = 0.1

    @property
    def size(self) -> float:
        return self.rate ** 2 or 1


def f(x=2.0):
    return plain(x) + decorated(3) + choose([2, 3]) + Thing().size


if __name__ == "__main__":
    print(f(100))
'''


def seed_record(problem: Problem) -> Record:
    """Return the record of a problem's seed itself."""
    record = toy_record(0, 1.0, problem=problem)
    candidate = msgspec.structs.replace(record.candidate, artifact=problem.seed)
    return msgspec.structs.replace(record, candidate=candidate)


def proposals(operator: SymbolicOperator, problem: Problem, count: int) -> list[Proposal]:
    """Return what an operator proposes for a problem's seed under several indices."""
    parents = (seed_record(problem),)
    contexts = [
        toy_context(problem, index, parents=parents, inspirations=())
        for index in range(1, count + 1)
    ]
    return [asyncio.run(operator.propose(context)) for context in contexts]


def made(operator: SymbolicOperator, problem: Problem, count: int) -> list[tuple[Artifact, str]]:
    """Return the artifacts proposed, with their notes."""
    found = proposals(operator, problem, count)
    return [(p.artifact, p.note) for p in found if p.artifact is not None]


@pytest.mark.parametrize("factory", FACTORIES, ids=lambda factory: factory.__name__)
def test_the_contract_is_kept(factory) -> None:
    check_operator(factory())


@pytest.mark.parametrize("factory", FACTORIES, ids=lambda factory: factory.__name__)
def test_the_registry_builds_it_by_name(factory) -> None:
    operator = build(parse("operator", factory.__name__))

    assert operator.name == factory.__name__
    assert operator.trials == 0


@pytest.mark.parametrize("factory", SINGLE, ids=lambda factory: factory.__name__)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_awkward_programs_are_edited_without_harm(factory, ending: str) -> None:
    text = AWKWARD.replace("\n", ending)
    parent = Artifact.of(text)
    problem = Problem(name="awkward", seed=parent, entry="f")
    children = made(factory(), problem, 60)

    assert len(children) > 50
    for child, note in children:
        ast.parse(child.text)
        assert child.text.count("\r") == (child.text.count("\n") if ending == "\r\n" else 0)
        for frozen in (
            '"""Return 1 + 2."""',
            'f"{größe:>10.2f} {inner(2.0)!r} 3 + 4"',
            'case {"go": int(steps)} | {"run": steps}:',
            'case -1 | "stop" | None:',
            "@functools.lru_cache(maxsize=8)",
            "print(f(100))",
            "import math as m",
            "class Thing(object, metaclass=type):",
        ):
            is_whole = factory not in (statements, burst)  # which may delete what holds it
            assert not is_whole or frozen in child.text, (frozen, note)
        assert "-> float:" in child.text


@pytest.mark.parametrize("factory", SINGLE, ids=lambda factory: factory.__name__)
def test_only_the_regions_change(factory) -> None:
    lines = AWKWARD.splitlines(keepends=True)
    marked = [
        ("    text = f", "    # EVOLVE-BLOCK-START one\n", "    table = "),
        ("\t\ttotal = 0", "\t\t# EVOLVE-BLOCK-START\n", "async def later"),
        ("    while True", "    /* EVOLVE-BLOCK-START */\n".replace("/*", "#"), "class Thing"),
    ]
    result: list[str] = []
    opened = ""
    for line in lines:
        for start, marker, end in marked:
            if line.startswith(start):
                result.append(marker)
                opened = end
        if opened and line.startswith(opened):
            result.append("# EVOLVE-BLOCK-END\n")
            opened = ""
        result.append(line)
    parent = Artifact.of("".join(result))
    problem = Problem(name="awkward", seed=parent, entry="f")
    children = made(factory(), problem, 40)

    assert factory is coupled or len(children) > 30
    for child, note in children:
        assert respects_regions(parent, child), note
        ast.parse(child.text)


def test_a_region_without_code_gives_a_reason() -> None:
    text = "# EVOLVE-BLOCK-START\n# nothing yet\n# EVOLVE-BLOCK-END\ndef f(x):\n    return x\n"

    for factory in FACTORIES:
        for proposal in proposals(factory(), toy_problem(seed=text), 3):
            assert proposal.artifact is None
            assert proposal.note


def test_known_programs_are_not_proposed_again() -> None:
    problem = toy_problem()
    seen = {normalised_key(problem.seed)}
    operator = expressions()
    for index in range(1, 150):
        context = toy_context(
            problem, index, is_known=lambda artifact: normalised_key(artifact) in seen
        )
        artifact = asyncio.run(operator.propose(context)).artifact
        if artifact is not None:
            assert normalised_key(artifact) not in seen
            seen.add(normalised_key(artifact))

    assert len(seen) > 100


def test_an_exhausted_family_says_so() -> None:
    problem = toy_problem(seed="def solve(x):\n    return x > 1\n")
    context = toy_context(problem, 1, is_known=lambda artifact: True)
    proposal = asyncio.run(constants().propose(context))

    assert proposal.artifact is None
    assert "known" in proposal.note


def test_crossover_names_both_parents_and_needs_two() -> None:
    problem = toy_problem(seed="def solve(x=1.0):\n    y = x * 2.0\n    z = y - 1\n    return z\n")
    records = (
        toy_record(4, 1.0, problem=problem, text=problem.seed.text),
        toy_record(
            7, 0.5, problem=problem, text="def solve(x=1.0):\n    y = x + 3.5\n    return y / x\n"
        ),
    )
    pair = [
        asyncio.run(crossover().propose(toy_context(problem, i, parents=records, inspirations=())))
        for i in range(1, 30)
    ]
    alone = asyncio.run(
        crossover().propose(toy_context(problem, 1, parents=records[:1], inspirations=()))
    )

    assert {proposal.parents for proposal in pair if proposal.artifact} == {(4, 7)}
    assert alone.artifact is None
    assert "second" in alone.note


def test_other_files_are_edited_too_and_all_are_kept() -> None:
    files = (
        ("main.py", "from helper import g\n\n\ndef solve(x):\n    return g(x) * 2.5\n"),
        ("helper.py", "def g(x):\n    return x + 1.5\n"),
        ("notes.md", "1.5 is not 2.5\n"),
    )
    problem = Problem(name="two", seed=Artifact(files), entry="solve")
    children = made(constants(), problem, 80)
    changed = {
        name
        for child, _ in children
        for (name, after), (_, before) in zip(child.files, files, strict=True)
        if after != before
    }

    assert changed == {"main.py", "helper.py"}
    assert any(note.startswith("helper.py: ") for _, note in children)


def test_programs_in_other_languages_are_not_for_these_operators() -> None:
    problem = Problem(name="sql", seed=Artifact.of("SELECT 1;\n", "query.sql"))

    assert not any(factory().applies(problem) for factory in FACTORIES)


def test_notes_say_what_was_done_and_where() -> None:
    notes = {note for _, note in made(constants(), toy_problem(), 120)}

    assert any(note.startswith("line 5: 2.5 -> ") for note in notes)


def test_a_chance_of_one_more_edit_must_be_below_one() -> None:
    with pytest.raises(ValueError, match=r"\[0, 1\)"):
        burst(more=1.0)


def test_bursts_make_several_edits() -> None:
    children = made(burst(more=0.9), Problem(name="a", seed=Artifact.of(AWKWARD), entry="f"), 30)

    assert all("; " in note for _, note in children)
    assert max(note.count("; ") for _, note in children) >= 3


def test_growth_far_beyond_the_seed_is_refused_more_and_more_often() -> None:
    def refused(length: int) -> float:
        draws = [
            is_overgrown("x" * (length - 10), "x" * length, "x" * 400, stream(0, "r", index))
            for index in range(400)
        ]
        return sum(draws) / len(draws)

    assert refused(500) == 0
    assert 0.1 < refused(1000) < 0.6
    assert refused(4000) == 1
    assert not is_overgrown("x" * 4000, "x" * 3990, "x" * 400, stream(0, "r"))


def test_proposals_are_the_same_in_every_process() -> None:
    script = (
        "import asyncio\n"
        "from telic.operators import _arms\n"
        "from telic.testing import toy_context, toy_problem\n"
        "for name in ('expressions', 'statements', 'coupled', 'burst', 'crossover'):\n"
        "    for index in range(1, 9):\n"
        "        context = toy_context(toy_problem(), index)\n"
        "        print(asyncio.run(getattr(_arms, name)().propose(context)))\n"
    )

    found = outputs_by_hash_seed(script)

    assert len(found) == 1


def test_comments_in_and_around_a_change_survive() -> None:
    problem = Problem(name="awkward", seed=Artifact.of(AWKWARD), entry="f")
    for factory in (constants, swaps, expressions):
        for child, note in made(factory(), problem, 40):
            lost = comments(AWKWARD) - comments(child.text)
            assert not lost or lost == {"# first": 1}, (note, lost)  # within an expression
            assert list(tokenize.generate_tokens(StringIO(child.text).readline))
