"""Runs Telic on one regression task, in a process of its own, as the peers are run.

Reads one JSON object from standard input: ``system``, ``name``, ``evaluations``, ``seed``,
``journal``; writes ``seconds``, from the imported library to the finished journal, as one JSON
line. ``telic`` is Telic with its operator ``breed`` alone, in one long search that remembers what
it tried; ``telic-default`` has all default operators.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

import msgspec

from telic.budget import Budget
from telic.component import Component
from telic.engine.load import load_problem
from telic.engine.plan import Plan
from telic.engine.run import Runtime, start_run

TARGET = -1e-7
"""Score at which Telic stops: an error far below what counts as a hit."""


def plan_of(system: str, seed: int, evaluations: int) -> Plan:
    """Return how a run is made."""
    # Under a budget in evaluations a trial costs as much as a candidate.
    portfolio = Component("portfolio", "ucb", {"trial": 1.0})
    plan = Plan(
        seed=seed, budget=Budget(evaluations=evaluations), target=TARGET, portfolio=portfolio
    )
    if system != "telic":
        return plan
    trials = max(100, evaluations - 10)
    breed = Component("operator", "breed", {"trials": trials, "least": trials})
    return msgspec.structs.replace(plan, operators=(breed,), window=1)


def main() -> None:
    """Make the run that standard input describes."""
    task = json.load(sys.stdin)
    began = time.perf_counter()
    plan = plan_of(task["system"], task["seed"], task["evaluations"])
    problem = load_problem(task["name"])
    asyncio.run(start_run(problem, plan, Path(task["journal"]), Runtime(workers=1)))
    print(json.dumps({"seconds": time.perf_counter() - began}))


if __name__ == "__main__":
    main()
