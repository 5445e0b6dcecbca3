"""What people add to a paused run: it counts from where it was added, also when made again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from telic import Artifact, Budget, Component, Journal, Plan, Problem, evolve
from telic.engine.people import add_candidate, add_note
from telic.engine.replay import replay_run
from telic.engine.run import Runtime
from telic.errors import UsageError
from telic.evaluation import ScoringFunctions
from telic.scoring import Case

SEED = "def f():\n    return 1.5\n"
DIFF = Component("operator", "llm-diff", {"model": "scripted"})


def problem(text: str = SEED) -> Problem:
    return Problem(name="f", seed=Artifact.of(text), entry="f")


def score(output: Any, case: Case) -> float:
    return float(output)


def run(path: Path, evaluations: int, mode: Any, *, resume: bool = False, text: str = SEED) -> None:
    plan = Plan(
        budget=Budget(evaluations=evaluations),
        mode=mode,
        operators=(Component("operator", "constants"), DIFF),
        portfolio=Component("portfolio", "uniform"),
        models=(Component("model", "scripted"),),
    )
    options: dict[str, Any] = {"plan": plan, "journal": path, "workers": 1, "resume": resume}
    evolve(problem(text), score=score, **options)


@pytest.mark.parametrize("mode", ["ordered", "unordered"])
def test_a_candidate_and_a_note_enter_a_run_once_and_are_made_again(
    tmp_path: Path, mode: str
) -> None:
    path = tmp_path / "run.journal"
    run(path, 15, mode)
    add_candidate(path, SEED.replace("1.5", "777.25"))
    add_note(path, "Think of large numbers.")
    run(path, 30, mode, resume=True)
    run(path, 45, mode, resume=True)

    functions = ScoringFunctions((Case(),), score)
    runtime = Runtime(workers=1, functions=functions)
    again = asyncio.run(replay_run(path, tmp_path / "again.journal", runtime))

    with Journal.read(path) as journal:
        records = list(journal.records())
        asked = [b"Think of large numbers." in answer.data for answer in journal.answers()]
    handed = [record for record in records if record.candidate.operator == "person"]
    assert [record.fitness for record in handed] == [777.25]
    assert handed[0].candidate.parents == ()
    assert any(record.candidate.parents == (handed[0].candidate.id,) for record in records)
    assert any(asked)
    assert not asked[0]
    assert again.agrees


def test_a_candidate_may_not_change_what_is_frozen(tmp_path: Path) -> None:
    path = tmp_path / "run.journal"
    marked = (
        "def f():\n    # EVOLVE-BLOCK-START\n    x = 1.5\n    # EVOLVE-BLOCK-END\n    return x\n"
    )
    run(path, 3, "ordered", text=marked)

    with pytest.raises(UsageError, match="EVOLVE-BLOCK"):
        add_candidate(path, marked.replace("return x", "return 9"))


def test_a_note_needs_words(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="1 to 2000"):
        add_note(tmp_path / "none.journal", "  ")
