"""The logic of the comparison with other systems: mutations, logs, aggregation; no network."""

import ast
import math
from random import Random
from statistics import stdev

import pytest
from benchmarks.peers.policy import Policy, mutated, program_of
from benchmarks.peers.summary import (
    Line,
    best_after,
    best_when,
    interval,
    paired,
    read_log,
)
from hypothesis import given
from hypothesis import strategies as st

BLOCK = """def f(x, y):
    total = 0.5
    for i in range(3):
        if x > y:
            total += x * 2.0 - math.sin(y)
    return total
"""
PROGRAM = f"import math\n\n# EVOLVE-BLOCK-START\n{BLOCK}# EVOLVE-BLOCK-END\nprint(f(1, 2))\n"


def asked(policy: Policy, text: str = PROGRAM, seed: int = 0, run: str = "task-system") -> str:
    body = {"model": f"mock-{seed}-{run}", "messages": [{"role": "user", "content": text}]}
    return policy(body).split("```python\n")[1].split("\n```")[0] + "\n"


@given(st.integers(0, 10_000))
def test_a_mutation_changes_the_program_and_still_parses(seed: int) -> None:
    changed = mutated(BLOCK, Random(seed))

    assert ast.dump(ast.parse(changed)) != ast.dump(ast.parse(BLOCK))


@given(st.integers(0, 10_000), st.integers(2, 6))
def test_mutations_of_mutations_parse(seed: int, steps: int) -> None:
    rng, block = Random(seed), BLOCK
    for _ in range(steps):
        block = mutated(block, rng)

    assert ast.parse(block).body


def test_a_block_that_cannot_change_comes_back() -> None:
    assert mutated("pass\n", Random(0)) == "pass\n"


def test_answers_depend_on_seed_program_and_how_often_it_was_sent() -> None:
    one, two = Policy({"task": PROGRAM}), Policy({"task": PROGRAM})

    first = [asked(one) for _ in range(3)]

    assert first == [asked(two) for _ in range(3)]
    assert first == [asked(one, run="task-other") for _ in range(3)]
    assert first != [asked(one, seed=1) for _ in range(3)]
    assert len(set(first)) > 1


def test_text_around_the_block_is_always_the_task_s_own() -> None:
    forged = PROGRAM.replace("print(f(1, 2))", "print(99)").replace("import math", "import os")

    answer = asked(Policy({"task": PROGRAM}), forged)

    assert answer.startswith("import math\n")
    assert answer.endswith("print(f(1, 2))\n")


def test_the_parent_is_the_last_block_of_the_last_message_that_has_one() -> None:
    other = PROGRAM.replace("0.5", "0.25")

    assert program_of([other, f"{other}\n{PROGRAM}", "no program"]) == BLOCK
    assert program_of(["none"]) is None


def test_a_log_is_read_in_the_order_of_its_times() -> None:
    lines = read_log("2.0 0.5\n1.0 failed\n3.5 0.25\n")

    assert lines == [Line(1.0, None), Line(2.0, 0.5), Line(3.5, 0.25)]


def test_the_best_counts_evaluations_or_calls() -> None:
    lines = [Line(1.0, 0.1), Line(2.0, None), Line(3.0, 0.3), Line(4.0, 0.2), Line(5.0, 0.9)]
    calls = [1.1, 2.1, 3.1, 4.1]

    assert [best_after(lines, n) for n in (1, 2, 3, 9)] == [0.1, 0.1, 0.3, 0.9]
    assert [best_when(lines, calls, n) for n in (1, 2, 3, 4)] == [0.1, 0.3, 0.3, 0.9]
    assert best_after(lines[1:2], 1) is None


@pytest.mark.parametrize(
    ("count", "point"), [(2, 12.706), (3, 4.303), (6, 2.571), (8, 2.365), (31, 2.042)]
)
def test_intervals_are_student_s(count: int, point: float) -> None:
    values = [float(n % 3) for n in range(count)]

    mean, low, high = interval(values)

    assert (low + high) / 2 == pytest.approx(mean)
    assert (high - low) / 2 == pytest.approx(point * stdev(values) / count**0.5, rel=2e-3)


def test_differences_are_taken_within_seeds_that_both_have() -> None:
    found = paired({0: 1.0, 1: 2.0, 2: 3.0, 7: 9.0}, {0: 0.5, 1: 2.5, 2: 3.0, 5: 0.0})

    assert found is not None
    assert (found.mean, found.wins, found.losses, found.pairs) == (0.0, 1, 1, 3)
    assert paired({0: 1.0}, {1: 1.0}) is None
    single = paired({0: 1.0}, {0: 0.5})
    assert single is not None
    assert single.low == -math.inf
