"""What holds for every bundled problem."""

from __future__ import annotations

import importlib.util
import math
import time
from pathlib import Path
from typing import Any

import pytest

from telic import problems
from telic.errors import UnknownNameError
from telic.scoring import Case, Score

NAMES = problems.names()

RUBBISH: list[Any] = [
    None,
    "text",
    b"bytes",
    [],
    {},
    [None],
    [["a", 1]],
    [[]],
    [[[]]],
    {"a": 1},
    math.nan,
    [math.nan] * 64,
    [[math.inf, 0.0, 0.0]] * 26,
    [[1.0, 2.0], [3.0]],
    [10**400],
    [1j],
    [[0, 0], [0, 0]],
    True,
]


def cases_of(module: Any) -> list[Case]:
    return list(module.cases()) if hasattr(module, "cases") else [Case()]


def scores_of_seed(name: str, module: Any, namespace: dict[str, Any]) -> list[Score]:
    entry = namespace[problems.load(name).entry]
    return [module.score(entry(*case.args, **dict(case.kwargs)), case) for case in cases_of(module)]


def test_there_are_at_least_thirty_problems_besides_formulas():
    formulas = ("nguyen-", "keijzer-", "physics-")

    assert len([name for name in NAMES if not name.startswith(formulas)]) >= 30
    assert len([name for name in NAMES if name.startswith("nguyen-")]) == 12
    assert len([name for name in NAMES if name.startswith("physics-")]) == 12


def test_an_unknown_name_gets_a_suggestion():
    with pytest.raises(UnknownNameError, match="did you mean 'circle-packing-26'"):
        problems.load("circle-paking-26")


def test_describe_gives_every_problem_in_the_order_of_names():
    assert tuple(problem.name for problem in problems.describe()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_declaration_is_complete(name: str):
    problem = problems.load(name)

    assert problem.name == name
    assert Path(problem.root or "").name == name
    assert len(problem.description.split()) >= 25
    assert "EVOLVE-BLOCK-START" in problem.seed.text
    if problem.best_known is not None:
        assert problem.best_known.source
    for package in problem.preload:
        assert importlib.util.find_spec(package)


@pytest.mark.parametrize("name", NAMES)
def test_the_vocabulary_is_in_scope_of_the_seed(name: str, seed):
    namespace = seed(name)

    for word in problems.load(name).vocabulary:
        first, _, attribute = word.partition(".")
        owner = namespace.get(first, __builtins__.get(first))
        assert owner is not None, word
        assert not attribute or hasattr(owner, attribute), word


@pytest.mark.parametrize("name", NAMES)
def test_the_seed_is_feasible_quick_repeatable_and_modest(name: str, scorer, seed):
    problem, module = problems.load(name), scorer(name)
    metric = problem.objective.metric
    start = time.process_time()

    scores = scores_of_seed(name, module, seed(name))
    seconds = time.process_time() - start
    again = scores_of_seed(name, module, seed(name))

    assert all(score.feasible for score in scores)
    assert [score.metrics for score in scores] == [score.metrics for score in again]
    assert all(math.isfinite(value) for score in scores for value in score.metrics.values())
    assert seconds < 1.0
    if metric == "cpu_seconds":
        return
    value = sum(score.metrics[metric] for score in scores) / len(scores)
    if problem.best_known is not None:
        best = problem.best_known.value
        assert value > best if problem.objective.direction == "minimize" else value < best


@pytest.mark.parametrize("name", NAMES)
def test_rubbish_is_infeasible_with_a_reason_and_never_an_exception(name: str, scorer):
    module = scorer(name)
    case = cases_of(module)[0]

    for output in RUBBISH:
        score = module.score(output, case)
        assert not score.feasible, output
        assert score.feedback
        assert all(math.isfinite(value) for value in score.metrics.values())


@pytest.mark.parametrize(
    "name",
    [
        "online-bin-packing",
        "cache-eviction",
        "inventory-control",
        "job-shop",
        "travelling-salesman",
        "nguyen-4",
    ],
)
def test_held_out_cases_differ_from_the_training_cases_and_can_be_scored(name: str, scorer, seed):
    module = scorer(name)
    entry = seed(name)[problems.load(name).entry]

    held_out = module.held_out_cases()

    assert held_out
    assert all(case.hidden != other.hidden for case in held_out for other in cases_of(module))
    assert module.score(entry(*held_out[0].args), held_out[0]).feasible


FORMULAS = [
    name
    for name in NAMES
    if name.startswith(("nguyen-", "keijzer-", "physics-")) or name == "symbolic-regression"
]


@pytest.mark.parametrize("name", FORMULAS)
def test_the_hidden_formula_itself_hits_every_point(name: str, scorer):
    module = scorer(name)

    for case in (*module.cases(), *module.held_out_cases()):
        score = module.score([module.truth(*point) for point in case.args[0]], case)
        assert score.metrics == {"score": 0.0, "hits": 1.0}
