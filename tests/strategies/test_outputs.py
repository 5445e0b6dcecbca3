"""Points among outputs and the distance between them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.candidate import Record
from telic.strategies._outputs import OutputSpace
from telic.testing import toy_record

# Nothing so small that a change of its unit would lose digits.
numbers = st.floats(-1e12, 1e12).map(lambda value: value if abs(value) > 1e-200 else 0.0)
rows = st.lists(st.tuples(numbers, numbers), min_size=2, max_size=12)


def did(index: int, *outputs: float, ideal: tuple[float, ...] = ()) -> Record:
    features = {f"case{i}": value for i, value in enumerate(outputs)}
    wanted = {f"ideal.case{i}": value for i, value in enumerate(ideal)}
    return toy_record(index, 1.0, features=features | wanted)


@given(rows)
def test_a_distance_is_symmetric_bounded_and_zero_for_equals(rows: list[tuple[float, float]]):
    space = OutputSpace()
    points = [space.point(did(index, *row)) for index, row in enumerate(rows)]
    space.measure(points)

    one, other = points[0], points[-1]

    assert space.distance(one, one) == 0.0
    assert space.distance(one, other) == space.distance(other, one)
    assert 0.0 <= space.distance(one, other) <= 10.0


@given(rows, st.sampled_from([-8.0, -1.0, 0.25, 1024.0]))
def test_units_do_not_matter(rows: list[tuple[float, float]], unit: float):
    plain, scaled = OutputSpace(), OutputSpace()
    points = [plain.point(did(i, *row)) for i, row in enumerate(rows)]
    others = [scaled.point(did(i, row[0] * unit, row[1])) for i, row in enumerate(rows)]
    # Where all values are equal there is no spread to measure in.
    if len({row[0] for row in rows}) == 1:
        return
    plain.measure(points)
    scaled.measure(others)

    apart = plain.distance(points[0], points[1])

    assert scaled.distance(others[0], others[1]) == pytest.approx(apart, abs=1e-9)


def test_one_wild_case_does_not_hide_the_others():
    space = OutputSpace()
    outputs = [(0.0, 0.0), (1.0, 1.0), (2.0, 2.0), (3.0, 1e300)]
    points = [space.point(did(index, *row)) for index, row in enumerate(outputs)]
    space.measure(points)

    assert space.distance(points[0], points[1]) > 0.5
    assert space.distance(points[0], points[3]) < 10.0


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_far_from_everything(odd: float):
    space = OutputSpace()
    plain, strange = space.point(did(0, 1.0)), space.point(did(1, odd))
    space.measure([plain, strange])

    assert space.distance(plain, strange) == 5.0  # ten spreads in one of two coordinates


def test_a_case_that_is_not_reported_is_far():
    space = OutputSpace()
    both, one = space.point(did(0, 1.0, 2.0)), space.point(did(1, 1.0))

    assert space.distance(both, one) == pytest.approx(10.0 / 3)


def test_a_reported_ideal_is_no_output():
    space = OutputSpace()
    record = did(0, 1.0, 2.0, ideal=(3.0, 4.0))

    assert space.point(record) == (1.0, 2.0, 1.0)  # the cases and the score
    ideal = space.ideal(record)
    assert ideal is not None
    assert ideal[:2] == (3.0, 4.0)
    assert space.ideal(did(1, 1.0, 2.0)) is None
