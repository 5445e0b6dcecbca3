"""Exact recovery of Nguyen's formulas beside gplearn and DEAP, at the same number of evaluations.

``python benchmarks/symbolic_regression.py`` makes a temporary environment for the two packages
(or takes ``--peers PYTHON``), and gives every system the same points, seeds and budget. A
formula counts as recovered when all training points and all held-out points are met within
1e-6 standard deviations. Systems stop when they have an exact formula, so the seconds are those
until recovery or the end of the budget; Telic's hold its start and the isolation of every
candidate, which the two packages do without.

``telic`` is Telic with its operator ``breed`` alone, ``telic-default`` with all default
operators. Each expression that is executed and scored counts as an evaluation, as each tree that
has its error computed does in the packages. Telic recognises expressions of equal meaning by
their values at points of its own, without executing them as candidates, and does not try them
again: these are not counted. Its grammar has ``**`` and comparisons beside the functions that
all share; the packages get ``**``, protected, as well.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import msgspec

from telic.budget import Budget
from telic.component import Component
from telic.engine.load import load_problem
from telic.engine.plan import Plan
from telic.engine.run import Runtime, start_run
from telic.engine.summary import summarise
from telic.engine.verify import verify_best
from telic.errors import TelicError
from telic.evaluation import ScoringFunctions, load_held_out, load_scorer
from telic.journal import Journal
from telic.scoring import Case

PACKAGES = ("gplearn", "deap")
TARGET = -1e-7
"""Score at which Telic stops: an error far below what counts as a hit."""


@dataclass(frozen=True)
class Attempt:
    """One system on one formula with one seed."""

    is_recovered: bool
    evaluations: int
    seconds: float


def peer_python(folder: Path, given: str | None) -> str | None:
    """Return an interpreter that has both packages, or ``None`` with a message."""
    if given is not None:
        return given
    python = folder / "peers" / "bin" / "python"
    steps = (
        [sys.executable, "-m", "venv", str(folder / "peers")],
        [str(python), "-m", "pip", "install", "--quiet", *PACKAGES],
    )
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            last = (done.stderr.strip() or "no reason given").splitlines()[-1]
            print(f"gplearn and DEAP are left out: they cannot be installed here ({last})")
            return None
    return str(python)


def with_telic(system: str, name: str, seed: int, evaluations: int, folder: Path) -> Attempt:
    """Run Telic, with its operator ``breed`` alone or with all default ones."""
    problem = load_problem(name)
    # Under a budget in evaluations a trial costs as much as a candidate.
    portfolio = Component("portfolio", "ucb", {"trial": 1.0})
    plan = Plan(
        seed=seed, budget=Budget(evaluations=evaluations), target=TARGET, portfolio=portfolio
    )
    if system == "telic":
        # One long search, which remembers what it tried.
        breed = Component("operator", "breed", {"trials": max(100, evaluations - 10)})
        plan = msgspec.structs.replace(plan, operators=(breed,), window=1)
    path = folder / f"{name}-{seed}.journal"
    began = time.perf_counter()
    asyncio.run(start_run(problem, plan, path, Runtime()))
    seconds = time.perf_counter() - began
    verification = asyncio.run(verify_best(path, Runtime()))
    with Journal.read(path) as journal:
        summary = summarise(journal)
    assert verification is not None
    assert summary.best is not None
    assert verification.held_out is not None
    hits = summary.best.metrics["hits"], verification.held_out.metrics.get("hits", 0.0)
    return Attempt(min(hits) == 1.0, summary.evaluations.total, seconds)


def with_peer(python: str, system: str, name: str, seed: int, evaluations: int) -> Attempt:
    """Run one of the two packages.

    Raises:
        TelicError: if it fails.
    """
    path = load_problem(name).scorer.path
    assert path is not None
    train, held_out = load_scorer(path), load_held_out(path)
    assert held_out is not None
    (case,), (other,) = train.cases, held_out.cases
    task = {
        "system": system,
        "points": case.args[0],
        "values": case.hidden,
        "held_out": other.args[0],
        "evaluations": evaluations,
        "seed": seed,
    }
    script = Path(__file__).with_name("regression_peers.py")
    done = subprocess.run(
        [python, str(script)], input=json.dumps(task), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise TelicError(f"{system} failed on {name}: {done.stderr[-500:]}")
    answer = json.loads(done.stdout)
    values = answer["predictions"]
    count = len(case.hidden)
    is_recovered = _hits(train, case, values[:count]) and _hits(held_out, other, values[count:])
    return Attempt(is_recovered, answer["evaluations"], answer["seconds"])


def _hits(functions: ScoringFunctions, case: Case, predictions: list[float]) -> bool:
    score = functions.joined([functions.score(predictions, case)], "score")  # pyright: ignore[reportArgumentType]
    return score.feasible and score.metrics["hits"] == 1.0


def main() -> None:
    """Print a table: recoveries of each formula, and totals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--evaluations", type=int, default=5_000, help="budget of each attempt")
    parser.add_argument("--seeds", type=int, default=10, help="attempts at each formula")
    parser.add_argument("--formulas", default=",".join(map(str, range(1, 13))))
    parser.add_argument("--systems", default="telic,gplearn,deap")
    parser.add_argument("--peers", help="an interpreter that has gplearn and DEAP")
    given = parser.parse_args()
    systems = given.systems.split(",")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python = peer_python(folder, given.peers) if set(systems) & {*PACKAGES} else None
        if python is None:
            systems = [system for system in systems if system.startswith("telic")]
        attempts: dict[str, list[Attempt]] = {system: [] for system in systems}
        for number in given.formulas.split(","):
            line = f"nguyen-{number:3}"
            for system in systems:
                made = [
                    with_telic(system, f"nguyen-{number}", seed, given.evaluations, folder)
                    if system.startswith("telic")
                    else with_peer(str(python), system, f"nguyen-{number}", seed, given.evaluations)
                    for seed in range(given.seeds)
                ]
                attempts[system] += made
                line += f"   {system} {sum(a.is_recovered for a in made)}/{given.seeds}"
            print(line, flush=True)
    for system, made in attempts.items():
        print(
            f"{system:13} recovered {sum(a.is_recovered for a in made)} of {len(made)}, "
            f"{sum(a.evaluations for a in made) / len(made):.0f} evaluations and "
            f"{sum(a.seconds for a in made) / len(made):.1f} s on average"
        )


if __name__ == "__main__":
    main()
