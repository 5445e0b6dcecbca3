"""Literals become slots, and numbers go back into slots exactly."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.operators._slots import find_slots, literal, render, template
from tests.operators.workbench import run_program

finite = st.floats(allow_nan=False, allow_infinity=False)


def values_of(text: str) -> list[float]:
    return list(find_slots(text).values)


@pytest.mark.parametrize(
    "line",
    [
        "x = 'a 0.5 b'",
        "x = f'{a * 0.5} 0.25'",
        "x = a[3:7]",
        "x = a[0.5]",
        "for k in range(3, 9): pass",
        "x = zeros((3, 4))",
        "x = a.sum(axis=3)",
        "x = default_rng(42)",
        "x: Literal[0.5] = a",
        "x = a ** 3",
        "x = a % 7 // 3",
        "x = a + 1",
        "total = 0.0",
        "count = 0",
        "x = True",
        "x = 3j",
        "x = {5: a, 0.5: b}",
        "x = 1.5.hex()",
        "# 0.5",
        "x = a  # 0.5",
        "if __name__ == '__main__': f(0.5)",
        "x = 1e999",
    ],
)
def test_what_is_not_a_quantity_is_no_slot(line: str) -> None:
    assert values_of(f"a = b = c\n{line}\n") == []


def test_a_docstring_an_annotation_and_a_pattern_hold_no_slots() -> None:
    text = '''
def f(x: Annotated[float, 0.5]) -> Annotated[float, 0.25]:
    """Take 0.75 and 3."""
    match x:
        case 2.5:
            return x
'''
    assert values_of(text) == []


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("x = 0.5", [0.5]),
        ("x = -0.5", [-0.5]),
        ("x = - 0.5", [-0.5]),
        ("x = 7", [7]),
        ("x = a * 1.0 + 12 / b", [1.0, 12]),
        ("x = a ** 0.5", [0.5]),
        ("def f(x=0.3, *, y=5): pass", [0.3, 5]),
        ("x = g(0.1, depth=4)", [0.1, 4]),
        ("x = [0, 1, 1, 0]", [0, 1, 1, 0]),
        ("x = ((8, 0.3), (16, 0.7))", [8, 0.3, 16, 0.7]),
        ("while a < 0.25: pass", [0.25]),
        ("x = {'a': 0.5}", [0.5]),
        ("x = linspace(0.1, 2.5, 50)", [0.1, 2.5]),
        ("ä = 'ü'; x = 0.5", [0.5]),
        ("x = 1_000.5e-1", [100.05]),
    ],
)
def test_a_quantity_is_a_slot(line: str, values: list[float]) -> None:
    assert values_of(line) == values


def test_slots_lie_inside_evolvable_regions() -> None:
    text = "a = 0.1\n# EVOLVE-BLOCK-START\nb = 0.2\n# EVOLVE-BLOCK-END\nc = 0.3\n"

    assert values_of(text) == [0.2]


def test_a_program_that_does_not_parse_or_has_broken_markers_has_no_slots() -> None:
    assert values_of("x = = 0.5") == []
    assert values_of("# EVOLVE-BLOCK-START\nx = 0.5\n") == []


def test_a_comment_declares_bounds_and_scale() -> None:
    text = "rate = 0.3  # tune: 0.01..1 log\nn = 1  # tune: 0.5..4.5\nv = 7  # tune: off\n"

    first, second = find_slots(text).slots

    assert (first.domain.low, first.domain.high, first.domain.is_log) == (0.01, 1.0, True)
    assert (second.value, second.domain.low, second.domain.high) == (1, 1, 4)


@pytest.mark.parametrize(
    "comment", ["tune: 2..1", "tune: 0..1 log", "tune: a..b", "tune: 0.5", "tune: 1..1e999"]
)
def test_a_comment_that_declares_nothing_sensible_is_ignored(comment: str) -> None:
    (slot,) = find_slots(f"x = 0.5  # {comment}\n").slots

    assert slot.domain.low == -math.inf


def test_an_integer_without_room_between_its_bounds_is_no_slot() -> None:
    assert values_of("n = 3  # tune: 2.9..3.1\n") == []


def test_lists_of_numbers_are_tables_of_rows() -> None:
    found = find_slots("x = [[0.1, 5.0], [0.2, 9.0]]\ny = [3, 4, 5]\nz = [[1.0], [2.0, 3.0]]\n")

    assert found.tables == (((0, 1), (2, 3)), ((4,), (5,), (6,)), ((8,), (9,)))
    assert [slot.domain.unit for slot in found.slots[:4]] == [0.1, 4.0, 0.1, 4.0]


def test_tiny_and_huge_positive_numbers_are_sought_by_factors() -> None:
    tiny, huge, plain, negative = find_slots("a = 1e-6\nb = 5e4\nc = 0.5\nd = -1e-6\n").slots

    assert (tiny.domain.is_log, huge.domain.is_log) == (True, True)
    assert (plain.domain.is_log, negative.domain.is_log) == (False, False)


@given(st.lists(finite, min_size=1, max_size=6))
def test_numbers_come_back_exactly(numbers: list[float]) -> None:
    found = find_slots(f"def f():\n    return [{', '.join(['0.5'] * len(numbers))}]\n")

    text = render(found, numbers)

    assert run_program(text) == numbers
    assert find_slots(text).values == tuple(numbers)


@given(finite)
def test_a_literal_is_what_python_reads(number: float) -> None:
    assert float(literal(number)) == number


def test_there_is_no_negative_zero() -> None:
    assert literal(-0.0) == "0.0"


PLACES = """
def f(a=0.5, *, b=-0.5):
    c = 2.0 - 0.25
    d = 3.0 ** 0.5 if 0.75 else 2.0
    e = -0.25 ** 2.0
    g = [1.5, -2.5][c > 100.0]
    h = (lambda x: x * -0.125)(0.3)
    return [a, b, c, d, e, g, h, 1.5-0.5, not 0.5, 0.5 < 0.7 < 0.9]
"""


@given(st.data())
def test_a_number_of_either_sign_fits_wherever_a_literal_stood(data: st.DataObject) -> None:
    found = find_slots(PLACES)
    near = st.floats(min_value=-3.0, max_value=3.0).filter(lambda v: abs(v) > 1e-3)
    numbers = [data.draw(near) for _ in found.slots]

    text = render(found, numbers)

    slotted = template(found, range(len(found)))
    namespace = {"__telic_slots__": numbers}
    exec(slotted, namespace)
    assert run_program(text) == namespace["f"]()  # pyright: ignore[reportCallIssue]


def test_numbers_that_did_not_change_keep_their_spelling() -> None:
    text = "x = 1_000.50  # thousand\ny = 1e-03\n"

    assert render(find_slots(text), [1000.5, 0.25]) == "x = 1_000.50  # thousand\ny = 0.25\n"


def test_a_template_reads_the_chosen_slots_in_order() -> None:
    found = find_slots("x = 0.1\ny = 0.2\nz = 0.3\n")

    assert template(found, [0, 2]) == "x = __telic_slots__[0]\ny = 0.2\nz = __telic_slots__[1]\n"
