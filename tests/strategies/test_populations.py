"""Selection from a population of the newest: tournaments, mates, novelty, crowding."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.candidate import Record
from telic.component import Component
from telic.errors import UsageError
from telic.registry import build
from telic.strategies import Crowding, MateChoice, Novelty, SemanticMates, Strategy, Tournament
from telic.strategies._population import Population
from telic.testing import toy_problem, toy_record

PROBLEM = toy_problem()


def did(
    index: int,
    value: float | None,
    output: float = 0.0,
    *,
    ideal: float | None = None,
    parents: tuple[int, ...] = (0,),
) -> Record:
    wanted = {} if ideal is None else {"ideal.output": ideal}
    features = {"output": output} | wanted
    return toy_record(index, value, problem=PROBLEM, features=features, parents=parents)


def pairs(strategy: Strategy, asks: int = 400) -> list[tuple[int, ...]]:
    requests = [strategy.ask(index, Random(index)) for index in range(asks)]
    return [tuple(parent.candidate.id for parent in request.parents) for request in requests]


@given(st.lists(st.none() | st.integers(-5, 5), min_size=1, max_size=60), st.integers(2, 6))
def test_a_population_is_the_newest_and_the_best(values: list[int | None], size: int):
    population = Population(PROBLEM, size)
    for index, value in enumerate(values):
        population.tell(did(index, None if value is None else float(value)))

    feasible = [(value, index) for index, value in enumerate(values) if value is not None]
    held = {member.record.candidate.id for member in population.members}

    assert len(held) == min(size, len(feasible))
    if feasible:
        assert max(feasible)[1] in held
        newest = [index for _, index in feasible[-size + 1 :]]
        assert held.issuperset(newest)


def test_the_more_contestants_the_greedier():
    shares: list[float] = []
    for contestants in (1, 3, 10):
        strategy = Tournament(problem=PROBLEM, population=20, contestants=contestants)
        for index in range(20):
            strategy.tell(did(index, float(index)))
        bred = Counter(parent for pair in pairs(strategy) for parent in pair)
        shares.append(sum(bred[index] for index in range(15, 20)) / bred.total())

    assert shares[0] == pytest.approx(0.25, abs=0.06)
    assert shares[1] == pytest.approx(1 - 0.75**3, abs=0.06)
    assert shares[2] == pytest.approx(1 - 0.75**10, abs=0.06)


def test_the_mate_is_the_one_nearest_to_the_first_parents_ideal():
    strategy = MateChoice(problem=PROBLEM, population=10, contestants=10, mates=200)
    for index in range(10):
        # Each wants the output of the one that comes three after it.
        strategy.tell(did(index, float(index), index, ideal=(index + 3) % 10))

    assert set(pairs(strategy, 100)) <= {(index, (index + 3) % 10) for index in range(10)}


def test_random_mates_do_not_heed_the_ideal():
    strategy = MateChoice(problem=PROBLEM, population=10, contestants=10, choice="random")
    for index in range(10):
        strategy.tell(did(index, float(index), index, ideal=3.0))

    mates = Counter(mate for _, mate in pairs(strategy, 1000))

    assert len(mates) == 10
    assert max(mates.values()) < 160


def test_ideals_are_inherited_from_both_parents():
    strategy = MateChoice(problem=PROBLEM, population=50, mutation=0.0)
    strategy.tell(did(0, 1.0, 0.0))
    for index in (1, 2):
        strategy.tell(did(index, 1.0, 10.0 * index))
    ideals = strategy._ideals._points
    ideals[1], ideals[2] = (1.0, 1.0), (2.0, 2.0)

    for index in range(3, 40):
        strategy.tell(did(index, 1.0, 5.0, parents=(1, 2)))
    only = did(40, 1.0, 5.0, parents=(2,))
    strategy.tell(only)

    assert {ideals[index] for index in range(3, 40)} == {(a, b) for a in (1, 2) for b in (1, 2)}
    assert ideals[40] == (2.0, 2.0)


def test_a_mutated_ideal_leaves_its_parents():
    strategy = MateChoice(problem=PROBLEM, population=200, mutation=1.0)
    for index in range(100):
        strategy.tell(did(index, 1.0, float(index % 7), parents=(max(0, index - 1),)))
    ideals = strategy._ideals._points

    changed = sum(ideals[index] != ideals[index - 1] for index in range(20, 100))

    assert changed > 60
    assert len({ideals[index] for index in range(100)}) > 30


def test_ideals_go_with_their_members():
    strategy = MateChoice(problem=PROBLEM, population=5)
    for index in range(60):
        strategy.tell(did(index, float(index % 9), float(index), parents=(max(0, index - 2),)))

    members = {member.record.candidate.id for member in strategy._population.members}

    assert set(strategy._ideals._points) == members


@pytest.mark.parametrize(("prefer", "mate"), [("far", 4), ("near", 1)])
def test_semantic_mates_are_chosen_by_distance_and_never_equal(prefer: str, mate: int):
    component = Component(
        "strategy", "semantic", {"prefer": prefer, "mates": 100, "contestants": 1}
    )
    strategy: SemanticMates = build(component, problem=PROBLEM)
    for index, output in enumerate((0.0, 1.0, 3.0, 0.0, 9.0)):
        strategy.tell(did(index, 1.0, output))

    found = {second for first, second in pairs(strategy) if first == 0}

    assert found == {mate}


def test_novelty_lets_the_odd_one_breed():
    bred: dict[float, Counter[int]] = {}
    for weight in (0.0, 1.0):
        strategy = Novelty(problem=PROBLEM, weight=weight, neighbours=3)
        for index in range(30):
            strategy.tell(did(index, float(index), float(index % 3)))
        strategy.tell(did(30, -50.0, 77.0))
        for index in range(31, 50):
            strategy.tell(did(index, float(index), float(index % 3)))
        bred[weight] = Counter(parent for pair in pairs(strategy) for parent in pair)

    assert bred[0.0][30] == 0
    assert bred[1.0][30] > 3 * bred[1.0].total() / 50
    assert bred[0.0][49] > 3 * bred[1.0][49]


def test_what_is_archived_stays_known_after_it_left():
    strategy = Novelty(problem=PROBLEM, population=2, archive=50, neighbours=1)
    for index in range(40):
        strategy.tell(did(index, 1.0, float(index)))

    strategy.tell(did(40, 1.0, 5.0))

    assert strategy._novelty[40] == 0.0
    assert len(strategy._novelty) == 2


def crowd(*members: tuple[float, float]) -> Crowding:
    """Return a full crowd of (value, output)."""
    strategy = Crowding(problem=PROBLEM, population=len(members))
    for index, (value, output) in enumerate(members):
        strategy.tell(did(index, value, output))
    return strategy


def present(strategy: Crowding) -> set[int]:
    return {parent for pair in pairs(strategy, 200) for parent in pair}


def test_a_child_takes_the_place_of_the_parent_that_it_resembles():
    strategy = crowd((1.0, 0.0), (1.0, 10.0), (1.0, 5.0))

    strategy.tell(did(3, 1.0, 9.0, parents=(0, 1)))

    assert present(strategy) == {0, 2, 3}


def test_a_worse_child_takes_no_place():
    strategy = crowd((1.0, 0.0), (1.0, 10.0))

    strategy.tell(did(2, 0.9, 9.0, parents=(0, 1)))

    assert present(strategy) == {0, 1}


def test_a_late_child_competes_with_what_took_its_parents_place():
    strategy = crowd((1.0, 0.0), (1.0, 10.0))

    strategy.tell(did(2, 2.0, 9.0, parents=(1,)))
    strategy.tell(did(3, 3.0, 0.0, parents=(1,)))

    assert present(strategy) == {0, 3}


def test_two_niches_are_kept_where_a_tournament_keeps_one():
    kept: dict[str, set[float]] = {}
    for name in ("crowding", "tournament"):
        component = Component("strategy", name, {"population": 20})
        strategy: Strategy = build(component, problem=PROBLEM)
        outputs = {0: 0.0}
        strategy.tell(did(0, 0.0))
        for index in range(1, 1500):
            rng = Random(index)
            parent = strategy.ask(index, rng).parents[0].candidate.id
            outputs[index] = outputs[parent] + rng.gauss(0.0, 0.7)
            # Two hills, at -5 and +5.
            height = max(-abs(outputs[index] + 5), -abs(outputs[index] - 5))
            strategy.tell(did(index, height, outputs[index], parents=(parent,)))
        asked = [strategy.ask(index, Random(index)) for index in range(200)]
        bred = {outputs[request.parents[0].candidate.id] for request in asked}
        kept[name] = {5.0 if output > 0 else -5.0 for output in bred}

    assert kept["crowding"] == {-5.0, 5.0}
    assert len(kept["tournament"]) == 1


def test_a_crowd_forgets_most_of_its_former_members():
    strategy = crowd((1.0, 0.0), (1.0, 10.0))
    for index in range(2, 300):
        strategy.tell(did(index, float(index), 0.0, parents=(index - 1,)))

    assert len(strategy._places) <= 8


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("tournament", {"contestants": 0}),
        ("tournament", {"population": 1}),
        ("mate-choice", {"mutation": 1.5}),
        ("mate-choice", {"choice": "rich"}),
        ("mate-choice", {"mates": 0}),
        ("semantic", {"prefer": "odd"}),
        ("novelty", {"weight": -1}),
        ("novelty", {"neighbours": 0}),
        ("crowding", {"population": 0}),
        ("ucb-islands", {"discount": 0}),
        ("ucb-islands", {"turns": "uniform"}),
        ("islands", {"turns": "all"}),
    ],
)
def test_settings_out_of_range_are_named(name: str, settings: dict[str, float | str]):
    with pytest.raises(UsageError, match=next(iter(settings))):
        build(Component("strategy", name, {**settings}), problem=PROBLEM)
