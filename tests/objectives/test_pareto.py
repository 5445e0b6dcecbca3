"""Fronts, hypervolume, crowding and knees against definitions and known values."""

import itertools
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.errors import MeasurementError
from telic.objectives import (
    case_winners,
    crowding_distances,
    dominates,
    front,
    fronts,
    hypervolume,
    knee,
)

small = st.integers(0, 6).map(float)


def point_sets(dimensions: int) -> st.SearchStrategy[list[tuple[float, ...]]]:
    return st.lists(st.tuples(*[small] * dimensions), max_size=8)


def counted_cells(points: list[tuple[float, ...]], dimensions: int) -> int:
    """Unit cells below at least one point: the volume, by definition."""
    return sum(
        any(
            all(cell < value for cell, value in zip(corner, point, strict=True)) for point in points
        )
        for corner in itertools.product(range(6), repeat=dimensions)
    )


@pytest.mark.parametrize("dimensions", [1, 2, 3, 4])
def test_hypervolume_counts_the_cells_below_the_points(dimensions: int):
    rng = random.Random(dimensions)
    for _ in range(30):
        points = [
            tuple(float(rng.randrange(7)) for _ in range(dimensions))
            for _ in range(rng.randrange(8))
        ]

        assert hypervolume(points, [0.0] * dimensions) == counted_cells(points, dimensions)


@given(point_sets(3), st.tuples(small, small, small))
def test_hypervolume_never_falls_when_a_point_comes(
    points: list[tuple[float, ...]], new: tuple[float, ...]
):
    assert hypervolume([*points, new], (1, 1, 1)) >= hypervolume(points, (1, 1, 1))


@pytest.mark.parametrize("dimensions", [1, 2, 3])
@given(st.data())
def test_a_front_is_what_nothing_dominates(dimensions: int, data: st.DataObject):
    points = data.draw(point_sets(dimensions))

    expected = [i for i, p in enumerate(points) if not any(dominates(other, p) for other in points)]

    assert front(points) == expected


@given(point_sets(2))
def test_fronts_hold_every_point_once(points: list[tuple[float, ...]]):
    layers = fronts(points)

    assert sorted(i for layer in layers for i in layer) == list(range(len(points)))
    for upper, lower in itertools.pairwise(layers):
        assert all(any(dominates(points[j], points[i]) for j in upper) for i in lower)


def test_crowding_is_the_box_between_neighbours():
    points = [(0.0, 4.0), (1.0, 3.0), (3.0, 1.0), (4.0, 0.0)]

    distances = crowding_distances(points)

    assert distances == [math.inf, 3 / 4 + 3 / 4, 3 / 4 + 3 / 4, math.inf]


def test_the_knee_bulges_most_from_the_line_between_the_ends():
    points = [(0.0, 100.0), (0.9, 90.0), (0.95, 20.0), (1.0, 0.0), (0.1, 10.0)]

    assert knee(points) == 1


def test_specialists_stay_and_mediocrity_goes():
    points = [(9.0, 1.0, 1.0), (5.0, 5.0, 5.0), (1.0, 9.0, 9.0), (1.0, 9.0, 0.0)]

    assert case_winners(points) == {0: [0], 2: [1, 2]}


@pytest.mark.parametrize(
    "points", [[(1.0, 2.0), (1.0,)], [(1.0, math.nan)], [()]], ids=["ragged", "nan", "empty"]
)
def test_points_that_cannot_be_compared_are_refused(points: list[tuple[float, ...]]):
    with pytest.raises(MeasurementError):
        front(points)
