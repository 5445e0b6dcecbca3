"""Curves are drawn inside their box and follow their points."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from telic.cli._plot import draw_steps

values = st.floats(-1e9, 1e9, allow_nan=False)
points = st.lists(st.tuples(st.floats(0, 100), values), max_size=30).map(sorted)


@given(points, st.floats(0, 200), st.integers(1, 60), st.integers(1, 10))
def test_the_drawing_fills_exactly_its_box_with_braille(points, end, width, height):
    lines = draw_steps(points, end, width=width, height=height)

    assert [len(line) for line in lines] == [width] * height
    assert all(0x2800 <= ord(sign) < 0x2900 for line in lines for sign in line)


def test_without_points_the_box_is_blank():
    assert draw_steps([], 1.0, width=3, height=2) == ["⠀⠀⠀", "⠀⠀⠀"]


def test_a_constant_lies_at_the_bottom():
    assert draw_steps([(0.0, 5.0)], 1.0, width=3, height=2) == ["⠀⠀⠀", "⣀⣀⣀"]


def test_a_step_rises_where_it_happens():
    assert draw_steps([(0.0, 0.0), (2.0, 1.0)], 4.0, width=2, height=1) == ["⣸⠉"]
    assert draw_steps([(0.0, 1.0), (2.1, 0.0)], 4.0, width=2, height=1) == ["⠉⣇"]


@given(st.lists(values, min_size=1, max_size=20), st.integers(1, 30), st.integers(1, 6))
def test_a_rising_quantity_never_falls_on_the_drawing(levels, width, height):
    rising = [(float(place), level) for place, level in enumerate(sorted(levels))]

    lines = draw_steps(rising, float(len(rising)), width=width, height=height)

    last = [_highest(lines, column) for column in range(width)]
    drawn = [row for row in last if row is not None]
    assert drawn == sorted(drawn, reverse=True)


def _highest(lines: list[str], column: int) -> int | None:
    """The line, from the top, of the highest dot in a column of characters."""
    return next((row for row, line in enumerate(lines) if line[column] != "⠀"), None)
