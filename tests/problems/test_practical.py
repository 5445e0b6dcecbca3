"""Practical scorers: trusted simulations against naive ones, and known optima."""

from __future__ import annotations

import math
from collections import OrderedDict
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telic import problems
from telic.problems.bin_packing import bins_used, lower_bound, placement_order, score_table
from telic.problems.caching import AGES, USES, fewest_misses, misses, trace
from telic.problems.networks import network_scorer
from telic.problems.regression import grid, regression, uniform
from telic.problems.stocks import Shop, cost_of, draw_shop
from telic.scoring import Case

CASE = Case()

TEN = """4-9 3-8 2-7 1-6 0-5 1-4 6-9 0-3 5-8 0-2 3-6 7-9 0-1 2-4 5-7 8-9 1-2 4-6 7-8 3-5 2-5
6-8 1-3 4-7 2-3 6-7 3-4 5-6 4-5"""

SIXTEEN = """0-1 2-3 4-5 6-7 8-9 10-11 12-13 14-15 0-2 4-6 8-10 12-14 1-3 5-7 9-11 13-15
0-4 8-12 1-5 9-13 2-6 10-14 3-7 11-15 0-8 1-9 2-10 3-11 4-12 5-13 6-14 7-15
5-10 6-9 3-12 13-14 4-8 7-11 1-2 1-4 7-13 2-8 11-14 2-4 5-6 9-10 11-13 3-8 7-12
6-8 10-12 3-5 7-9 3-4 5-6 7-8 9-10 11-12 6-7 8-9"""


def network(text: str) -> list[list[int]]:
    return [[int(wire) for wire in pair.split("-")] for pair in text.split()]


class TestSortingNetworks:
    @pytest.mark.parametrize(("wires", "text"), [(10, TEN), (16, SIXTEEN)])
    def test_the_best_known_networks_sort(self, scorer, wires, text):
        score = scorer(f"sorting-network-{wires}").score(network(text), CASE)

        best = problems.load(f"sorting-network-{wires}").best_known
        assert best is not None
        assert score.feasible
        assert score.metrics["score"] == best.value

    @pytest.mark.parametrize(("wires", "text"), [(10, TEN), (16, SIXTEEN)])
    def test_without_any_one_comparator_they_do_not(self, scorer, wires, text):
        full = network(text)

        for index in range(len(full)):
            score = scorer(f"sorting-network-{wires}").score(full[:index] + full[index + 1 :], CASE)
            assert not score.feasible
            assert score.margins[0] < 0

    @given(
        pairs=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=12),
    )
    @settings(max_examples=60, deadline=None)
    def test_unsorted_inputs_are_counted_like_one_by_one(self, pairs):
        comparators = [[min(p), max(p)] for p in pairs if p[0] != p[1]]
        wrong = 0
        for bits in range(32):
            values = [bits >> wire & 1 for wire in range(5)]
            for low, high in comparators:
                if values[low] > values[high]:
                    values[low], values[high] = values[high], values[low]
            wrong += values != sorted(values)

        score = network_scorer(5)(comparators, CASE)

        assert score.metrics == {"score": len(comparators), "wrong": wrong}
        assert score.feasible == (wrong == 0)

    @pytest.mark.parametrize("pair", [[1, 0], [2, 2], [0, 10], [0], [0.0, 1.0]])
    def test_what_is_no_comparator_is_refused(self, scorer, pair):
        assert not scorer("sorting-network-10").score([*network(TEN), pair], CASE).feasible


