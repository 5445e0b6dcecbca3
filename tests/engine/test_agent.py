"""Runs with a coding agent: recorded, bounded, and made again without running it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

from telic import Artifact, Budget, Component, Journal, Plan, Problem, evolve
from telic.engine.models import with_models
from telic.engine.presets import with_preset
from telic.engine.replay import replay_run
from telic.engine.run import Runtime
from telic.evaluation import ScoringFunctions
from telic.scoring import Case

SEED = "# EVOLVE-BLOCK-START\n5\n# EVOLVE-BLOCK-END\n7\n"
AGENT = """
import sys
text = open("number.txt").read()
lines = text.splitlines()
if "best" in sys.stdin.read():
    raise SystemExit("told too much")
if len(open(LOG).read()) % 3 == 2:
    lines[3] = "8"  # outside the block
else:
    lines[1] = str(int(lines[1]) + 2)
open(LOG, "a").write("x")
open("number.txt", "w").write("\\n".join(lines) + "\\n")
print("added two")
"""


def score(output: Any, case: Case) -> float:
    return float(output.splitlines()[1])


def test_an_agent_improves_the_program_within_its_money_and_is_replayed(tmp_path: Path) -> None:
    log, script = tmp_path / "log", tmp_path / "agent.py"
    log.write_text("")
    script.write_text(AGENT.replace("LOG", repr(str(log))))
    command = f"{sys.executable} {script}"
    plan = Plan(
        seed=1,
        budget=Budget(evaluations=40, money=1.0),
        window=1,
        models=(
            Component("model", "agent", {"command": command, "deadline": 20.0, "money": 0.25}),
        ),
        operators=(Component("operator", "agent", {"model": "agent"}),),
    )
    problem = Problem(name="number", seed=Artifact.of(SEED, "number.txt"))
    first = evolve(problem, plan=plan, score=score, workers=1, journal=tmp_path / "a.journal")
    with Journal.read(first.journal) as journal:
        records = list(journal.records())
    calls = log.read_text()
    runtime = Runtime(workers=1, functions=ScoringFunctions((Case(),), score))
    again = asyncio.run(replay_run(first.journal, tmp_path / "b.journal", runtime))

    assert first.score is not None
    assert first.score >= 9
    assert first.summary.money == 1.0
    assert len(calls) == 4
    assert any("added two" in record.candidate.note for record in records)
    assert all(r.candidate.artifact.text.endswith("END\n7\n") for r in records)
    assert any(r.outcome == "declined" and "does not stand" in r.reason for r in records)
    assert again.agrees
    assert log.read_text() == calls


def test_an_agent_is_asked_by_its_own_operator_alone() -> None:
    agent = Component("model", "agent", {"command": "true", "name": "mine"})
    hybrid = with_preset(Plan(), "hybrid", [agent])
    asked = [o for o in hybrid.operators if o.arguments.get("model") == "mine"]

    assert asked == [Component("operator", "agent", {"model": "mine"})]
    assert with_models((), [agent]) == tuple(asked)
