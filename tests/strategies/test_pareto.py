"""Instance-wise Pareto selection: fronts, weights, pruning, common ancestors."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from telic.artifact import Artifact
from telic.candidate import Candidate, Evaluation, Record
from telic.problem import ObjectiveSpec, Problem
from telic.strategies import ParetoFronts
from telic.strategies._lineage import Lineage

PROBLEM = Problem(name="cases", seed=Artifact.of("x = 0\n"))


def record(identity: int, *cases: float, parents: tuple[int, ...] = ()) -> Record:
    mean = sum(cases) / len(cases)
    evaluation = Evaluation(metrics={"score": mean}, feasible=True, samples=(mean,), cases=cases)
    candidate = Candidate(identity, Artifact.of(f"x = {identity}\n"), parents=parents)
    return Record(candidate, "evaluated", evaluation, mean)


def told(*records: Record, problem: Problem = PROBLEM, **settings: float) -> ParetoFronts:
    strategy = ParetoFronts(problem=problem, **settings)  # pyright: ignore[reportArgumentType]
    for each in records:
        strategy.tell(each)
    return strategy


def drawn(strategy: ParetoFronts, count: int = 2000) -> Counter[int]:
    rng = Random(5)
    return Counter(strategy.ask(i, rng).parents[0].candidate.id for i in range(count))


def test_a_specialist_breeds_and_a_mediocre_all_rounder_does_not():
    strategy = told(record(0, 0, 0, 0), record(1, 9, 0, 0), record(2, 8, 8, 8), record(3, 7, 7, 7))

    assert set(drawn(strategy)) == {1, 2}


def test_parents_are_drawn_in_proportion_to_the_fronts_that_they_are_on():
    strategy = told(record(0, 0, 0, 0, 0), record(1, 9, 0, 0, 0), record(2, 1, 9, 9, 9))

    counts = drawn(strategy)

    assert 0.2 < counts[1] / 2000 < 0.3


def test_whoever_shares_every_front_with_others_is_pruned():
    strategy = told(record(1, 5, 0, 5), record(2, 5, 9, 0), record(3, 0, 0, 5))

    assert set(drawn(strategy)) == {1, 2}


def test_of_equals_the_newer_one_stays():
    strategy = told(record(0, 1, 1), record(1, 1, 1))

    assert set(drawn(strategy)) == {1}


def test_without_cases_it_climbs_from_the_best():
    plain = [
        Record(
            Candidate(i, Artifact.of(str(i))),
            "evaluated",
            Evaluation(metrics={"score": value}, feasible=True, samples=(value,)),
            value,
        )
        for i, value in enumerate((1.0, 3.0, 2.0))
    ]

    assert set(drawn(told(*plain))) == {1}


def test_less_is_better_where_the_problem_says_so():
    problem = Problem(
        name="cases", seed=PROBLEM.seed, objective=ObjectiveSpec(direction="minimize")
    )

    strategy = told(record(0, 5, 5), record(1, 2, 9), record(2, 9, 1), problem=problem)

    assert set(drawn(strategy)) == {1, 2}


def test_greedy_tries_breed_from_the_best_over_all_cases():
    strategy = told(record(1, 9, 0, 0), record(2, 8, 8, 8), greedy=1.0)

    assert set(drawn(strategy)) == {2}


def test_two_members_come_with_their_latest_common_ancestor():
    strategy = told(
        record(0, 0, 0, 0),
        record(1, 1, 1, 1, parents=(0,)),
        record(2, 9, 0, 0, parents=(1,)),
        record(3, 0, 9, 9, parents=(1,)),
    )

    request = strategy.ask(4, Random(0))

    assert {parent.candidate.id for parent in request.parents} == {2, 3}
    assert request.ancestor is not None
    assert request.ancestor.candidate.id == 1


def test_members_are_never_more_than_cases_however_long_the_run():
    rng = Random(3)
    strategy = told(
        *(record(i, *(rng.choice((0.0, 0.5, 1.0)) for _ in range(6))) for i in range(500))
    )

    assert len(drawn(strategy)) <= 6


@pytest.mark.parametrize(("one", "other"), [(2, 0), (0, 2), (2, 2)])
def test_who_descends_from_the_other_has_no_common_ancestor_with_it(one: int, other: int):
    lineage = Lineage()
    for each in (record(0, 1), record(1, 1, parents=(0,)), record(2, 1, parents=(1,))):
        lineage.add(each)

    assert lineage.common_ancestor(one, other) is None


def test_a_lineage_keeps_the_ancestors_of_members_alone():
    lineage = Lineage()
    for i in range(200):
        lineage.add(record(i, 1, parents=(i - 2,) if i > 1 else ()))
        lineage.forget_all_but([i])

    assert lineage.common_ancestor(199, 198) is None
    lineage.add(record(200, 1, parents=(199,)))
    lineage.add(record(201, 1, parents=(199,)))
    found = lineage.common_ancestor(200, 201)
    assert found is not None
    assert found.candidate.id == 199
