"""Merging relatives: each side's own changes are kept, and nothing else moves."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from telic.artifact import Artifact
from telic.candidate import Candidate, Evaluation, Record
from telic.operators._components import components_of
from telic.operators.base import Context
from telic.operators.merge import Merge, merged
from telic.problem import Problem

ANCESTOR = """\
import math

LIMIT = 3


def first(x):
    return x


class Tool:
    def grow(self):
        return 1

    def shrink(self):
        return 2


def second(x):
    return -x
"""


def changed(*pairs: tuple[str, str]) -> Artifact:
    text = ANCESTOR
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return Artifact.of(text)


def record(identity: int, artifact: Artifact, fitness: float, *parents: int) -> Record:
    evaluation = Evaluation(metrics={"score": fitness}, feasible=True)
    candidate = Candidate(identity, artifact, parents=parents)
    return Record(candidate, "evaluated", evaluation, fitness)


def propose(better: Record, other: Record, ancestor: Record | None, known: bool = False) -> Any:
    async def run(routine: object) -> dict[str, object]:
        raise AssertionError(f"merging runs nothing, not even {routine}")

    context = Context(
        problem=Problem(name="merge", seed=Artifact.of(ANCESTOR)),
        index=9,
        seed=0,
        parents=(better, other),
        inspirations=(),
        is_known=lambda artifact: known,
        run=run,
        ancestor=ancestor,
    )
    return asyncio.run(Merge().propose(context))


def test_changes_in_different_functions_and_methods_are_joined():
    better = changed(("return x\n", "return x + LIMIT\n"), ("return 2", "return 22"))
    other = changed(("return 1", "return 11"), ("LIMIT = 3", "LIMIT = 4"))

    both = merged(Artifact.of(ANCESTOR), better, other)

    expected = changed(
        ("return x\n", "return x + LIMIT\n"),
        ("return 2", "return 22"),
        ("return 1", "return 11"),
        ("LIMIT = 3", "LIMIT = 4"),
    )
    assert both == expected


def test_the_better_side_wins_where_both_changed():
    better, other = changed(("return -x", "return -2 * x")), changed(("return -x", "return 0"))

    assert merged(Artifact.of(ANCESTOR), better, other) == better


def test_what_the_other_added_comes_along_and_what_it_removed_goes():
    better = changed(("    def shrink", "    def turn(self):\n        return 3\n\n    def shrink"))
    other = changed(
        ("def second", "def third(x):\n    return x * x\n\n\ndef second"), ("LIMIT = 3\n", "")
    )

    text = merged(Artifact.of(ANCESTOR), better, other).text

    assert "LIMIT" not in text
    names: dict[str, Any] = {}
    exec(text, names)
    assert (names["Tool"]().turn(), names["Tool"]().shrink(), names["third"](3)) == (3, 2, 9)


def test_regions_of_other_languages_are_components_and_the_rest_stays():
    text = "a\n// EVOLVE-BLOCK-START\none\n// EVOLVE-BLOCK-END\nb\n// EVOLVE-BLOCK-START\ntwo\n"
    text += "// EVOLVE-BLOCK-END\n"
    name = "main.c"
    better, other = text.replace("one", "ONE"), text.replace("two", "TWO")

    both = merged(*(Artifact.of(each, name) for each in (text, better, other)))

    assert both.text == text.replace("one", "ONE").replace("two", "TWO")


@pytest.mark.parametrize("text", [ANCESTOR, "x = 1; y = 2\nz = 3", "", "def f(:\n", "\n\n# end"])
def test_components_join_to_the_text_and_have_names_of_their_own(text: str):
    parts = components_of(text, is_python=True)

    assert "".join(part.text for part in parts) == text
    assert len({part.name for part in parts}) == len(parts)


def test_the_operator_merges_two_relatives_and_names_both():
    seed = record(0, Artifact.of(ANCESTOR), 1.0)
    one = record(1, changed(("return 1", "return 11")), 2.0, 0)
    two = record(2, changed(("return 2", "return 22")), 3.0, 0)

    proposal = propose(one, two, seed)

    assert proposal.parents == (2, 1)
    assert proposal.artifact == changed(("return 1", "return 11"), ("return 2", "return 22"))


def test_the_operator_declines_what_makes_no_sense():
    seed = record(0, Artifact.of(ANCESTOR), 1.0)
    one = record(1, changed(("return 1", "return 11")), 2.0, 0)
    two = record(2, changed(("return 1", "return 12")), 3.0, 0)
    best = record(3, Artifact.of(ANCESTOR), 9.0)

    assert "known common ancestor" in propose(one, two, None).note
    assert "better than one" in propose(one, two, best).note
    assert "all changes" in propose(one, two, seed).note
