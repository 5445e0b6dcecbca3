"""Geometric scorers: exact contact passes, the smallest violation does not."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telic.problems.circles import square_scorer
from telic.problems.points import hull_area, triangle_areas, triangles
from telic.problems.polygons import GUARD, clearances, corners, separations
from telic.scoring import Case

CASE = Case()
SPHERE = ["thomson-32", "tammes-14", "spherical-design-4-14"]


def grid_circles(count: int, columns: int = 8) -> list[list[float]]:
    """Return touching circles of radius 1/16 whose coordinates are exact floats."""
    return [
        [(2 * (k % columns) + 1) / 16, (2 * (k // columns) + 1) / 16, 1 / 16] for k in range(count)
    ]


@pytest.mark.parametrize(("name", "count"), [("circle-packing-26", 26), ("circle-packing-32", 32)])
class TestCirclesInASquare:
    def test_touching_circles_are_accepted_and_their_sum_is_exact(self, scorer, name, count):
        score = scorer(name).score(grid_circles(count), CASE)

        assert score.feasible
        assert score.metrics["score"] == count / 16
        assert len(score.margins) == 5 * count + count * (count - 1) // 2
        assert min(score.margins) == 0.0

    def test_arrays_count_like_lists(self, scorer, name, count):
        module = scorer(name)

        assert module.score(np.array(grid_circles(count)), CASE) == module.score(
            grid_circles(count), CASE
        )

    @pytest.mark.parametrize("place", [0, 9, 17])
    def test_the_smallest_growth_of_a_radius_is_refused(self, scorer, name, count, place):
        circles = grid_circles(count)
        circles[place][2] = math.nextafter(circles[place][2], 1.0)

        assert not scorer(name).score(circles, CASE).feasible

    def test_the_smallest_step_over_a_side_is_refused(self, scorer, name, count):
        for axis in (0, 1):
            circles = grid_circles(count)
            circles[0][axis] = math.nextafter(circles[0][axis], 0.0)

            assert not scorer(name).score(circles, CASE).feasible

    def test_a_tolerance_of_1e_minus_9_does_not_exist(self, scorer, name, count):
        circles = [[x, y, r * (1 + 1e-9)] for x, y, r in grid_circles(count)]

        score = scorer(name).score(circles, CASE)

        assert not score.feasible
        assert score.feedback

    def test_negative_radii_and_wrong_counts_are_refused(self, scorer, name, count):
        module = scorer(name)
        negative = grid_circles(count)
        negative[3][2] = -1e-300

        assert not module.score(negative, CASE).feasible
        assert not module.score(grid_circles(count + 1), CASE).feasible
        assert not module.score(grid_circles(count - 1), CASE).feasible

    def test_zero_radii_are_allowed(self, scorer, name, count):
        circles = grid_circles(count)
        circles[0][2] = 0.0

        assert scorer(name).score(circles, CASE).feasible


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 16), st.integers(0, 16), st.integers(0, 6)), min_size=3, max_size=3
    ),
    st.sampled_from([0, 1, -1]),
)
def test_circles_are_judged_like_rational_numbers(cells: list[tuple[int, int, int]], nudge: int):
    # Coordinates over 16, one radius nudged by far less than any float comparison could see
    # in a distance, so that exact integers give the truth.
    unit = 2**40
    exact = [(x * unit, y * unit, r * unit) for x, y, r in cells]
    exact[0] = (exact[0][0], exact[0][1], max(0, exact[0][2] + nudge))
    circles = [[value / (16 * unit) for value in circle] for circle in exact]
    side = 16 * unit
    fits = all(r >= 0 and r <= min(x, y) and max(x, y) + r <= side for x, y, r in exact) and all(
        (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 >= (a[2] + b[2]) ** 2
        for i, a in enumerate(exact)
        for b in exact[:i]
    )

    assert square_scorer(3)(circles, CASE).feasible == fits


class TestCirclesInARectangle:
    def rows(self) -> list[list[float]]:
        circles = [[(2 * (k % 11) + 1) / 16, (2 * (k // 11) + 1) / 16, 1 / 16] for k in range(20)]
        return [*circles, [1 / 16, 9 / 16, 1 / 16]]

    def test_a_rectangle_of_perimeter_exactly_4_is_accepted(self, scorer):
        score = scorer("circle-packing-rectangle-21").score(self.rows(), CASE)

        assert score.feasible
        assert min(score.margins) == 0.0
        assert score.metrics["score"] == 21 / 16

    @pytest.mark.parametrize("column", [0, 1])
    def test_the_smallest_step_beyond_the_lower_left_corner_is_refused(self, scorer, column):
        circles = self.rows()
        circles[0][column] = math.nextafter(circles[0][column], 0.0)

        assert not scorer("circle-packing-rectangle-21").score(circles, CASE).feasible

    def test_the_smallest_excess_of_the_perimeter_is_refused(self, scorer):
        circles = self.rows()
        circles[-1][1] = math.nextafter(circles[-1][1], 1.0)

        assert not scorer("circle-packing-rectangle-21").score(circles, CASE).feasible


class TestDistanceRatio:
    def test_moving_and_turning_change_nothing(self, scorer, seed):
        points = 1.1 * np.array(seed("distance-ratio-2d-16")["place"]())
        turn = np.array([[0.6, -0.8], [0.8, 0.6]])
        score = scorer("distance-ratio-2d-16").score

        after = score(points @ turn + 7.0, CASE)

        assert after.feasible
        assert after.metrics["score"] == pytest.approx(score(points, CASE).metrics["score"])

    @pytest.mark.parametrize(("name", "shape"), [("2d-16", (16, 2)), ("3d-14", (14, 3))])
    @pytest.mark.parametrize("size", [1.0, 100.0])
    def test_the_score_is_the_greatest_of_its_terms(self, scorer, name, shape, size):
        points = size * np.random.default_rng(1).normal(size=shape)
        squares = [((a - b) ** 2).sum() for i, a in enumerate(points) for b in points[:i]]

        score = scorer(f"distance-ratio-{name}").score(points, CASE)

        assert score.metrics["score"] == pytest.approx(max(squares))
        assert score.metrics["score"] == max(score.terms)
        assert score.feasible == (size > 1.0)
        assert min(score.margins) == pytest.approx(min(squares) - 1.0)

    def test_a_distance_of_exactly_one_is_accepted_and_no_less(self, scorer, seed):
        points = seed("distance-ratio-2d-16")["place"]()
        score = scorer("distance-ratio-2d-16").score
        closer = [*points[:-1], [math.nextafter(3.0, 0.0), 3.0]]

        assert points[-1] == [3.0, 3.0]
        assert score(points, CASE).feasible
        assert not score(closer, CASE).feasible

    def test_coinciding_and_far_points_are_refused(self, scorer):
        score = scorer("distance-ratio-2d-16").score
        far = [[1e300, 0.0]] + [[float(k), 0.0] for k in range(15)]

        assert not score([[1.0, 1.0]] * 16, CASE).feasible
        assert not score(far, CASE).feasible


class TestHeilbronn:
    def test_corners_and_sides_of_the_triangle_may_be_used(self, scorer):
        inside = [[k / 16, (k * k % 7) / 16] for k in range(1, 9)]
        points = [[0.0, 0.0], [1.0, 0.0], [0.25, 0.75], *inside]

        assert scorer("heilbronn-triangle-11").score(points, CASE).feasible

    @pytest.mark.parametrize(
        "outside", [[-5e-324, 0.5], [0.5, -5e-324], [0.5, math.nextafter(0.5, 1.0)]]
    )
    def test_the_smallest_step_outside_is_refused(self, scorer, seed, outside):
        points = seed("heilbronn-triangle-11")["place"]()
        points[0] = outside

        assert not scorer("heilbronn-triangle-11").score(points, CASE).feasible

    def test_the_score_of_points_on_a_line_is_zero(self, scorer):
        points = [[k / 16, 0.0] for k in range(11)]

        assert scorer("heilbronn-triangle-11").score(points, CASE).metrics["score"] == 0.0

    @pytest.mark.parametrize("count", [13, 14])
    def test_affine_maps_do_not_change_the_convex_score(self, scorer, count):
        rng = np.random.default_rng(count)
        points = rng.random((count, 2))
        stretched = points @ np.array([[2.0, 1.0], [0.5, 3.0]]) + 5.0
        score = scorer(f"heilbronn-convex-{count}").score

        before = score(points, CASE).metrics["score"]

        assert score(stretched, CASE).metrics["score"] == pytest.approx(before, rel=1e-9)

    def test_points_on_a_line_have_no_score(self, scorer):
        points = [[float(k), 2.0 * k] for k in range(13)]

        assert not scorer("heilbronn-convex-13").score(points, CASE).feasible

    def test_areas_and_hulls_of_a_square_with_its_centre_are_exact(self):
        points = np.array([[0, 0], [2, 0], [2, 2], [0, 2], [1, 1]], dtype=float)

        assert hull_area(points) == 4.0
        assert sorted(triangle_areas(points, triangles(5))) == [0, 0, 1, 1, 1, 1, 2, 2, 2, 2]


class TestPolygons:
    def test_upright_squares_are_as_far_apart_as_their_sides(self):
        half = math.sqrt(0.5)
        places = np.array([[0.0, 0.0, math.pi / 4], [1.75, 0.3, math.pi / 4]])

        gaps = separations(corners(places, sides=4, radius=half))

        assert gaps == pytest.approx([0.75])

    def test_a_corner_that_enters_a_square_is_an_overlap(self):
        half = math.sqrt(0.5)
        for distance, sign in ((0.5 + half + 1e-6, 1), (0.5 + half - 1e-6, -1)):
            places = np.array([[0.0, 0.0, math.pi / 4], [distance, 0.0, 0.0]])

            gaps = separations(corners(places, sides=4, radius=half))

            assert math.copysign(1.0, gaps[0]) == sign

    @given(st.floats(-3, 3), st.floats(-3, 3), st.floats(0, 1.5), st.floats(0, 1.5))
    @settings(max_examples=50, deadline=None)
    def test_the_least_clearance_is_the_gap_up_to_ties(self, x, y, first, second):
        hexagons = corners(np.array([[0, 0, first], [x, y, second]]), sides=6, radius=1.0)

        least = clearances(hexagons).min(axis=1)

        assert least <= separations(hexagons) + 1e-12
        assert least == pytest.approx(separations(hexagons), abs=2e-6)

    def test_corners_of_a_side_that_lies_flat_on_another_are_told_apart(self):
        half = math.sqrt(0.5)
        places = np.array([[0.0, 0.0, math.pi / 4], [1.0, 0.0, math.pi / 4 + 1e-9]])

        before, after = np.sort(clearances(corners(places, sides=4, radius=half))[0])[:2]

        # It turned about its centre: one corner comes in as far as the other moves out.
        assert before == pytest.approx(-0.5e-9, rel=1e-5)
        assert after == pytest.approx(0.5e-9, rel=1e-5)

    @given(st.floats(-3, 3), st.floats(-3, 3), st.floats(0, 1.5), st.floats(0, 1.5))
    @settings(max_examples=50, deadline=None)
    def test_no_point_of_one_hexagon_lies_inside_a_separated_other(self, x, y, first, second):
        hexagons = corners(np.array([[0, 0, first], [x, y, second]]), sides=6, radius=1.0)
        gap = separations(hexagons)[0]
        weights = np.random.default_rng(0).dirichlet(np.ones(6), 200)
        points = weights @ hexagons[1]
        sides = np.roll(hexagons[0], -1, axis=0) - hexagons[0]
        offsets = points[:, None, :] - hexagons[0][None]
        inside = (sides[:, 0] * offsets[..., 1] - sides[:, 1] * offsets[..., 0] > 1e-9).all(axis=1)

        assert gap <= 0 or not inside.any()

    @pytest.mark.parametrize("name", ["hexagon-packing-11", "hexagon-packing-12"])
    def test_hexagons_must_keep_the_guarded_distance(self, scorer, name):
        count = int(name[-2:])

        def row(distance: float) -> Any:
            # Centres on a line, so that whole sides face each other.
            return scorer(name).score([[0.0, distance * k, 0.0] for k in range(count)], CASE)

        width = math.sqrt(3.0)
        assert row(width + 2 * GUARD).feasible
        assert not row(width).feasible
        assert not row(width - 1e-12).feasible

    def test_the_outer_hexagon_of_a_row_is_known(self, scorer):
        distance = math.sqrt(3.0) + 1e-9
        middle = 5 * distance
        places = [[0.0, distance * k - middle, 0.0] for k in range(11)]

        score = scorer("hexagon-packing-11").score(places, CASE)

        # The flat upper side of the outer hexagon lies on that of the topmost one.
        height = middle + math.sqrt(3.0) / 2
        assert score.metrics["score"] == pytest.approx(height * 2 / math.sqrt(3.0))
        assert score.metrics["score"] == max(score.terms)

    def test_the_square_around_a_grid_of_squares_is_known(self, scorer):
        step = 1 + 1e-9
        places = [[step * (k % 4 - 1.5), step * (k // 4 - 1.0), 0.0] for k in range(11)]

        score = scorer("squares-in-square-11").score(places, CASE)

        assert score.feasible
        assert score.metrics["score"] == pytest.approx(1 + 3 * step)
        assert score.metrics["score"] == max(score.terms)
        assert (
            not scorer("squares-in-square-11")
            .score([[x / step, y / step, a] for x, y, a in places], CASE)
            .feasible
        )


class TestSphere:
    @pytest.mark.parametrize("name", SPHERE)
    def test_only_directions_count(self, scorer, name):
        count = 32 if name == "thomson-32" else 14
        points = np.random.default_rng(2).normal(size=(count, 3))
        lengths = np.random.default_rng(3).uniform(0.5, 3.0, size=(count, 1))
        score = scorer(name).score

        before = score(points, CASE).metrics["score"]

        assert score(points * lengths, CASE).metrics["score"] == pytest.approx(before)

    @pytest.mark.parametrize("name", SPHERE)
    def test_a_vector_without_direction_is_refused(self, scorer, seed, name):
        points = seed(name)["place"]()
        points[0] = [0.0, 0.0, 0.0]

        assert not scorer(name).score(points, CASE).feasible

    def test_the_energy_is_the_naive_sum(self, scorer):
        points = np.random.default_rng(4).normal(size=(32, 3))
        unit = points / np.linalg.norm(points, axis=1)[:, None]
        naive = sum(1.0 / np.linalg.norm(a - b) for i, a in enumerate(unit) for b in unit[:i])

        assert scorer("thomson-32").score(points, CASE).metrics["score"] == pytest.approx(naive)

    def test_coinciding_charges_are_refused(self, scorer):
        points = [[1.0, 0.0, 0.0]] * 32

        assert not scorer("thomson-32").score(points, CASE).feasible

    def test_the_smallest_angle_is_in_degrees(self, scorer):
        angles = [25.0 * k for k in range(14)]
        points = [[math.cos(math.radians(a)), math.sin(math.radians(a)), 0.0] for a in angles]

        assert scorer("tammes-14").score(points, CASE).metrics["score"] == pytest.approx(25.0)

    def test_the_design_defect_is_the_pair_sum_of_legendre_polynomials(self, scorer):
        points = np.random.default_rng(5).normal(size=(14, 3))
        unit = points / np.linalg.norm(points, axis=1)[:, None]
        products = np.clip(unit @ unit.T, -1.0, 1.0)
        pair_sum = sum(
            (2 * d + 1) * np.polynomial.legendre.Legendre.basis(d)(products).mean()
            for d in range(1, 5)
        )

        score = scorer("spherical-design-4-14").score(points, CASE).metrics["score"]

        assert score**2 == pytest.approx(pair_sum)


class TestMovingSofa:
    def path(self, radius: float) -> list[list[float]]:
        turns = [math.pi / 2 * k / 40 for k in range(41)]
        return [[radius * math.cos(2 * t), radius * math.sin(2 * t)] for t in turns]

    def test_a_corner_at_rest_leaves_a_half_disc(self, scorer):
        area = scorer("moving-sofa").score(self.path(0.0), CASE).metrics["score"]

        assert area == pytest.approx(math.pi / 2, rel=1e-3)

    def test_hammersleys_sofa_has_its_known_area(self, scorer):
        area = scorer("moving-sofa").score(self.path(2 / math.pi), CASE).metrics["score"]

        assert area == pytest.approx(math.pi / 2 + 2 / math.pi, rel=1e-3)

    def test_only_the_largest_piece_of_a_torn_sofa_counts(self, scorer):
        module = scorer("moving-sofa")
        top = np.array([1.0, 1.0, 1.0, 0.5, 1.0])
        bottom = np.array([0.0, 0.5, 1.0, 0.0, 0.5])

        assert module.largest_piece(top, bottom) == 1.5
