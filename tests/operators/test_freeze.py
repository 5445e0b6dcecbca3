"""Freezing keeps what a program returns, and everything that may not change."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.artifact import Artifact, respects_regions
from telic.operators._freeze import Freeze
from telic.operators._freeze_text import FreezeError, frozen_text, is_frozen, layout
from telic.operators._slots import find_slots
from telic.scoring import Score
from tests.operators.workbench import PlainBench, problem_of, propose, run_program

SEED = '''"""A module."""

import os  # frozen part: stays

# EVOLVE-BLOCK-START
import math
from math import sin, cos


def helper(k):
    """Only f uses me."""
    return deeper(k) + sin(k)


def deeper(k):
    return k * math.pi


def f():
    """Return rows.

    In two columns.
    """
    rows = []
    for k in range(3):
        rows.append([helper(k), 0.5])
    return rows


# EVOLVE-BLOCK-END

LIMIT = 3
'''

finite = st.floats(allow_nan=False, allow_infinity=False)
numbers = finite | st.integers(-(10**9), 10**9)
nested = st.recursive(
    numbers,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=5)
        | st.tuples(inner, inner)
        | st.dictionaries(st.sampled_from("abc"), inner, min_size=1)
    ),
    max_leaves=30,
)


def bench_of(text: str, args: tuple[Any, ...] = ()) -> PlainBench:
    return PlainBench(problem_of(text), lambda output: Score({"score": 1.0}), args)


def test_a_frozen_program_returns_the_same_and_says_so() -> None:
    proposal = propose(Freeze(), bench_of(SEED))

    assert proposal.artifact is not None
    assert run_program(proposal.artifact.text) == run_program(SEED)
    assert is_frozen(proposal.artifact.text, "f")
    assert proposal.note == "froze the output into a literal"


def test_the_signature_the_docstring_and_frozen_parts_stay_and_dead_code_goes() -> None:
    proposal = propose(Freeze(), bench_of(SEED))

    assert proposal.artifact is not None
    text = proposal.artifact.text
    assert respects_regions(Artifact.of(SEED), proposal.artifact)
    assert '"""Return rows.' in text
    assert "import os" in text
    assert "LIMIT = 3" in text
    for gone in ("helper", "deeper", "math", "range"):
        assert gone not in text


def test_every_number_of_a_frozen_output_is_a_slot_in_a_table() -> None:
    frozen = frozen_text(SEED, "f", [[0.25, 0.5], [1.5, 2.5]])

    assert find_slots(frozen).tables == (((0, 1), (2, 3)),)


def test_rows_have_a_line_each_and_long_lists_are_wrapped() -> None:
    assert layout([[0.5, 1], [2, 3]], "    ") == ("[\n        [0.5, 1],\n        [2, 3],\n    ]")
    wrapped = layout([0.123456789] * 40, "    ")
    assert max(map(len, wrapped.splitlines())) <= 88
    assert len(wrapped.splitlines()) < 12
    assert layout([1, 2], "") == "[1, 2]"
    assert layout((1,), "") == "(1,)"


@given(nested.filter(lambda value: isinstance(value, list | tuple | dict)))
def test_any_numeric_output_comes_back_exactly(output: Any) -> None:
    frozen = frozen_text("def f():\n    x = 1\n    return g(x)\n", "f", output)

    assert run_program(frozen) == output
    assert is_frozen(frozen, "f")


def test_arrays_keep_their_type_and_shape() -> None:
    output = {"points": np.array([[0.5, 1.5], [2.5, 3.5]]), "labels": np.array([1, 2])}

    back = run_program(frozen_text("def f():\n    return g()\n", "f", output))

    for key, array in output.items():
        assert back[key].dtype == array.dtype
        assert np.array_equal(back[key], array)


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ([0.5, float("nan")], "holds nan"),
        ([0.5, {1}], "holds a set"),
        ([0.5, "text"], "holds a str"),
        ([], "holds 0 numbers"),
        ([0] * 3_000, "holds 3000 numbers"),
        ({0.5: 1}, "keys"),
    ],
)
def test_outputs_that_are_not_numeric_are_refused(output: Any, reason: str) -> None:
    with pytest.raises(FreezeError, match=reason):
        frozen_text("def f():\n    return g()\n", "f", output)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("def g():\n    return 1\n", "no function f"),
        ("def f(: pass", "does not parse"),
        ("def f(): return g()\n", "line of its signature"),
        ('def f():\n    """Nothing."""\n', "no body"),
        (
            "# EVOLVE-BLOCK-START\ndef g(): pass\n# EVOLVE-BLOCK-END\ndef f():\n    return g()\n",
            "evolvable region",
        ),
        (
            "def f():\n    # EVOLVE-BLOCK-START\n    x = 1\n    # EVOLVE-BLOCK-END\n    return x\n",
            "evolvable region",
        ),
    ],
)
def test_programs_whose_body_may_not_be_replaced_are_refused(text: str, reason: str) -> None:
    with pytest.raises(FreezeError, match=reason):
        frozen_text(text, "f", [0.5])


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("def f():\n    return [1, -2.5, (3, {'a': None})]\n", True),
        ("def f():\n    '''Words.'''\n    import numpy\n\n    return numpy.array([1])\n", True),
        ("def f():\n    return [k for k in (1, 2)]\n", False),
        ("def f():\n    x = 1\n    return x\n", False),
        ("def f():\n    return [0] * 5\n", False),
        ("def f():\n    return\n", False),
        ("def g():\n    return 1\n", False),
    ],
)
def test_a_literal_return_is_recognised(text: str, answer: bool) -> None:
    assert is_frozen(text, "f") is answer


@pytest.mark.parametrize(
    ("text", "args", "reason"),
    [
        ("def f(x):\n    return [x * 0.5]\n", (3,), "more than one input"),
        ("def f():\n    return [0.5]\n", (), "a literal already"),
        ("def f():\n    raise ValueError('no')\n", (), "gives no output: no"),
        ("def f():\n    return {1}.union()\n", (), "holds 0 numbers"),
        ("def g():\n    pass\n\nexec('g()')\n\ndef f():\n    return [2 + 1]\n", (), "'g' is not"),
    ],
)
def test_it_declines_with_a_sentence(text: str, args: tuple[Any, ...], reason: str) -> None:
    proposal = propose(Freeze(), bench_of(text, args))

    assert proposal.artifact is None
    assert reason in proposal.note


def test_a_seed_too_large_for_a_message_reaches_the_worker() -> None:
    bench = bench_of("def f():\n    return [0.25 + k for k in range(3)]\n", ())

    assert propose(Freeze(), bench, seed=2**127 + 5) == propose(Freeze(), bench)


def test_a_frozen_parent_is_declined_without_a_worker() -> None:
    class Unreachable(PlainBench):
        def single_case(self) -> bool:
            raise AssertionError("a worker was asked")

    text = "def f():\n    return [1.0, 2.0]\n"
    bench = Unreachable(problem_of(text), lambda output: Score(metrics={"score": 0.0}))

    assert propose(Freeze(), bench).note == "the entry function returns a literal already"


def test_a_function_that_another_name_keeps_alive_stays() -> None:
    text = "def g():\n    return 2\n\n\ndef f():\n    return [g()]\n\n\nTABLE = {'g': g}\n"

    assert "def g" in frozen_text(text, "f", [2])
