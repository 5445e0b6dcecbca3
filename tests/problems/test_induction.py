"""Rule induction: interpreters give known meanings, tasks are usable, hypotheses are judged."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic import Budget, Component, Plan, evolve
from telic.problems.induction import (
    LISTS,
    SCAN,
    RuleError,
    World,
    accuracy,
    failures,
    generate,
    problem_of,
)

GRAMMAR = """\
dax = RED
wif = BLUE
u1 fep = u1 u1 u1
u1 zup u2 = u1 u2 u1
x1 kiki x2 = x2 x1
"""
WORLDS = pytest.mark.parametrize("world", [LISTS, SCAN], ids=lambda world: world.name)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("reverse", "[1, 3, 2, 3]"),
        ("drop 1 | times 2", "[4, 6, 2]"),
        ("unique | sort down", "[3, 2, 1]"),
        ("keep above 1 | sums", "[3, 5, 8]"),
        ("swap ends | append 7", "[1, 2, 3, 3, 7]"),
        ("drop last 9", "[]"),
        ("keep odd | twice", "[3, 3, 1, 3, 3, 1]"),
    ],
)
def test_list_rules_are_chains_of_steps(rule: str, expected: str):
    assert LISTS.apply(rule, "[3, 2, 3, 1]") == expected


@pytest.mark.parametrize("rule", ["", "sideways", "drop", "drop -1", "add 100", "add ²", "|"])
def test_a_step_that_is_none_is_named(rule: str):
    with pytest.raises(RuleError, match="no step"):
        LISTS.apply(rule, "[1]")


def test_a_list_cannot_grow_without_end():
    with pytest.raises(RuleError, match="too large"):
        LISTS.apply(" | ".join(["twice"] * 40), "[1, 2]")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("dax", "RED"),
        ("dax wif", "RED BLUE"),
        ("dax fep wif", "RED RED RED BLUE"),
        ("dax zup wif", "RED BLUE RED"),
        ("dax fep kiki wif", "BLUE RED RED RED"),
        ("dax kiki wif kiki dax fep", "RED RED RED BLUE RED"),
    ],
)
def test_grammars_give_words_their_meaning(words: str, expected: str):
    assert SCAN.apply(GRAMMAR, words) == expected


@pytest.mark.parametrize("line", ["dax", "= RED", "u1 fep = u2", "x1 fep u2 = x1", "u1 = RED RED"])
def test_a_line_that_is_no_rule_is_named(line: str):
    with pytest.raises(RuleError, match="line"):
        SCAN.apply(f"dax = RED\n{line}", "dax")


def test_a_word_without_meaning_is_named():
    with pytest.raises(RuleError, match="'tov' has no meaning"):
        SCAN.apply(GRAMMAR, "tov")


@WORLDS
@given(seed=st.integers(0, 2**32))
def test_a_task_is_solved_by_its_own_rule_and_holds_different_examples(world: World, seed: int):
    task = generate(world, Random(seed), seen=6, held_out=5)

    inputs = [example.given for example in (*task.seen, *task.held_out)]
    assert len(set(inputs)) == len(inputs)
    assert len(task.held_out) == 5
    assert accuracy(world, task.rule, task.held_out) == 1.0
    assert task == generate(world, Random(seed), seen=6, held_out=5)


@WORLDS
@given(text=st.text("u12x abRED=|[]\n", max_size=40))
def test_any_text_is_a_rule_or_refused(world: World, text: str):
    task = generate(world, Random(1))

    assert 0.0 <= accuracy(world, text, task.seen) <= 1.0


def test_failures_say_what_a_rule_gives_instead():
    task = generate(LISTS, Random(1))

    wrong = failures(LISTS, "prepend 99", task.seen)
    unreadable = failures(LISTS, "sideways", task.seen)

    assert len(wrong) == len(unreadable) == len(task.seen)
    assert wrong[0][1].startswith("[99, ")
    assert unreadable[0][1] == "error: there is no step 'sideways'"


def test_a_task_is_a_problem_for_any_strategy(tmp_path: Path):
    task = generate(LISTS, Random(4))
    problem, score = problem_of(task, "rule")
    from telic.problems.induction import Example
    from telic.scoring import Case

    cases = [Case(hidden=example, name=example.given) for example in task.seen]
    right = score(task.rule, Case(hidden=task.seen[0]))
    wrong = score("prepend 99", Case(hidden=Example("[1]", "[2]")))
    plan = Plan(
        budget=Budget(evaluations=1),
        operators=(Component("operator", "merge"),),
    )
    found = evolve(
        problem, score=score, cases=cases, plan=plan, workers=1, journal=tmp_path / "r.journal"
    )

    assert right.metrics == {"score": 1.0}
    assert wrong.feedback == "[1] -> [99, 1], expected [2]"
    assert found.score == 0.0
