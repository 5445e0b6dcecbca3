"""Likeness of programs: renamed copies are alike, different ones are not, in any language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.artifact import Artifact
from telic.critics.likeness import likeness, structure

SUM = """
def total(values):
    result = 0
    for value in values:
        result += value
    return result
"""
RENAMED = 'def f(xs):\n    """Add."""\n    s = 0\n    for x in xs:\n        s += x\n    return s\n'
C_SUM = "int total(int *a, int n) { int s = 0; for (int i = 0; i < n; i++) s += a[i]; return s; }"


def alike(one: str, other: str, name: str = "program.py") -> float:
    return likeness(structure(Artifact.of(one, name)), structure(Artifact.of(other, name)))


def test_a_renamed_copy_has_likeness_one():
    assert alike(SUM, RENAMED) == 1.0


@pytest.mark.parametrize(
    ("before", "after"), [("result += value", "result -= value"), ("= 0", "= 1")]
)
def test_a_small_change_lowers_likeness_a_little(before: str, after: str):
    assert 0.6 < alike(SUM, SUM.replace(before, after)) < 1.0


def test_another_library_function_is_not_a_renaming():
    assert alike("def f(a):\n    return min(a)\n", "def f(a):\n    return max(a)\n") < 1.0


def test_unrelated_programs_are_unlike():
    other = "import math\n\nclass Walk:\n    step = math.pi\n\n    def go(self):\n        pass\n"

    assert alike(SUM, other) < 0.3


def test_other_languages_are_compared_by_tokens():
    renamed = C_SUM.replace("s", "acc").replace("acctruct", "struct")

    assert alike(C_SUM, renamed, "sum.c") == 1.0
    assert alike(C_SUM, C_SUM.replace("+=", "*="), "sum.c") < 1.0
    assert alike(C_SUM, "puts hello", "sum.c") < 0.2


def test_python_that_does_not_parse_is_compared_by_tokens():
    assert alike("def (", "def (") == 1.0
    assert alike("", "") == 1.0


@given(st.text(alphabet="ab=+(1) \n", max_size=40), st.text(alphabet="ab=+(1) \n", max_size=40))
def test_likeness_is_symmetric_and_bounded(one: str, other: str):
    there, back = alike(one, other), alike(other, one)

    assert there == back
    assert 0.0 <= there <= 1.0
    assert alike(one, one) == 1.0
