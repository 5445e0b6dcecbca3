"""Discrete scorers: known optima are scored as such, near misses are refused."""

from __future__ import annotations

from itertools import combinations, product
from math import factorial, prod
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telic import problems
from telic.scoring import Case

CASE = Case()


def best_of(name: str) -> float:
    best = problems.load(name).best_known
    assert best is not None
    return best.value


class TestKissing:
    def roots(self, dimension: int, scale: int = 1) -> list[list[int]]:
        vectors: list[list[int]] = []
        for i, j in combinations(range(dimension), 2):
            for a, b in product((-scale, scale), repeat=2):
                vector = [0] * dimension
                vector[i], vector[j] = a, b
                vectors.append(vector)
        return vectors

    @pytest.mark.parametrize("scale", [1, 10**9])
    def test_the_24_roots_in_four_dimensions_are_optimal(self, scorer, scale):
        score = scorer("kissing-4").score(self.roots(4, scale), CASE)

        assert score.metrics["score"] == 24 == best_of("kissing-4")

    def test_one_more_vector_is_refused(self, scorer):
        assert not scorer("kissing-4").score([*self.roots(4), [1, 1, 1, 1]], CASE).feasible

    def test_a_vector_listed_twice_is_refused(self, scorer):
        roots = self.roots(11)

        assert not scorer("kissing-11").score([*roots, roots[0]], CASE).feasible

    def test_a_relative_shortage_of_1e_minus_17_is_seen(self, scorer):
        scale = 10**17
        exact = [[scale, scale, 0, 0], [scale, 0, scale, 0]]
        close = [[scale, scale, 0, 0], [scale, 1, scale, 0]]

        assert scorer("kissing-4").score(exact, CASE).feasible
        assert not scorer("kissing-4").score(close, CASE).feasible

    @pytest.mark.parametrize("vector", [[0, 0, 0, 0], [1.0, 0, 0, 1], [2**61, 0, 0, 0], [1, 1, 0]])
    def test_vectors_that_are_no_short_integers_are_refused(self, scorer, vector):
        assert not scorer("kissing-4").score([*self.roots(4)[:3], vector], CASE).feasible


class TestIntegerSets:
    @given(members=st.sets(st.integers(1, 60), min_size=1, max_size=12))
    @settings(max_examples=50, deadline=None)
    def test_sums_and_differences_are_counted_as_sets(self, scorer, members):
        numbers = sorted(members | {0})
        sums = {a + b for a in numbers for b in numbers}
        differences = {a - b for a in numbers for b in numbers}
        wanted = 1 + np.log(len(differences) / len(sums)) / np.log(2 * max(numbers) + 1)

        score = scorer("sums-and-differences").score(numbers, CASE)

        assert score.metrics["score"] == pytest.approx(wanted)

    @pytest.mark.parametrize("output", [[1, 2, 4], [0, 0, 1], [0], [0, 2_000_001], [0, 1.0]])
    def test_sets_that_break_the_rules_are_refused(self, scorer, output):
        assert not scorer("sums-and-differences").score(output, CASE).feasible

    @given(members=st.sets(st.integers(0, 40), min_size=2, max_size=12))
    @settings(max_examples=50, deadline=None)
    def test_the_covered_range_ends_before_the_first_missing_difference(self, scorer, members):
        differences = {abs(a - b) for a, b in combinations(members, 2)}
        covered = 0
        while covered + 1 in differences:
            covered += 1

        score = scorer("difference-basis").score(sorted(members), CASE)

        assert score.feasible == (covered > 0)
        if covered:
            assert score.metrics == {"score": len(members) ** 2 / covered, "covered": covered}

    def test_the_perfect_ruler_is_a_difference_basis(self, scorer):
        assert scorer("difference-basis").score([0, 1, 4, 6], CASE).metrics["covered"] == 6

    def test_the_optimal_golomb_ruler_has_the_proven_length(self, scorer):
        ruler = [0, 2, 6, 24, 29, 40, 43, 55, 68, 75, 76, 85]

        score = scorer("golomb-ruler-12").score(ruler, CASE)

        assert score.feasible
        assert score.metrics["score"] == best_of("golomb-ruler-12")

    def test_a_ruler_that_repeats_a_difference_is_refused(self, scorer):
        ruler = [0, 2, 6, 24, 29, 40, 43, 55, 68, 75, 76, 84]

        score = scorer("golomb-ruler-12").score(ruler, CASE)

        assert not score.feasible
        assert score.margins[0] < 0

    def test_a_mark_listed_twice_is_refused(self, scorer):
        ruler = [0, 2, 6, 24, 29, 40, 43, 55, 68, 75, 85, 85]

        assert not scorer("golomb-ruler-12").score(ruler, CASE).feasible


