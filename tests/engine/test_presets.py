"""Presets are settings of parts that exist; those of published systems ask models alone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from telic import Artifact, Budget, Component, Journal, Plan, Problem, evolve
from telic.cli._plan import parts_of
from telic.engine.presets import Preset, find_preset, presets, with_preset
from telic.engine.replay import replay_run
from telic.engine.run import Runtime
from telic.errors import UsageError
from telic.evaluation import ScoringFunctions
from telic.operators.base import asks_of
from telic.problem import NoveltyPlan
from telic.registry import build
from telic.scoring import Case
from telic.testing import LoopbackServer

SCRIPTED = Component("model", "scripted")
SECOND = Component("model", "scripted", {"name": "second"})
KINDS = ("diff", "rewrite", "cross")
LOCAL = Component("model", "local")
CASES = tuple(Case((float(x),), hidden=3.0 * x + 2.0) for x in range(4))


def score(output: Any, case: Case) -> float:
    return -abs(float(output) - case.hidden)


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.name)
def test_a_preset_makes_a_run_that_can_be_made_again(preset: Preset, tmp_path: Path) -> None:
    problem = Problem(name="line", seed=Artifact.of("def f(x):\n    return 1.5 * x\n"), entry="f")
    enough = 250 if preset.embedded else 30  # embedded operators go first
    plan = with_preset(Plan(budget=Budget(evaluations=enough)), preset.name, [SCRIPTED])
    path = tmp_path / "run.journal"

    evolve(problem, score=score, cases=CASES, workers=1, journal=path, plan=plan)

    runtime = Runtime(workers=1, functions=ScoringFunctions(CASES, score))
    assert asyncio.run(replay_run(path, tmp_path / "again.journal", runtime)).agrees
    with Journal.read(path) as journal:
        used = {record.candidate.operator.partition("@")[2] for record in journal.records()}
    assert "scripted" in used


@pytest.mark.parametrize("preset", presets()[1:], ids=lambda preset: preset.name)
def test_published_systems_ask_models_alone_and_never_breed_from_failures(preset: Preset) -> None:
    plan = with_preset(Plan(), preset.name, [SCRIPTED])

    operators = [build(component) for component in plan.operators]
    assert not preset.embedded
    assert {o.name for o in operators if asks_of(o) is None} <= {"merge"}
    assert not any(operator.name.startswith("fix") for operator in operators)


def test_each_model_is_asked_and_the_first_one_takes_notes() -> None:
    plan = with_preset(Plan(), "shinka", [SCRIPTED, SECOND])

    names = [build(component).name for component in plan.operators]
    asked = {f"{kind}@{model}" for kind in KINDS for model in ("scripted", "second")}
    assert len(names) == len(set(names))
    assert set(names) == asked | {"notes@scripted"}


def test_a_local_model_gets_small_prompts_and_writes_no_notes() -> None:
    made = with_preset(Plan(), "hybrid", [LOCAL]).operators

    asking = [component for component in made if component.name.startswith("llm-")]
    assert [component.name for component in asking] == ["llm-diff"]
    assert asking[0].arguments["reply_tokens"] == 128
    assert len(made) == len(Plan().operators) + 1


def test_hybrid_is_the_default_with_a_model_and_nothing_without() -> None:
    with_model = parts_of(None, [SCRIPTED], None, None, None, None)
    without = parts_of(None, [], None, None, None, None)

    assert with_model["operators"] == with_preset(Plan(), "hybrid", [SCRIPTED]).operators
    assert without["operators"] == Plan().operators
    assert without["strategy"] == Plan().strategy


def test_what_the_user_names_stays() -> None:
    parts = parts_of("shinka", [SCRIPTED], "hill-climb", "thompson", "llm-diff", 3)

    assert parts["strategy"].name == "hill-climb"
    assert parts["portfolio"].name == "thompson"
    assert [component.name for component in parts["operators"]] == ["llm-diff"]
    assert parts["window"] == 3


def test_novelty_is_the_users_then_the_problems_then_the_presets() -> None:
    def novelty(given: str | None, declared: NoveltyPlan | None) -> NoveltyPlan | None:
        asked = ("shinka", [SCRIPTED], None, None, None, None)
        return parts_of(*asked, novelty=given, declared=declared)["novelty"]

    declared = NoveltyPlan(similarity=0.5)
    assert novelty(None, None) == NoveltyPlan(similarity=0.99)
    assert novelty(None, declared) == declared
    assert novelty("similarity=0.7", declared) == NoveltyPlan(similarity=0.7)
    assert novelty("none", declared) is None


def test_a_misspelt_preset_is_named_with_a_suggestion() -> None:
    with pytest.raises(UsageError, match="did you mean 'shinka'"):
        find_preset("shinca")


def test_a_preset_without_a_model_says_what_to_do() -> None:
    with pytest.raises(UsageError, match="say which with --model"):
        parts_of("gepa", [], None, None, None, None)


def test_merging_does_not_run_ahead_of_a_slow_model(tmp_path: Path) -> None:
    def reply(body: Mapping[str, Any]) -> str:
        return f"```python\ndef f(x):\n    return {body['seed'] % 9}.5 * x\n```"

    with LoopbackServer(reply=reply, delay=0.02) as server:
        model = Component("model", "openai", {"model": "mock", "url": server.url})
        plan = Plan(budget=Budget(evaluations=8), mode="unordered")
        plan = with_preset(plan, "gepa", [model])
        problem = Problem(name="line", seed=Artifact.of("def f(x):\n    return x\n"), entry="f")
        result = evolve(
            problem,
            score=score,
            cases=CASES,
            workers=1,
            journal=tmp_path / "run.journal",
            plan=plan,
        )

    assert result.summary.stop_reason == "budget: evaluations"
    assert result.summary.candidates < 150
