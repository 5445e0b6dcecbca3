"""What recipes about proposing and refining stand on: scripted models, policies and writers."""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from telic.models import Scripted
from telic.problems.induction import LISTS, SCAN, World, accuracy, generate
from telic.recipes._hunks import Policy, drawn, new_task, reinforced, score, supervised
from telic.recipes._induction import applied_by, refine
from telic.recipes._learners import applier, proposer
from telic.recipes._modules import evolved, new_system
from telic.strategies import ParetoFronts

WORLDS = pytest.mark.parametrize("world", [LISTS, SCAN], ids=lambda world: world.name)


@WORLDS
def test_more_rounds_never_explain_less_of_what_is_seen(world: World):
    thinker = Scripted(proposer(world, draws=20, attention=3))
    for seed in range(4):
        task = generate(world, Random(seed))
        rules = [
            asyncio.run(refine(thinker, task, rounds=rounds, samples=2, seed=seed))
            for rounds in (1, 2, 4)
        ]
        shares = [accuracy(world, rule, task.seen) for rule in rules]
        assert shares == sorted(shares)


@WORLDS
def test_the_proposer_is_asked_for_a_revision_with_what_was_wrong(world: World):
    thinker = Scripted(proposer(world, draws=1, attention=1))
    task = generate(world, Random(0))

    asyncio.run(refine(thinker, task, rounds=2, samples=1, seed=1))

    first, second = (prompt.messages[-1].text for prompt in thinker.asked)
    assert task.rule not in first
    assert "Your rule:" in second
    assert "It is wrong here:" in second
    assert not any(example.given + " ->" in second for example in task.held_out)


@WORLDS
def test_an_applier_that_never_slips_follows_the_true_rule(world: World):
    task = generate(world, Random(5))

    sure = asyncio.run(applied_by(Scripted(applier(world, slip=0.0)), task, task.rule, seed=0))
    lost = asyncio.run(applied_by(Scripted(applier(world, slip=1.0)), task, task.rule, seed=0))

    assert (sure, lost) == (1.0, 0.0)


def test_a_test_passes_when_both_of_its_hunks_are_right():
    task = new_task(Random(0), hunks=4, options=3, tests=4, misread=0.0)
    wrong = ((task.right[0] + 1) % 3, *task.right[1:])

    assert score(task, task.right) == 1.0
    assert score(task, wrong) == 0.5
    assert drawn(task, Random(1)) == task.right


def test_learning_makes_improving_edits_likelier():
    tasks = [new_task(Random(i), hunks=4, options=4, tests=4, misread=0.2) for i in range(20)]
    even = Policy.even()
    taught = supervised(tasks, Random(1), edits=400, rate=0.2)
    shaped = reinforced(
        taught, tasks, Random(2), edits=800, rate=0.2, length=5, reward="difference"
    )

    def reached(policy: Policy) -> float:
        total, rng = 0.0, Random(3)
        for task in tasks:
            patch = drawn(task, rng)
            for _ in range(5):
                patch = policy.choose(task, patch, rng).after
            total += score(task, patch)
        return total

    assert reached(shaped) > reached(taught) > reached(even)


def test_feedback_and_budget_help_in_made_up_systems():
    system = new_system(Random(0), modules=4, rules=8, cases=20)

    def reached(budget: int, *, sees_feedback: bool) -> float:
        return sum(
            evolved(
                system,
                ParetoFronts(problem=system.problem),
                (seed, "test"),
                budget=budget,
                batch=3,
                sees_feedback=sees_feedback,
                merge_every=5,
            )
            for seed in range(8)
        )

    assert reached(600, sees_feedback=True) > reached(600, sees_feedback=False)
    assert reached(600, sees_feedback=True) > reached(100, sees_feedback=True)