class TestSigns:
    def test_the_energy_is_that_of_the_autocorrelation(self, scorer):
        signs = np.random.default_rng(0).choice((-1, 1), 64)
        energy = int((np.correlate(signs, signs, "full")[:63] ** 2).sum())

        score = scorer("low-autocorrelation-64").score(signs, CASE)

        assert score.metrics == {"score": 4096 / (2 * energy), "energy": energy}

    def test_the_proven_merit_factor_is_that_of_energy_208(self):
        assert best_of("low-autocorrelation-64") == 4096 / (2 * 208)

    @pytest.mark.parametrize("output", [[1] * 63, [1] * 65, [0] * 64, [2] * 64, [1.0] * 64])
    def test_what_is_not_64_signs_is_refused(self, scorer, output):
        assert not scorer("low-autocorrelation-64").score(output, CASE).feasible

    @given(signs=st.lists(st.sampled_from((-1, 1)), min_size=1, max_size=60))
    @settings(max_examples=50, deadline=None)
    def test_the_length_ends_where_some_sum_leaves_the_bounds(self, scorer, signs):
        good = 0
        for length in range(1, len(signs) + 1):
            sums = [
                sum(signs[place - 1] for place in range(step, last + 1, step))
                for step in range(1, length + 1)
                for last in range(step, length + 1, step)
            ]
            if max(map(abs, sums)) > 2:
                break
            good = length

        assert scorer("erdos-discrepancy-2").score(signs, CASE).metrics["score"] == good


