"""Scorers of step functions, stacks and weighted graphs."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telic import problems
from telic.problems.steps import autoconvolution, heights
from telic.scoring import Case

CASE = Case()


class TestAutocorrelation:
    @pytest.mark.parametrize(("number", "value"), [(1, 2.0), (2, 2 / 3), (3, 2.0)])
    @pytest.mark.parametrize("steps", [2, 7, 50])
    def test_a_constant_has_a_known_value(self, scorer, number, value, steps):
        score = scorer(f"autocorrelation-{number}").score([3.0] * steps, CASE)

        assert score.metrics["score"] == pytest.approx(value, rel=1e-14)

    @pytest.mark.parametrize("number", [1, 2, 3])
    def test_splitting_every_step_in_two_changes_nothing(self, scorer, number):
        rough = np.random.default_rng(number).random(20)
        score = scorer(f"autocorrelation-{number}").score

        before = score(rough, CASE).metrics["score"]

        assert score(np.repeat(rough, 2), CASE).metrics["score"] == pytest.approx(before)

    @pytest.mark.parametrize("number", [1, 2])
    def test_the_smallest_negative_height_is_refused(self, scorer, number):
        score = scorer(f"autocorrelation-{number}").score([1.0, -5e-324, 1.0], CASE)

        assert not score.feasible
        assert min(score.margins) < 0

    def test_an_integral_near_zero_is_refused(self, scorer):
        module = scorer("autocorrelation-3")

        assert module.score([1.0, -0.5], CASE).feasible
        assert not module.score([1.0, -1.0], CASE).feasible
        assert not module.score([1.0, -0.9999], CASE).feasible

    @pytest.mark.parametrize("number", [1, 3])
    def test_the_score_is_the_greatest_of_its_terms(self, scorer, number):
        score = scorer(f"autocorrelation-{number}").score([1.0, 2.0, 0.5], CASE)

        assert score.metrics["score"] == max(score.terms)

    def test_flatness_is_the_least_of_its_terms(self, scorer):
        score = scorer("autocorrelation-2").score([1.0, 2.0, 0.5, 0.0, 0.0], CASE)

        assert score.metrics["score"] == pytest.approx(min(score.terms), rel=1e-14)

    def test_the_total_of_the_autoconvolution_is_the_squared_integral(self):
        values = heights(np.random.default_rng(0).random(30))

        inner, integral = autoconvolution(values)

        assert inner.sum() / (2 * len(values)) == pytest.approx(integral**2)

    @pytest.mark.parametrize("output", [[1.0], [0.0, 0.0], [1e-200, 0.0], [1e200, 0.0], [1] * 2001])
    def test_heights_out_of_bounds_are_refused(self, output):
        with pytest.raises(ValueError, match="height"):
            heights(output)


class TestMinimumOverlap:
    def test_one_half_everywhere_overlaps_by_one_half(self, scorer):
        score = scorer("erdos-minimum-overlap").score([0.5] * 8, CASE)

        assert score.feasible
        assert score.metrics["score"] == pytest.approx(0.5)

    def test_heights_that_reach_exactly_one_are_accepted(self, scorer):
        score = scorer("erdos-minimum-overlap").score([1.0, 1.0, 0.0, 0.0], CASE)

        assert score.feasible
        assert score.metrics["score"] == pytest.approx(1.0)

    def test_the_smallest_negative_height_is_refused(self, scorer):
        score = scorer("erdos-minimum-overlap").score([0.5, 0.9, 0.9, -5e-324], CASE)

        assert not score.feasible
        assert min(score.margins) < 0

    def test_the_smallest_excess_over_one_is_refused(self, scorer):
        below = math.nextafter(1.0, 0.0)

        assert not scorer("erdos-minimum-overlap").score([1.0, below, 0.0, 0.0], CASE).feasible

    def test_the_overlap_is_the_naive_maximum(self, scorer):
        values = np.random.default_rng(1).uniform(0.2, 0.8, 12)
        scaled = values * 6 / values.sum()
        naive = max(
            sum(scaled[i] * (1 - scaled[i + shift]) for i in range(12) if 0 <= i + shift < 12)
            for shift in range(-11, 12)
        )

        score = scorer("erdos-minimum-overlap").score(values, CASE)

        assert score.metrics["score"] == pytest.approx(naive * 2 / 12)


class TestBlockStacking:
    def harmonic(self, slack: float) -> list[float]:
        """Return the optimal stack, pulled back by a slack."""
        reach = [sum((1 - slack) / (2 * k) for k in range(j, 11)) for j in range(1, 11)]
        return [r - 0.5 for r in reach]

    def test_the_harmonic_stack_comes_within_rounding_of_the_bound(self, scorer):
        best = problems.load("block-stacking-10").best_known
        assert best is not None

        score = scorer("block-stacking-10").score(self.harmonic(1e-14), CASE)

        assert score.feasible
        assert best.value - 1e-12 < score.metrics["score"] <= best.value

    def test_the_bound_itself_is_half_the_harmonic_number(self):
        best = problems.load("block-stacking-10").best_known
        assert best is not None

        assert best.value == float(sum(Fraction(1, k) for k in range(1, 11)) / 2)

    def test_reaching_further_tips_the_stack_over(self, scorer):
        score = scorer("block-stacking-10").score(self.harmonic(-1e-12), CASE)

        assert not score.feasible
        assert "tips over" in score.feedback

    def test_balance_on_an_edge_is_exact(self, scorer):
        stack = [0.0] * 9 + [0.0]
        stack[0] = 0.5  # the top block balances on the edge of the one below
        stack = [x - 0.125 for x in stack]
        tipping = [math.nextafter(stack[0], 1.0), *stack[1:]]

        assert scorer("block-stacking-10").score(stack, CASE).feasible
        assert not scorer("block-stacking-10").score(tipping, CASE).feasible


class TestTriangleDensity:
    def razborov(self, edges: float) -> tuple[list[float], list[list[float]]]:
        """Return three complete classes, two of them equal, of a given edge density."""
        # 1 - 2c^2 - (1-2c)^2 = edges
        large = (2 + math.sqrt(4 - 6 * edges)) / 6
        matrix = [[0.0, 1.0, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 0.0]]
        return [large, large, 1 - 2 * large], matrix

    def test_razborovs_optimum_is_reached_but_not_beaten(self, scorer):
        best = problems.load("triangle-density").best_known
        assert best is not None

        score = scorer("triangle-density").score(self.razborov(0.6 + 1e-13), CASE)

        assert score.feasible
        assert best.value <= score.metrics["score"] < best.value + 1e-9

    def test_an_edge_density_just_below_the_bound_is_refused(self, scorer):
        assert not scorer("triangle-density").score(self.razborov(0.6 - 1e-13), CASE).feasible

    def test_the_bound_on_the_edge_density_is_exact(self, scorer):
        module = scorer("triangle-density")

        # Five equal classes, complete but for the inside: density 4/5; scaled to 3/5 by 3/4.
        matrix = [[0.0 if i == j else 0.75 for j in range(5)] for i in range(5)]
        lowered = [row[:] for row in matrix]
        lowered[0][1] = lowered[1][0] = math.nextafter(0.75, 0.0)

        assert module.score(([1.0] * 5, matrix), CASE).feasible
        assert not module.score(([1.0] * 5, lowered), CASE).feasible

    @pytest.mark.parametrize(
        "densities",
        [[[0.0, 1.1], [1.1, 0.0]], [[1.0, 1.0], [1.0, -5e-324]], [[0.0, 1.0]]],
    )
    def test_densities_that_are_no_model_are_refused(self, scorer, densities):
        assert not scorer("triangle-density").score(([1.0, 1.0], densities), CASE).feasible

    def test_only_the_mean_of_both_directions_counts(self, scorer):
        module = scorer("triangle-density")
        even = [[0.5, 0.75, 0.75], [0.75, 0.5, 0.75], [0.75, 0.75, 0.5]]
        uneven = [[0.5, 1.0, 0.5], [0.5, 0.5, 1.0], [1.0, 0.5, 0.5]]

        ours = module.score(([1.0, 2.0, 3.0], even), CASE)

        assert module.score(([1.0, 2.0, 3.0], uneven), CASE).metrics == ours.metrics

    def test_weights_must_be_positive(self, scorer):
        full = [[1.0, 1.0], [1.0, 1.0]]

        assert scorer("triangle-density").score(([1.0, 2.0], full), CASE).metrics["score"] == 1.0
        assert not scorer("triangle-density").score(([1.0, -0.1], full), CASE).feasible


class TestRingLoading:
    def test_all_choices_are_tried(self, scorer):
        pairs = np.random.default_rng(6).dirichlet(np.ones(3), 15)[:, :2]
        best = math.inf
        for choice in product((0, 1), repeat=15):
            steps = [v if pick else -u for (u, v), pick in zip(pairs, choice, strict=True)]
            total = sum(steps)
            before, worst = 0.0, 0.0
            for step in steps:
                before += step
                worst = max(worst, abs(2 * before - total))
                if worst >= best:
                    break
            best = min(best, worst)

        score = scorer("ring-loading-15").score(pairs, CASE)

        assert score.metrics["score"] == pytest.approx(best)

    def test_sums_above_one_and_negative_numbers_are_refused_exactly(self, scorer):
        module = scorer("ring-loading-15")
        tight = [[0.5, 0.5]] * 15

        assert module.score(tight, CASE).feasible
        assert not module.score([[0.5, math.nextafter(0.5, 1.0)], *tight[1:]], CASE).feasible
        assert not module.score([[-5e-324, 0.5], *tight[1:]], CASE).feasible

    @settings(max_examples=20, deadline=None)
    @given(numbers=st.lists(st.floats(0, 0.5), min_size=30, max_size=30))
    def test_the_proven_bound_is_never_exceeded(self, scorer, numbers: list[float]):
        pairs = [numbers[2 * k : 2 * k + 2] for k in range(15)]

        assert scorer("ring-loading-15").score(pairs, CASE).metrics["score"] <= 1.3
