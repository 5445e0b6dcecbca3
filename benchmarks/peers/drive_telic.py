"""Run Telic: ``python drive_telic.py SETTINGS.json`` in the project's own environment.

A candidate runs in the sandbox and only its output comes back, so it cannot write the log: what
is scored, the trusted scorer logs; what failed before it, the observer of the run.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import msgspec
from evaluator import append, load_task
from policy import FUNCTIONS

from telic.artifact import Artifact
from telic.budget import Budget
from telic.candidate import Record
from telic.engine.evolve import evolve
from telic.engine.models import model_component
from telic.engine.observer import Silent
from telic.engine.plan import Plan
from telic.engine.presets import with_preset
from telic.engine.progress import Progress
from telic.problem import Limits, Problem
from telic.registry import parse


class Counted(Silent):
    """Logs what never reached the scorer."""

    def __init__(self, log: str) -> None:
        self._log = log

    def told(self, record: Record, progress: Progress, *, is_best: bool) -> None:
        """Log a failure."""
        del progress, is_best
        failure = record.evaluation.failure if record.evaluation else None
        if failure is not None and failure.kind != "scorer":
            append(self._log, None)


def plan_of(given: dict[str, Any]) -> Plan:
    """Return the plan of a run: a preset, perhaps another strategy, and the open requests."""
    plan = Plan(seed=given["seed"], budget=Budget(evaluations=given["evaluations"]))
    model = model_component(f"{given['model']}@{given['url']}")
    plan = with_preset(plan, given["preset"], [model])
    if given.get("strategy"):
        plan = msgspec.structs.replace(plan, strategy=parse("strategy", given["strategy"]))
    return msgspec.structs.replace(plan, window=given["window"])


def main() -> None:
    """Evolve."""
    given = json.loads(Path(sys.argv[1]).read_text())
    task = load_task(given["task"])

    def score(output: object, case: object) -> float:
        del case
        try:
            value = task.score(output)
        except Exception:
            append(given["log"], None)
            raise
        append(given["log"], value)
        return value

    problem = Problem(
        name=task.name,
        description=task.describe,
        seed=Artifact.of(task.seed),
        entry=task.entry,
        limits=Limits(seconds=20.0),
        vocabulary=tuple(f"math.{name}" for name in FUNCTIONS),
    )
    out = Path(given["out"])
    out.mkdir(parents=True, exist_ok=True)
    evolve(
        problem,
        score=score,
        cases=[task.cases],
        plan=plan_of(given),
        workers=given["workers"],
        journal=out / "run.journal",
        observer=Counted(given["log"]),
    )


if __name__ == "__main__":
    main()
