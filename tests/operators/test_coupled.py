"""Coupled edits rewrite every matching site alike."""

import re

from telic.operators._coupled import (
    exchange_names,
    rewrite_values,
    step_constants,
    swap_operators,
)
from tests.operators.corpus import outcomes

TEXT = """\
def f(values, weights, room):
    order = sorted(range(len(values)), key=lambda i: values[i])
    load = 0
    for i in order:
        if load + weights[i] <= room and 0.5 * weights[i] < 9:
            load += weights[i]
    return load * 0.5
"""


def test_equal_literals_move_together() -> None:
    found = outcomes(step_constants, TEXT)

    assert found
    for result in found:
        (first,), (second,) = (
            re.findall(pattern, result) for pattern in (r"and (.*) \* weights", r"load \* (.*)\n")
        )
        assert first == second != "0.5"


def test_one_sign_is_swapped_wherever_it_stands() -> None:
    text = "def f(a, b):\n    c = a * b\n    d = a * (c + 2)\n    return c + d * 3\n"
    found = outcomes(swap_operators, text)

    assert "def f(a, b):\n    c = a / b\n    d = a / (c + 2)\n    return c + d / 3\n" in found
    assert "def f(a, b):\n    c = a * b\n    d = a * (c - 2)\n    return c - d * 3\n" in found


def test_all_items_of_a_list_are_rewritten_alike() -> None:
    found = outcomes(rewrite_values, TEXT, draws=600)
    together = [result for result in found if result.count("weights[i] * values[i]") == 3]

    assert together
    assert "if load + weights[i] * values[i] <= room" in together[0]


def test_a_rewrite_uses_only_names_with_a_value_at_every_site() -> None:
    text = "def f(a, b):\n    c = a * b\n    late = 2.5 * c\n    return late + a * b\n"

    for result in outcomes(rewrite_values, text, draws=400):
        assert "late" not in result.splitlines()[1]


def test_names_are_exchanged_throughout_a_function() -> None:
    text = "def f(a, b):\n    c = a - 2 * b\n    return c / a + b\n"
    found = outcomes(exchange_names, text)

    assert "def f(a, b):\n    c = b - 2 * a\n    return c / b + a\n" in found
    assert "def f(a, b):\n    c = b - 2 * b\n    return c / b + b\n" in found


def test_nothing_is_coupled_where_nothing_matches() -> None:
    for edit in (step_constants, swap_operators, rewrite_values, exchange_names):
        assert outcomes(edit, "def f(a):\n    return 2 - a\n") == set()
