"""The arms of an ensemble's searches differ in one part, and runs are summed up as they went."""

from __future__ import annotations

from pathlib import Path

import pytest

from telic.engine.load import load_problem
from telic.recipes._ensembles import Ensemble, Ways, searched, spent
from telic.recipes._runs import mean_of, share_of
from telic.recipes.shinka_evolve import Config, arms_of


def test_each_arm_exchanges_one_part():
    whole, *others = arms_of(Config()).values()

    def parts(ways: Ways) -> tuple[object, ...]:
        return ways.strategy(), ways.portfolio, ways.similarity

    for ways in others:
        same = [a == b for a, b in zip(parts(whole), parts(ways), strict=True)]
        assert same.count(False) == 1


def test_a_run_is_summed_up_as_it_went(tmp_path: Path):
    problem = load_problem("symbolic-regression")
    ensemble = Ensemble(weak=0.0, repeats=0.0)

    summary = searched(problem, Ways(), ensemble, tmp_path / "a", seed=1, evaluations=12, window=2)
    proposals, rejected, strong, failed = spent([summary])

    assert proposals == summary.candidates - 1
    assert rejected == 0.0
    assert strong == summary.operators["rewrite@strong"].proposals / proposals
    assert failed >= summary.operators["rewrite@weak"].evaluated / 12
    assert summary.best is not None
    assert summary.seed_score is not None
    share = share_of(summary)
    assert share is not None
    assert summary.seed_score * (1 - share) == pytest.approx(summary.best.score)


def test_a_failure_is_not_averaged_away():
    assert mean_of([1.0, 2.0]) == 1.5
    assert mean_of([1.0, None]) is None


def test_models_of_an_ensemble_differ_in_strength_alone():
    strong, weak = Ensemble(weak=0.2, repeats=0.1).models()

    assert strong.arguments | {"name": "weak", "strength": 0.2} == weak.arguments