class TestGraphsAndGrids:
    def polarity(self) -> list[list[int]]:
        """Return the edges of the polarity graph of the projective plane of order 5."""
        points = [(1, a, b) for a in range(5) for b in range(5)]
        points += [(0, 1, a) for a in range(5)] + [(0, 0, 1)]
        return [
            [i, j]
            for i, j in combinations(range(31), 2)
            if sum(a * b for a, b in zip(points[i], points[j], strict=True)) % 5 == 0
        ]

    def test_the_polarity_graph_has_the_proven_number_of_edges(self, scorer):
        score = scorer("four-cycle-free-31").score(self.polarity(), CASE)

        assert score.metrics["score"] == 90 == best_of("four-cycle-free-31")

    def test_any_further_edge_closes_a_four_cycle(self, scorer):
        edges = self.polarity()
        missing = [list(p) for p in combinations(range(31), 2) if list(p) not in edges]

        assert not any(
            scorer("four-cycle-free-31").score([*edges, edge], CASE).feasible for edge in missing
        )

    @pytest.mark.parametrize("edge", [[0, 0], [1, 0], [0, 31], [0, 1, 2]])
    def test_loops_repetitions_and_strangers_are_refused(self, scorer, edge):
        assert not scorer("four-cycle-free-31").score([[0, 1], edge], CASE).feasible

    @pytest.mark.parametrize(
        ("points", "fine"),
        [
            ([[0, 0], [1, 2], [5, 3]], True),
            ([[0, 0], [1, 1], [2, 2]], False),
            ([[0, 0], [0, 3], [3, 0]], False),
            ([[0, 0], [5, 0], [3, 4]], False),
            ([[0, 0], [0, 0]], False),
            ([[0, 64]], False),
        ],
    )
    def test_isosceles_triangles_flat_ones_included_are_refused(self, scorer, points, fine):
        assert scorer("no-isosceles-64").score(points, CASE).feasible == fine

    def test_a_seed_without_isosceles_triangles_stands_up_to_all_triples(self, seed):
        points = seed("no-isosceles-64")["choose"]()

        def square(p: Any, q: Any) -> int:
            return (p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2

        for a, b, c in combinations(points, 3):
            assert len({square(a, b), square(b, c), square(a, c)}) == 3

    def test_holes_on_a_slanted_lattice_meet_the_proven_number_of_tiles(self, scorer):
        # Holes at (4a + b, 4b + 3 - a) lie on a slanted square lattice; the tiles between
        # them are 4 by 4 squares and what the border cuts off.
        holes = {4 * a + b: 4 * b + 3 - a for a in range(4) for b in range(4)}
        tiles = self.greedy_tiles(holes)

        score = scorer("imo-2025-p6-16").score(tiles, CASE)

        assert score.feasible
        assert score.metrics["score"] == best_of("imo-2025-p6-16")

    def greedy_tiles(self, holes: dict[int, int]) -> list[list[int]]:
        free = [[column != holes[row] for column in range(16)] for row in range(16)]
        tiles: list[list[int]] = []
        for top, left in product(range(16), repeat=2):
            if not free[top][left]:
                continue
            right = left
            while right < 15 and free[top][right + 1]:
                right += 1
            bottom = top
            while bottom < 15 and all(free[bottom + 1][left : right + 1]):
                bottom += 1
            for row in range(top, bottom + 1):
                free[row][left : right + 1] = [False] * (right + 1 - left)
            tiles.append([top, left, bottom, right])
        return tiles

    def test_tiles_that_overlap_or_leave_two_holes_are_refused(self, scorer, seed):
        module = scorer("imo-2025-p6-16")
        tiles = seed("imo-2025-p6-16")["tiles"]()

        assert module.score(tiles, CASE).feasible
        assert not module.score([*tiles, tiles[0]], CASE).feasible
        assert not module.score(tiles[1:], CASE).feasible
        assert not module.score([[15, 15, 0, 0]], CASE).feasible

    def test_convex_hexagons_of_points_in_convex_position_are_all_counted(self, scorer):
        points = [[k, k * k] for k in range(16)]

        assert scorer("happy-ending-16").score(points, CASE).metrics["score"] == 8008

    def test_convex_hexagons_are_counted_like_hulls_of_six_points(self, scorer):
        from scipy.spatial import ConvexHull

        points = np.random.default_rng(0).integers(-1000, 1000, (16, 2))
        hexagons = sum(
            len(ConvexHull(points[list(six)]).vertices) == 6 for six in combinations(range(16), 6)
        )

        assert scorer("happy-ending-16").score(points, CASE).metrics["score"] == hexagons

    def test_three_points_on_a_line_are_refused_exactly(self, scorer):
        points = [[k, k * k] for k in range(13)] + [[500_000, 1], [600_000, 3], [700_000, 5]]
        nearly = [*points[:-1], [700_000, 6]]

        assert not scorer("happy-ending-16").score(points, CASE).feasible
        assert scorer("happy-ending-16").score(nearly, CASE).feasible


class TestFactorial:
    def test_a_factorisation_that_uses_a_prime_too_often_is_refused(self, scorer, seed):
        factors = seed("factorial-factors-100")["factors"]()
        assert factorial(100) % prod(factors) == 0
        greedy = [*factors[1:], factors[0] * 97]

        assert scorer("factorial-factors-100").score(factors, CASE).feasible
        assert not scorer("factorial-factors-100").score(greedy, CASE).feasible

    def test_the_bound_is_the_root_of_the_factorial(self):
        bound = int(best_of("factorial-factors-100"))

        assert bound**100 <= factorial(100) < (bound + 1) ** 100

    @pytest.mark.parametrize("output", [[1] * 99, [0] * 100, [-1] * 100, [1.0] * 100])
    def test_what_is_not_100_positive_integers_is_refused(self, scorer, output):
        assert not scorer("factorial-factors-100").score(output, CASE).feasible


class TestMatrixMultiplication:
    STRASSEN = (
        ([1, 0, 0, 1], [1, 0, 0, 1], [1, 0, 0, 1]),
        ([0, 0, 1, 1], [1, 0, 0, 0], [0, 0, 1, -1]),
        ([1, 0, 0, 0], [0, 1, 0, -1], [0, 1, 0, 1]),
        ([0, 0, 0, 1], [-1, 0, 1, 0], [1, 0, 1, 0]),
        ([1, 1, 0, 0], [0, 0, 0, 1], [-1, 1, 0, 0]),
        ([-1, 0, 1, 0], [1, 1, 0, 0], [0, 0, 0, 1]),
        ([0, 1, 0, -1], [0, 0, 1, 1], [1, 0, 0, 0]),
    )

    def strassen_twice(self) -> list[list[list[int]]]:
        def matrix(entries: list[int]) -> Any:
            return np.array(entries).reshape(2, 2)

        return [
            [np.kron(matrix(p), matrix(q)).ravel().tolist() for p, q in zip(a, b, strict=True)]
            for a in self.STRASSEN
            for b in self.STRASSEN
        ]

    def test_strassens_method_twice_needs_49_products(self, scorer):
        score = scorer("matrix-multiplication-4x4").score(self.strassen_twice(), CASE)

        assert score.feasible
        assert score.metrics == {"score": 49.0, "wrong": 0.0}

    def test_one_wrong_coefficient_is_refused(self, scorer):
        products = self.strassen_twice()
        products[5][1][2] += 1

        score = scorer("matrix-multiplication-4x4").score(products, CASE)

        assert not score.feasible
        assert score.metrics["wrong"] > 0

    def test_leaving_out_a_product_is_refused(self, scorer):
        assert (
            not scorer("matrix-multiplication-4x4").score(self.strassen_twice()[:-1], CASE).feasible
        )

    @pytest.mark.parametrize("entry", [1 / 3, 1 + 1e-9, 65.0])
    def test_numbers_off_the_lattice_are_refused(self, scorer, entry):
        products = self.strassen_twice()
        products[0][0][0] = entry

        assert not scorer("matrix-multiplication-4x4").score(products, CASE).feasible

    def test_halves_are_allowed(self, scorer):
        products: list[Any] = self.strassen_twice()
        products[3][0] = [entry / 2 for entry in products[3][0]]
        products[3][1] = [entry * 2 for entry in products[3][1]]

        assert scorer("matrix-multiplication-4x4").score(products, CASE).feasible


class TestCapSet:
    def test_vectors_of_zeros_and_ones_are_a_cap_set(self, scorer):
        cube = [list(vector) for vector in product((0, 1), repeat=8)]

        assert scorer("cap-set-8").score(cube, CASE).metrics["score"] == 256

    def test_a_line_is_refused(self, scorer):
        line = [[k] * 8 for k in range(3)]

        assert scorer("cap-set-8").score(line[:2], CASE).feasible
        assert not scorer("cap-set-8").score(line, CASE).feasible

    def test_a_vector_listed_twice_is_refused(self, scorer):
        assert not scorer("cap-set-8").score([[0] * 8, [0] * 8], CASE).feasible

    def test_a_product_of_two_caps_in_four_dimensions_is_a_cap(self, scorer):
        cap: list[tuple[int, ...]] = []
        for vector in product((0, 1, 2), repeat=4):
            lines = {
                tuple(-(a + b) % 3 for a, b in zip(p, q, strict=True))
                for p, q in combinations(cap, 2)
            }
            if vector not in lines:
                cap.append(vector)

        score = scorer("cap-set-8").score([list(p + q) for p in cap for q in cap], CASE)

        assert score.metrics["score"] == len(cap) ** 2
