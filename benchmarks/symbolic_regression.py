"""Exact recovery of Nguyen's formulas beside gplearn and DEAP, at the same number of evaluations.

``python benchmarks/symbolic_regression.py`` makes a temporary environment for the two packages
(or takes ``--peers PYTHON``), and gives every system the same points, seeds and budget. A
formula counts as recovered when all training points and all held-out points are met within
1e-6 standard deviations. Systems stop when they have an exact formula.

Each attempt is a process of its own. *Seconds* are those of the search until recovery or the end
of the budget, with all libraries imported before; Telic's hold the start of its worker and its
sandbox, the seed's evaluation, the journal on disk, and a last evaluation of the best in the
sandbox, which the packages do without. *Whole* is from the start of the process to its end,
imports included. *CPU* is the processor time of the whole process and all below it.

``telic`` is Telic with its operator ``breed`` alone, ``telic-default`` with all default
operators. Each expression that is scored counts as an evaluation, as each tree that has its
error computed does in the packages. Expressions that are undefined at a point, or whose values
at all points are those of an earlier one, are recognised before they are scored: Telic neither
tries nor counts them, whereas the packages count such trees. Where a program only hands on what
an expression gives, as these do, Telic computes the expression beside the sandbox, part by part,
and executes the program for each new best alone. Its grammar has ``**`` and comparisons beside
the functions that all share; the packages get ``**``, protected, as well.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from telic.engine.load import load_problem
from telic.engine.run import Runtime
from telic.engine.summary import summarise
from telic.engine.verify import verify_best
from telic.errors import TelicError
from telic.evaluation import ScoringFunctions, load_held_out, load_scorer
from telic.journal import Journal
from telic.scoring import Case

PACKAGES = ("gplearn", "deap")


@dataclass(frozen=True)
class Costs:
    """What an attempt took, in seconds."""

    search: float
    whole: float
    """Process start, imports and exit included."""
    cpu: float


@dataclass(frozen=True)
class Attempt:
    """One system on one formula with one seed."""

    is_recovered: bool
    evaluations: int
    costs: Costs


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


def attempt(python: str, script: str, task: dict[str, Any]) -> tuple[dict[str, Any], Costs]:
    """Let a script work on a task in a process of its own; return its answer and the costs.

    Raises:
        TelicError: if it fails.
    """
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [python, str(Path(__file__).with_name(script))],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        check=False,
    )
    whole = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise TelicError(f"{task['system']} failed: {done.stderr[-500:]}")
    answer = json.loads(done.stdout)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return answer, Costs(answer["seconds"], whole, cpu)


def with_telic(system: str, name: str, seed: int, evaluations: int, folder: Path) -> Attempt:
    """Run Telic, with its operator ``breed`` alone or with all default ones."""
    path = folder / f"{system}-{name}-{seed}.journal"
    task = {
        "system": system,
        "name": name,
        "seed": seed,
        "evaluations": evaluations,
        "journal": str(path),
    }
    _, costs = attempt(sys.executable, "regression_telic.py", task)
    verification = asyncio.run(verify_best(path, Runtime()))
    with Journal.read(path) as journal:
        summary = summarise(journal)
    assert verification is not None
    assert summary.best is not None
    assert verification.held_out is not None
    hits = summary.best.metrics["hits"], verification.held_out.metrics.get("hits", 0.0)
    return Attempt(min(hits) == 1.0, summary.evaluations.total, costs)


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
    answer, costs = attempt(python, "regression_peers.py", task)
    values = answer["predictions"]
    count = len(case.hidden)
    is_recovered = _hits(train, case, values[:count]) and _hits(held_out, other, values[count:])
    return Attempt(is_recovered, answer["evaluations"], costs)


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
            recovered = dict.fromkeys(systems, 0)
            # Seed by seed, so that all systems meet the same moments of the machine.
            for seed in range(given.seeds):
                for system in systems:
                    task = (system, f"nguyen-{number}", seed, given.evaluations)
                    is_ours = system.startswith("telic")
                    made = with_telic(*task, folder) if is_ours else with_peer(str(python), *task)
                    attempts[system].append(made)
                    recovered[system] += made.is_recovered
            line += "".join(f"   {name} {hits}/{given.seeds}" for name, hits in recovered.items())
            print(line, flush=True)
    for system, made in attempts.items():
        print(
            f"{system:13} recovered {sum(a.is_recovered for a in made)} of {len(made)}, "
            f"{mean([a.evaluations for a in made]):.0f} evaluations on average, "
            f"{mean([a.costs.search for a in made]):.2f} s, "
            f"whole {mean([a.costs.whole for a in made]):.2f} s, "
            f"CPU {mean([a.costs.cpu for a in made]):.2f} s"
        )


if __name__ == "__main__":
    main()
