from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.component import Component
from telic.errors import UsageError
from telic.problem import Feature
from telic.registry import build
from telic.strategies import Islands
from telic.strategies._archive import Archive
from telic.strategies._features import Grid
from telic.strategies._selection import power_law, weighted
from telic.testing import toy_problem, toy_record

BINS = (Feature("kind", 0.0, 8.0, bins=8),)
PROBLEM = toy_problem(features=BINS)


def told(strategy: Islands, values: list[tuple[int | None, float]]) -> None:
    """Tell the seed and then candidates of the given (island, value)."""
    strategy.tell(toy_record(0, 0.0, problem=PROBLEM))
    for index, (island, value) in enumerate(values, start=1):
        kind = {"kind": float(index % 8)}
        strategy.tell(toy_record(index, value, problem=PROBLEM, island=island, features=kind))


def parents(strategy: Islands, island: int, asks: int = 300) -> Counter[int]:
    """Return how often each candidate was the parent on one island."""
    requests = [strategy.ask(index, Random(index)) for index in range(asks)]
    return Counter(r.parents[0].candidate.id for r in requests if r.island == island)


def test_islands_are_isolated_until_migration():
    strategy = Islands(problem=PROBLEM, islands=2, migrate_every=0, greedy=0.0, patient=0.0)
    told(strategy, [(index % 2, float(index)) for index in range(1, 40)])

    for island in (0, 1):
        bred = parents(strategy, island)
        assert len(bred) > 5
        assert {index % 2 for index in bred if index} == {island}


def test_inspirations_come_from_the_same_island():
    strategy = Islands(problem=PROBLEM, islands=2, migrate_every=0)
    told(strategy, [(index % 2, float(index)) for index in range(1, 40)])

    for index in range(100):
        request = strategy.ask(index, Random(index))
        shown = {r.candidate.id for r in (*request.parents, *request.inspirations)}
        assert {number % 2 for number in shown if number} == {request.island}
        assert 1 < len(shown) <= 5


def test_the_best_of_other_islands_is_shown_when_asked_for():
    strategy = Islands(problem=PROBLEM, islands=3, migrate_every=0, inspirations=2, abroad=2)
    told(strategy, [(index % 3, float(index)) for index in range(1, 40)])

    for index in range(60):
        request = strategy.ask(index, Random(index))
        home = {number for number in (37, 38, 39) if number % 3 == request.island}
        shown = {r.candidate.id for r in (*request.parents, *request.inspirations)}
        assert {37, 38, 39} - home <= shown


def test_migration_copies_the_best_to_the_next_island_of_the_ring():
    strategy = Islands(
        problem=PROBLEM, islands=3, migrate_every=8, migrate_share=0.0, greedy=0.0, patient=0.0
    )
    told(strategy, [(0, 1.0), (0, 2.0), (0, 50.0), (1, 3.0), (1, 4.0), (2, 5.0), (2, 6.0)])

    assert parents(strategy, 1)[3] > 0  # eight tells: the best of island 0 came to 1
    assert parents(strategy, 2)[5] > 0  # and the best of island 1 to 2
    assert parents(strategy, 0)[3] > 0  # where it was before it still is
    assert parents(strategy, 2)[3] == 0  # one step at a time


def test_isolation_lasts_longer_in_longer_runs():
    strategy = Islands(problem=PROBLEM, islands=2, migrate_every=10, migrate_share=0.5)
    moves: list[int] = []
    strategy._migrate = lambda: moves.append(strategy._tells)  # pyright: ignore[reportAttributeAccessIssue]

    told(strategy, [(0, 1.0)] * 200)

    assert moves == [10, 20, 40, 80, 160]


def test_most_tries_climb_after_an_improvement_and_fewer_after_a_long_wait():
    strategy = Islands(problem=PROBLEM, islands=3, inspirations=0, migrate_every=0)
    told(strategy, [(index % 3, float(index)) for index in range(1, 30)])
    leader = 29
    fresh = parents(strategy, strategy.ask(0, Random(0)).island or 0)[leader]
    for index in range(30, 3000):
        strategy.tell(toy_record(index, -9.0, problem=PROBLEM, island=0, features={"kind": 1.0}))

    stale = sum(parents(strategy, island)[leader] for island in range(3))

    assert 250 < fresh <= 300
    assert 80 < stale < 150


def test_an_island_without_elites_starts_from_the_leaders():
    strategy = Islands(problem=PROBLEM, islands=2, patient=0.0, greedy=0.0)
    strategy.tell(toy_record(0, None, problem=PROBLEM))
    strategy.tell(toy_record(1, 3.0, problem=PROBLEM, island=0))

    requests = [strategy.ask(index, Random(index)) for index in range(50)]

    assert {request.parents[0].candidate.id for request in requests} == {1}
    assert {request.island for request in requests} == {0, 1}