class TestBinPacking:
    def best_fit(self, items: list[int], capacity: int) -> int:
        bins: list[int] = []
        for item in items:
            fitting = [space for space in bins if space >= item]
            if fitting:
                bins[bins.index(min(fitting))] -= item
            else:
                bins.append(capacity - item)
        return len(bins)

    def table(self, capacity: int) -> list[list[float]]:
        return [[float(-space) for space in range(capacity + 1)] for _ in range(capacity + 1)]

    @given(items=st.lists(st.integers(1, 20), min_size=1, max_size=60))
    @settings(max_examples=60, deadline=None)
    def test_the_best_fit_table_packs_like_best_fit(self, items):
        order = placement_order(self.table(20), 20)

        assert bins_used(bytes(items), order, 20) == self.best_fit(items, 20)

    @given(
        items=st.lists(st.integers(1, 20), min_size=1, max_size=60),
        number=st.integers(0, 10_000),
    )
    @settings(max_examples=60, deadline=None)
    def test_any_table_packs_as_a_plain_simulation_of_it_does(self, items, number):
        table = np.random.default_rng(number).integers(0, 6, (21, 21)).astype(float)
        bins: list[int] = []
        for item in items:
            fitting = {20, *(space for space in bins if space >= item)}
            best = max(fitting, key=lambda space: (table[item, space], -space))
            if best in bins:
                bins.remove(best)
            bins.append(best - item)

        used = bins_used(bytes(items), placement_order(table.tolist(), 20), 20)

        assert used == sum(space < 20 for space in bins)

    @given(items=st.lists(st.integers(1, 20), min_size=1, max_size=60))
    @settings(max_examples=60, deadline=None)
    def test_the_lower_bound_is_between_the_volume_and_any_packing(self, items):
        bound = lower_bound(items, 20)

        assert math.ceil(sum(items) / 20) <= bound <= self.best_fit(items, 20)

    def test_items_above_half_the_capacity_need_a_bin_each(self):
        assert lower_bound([11] * 7 + [9] * 3, 20) == 7
        assert lower_bound([11] * 7 + [10] * 3, 20) == 9

    def test_an_item_is_never_put_where_it_does_not_fit(self):
        # The worst possible priorities: a table that prefers the fullest bins of all.
        order = placement_order(self.table(20), 20)

        assert all(space >= item for item, spaces in enumerate(order) for space in spaces)

    def test_a_table_of_another_shape_is_refused(self):
        case = Case(hidden=(20, bytes([1, 2, 3]), 1))

        assert score_table(np.zeros((21, 21)), case).feasible
        assert not score_table(np.zeros((20, 21)), case).feasible
        assert not score_table(np.full((21, 21), np.nan), case).feasible

    def test_best_fit_exceeds_the_bound_by_about_four_percent_on_weibull_items(self, scorer, seed):
        table = seed("online-bin-packing")["policy"]()
        module = scorer("online-bin-packing")

        scores = [module.score(table, case).metrics["score"] for case in module.held_out_cases()]

        assert -4.6 < sum(scores) / len(scores) < -3.6


class TestCaching:
    def least_recently_used(self, keys: list[int], size: int) -> int:
        cache: OrderedDict[int, None] = OrderedDict()
        count = 0
        for key in keys:
            if key in cache:
                cache.move_to_end(key)
                continue
            count += 1
            if len(cache) == size:
                cache.popitem(last=False)
            cache[key] = None
        return count

    @given(keys=st.lists(st.integers(0, 9), min_size=1, max_size=80), size=st.integers(1, 6))
    @settings(max_examples=60, deadline=None)
    def test_equal_priorities_evict_the_least_recently_used(self, keys, size):
        table = np.zeros((USES, AGES))

        assert misses(keys, size, table) == self.least_recently_used(keys, size)

    @given(
        keys=st.lists(st.integers(0, 9), min_size=1, max_size=60),
        size=st.integers(1, 6),
        number=st.integers(0, 1000),
    )
    @settings(max_examples=60, deadline=None)
    def test_no_table_beats_the_optimal_policy(self, keys, size, number):
        table = np.random.default_rng(number).random((USES, AGES))

        assert misses(keys, size, table) >= fewest_misses(keys, size) >= len(set(keys)) - size

    def test_the_optimal_policy_is_right_on_a_textbook_trace(self):
        keys = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1]

        assert fewest_misses(keys, 3) == 9

    def test_a_trace_has_the_asked_length_and_depends_on_its_generator_alone(self):
        assert len(trace(Random(1), 500)) == 500
        assert trace(Random(1), 500) == trace(Random(1), 500) != trace(Random(2), 500)


