"""Comparisons are fair: same seeds, same budget, whole runs only."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from telic.budget import Budget
from telic.component import Component
from telic.engine.compare import Comparison, Trial, Watch, compare, label_of, tabulate
from telic.engine.plan import Plan
from telic.engine.run import Runtime
from telic.errors import UsageError
from telic.evaluation import ScoringFunctions, tidy_cases
from telic.objectives import Objective
from telic.problem import ObjectiveSpec
from telic.registry import _BUILT_IN
from telic.scoring import Case
from tests.engine.parts import number_problem

HILL, RANDOM = Component("strategy", "hill-climb"), Component("strategy", "random")


def trial(strategy: str, seed: int, score: float | None) -> Trial:
    return Trial(
        strategy=strategy,
        seed=seed,
        score=score,
        seed_score=0.0,
        evaluations=10,
        candidates=12,
        seconds=1.0,
        stop_reason="budget: evaluations",
        journal="x.journal",
    )


@pytest.mark.parametrize("direction", ["maximize", "minimize"])
def test_wins_are_counted_within_seeds_and_follow_the_direction(direction):
    sign = 1.0 if direction == "maximize" else -1.0
    scores = {"a": [1.0, 2.0, 3.0, None], "b": [2.0, 2.0, 1.0, -9.0]}
    trials = [
        trial(name, seed, None if score is None else sign * score)
        for name, values in scores.items()
        for seed, score in enumerate(values)
    ]

    first, second = tabulate(trials, ["a", "b"], Objective(ObjectiveSpec(direction=direction)))

    assert (second.wins, second.ties, second.losses) == (2, 1, 1)
    assert (first.wins, first.ties, first.losses) == (0, 4, 0)
    assert (first.failed, first.mean, first.best, first.worst) == (1, 2.0 * sign, 3 * sign, sign)
    assert second.worst == -9.0 * sign


def test_a_mean_of_one_run_has_no_interval():
    (arm,) = tabulate([trial("a", 0, 1.0)], ["a"], Objective(ObjectiveSpec()))

    assert (arm.mean, arm.interval) == (1.0, None)


def test_a_strategy_without_runs_has_no_mean():
    (arm,) = tabulate([], ["a"], Objective(ObjectiveSpec()))

    assert (arm.trials, arm.mean, arm.evaluations) == (0, None, 0.0)


def test_a_label_reads_as_it_is_written_on_the_command_line():
    assert label_of(HILL) == "hill-climb"
    assert label_of(Component("strategy", "islands", {"islands": 4})) == "islands:islands=4"


@pytest.fixture(autouse=True)
def step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_BUILT_IN["operator"], "step", "tests.engine.parts:Step")


def run_comparison(
    folder: Path,
    *,
    strategies: tuple[Component, ...] = (HILL, RANDOM),
    seeds: tuple[int, ...] = (0, 1),
    evaluations: int = 15,
    stop_after: int = 100,
    begun: list[tuple[str, int]] | None = None,
) -> Comparison:
    functions = ScoringFunctions(tidy_cases([Case()], "cases"), lambda text, _case: float(text))
    ended: list[Trial] = []

    def began(strategy: str, seed: int) -> Runtime:
        if begun is not None:
            begun.append((strategy, seed))
        return Runtime(workers=1, functions=functions)

    plan = Plan(budget=Budget(evaluations=evaluations), operators=(Component("operator", "step"),))
    watch = Watch(began=began, ended=ended.append, is_stopped=lambda: len(ended) >= stop_after)
    return asyncio.run(
        compare(number_problem(), strategies, seeds, plan=plan, folder=folder, watch=watch)
    )


def test_every_strategy_runs_with_every_seed_under_the_same_budget(tmp_path: Path):
    comparison = run_comparison(tmp_path)

    assert comparison.is_complete
    assert [arm.strategy for arm in comparison.arms] == ["hill-climb", "random"]
    assert [arm.trials for arm in comparison.arms] == [2, 2]
    assert {t.evaluations for t in comparison.trials} == {15}
    assert {Path(t.journal).name for t in comparison.trials} == {
        f"{name}-seed-{seed}.journal" for name in ("hill-climb", "random") for seed in (0, 1)
    }


def test_an_interrupted_comparison_goes_on_in_its_folder(tmp_path: Path):
    begun: list[tuple[str, int]] = []
    partial = run_comparison(tmp_path, stop_after=2, begun=begun)
    whole = run_comparison(tmp_path)

    assert not partial.is_complete
    assert begun == [("hill-climb", 0), ("random", 0)]
    assert whole.is_complete
    assert whole.trials[:2] == partial.trials


def test_a_folder_with_other_runs_is_refused(tmp_path: Path):
    run_comparison(tmp_path, seeds=(0,), strategies=(HILL,))

    with pytest.raises(UsageError, match="another comparison"):
        run_comparison(tmp_path, seeds=(0,), strategies=(HILL,), evaluations=16)


@pytest.mark.parametrize(
    ("strategies", "seeds"), [((HILL, HILL), (0,)), ((HILL,), (0, 0)), ((), (0,)), ((HILL,), ())]
)
def test_strategies_and_seeds_are_given_once_and_at_least_one(tmp_path: Path, strategies, seeds):
    with pytest.raises(UsageError, match="once"):
        run_comparison(tmp_path, strategies=strategies, seeds=seeds)
