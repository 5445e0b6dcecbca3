"""Stored records: what they say of themselves, and that each holds."""

from __future__ import annotations

import asyncio
import importlib.util
from pathlib import Path
from types import ModuleType

import msgspec
import pytest

from telic import problems
from telic.engine.remeasure import remeasure
from telic.problem import BestKnown, ObjectiveSpec
from telic.problems.records import Holding, artifact, gap, holdings, is_better, keep

HELD = holdings()
ROOT = Path(__file__).parents[2]
ONE = Holding(
    problem="trivial",
    score=-0.5,
    seed=3,
    seconds=1.0,
    evaluations=10,
    found_after=0.1,
    workers=1,
    versions={"telic": "0"},
)


def test_every_record_is_of_a_bundled_problem_and_has_its_artifact():
    assert HELD
    for name in HELD:
        assert name in problems.names()
        assert "EVOLVE-BLOCK-START" in artifact(problems.load(name)).text


@pytest.mark.parametrize("name", HELD)
def test_no_record_beats_a_proven_bound(name: str):
    problem = problems.load(name)
    distance = gap(problem, HELD[name].score)

    if problem.best_known is not None and problem.best_known.proven:
        assert distance is not None
        assert distance >= 0


@pytest.mark.parametrize("name", HELD)
def test_no_record_is_worse_than_the_seed(name: str):
    problem, one = problems.load(name), HELD[name]

    assert not (one.seed_score is not None and is_better(problem, one.seed_score, one.score))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in HELD if problems.load(name).deterministic])
def test_a_record_holds_when_it_is_scored_from_scratch(name: str):
    problem, one = problems.load(name), HELD[name]

    again = asyncio.run(remeasure(problem, artifact(problem), seed=one.seed))

    assert again.failure is None
    assert again.feasible
    # Elementary functions may differ in the last bits between machines.
    assert again.metrics[problem.objective.metric] == pytest.approx(one.score, rel=1e-9, abs=1e-12)


def test_the_gap_is_a_share_in_both_directions_and_for_negative_values():
    problem = problems.load("trivial")

    def at(known: float, direction: str, score: float) -> float | None:
        objective = msgspec.convert({"direction": direction}, ObjectiveSpec)
        changed = msgspec.structs.replace(problem, best_known=BestKnown(known), objective=objective)
        return gap(changed, score)

    assert at(4.0, "maximize", 3.0) == 0.25
    assert at(4.0, "minimize", 5.0) == 0.25
    assert at(-4.0, "maximize", -5.0) == 0.25
    assert at(-4.0, "minimize", -5.0) == -0.25
    assert at(0.0, "minimize", 0.5) == 0.5
    assert gap(msgspec.structs.replace(problem, best_known=None), 1.0) is None


def test_better_depends_on_the_direction():
    maximize = problems.load("circle-packing-26")
    minimize = problems.load("thomson-32")

    assert is_better(maximize, 1.0, None)
    assert is_better(maximize, 2.0, 1.0)
    assert is_better(minimize, 1.0, 2.0)
    assert not is_better(maximize, 1.0, 1.0)
    assert not is_better(minimize, 2.0, 1.0)


def test_a_record_is_kept_and_replaced(tmp_path: Path):
    better = msgspec.structs.replace(ONE, score=-0.25)

    keep(ONE, "first", tmp_path)
    keep(better, "second", tmp_path)

    assert holdings(tmp_path) == {"trivial": better}
    assert artifact(problems.load("trivial"), tmp_path).text == "second"


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("records_script", ROOT / "scripts/records.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_up_to_date():
    page = (ROOT / "docs" / "records.md").read_text()

    assert page == script().page(), "run `python scripts/records.py page`"


@pytest.mark.slow
def test_a_stored_score_that_its_artifact_does_not_reach_is_told(monkeypatch: pytest.MonkeyPatch):
    module = script()
    name = "tammes-14"
    flattered = msgspec.structs.replace(HELD[name], score=HELD[name].score + 1)
    monkeypatch.setattr(module, "holdings", lambda: {name: flattered})

    (sentence,) = module.verify([name])

    assert sentence.startswith(f"{name}: recorded 56.67")


def test_a_score_beyond_a_proven_bound_is_a_fault():
    module, proven, open_ = script(), problems.load("tammes-14"), problems.load("thomson-32")

    assert module.beats_proof(proven, 55.7)
    assert not module.beats_proof(proven, 55.6)
    assert not module.beats_proof(open_, 1.0)