class TestInventory:
    def simulated(self, shop: Shop, levels: list[list[int]], warm_up: int) -> dict[str, int]:
        count = len(levels)
        stock, cost = [full for *_, full in levels], {"held": 0, "owed": 0, "orders": 0}
        coming: list[tuple[int, int, int]] = []
        for day, asked in enumerate(shop.demand):
            for when, at, pieces in coming:
                stock[at] += pieces if when == day else 0
            coming = [order for order in coming if order[0] > day]
            stock = [have - want for have, want in zip(stock, asked, strict=True)]
            position = [
                have + sum(pieces for _, to, pieces in coming if to == at)
                for at, have in enumerate(stock)
            ]
            orders = 0
            for supplier, fee in enumerate(shop.fee):
                own = range(5 * supplier, 5 * supplier + 5)
                if all(position[at] > levels[at][0] for at in own):
                    continue
                wanted = [at for at in own if position[at] <= max(levels[at][:2])]
                wanted = [at for at in wanted if position[at] < levels[at][2]]
                orders += fee if wanted else 0
                for at in wanted:
                    orders += shop.handling[at]
                    coming.append((day + shop.lead[at], at, levels[at][2] - position[at]))
            if day >= warm_up:
                cost["orders"] += orders
                for at in range(count):
                    cost["held"] += shop.holding[at] * max(stock[at], 0)
                    cost["owed"] += shop.backlog[at] * max(-stock[at], 0)
        return cost

    @given(
        number=st.integers(0, 1000),
        levels=st.lists(
            st.tuples(st.integers(-20, 90), st.integers(-20, 120), st.integers(-20, 250)),
            min_size=30,
            max_size=30,
        ),
    )
    @settings(max_examples=15, deadline=None)
    def test_costs_are_those_of_a_plain_simulation(self, number, levels):
        shop = draw_shop(Random(number), 150)
        rows = [[*row] for row in levels]

        assert cost_of(shop, rows) == self.simulated(shop, rows, 100)

    def test_mean_and_deviation_are_those_of_the_days(self):
        shop = draw_shop(Random(1), 4000)
        days = np.array(shop.demand)

        mean, deviation = np.array(shop.articles())[:, :2].T

        assert np.allclose(days.mean(axis=0), mean, rtol=0.1, atol=0.05)
        assert np.allclose(days.std(axis=0), deviation, rtol=0.1)

    def test_square_root_rules_beat_the_seed_in_every_other_shop(self, scorer, seed):
        module, policy = scorer("inventory-control"), seed("inventory-control")["policy"]
        for case in module.held_out_cases():
            rows: list[list[int]] = []
            for demand, deviation, lead, holding, _, handling, fee in case.args[0]:
                lot = math.sqrt(2.0 * demand * (handling + 0.5 * fee) / holding)
                must = demand * (lead + 1) + 0.25 * deviation * math.sqrt(lead + 1)
                rows.append([round(must), round(must + 0.6 * lot), round(must + lot)])

            cost = module.score(rows, case).metrics["score"]

            assert cost < 0.97 * module.score(policy(*case.args), case).metrics["score"]

    def test_to_order_never_or_for_ever_is_no_way_out(self, scorer, seed):
        module, policy = scorer("inventory-control"), seed("inventory-control")["policy"]
        (case,) = module.cases()
        known = module.score(policy(*case.args), case).metrics["score"]

        for row in ([-100_000, -100_000, 0], [-100_000, -100_000, 100_000], [0, 0, 0], [9, 9, 1]):
            score = module.score([row] * 30, case)
            assert score.feasible
            assert score.metrics["score"] > known

    @pytest.mark.parametrize(
        "row", [[1, 2], [1, 2, 3, 4], [1.0, 2, 3], [True, 2, 3], [1, 2, 100_001], [1, 2, 10**30], 5]
    )
    def test_what_are_no_levels_is_refused(self, scorer, row):
        module = scorer("inventory-control")
        (case,) = module.cases()

        assert module.score([[1, 2, 3]] * 30, case).feasible
        assert module.score(np.full((30, 3), 2), case).feasible
        assert not module.score([*[[1, 2, 3]] * 29, row], case).feasible
        assert not module.score([[1, 2, 3]] * 29, case).feasible


class TestScheduling:
    def test_no_schedule_beats_the_lower_bound(self, scorer):
        module = scorer("job-shop")
        rng = Random(0)
        for case in module.cases():
            order = [number for number in range(20) for _ in range(10)]
            rng.shuffle(order)

            assert module.score(order, case).metrics["score"] >= 0.0

    def test_the_makespan_is_that_of_a_schedule_without_conflicts(self, scorer, seed):
        module = scorer("job-shop")
        jobs, _ = module.cases()[0].hidden
        order = seed("job-shop")["schedule"](jobs)
        position, ends = [0] * 20, [0] * 20
        machines: dict[int, list[tuple[int, int]]] = {}
        for number in order:
            machine, duration = jobs[number][position[number]]
            busy = machines.setdefault(machine, [])
            start = max(ends[number], max((end for _, end in busy), default=0))
            busy.append((start, start + duration))
            ends[number] = start + duration
            position[number] += 1

        assert module.makespan(jobs, order) == max(ends)
        for busy in machines.values():
            busy.sort()
            assert all(a[1] <= b[0] for a, b in pairwise(busy))

    def test_jobs_listed_too_often_are_refused(self, scorer):
        module = scorer("job-shop")
        order = [number for number in range(20) for _ in range(10)]

        assert module.score(order, module.cases()[0]).feasible
        assert not module.score([1, *order[1:]], module.cases()[0]).feasible
        assert not module.score(order[:-1], module.cases()[0]).feasible

    def test_a_trip_is_as_long_backwards(self, scorer):
        module = scorer("travelling-salesman")
        case = module.cases()[0]
        order = list(range(80))

        forwards = module.score(order, case).metrics["length"]

        assert module.score(order[::-1], case).metrics["length"] == pytest.approx(forwards)
        assert module.score(order[5:] + order[:5], case).metrics["length"] == pytest.approx(
            forwards
        )

    def test_a_city_visited_twice_is_refused(self, scorer):
        module = scorer("travelling-salesman")

        assert not module.score([0, *range(79)], module.cases()[0]).feasible


