"""Proposals too like earlier candidates are refused before anything is paid for evaluating them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from telic import Artifact, Budget, Component, Journal, Plan, Problem, evolve
from telic.candidate import Candidate, Evaluation, Record, Refusal
from telic.engine.novelty import Novelty, declared_novelty, novelty_of, reason_of
from telic.engine.replay import replay_run
from telic.engine.run import Runtime
from telic.engine.screening import RefusedTally
from telic.engine.summary import summarise
from telic.errors import ProblemError, UsageError
from telic.evaluation import ScoringFunctions
from telic.models import Prompt, Reply
from telic.problem import NoveltyPlan
from telic.scoring import Case
from telic.testing import LoopbackServer
from tests.engine.test_models import ASKED, run

FIRST = "def f(x):\n    y = x + 1\n    return y * y\n"
RENAMED = "def f(x):\n    z = x + 1\n    return z * z\n"
NEAR = "def f(x):\n    y = x + 2\n    return y * y\n"
OTHER = "class Walk:\n    def go(self):\n        return [1, 2, 3]\n"


def candidate(number: int, text: str) -> Candidate:
    return Candidate(number, Artifact.of(text), (0,))


def refusal(
    plan: NoveltyPlan,
    text: str,
    *,
    vectors: tuple[tuple[float, ...], ...] = (),
    says: str = "",
    horizon: int = 1,
) -> Refusal | None:
    async def embed(name: str, texts: Sequence[str]) -> tuple[tuple[float, ...], ...]:
        assert name == plan.embed
        assert len(texts) == 2
        return vectors

    async def ask(name: str, prompt: Prompt) -> Reply:
        assert text in prompt.messages[-1].text
        return Reply(model=name, ending="complete" if says else "empty", text=says)

    novelty = Novelty(plan)
    novelty.tell(Record(candidate(7, FIRST), "evaluated", Evaluation(), 1.0), 0)
    return asyncio.run(novelty.refusal(candidate(9, text), horizon, embed=embed, ask=ask))


def test_a_renamed_copy_is_refused_without_asking_anyone():
    found = refusal(NoveltyPlan(embed="m", judge="m"), RENAMED)

    assert found is not None
    assert found == Refusal(by="structure", likeness=1.0, like=7)
    assert "candidate 7" in reason_of(found)


def test_what_is_unlike_everything_is_novel():
    assert refusal(NoveltyPlan(similarity=0.8, judge="m"), OTHER) is None


def test_what_was_told_later_is_not_looked_at():
    assert refusal(NoveltyPlan(), RENAMED, horizon=0) is None


def test_structure_alone_refuses_from_its_threshold_on():
    assert refusal(NoveltyPlan(similarity=0.5), NEAR) is not None
    assert refusal(NoveltyPlan(similarity=0.999), NEAR) is None


def test_unlike_embeddings_let_a_suspicious_proposal_through():
    plan = NoveltyPlan(similarity=0.5, embed="m", cosine=0.9)

    assert refusal(plan, NEAR, vectors=((1.0, 0.0), (0.0, 1.0))) is None
    assert refusal(plan, NEAR, vectors=()) is None
    found = refusal(plan, NEAR, vectors=((1.0, 0.1), (1.0, 0.1)))
    assert found is not None
    assert found.by == "embedding"


@pytest.mark.parametrize(("says", "by"), [("SAME", "judge"), ("Novel.", None), ("", None)])
def test_a_judge_decides_about_suspicious_proposals(says: str, by: str | None):
    found = refusal(NoveltyPlan(similarity=0.5, judge="m"), NEAR, says=says)

    assert (found.by if found else None) == by


@pytest.mark.parametrize("setting", [{"similarity": 0.0}, {"latest": 0}, {"cosine": 2.0}])
def test_settings_out_of_range_are_refused(setting: dict[str, Any]):
    with pytest.raises(ProblemError, match=r"must be|between"):
        NoveltyPlan(**setting)
    with pytest.raises(UsageError, match=r"novelty: .*(must be|between)"):
        novelty_of(",".join(f"{name}={value}" for name, value in setting.items()))


def test_refusals_are_counted_with_the_time_they_saved():
    tally = RefusedTally()
    tally.add(Record(candidate(1, FIRST), "evaluated", Evaluation(seconds=2.0), 1.0))
    for number in (2, 3):
        said = Refusal(by="judge", likeness=0.9, like=1)
        tally.add(Record(candidate(number, NEAR), "skipped", refusal=said))
    found = tally.result()

    assert found is not None
    assert (found.judge, found.structure, found.seconds) == (2, 0, 4.0)
    assert "2 evaluations saved" in found.sentence()


def copied(body: Mapping[str, Any]) -> str:
    """Answer with a renamed copy, or as the judge of two programs."""
    if "NOVEL or SAME" in body["messages"][-1]["content"]:
        return "SAME"
    if body["seed"] % 2:
        return f"New.\n```python\n{RENAMED}```"
    return f"Another constant.\n```python\n{FIRST.replace('1', str(body['seed'] % 97))}```"


def test_a_run_records_what_was_not_novel_and_is_made_again_bit_for_bit(tmp_path: Path) -> None:
    problem = Problem(name="square", seed=Artifact.of(FIRST), entry="f", description="Square.")

    def worth(output: Any, case: object) -> float:
        return float(output)

    with LoopbackServer(reply=copied) as server:
        settings = {"model": "mock", "url": server.url, "attempts": 1, "deadline": 3.0}
        given = Plan(
            seed=5,
            budget=Budget(evaluations=8, tokens=200_000),
            models=(Component("model", "openai", settings),),
            operators=(Component("operator", "llm-rewrite", dict(ASKED)),),
            novelty=NoveltyPlan(similarity=0.6, judge="mock"),
        )
        cases = [Case(args=(3,))]
        result = run(given, tmp_path / "a.journal", problem=problem, score=worth, cases=cases)
    with Journal.read(result.journal) as journal:
        records = list(journal.records())
        summary = summarise(journal)
    refused = [record for record in records if record.refusal is not None]

    assert {record.refusal.by for record in refused if record.refusal} == {"structure", "judge"}
    assert all(r.outcome == "skipped" and r.reason.startswith("not novel") for r in refused)
    assert summary.refused is not None
    assert summary.refused.structure + summary.refused.judge == len(refused)
    judged = next(r for r in refused if r.refusal and r.refusal.by == "judge")
    alone = next(r for r in refused if r.refusal and r.refusal.by == "structure")
    assert judged.candidate.cost.tokens > alone.candidate.cost.tokens
    runtime = Runtime(workers=1, functions=ScoringFunctions(tuple(cases), worth))
    again = asyncio.run(replay_run(result.journal, tmp_path / "b.journal", runtime))
    assert again.agrees


def test_a_model_that_the_run_does_not_have_is_named(tmp_path: Path) -> None:
    given = Plan(budget=Budget(evaluations=1), novelty=NoveltyPlan(judge="nobody"))

    with pytest.raises(UsageError, match="'nobody'"):
        run(given, tmp_path / "a.journal", problem=Problem(name="n", seed=Artifact.of(FIRST)))


def test_novelty_is_read_from_text():
    assert novelty_of("none") is None
    assert novelty_of("on") == NoveltyPlan()
    assert novelty_of("similarity=0.9,judge=m") == NoveltyPlan(similarity=0.9, judge="m")
    with pytest.raises(UsageError, match="novelty"):
        novelty_of("colour=1")


def test_what_a_problem_declares_counts_where_it_can_refuse_anything():
    def declared(*, has_models: bool, **settings: Any) -> NoveltyPlan | None:
        novelty = NoveltyPlan(**settings)
        problem = Problem(name="n", seed=Artifact.of(FIRST), novelty=novelty)
        return declared_novelty(problem, has_models=has_models)

    assert declared(has_models=True, judge="m") == NoveltyPlan(judge="m")
    assert declared(has_models=False, judge="m") is None
    assert declared(has_models=False, scope="all") == NoveltyPlan(scope="all")
    nothing = Problem(name="n", seed=Artifact.of(FIRST))
    assert declared_novelty(nothing, has_models=True) is None


def test_a_problems_novelty_holds_in_a_run_from_python(tmp_path: Path) -> None:
    novelty = NoveltyPlan(similarity=0.3, scope="all")
    problem = Problem(name="square", seed=Artifact.of(FIRST), entry="f", novelty=novelty)

    result = evolve(
        problem,
        score=lambda output, case: float(output),
        cases=[Case(args=(3,))],
        evaluations=5,
        seconds=3.0,
        operators=["constants"],
        workers=1,
        journal=tmp_path / "a.journal",
    )

    assert result.summary.refused is not None
    assert result.summary.refused.structure > 0
