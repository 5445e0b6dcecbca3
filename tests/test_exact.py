"""Exact arithmetic for scorers."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.exact import float_array, int_list, integers

finite = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(finite, min_size=1, max_size=8))
def test_integers_over_their_denominator_equal_the_floats(values: list[float]):
    numerators, denominator = integers(values)

    assert [Fraction(top, denominator) for top in numerators] == [Fraction(x) for x in values]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_is_not_finite_has_no_integers(value: float):
    with pytest.raises((ValueError, OverflowError)):
        integers([value])


def test_lists_and_arrays_of_numbers_become_floats():
    assert float_array([[1, 2.5]], (1, 2)).tolist() == [[1.0, 2.5]]
    assert float_array(np.arange(3), (-1,)).dtype == np.float64


@pytest.mark.parametrize(
    "output",
    [
        "12",
        ["1", "2"],
        [1.0, None],
        [[1.0], [2.0, 3.0]],
        [1.0, float("nan")],
        [1.0, float("inf")],
        [1j, 2j],
        [True, False],
        {"a": 1},
        None,
        [1.0],
        [[1.0, 2.0]],
        [10**400, 1],
    ],
)
def test_other_outputs_are_refused_with_a_reason(output: object):
    with pytest.raises(ValueError, match="expected"):
        float_array(output, (2,))


def test_integer_lists_are_taken_as_they_are():
    assert int_list((1, 2, 3), low=1, high=3) == [1, 2, 3]
    assert int_list(np.array([4, 5]), low=0, high=9, length=2) == [4, 5]


@pytest.mark.parametrize("output", [5, [1.0], [True], [4], [0], [1, 2], "1", [None]])
def test_what_is_not_a_list_of_allowed_integers_is_refused(output: object):
    with pytest.raises(ValueError, match="expected"):
        int_list(output, low=1, high=3, length=1)