class TestHashMixer:
    def test_steps_act_like_32_bit_arithmetic(self, scorer):
        module = scorer("hash-mixer")
        steps = [["shift", 16], ["multiply", 0x7FEB352D], ["shift", 15]]

        mixed = module.mix(module.NUMBERS[:20], steps)

        for number, result in zip(module.NUMBERS[:20].tolist(), mixed.tolist(), strict=True):
            number ^= number >> 16
            number = number * 0x7FEB352D % 2**32
            assert number ^ number >> 15 == result

    def test_a_good_mixer_is_near_the_noise_of_the_samples(self, scorer):
        module = scorer("hash-mixer")
        good = [["shift", 16], ["multiply", 0x7FEB352D], ["shift", 15], ["multiply", 0x846CA68B]]

        score = module.score([*good, ["shift", 16]], CASE).metrics["score"]

        assert score == pytest.approx(0.5 / math.sqrt(module.SAMPLES), rel=0.1)

    def test_a_single_shift_hardly_mixes(self, scorer):
        assert scorer("hash-mixer").score([["shift", 1]], CASE).metrics["score"] > 0.45

    @pytest.mark.parametrize(
        "step",
        [["shift", 0], ["shift", 32], ["multiply", 2], ["multiply", 2**32 + 1], ["rotate", 3], []],
    )
    def test_other_steps_are_refused(self, scorer, step):
        assert not scorer("hash-mixer").score([step], CASE).feasible

    def test_six_steps_are_too_many(self, scorer):
        assert not scorer("hash-mixer").score([["shift", 3]] * 6, CASE).feasible


class TestKernelSpeed:
    def test_the_exact_value_passes_and_a_relative_error_of_1e_minus_8_does_not(self, scorer):
        module = scorer("kernel-speed")
        case = module.cases()[0]

        assert module.score(case.hidden, case).feasible
        assert module.score(case.hidden * (1 + 1e-12), case).feasible
        assert not module.score(case.hidden * (1 + 1e-8), case).feasible
        assert not module.score(math.nan, case).feasible

    def test_the_objective_is_the_time_that_the_sandbox_measures(self):
        problem = problems.load("kernel-speed")

        assert problem.objective.metric == "cpu_seconds"
        assert not problem.deterministic
        assert problem.repeats > 1


class TestRegression:
    POINTS = ((0.0,), (1.0,), (2.0,), (3.0,))

    def score(self, predictions: object):
        cases, score, _ = regression(lambda x: 2 * x, self.POINTS)
        return score(predictions, cases()[0])

    def test_exact_predictions_score_zero(self):
        assert self.score([0.0, 2.0, 4.0, 6.0]).metrics == {"score": 0.0, "hits": 1.0}

    def test_the_constant_mean_scores_minus_one(self):
        assert self.score([3.0] * 4).metrics["score"] == pytest.approx(-1.0)

    def test_a_point_missed_by_a_hair_is_no_hit(self):
        score = self.score([0.0, 2.0, 4.0, 6.0 + 1e-5])

        assert score.metrics["hits"] == 0.75
        assert -1e-5 < score.metrics["score"] < 0.0
        assert score.feedback == "largest error +1e-05 at (3)"

    def test_huge_predictions_stay_finite_or_are_refused(self):
        assert math.isfinite(self.score([1e149] * 4).metrics["score"])
        assert not self.score([1e151] * 4).feasible

    @pytest.mark.parametrize("output", [[1.0], [True] * 4, ["1"] * 4, [math.nan] * 4, None])
    def test_what_is_not_one_number_for_each_point_is_refused(self, output):
        assert not self.score(output).feasible

    def test_arrays_count_like_lists(self):
        assert self.score(np.array([0.0, 2.0, 4.0, 6.0])).metrics["hits"] == 1.0

    def test_grids_include_both_ends(self):
        points = grid(0.0, 10.0, 0.05)

        assert len(points) == 201
        assert points[0] == (0.0,)
        assert points[-1][0] == pytest.approx(10.0)

    def test_drawn_points_stay_in_their_ranges(self):
        points = uniform(Random(0), 50, (-1.0, 0.0), (5.0, 6.0))

        assert all(-1 <= x <= 0 and 5 <= y <= 6 for x, y in points)