@pytest.mark.parametrize(
    "settings",
    [
        {"islands": 0},
        {"depth": 0},
        {"greedy": 1.5},
        {"patience": 0},
        {"selection": "tournament"},
        {"island": 3},
        {"exponent": -1},
    ],
)
def test_settings_out_of_range_are_named(settings: dict[str, float | str]):
    with pytest.raises(UsageError, match=next(iter(settings))):
        build(Component("strategy", "islands", {**settings}), problem=PROBLEM)


offers = st.lists(st.tuples(st.integers(0, 3), st.integers(-6, 6)), max_size=60)


@given(offers, st.integers(1, 4))
def test_an_archive_holds_the_best_of_each_cell_in_order(offers: list[tuple[int, int]], depth: int):
    archive = Archive(depth)
    for index, (cell, value) in enumerate(offers):
        archive.add(toy_record(index, float(value)), float(value), cell)

    held = [(archive.cell(rank), archive[rank].fitness) for rank in range(len(archive))]
    expected = [
        (cell, float(value))
        for cell in range(4)
        for value in sorted({v for c, v in offers if c == cell}, reverse=True)[:depth]
    ]

    assert sorted(held) == sorted(expected)
    assert [fitness for _, fitness in held] == sorted((f for _, f in held), reverse=True)  # pyright: ignore[reportArgumentType]


def test_an_equal_score_takes_its_equals_place():
    archive = Archive(2)
    for index in (1, 2, 3):
        archive.add(toy_record(index, 5.0), 5.0, 0)

    assert [archive[rank].candidate.id for rank in range(len(archive))] == [3]


def test_power_law_follows_its_exponent():
    archive = Archive(8)
    for index in range(4):
        archive.add(toy_record(index, float(index)), float(index), 0)
    rng = Random(0)
    select = power_law(1.0, 8)

    drawn = Counter(select(archive, rng) for _ in range(20_000))

    total = 1 + 1 / 2 + 1 / 3 + 1 / 4
    for rank in range(4):
        assert drawn[rank] / 20_000 == pytest.approx(1 / (rank + 1) / total, abs=0.01)


def test_weighted_selection_prefers_good_elites_with_few_children():
    archive = Archive(8)
    for index in range(5):
        archive.add(toy_record(index, float(index)), float(index), 0)
    for _ in range(9):
        archive.count_child(4)
    rng = Random(0)

    drawn = Counter(archive[weighted(archive, rng)].candidate.id for _ in range(5000))

    # Sigmoids of fitness 4 and 3 are about 1; ten times the children, a tenth of the chance.
    assert drawn[3] / drawn[4] == pytest.approx(10, rel=0.25)
    assert drawn[2] / drawn[3] == pytest.approx(0.5, rel=0.15)
    assert drawn[0] + drawn[1] < 5


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_every_value_has_a_cell(value: float):
    problem = toy_problem(
        features=(Feature("a", -2.0, 2.0, bins=4), Feature("b", 0.1, 10, log=True))
    )
    grid = Grid(problem)

    cell = grid.cell(toy_record(1, 1.0, problem=problem, features={"a": value, "b": value}))

    assert 0 <= cell < grid.cells == 32


@pytest.mark.parametrize(
    ("value", "cell"), [(-9.0, 0), (0.0, 0), (1.99, 0), (2.0, 1), (7.99, 3), (8.0, 3), (99.0, 3)]
)
def test_bins_are_half_open_and_the_outer_ones_unbounded(value: float, cell: int):
    problem = toy_problem(features=(Feature("a", 0.0, 8.0, bins=4),))

    assert Grid(problem).cell(toy_record(1, 1.0, problem=problem, features={"a": value})) == cell


def test_log_bins_are_equally_wide_in_the_logarithm():
    problem = toy_problem(features=(Feature("a", 1.0, 16.0, bins=4, log=True),))
    grid = Grid(problem)

    cells = [
        grid.cell(toy_record(1, 1.0, problem=problem, features={"a": value}))
        for value in (1.0, 1.9, 2.1, 3.9, 4.1, 7.9, 8.1, 16.0)
    ]

    assert cells == [0, 0, 1, 1, 2, 2, 3, 3]


def test_default_features_see_size_and_calls_of_the_evolvable_text():
    problem = toy_problem(
        seed="helper(1)\n# EVOLVE-BLOCK-START\ndef f(x):\n    return g(x)\n# EVOLVE-BLOCK-END\n"
    )
    grid = Grid(problem)
    seed = toy_record(0, 1.0, problem=problem)
    body = "def f(x):\n    return g(x)\n"
    longer = problem.seed.text.replace(body, body * 3)
    calling = problem.seed.text.replace("g(x)", "h(h(h(1)))")

    assert grid._value("size", seed) == 1.0
    assert grid._value("calls", seed) == 1
    assert grid._value("size", toy_record(1, 1.0, problem=problem, text=longer)) == 3.0
    assert grid._value("calls", toy_record(1, 1.0, problem=problem, text=calling)) == 3
