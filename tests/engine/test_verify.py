"""A finished run is believed only if its best gives the same score again."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest

from telic.artifact import Artifact
from telic.budget import Budget
from telic.candidate import Evaluation, Failure
from telic.component import Component
from telic.engine.plan import Plan
from telic.engine.run import Runtime, start_run
from telic.engine.verify import compared, verify_best
from telic.evaluation import ScoringFunctions, load_held_out, tidy_cases
from telic.problem import Problem, Scorer
from telic.registry import _BUILT_IN
from telic.scoring import Case
from telic.testing import toy_record
from tests.engine.parts import number_problem


def record(*samples: float):
    base = toy_record(3, samples[0])
    assert base.evaluation is not None
    return msgspec.structs.replace(
        base, evaluation=msgspec.structs.replace(base.evaluation, samples=samples)
    )


def again(*samples: float) -> Evaluation:
    return Evaluation(feasible=True, samples=samples)


def test_without_noise_only_the_very_same_score_agrees():
    same = compared(record(0.1 + 0.2), again(0.1 + 0.2), noisy=False, seconds=1.0)
    other = compared(record(0.1 + 0.2), again(0.3), noisy=False, seconds=1.0)

    assert (same.exact, same.agrees, same.reason) == (True, True, "")
    assert (other.exact, other.agrees) == (False, False)
    assert other.reason == "recorded 0.30000000000000004, now 0.3"


def test_with_noise_overlapping_intervals_agree():
    near = compared(record(1.0, 1.2, 0.8), again(1.1, 0.9, 1.3), noisy=True, seconds=1.0)
    far = compared(record(1.0, 1.01, 0.99), again(5.0, 5.01, 4.99), noisy=True, seconds=1.0)

    assert (near.exact, near.agrees) == (False, True)
    assert near.interval is not None
    assert far.agrees is False


@pytest.mark.parametrize(
    ("evaluation", "reason"),
    [
        (Evaluation(failure=Failure("timeout", "took too long")), "it failed (timeout)"),
        (Evaluation(feasible=False, samples=(1.0,)), "it was infeasible this time"),
    ],
)
@pytest.mark.parametrize("noisy", [False, True])
def test_a_best_that_gives_no_score_any_more_does_not_agree(evaluation, reason, noisy):
    verification = compared(record(1.0), evaluation, noisy=noisy, seconds=1.0)

    assert verification.agrees is False
    assert verification.score is None
    assert verification.reason.startswith(reason)


@pytest.fixture(autouse=True)
def step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_BUILT_IN["operator"], "step", "tests.engine.parts:Step")


def finished_run(problem: Problem, path: Path, evaluations: int = 20) -> Runtime:
    functions = ScoringFunctions(tidy_cases([Case()], "cases"), lambda text, _case: float(text))
    runtime = Runtime(workers=1, functions=functions)
    plan = Plan(budget=Budget(evaluations=evaluations), operators=(Component("operator", "step"),))
    asyncio.run(start_run(problem, plan, path, runtime))
    return runtime


def test_a_real_run_is_verified_from_its_journal_alone(tmp_path: Path):
    path = tmp_path / "run.journal"
    runtime = finished_run(number_problem(), path)

    verification = asyncio.run(verify_best(path, runtime))

    assert verification is not None
    assert verification.exact
    assert verification.score == verification.recorded
    assert verification.recorded > 0


def test_a_noisy_evaluator_is_asked_several_times_with_fresh_seeds(tmp_path: Path):
    path = tmp_path / "run.journal"
    runtime = finished_run(number_problem(deterministic=False, repeats=2), path)

    verification = asyncio.run(verify_best(path, runtime))

    assert verification is not None
    assert verification.agrees
    assert verification.evaluations >= 3


def test_a_run_without_result_has_nothing_to_verify(tmp_path: Path):
    path = tmp_path / "run.journal"
    runtime = finished_run(number_problem(), path, evaluations=0)

    assert asyncio.run(verify_best(path, runtime)) is None


HELD_OUT = """
from telic.scoring import Case

def cases():
    return [Case(args=(n,), hidden=n) for n in (1, 2)]

def held_out_cases():
    return [Case(args=(n,), hidden=n) for n in HELD]

def score(output, case):
    return -abs(output - case.hidden)
"""


@pytest.mark.parametrize(
    ("held", "score", "reason"),
    [("(3, 5)", -2.5, ""), ("(0,)", None, "it failed (exception)")],
)
def test_the_best_is_scored_on_held_out_cases_at_the_end(
    tmp_path: Path, held: str, score: float | None, reason: str
):
    scorer = tmp_path / "score.py"
    scorer.write_text(HELD_OUT.replace("HELD", held))
    text = "def f(n):\n    return 1.5 if n // n else 0.0\n"
    problem = Problem(
        name="toy", seed=Artifact.of(text), entry="f", scorer=Scorer(path=str(scorer))
    )
    plan = Plan(budget=Budget(evaluations=1))
    path = tmp_path / "run.journal"
    asyncio.run(start_run(problem, plan, path, Runtime(workers=1)))

    verification = asyncio.run(verify_best(path, Runtime()))

    assert verification is not None
    assert verification.agrees
    assert verification.held_out is not None
    assert verification.held_out.score == score
    assert verification.held_out.reason.startswith(reason)
    assert bool(verification.held_out.reason) == bool(reason)


def test_nothing_is_held_out_when_the_scorer_has_no_such_cases(tmp_path: Path):
    scorer = tmp_path / "score.py"
    scorer.write_text(
        "def held_out_cases():\n    return []\n\ndef score(output, case):\n    return 1\n"
    )

    assert load_held_out(str(scorer)) is None
    scorer.write_text("def score(output, case):\n    return 1\n")
    assert load_held_out(str(scorer)) is None
