"""Find our records on the bundled problems again, or verify those that are stored.

python scripts/records.py compute --problems thomson-32,tammes-14 --seconds 60
python scripts/records.py adopt runs/thomson-32-1.journal
python scripts/records.py verify
python scripts/records.py page

`compute` runs each problem from its seed and keeps what beats the stored record; `adopt` does so
with the best of a run that was recorded earlier; `verify` scores
every stored artifact in new processes and ends with 1 if a score differs or beats a proven bound;
`page` writes docs/records.md.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from telic.budget import Budget
from telic.engine.evolve import evolve
from telic.engine.plan import Plan
from telic.engine.remeasure import remeasure
from telic.engine.summary import summarise
from telic.errors import TelicError
from telic.journal import Journal
from telic.problem import Problem
from telic.problems import describe, load, names
from telic.problems.records import Holding, artifact, gap, holdings, is_better, keep

PAGE = Path(__file__).parents[1] / "docs" / "records.md"
INTRODUCTION = """# Records

The best artifact that Telic's free operators have found for each bundled problem, from the
problem's own seed, with no language model. `make records` verifies every stored artifact in new
processes and makes this page; `python scripts/records.py compute --problems NAME --seconds 60`
looks for better ones. The artifacts are in `src/telic/problems/records/`.

The gap is a share of the best known value, or absolute where that is 0; *proven* marks values that
nothing can beat. *Found after* says when the run had it; runs end at the best known value.
Processors were shared with other work, so that seconds say little about a free machine.
"""
NEAR, EXACT = 0.01, 1e-6
"""Gaps up to which a record counts as close to the best known value, and as equal to it."""


def compute(problem: Problem, *, seconds: float, seed: int, workers: int) -> str:
    """Run one problem, keep its best if it is a record, and say so in a line."""
    known = problem.best_known
    plan = Plan(
        seed=seed,
        budget=Budget(seconds=seconds),
        target=None if known is None else known.value,
    )
    with tempfile.TemporaryDirectory(prefix="telic-") as folder:
        path = Path(folder) / "run.journal"
        evolve(problem, plan=plan, workers=workers, journal=path)
        return adopt(path)


def adopt(path: Path) -> str:
    """Keep the best of a recorded run of a bundled problem if it is a record, and say so."""
    with Journal.read(path) as journal:
        header, best, summary = journal.header, journal.best(), summarise(journal)
        started = next((one.data for one in journal.events() if one.kind == "started"), {})
    problem = load(header.problem.name)
    if header.problem.seed != problem.seed:
        return f"{problem.name}: {path} began from another seed program"
    held = holdings().get(problem.name)
    before = None if held is None else held.score
    if best is None or summary.best is None or summary.best.score is None:
        return f"{problem.name}: nothing feasible"
    if not is_better(problem, summary.best.score, before):
        return f"{problem.name}: {summary.best.score!r}, no record"
    found = best.candidate.artifact
    again = asyncio.run(remeasure(problem, found, seed=header.seed))
    score = again.metrics.get(problem.objective.metric)
    if again.failure is not None or not again.feasible or score is None:
        return f"{problem.name}: {summary.best.score!r} was not verified: {again.failure}"
    if not is_better(problem, score, before):
        return f"{problem.name}: {score!r} when verified, no record"
    one = Holding(
        problem=problem.name,
        score=score,
        seed_score=summary.seed_score,
        seed=header.seed,
        seconds=recorded_plan_seconds(header.settings, summary.seconds),
        evaluations=summary.evaluations.total,
        found_after=round(summary.curve[-1].seconds, 1) if summary.curve else 0.0,
        workers=started.get("workers", 0),
        versions={
            "telic": header.telic,
            "python": platform.python_version(),
            "numpy": version("numpy"),
            "scipy": version("scipy"),
        },
    )
    keep(one, found.text)
    return f"{problem.name}: {score!r}, a record; gap {_short_of(problem, score)}"


def recorded_plan_seconds(settings: dict[str, Any], spent: float) -> float:
    """Return the wall-clock budget of a recorded run, or what it took without one."""
    bound = settings.get("budget", {}).get("seconds")
    return round(spent, 1) if bound is None else float(bound)


def verify(chosen: list[str]) -> list[str]:
    """Return a sentence for each stored record that does not hold."""
    wrong: list[str] = []
    for name, one in holdings().items():
        if name not in chosen:
            continue
        problem = load(name)
        evaluation = asyncio.run(remeasure(problem, artifact(problem), seed=one.seed))
        score = evaluation.metrics.get(problem.objective.metric)
        if evaluation.failure is not None or not evaluation.feasible:
            wrong.append(f"{name}: it fails now: {evaluation.failure}")
        elif problem.deterministic and score != one.score:
            wrong.append(f"{name}: recorded {one.score!r}, now {score!r}")
        elif beats_proof(problem, one.score):
            wrong.append(f"{name}: {one.score!r} beats a proven bound: the scorer is wrong")
    return wrong


def beats_proof(problem: Problem, score: float) -> bool:
    """Tell whether a score is better than a proven bound."""
    distance = gap(problem, score)
    known = problem.best_known
    return known is not None and known.proven and distance is not None and distance < 0


def page() -> str:
    """Return the table of records."""
    table = holdings()
    rows = [
        "| problem | our record | best known | gap | found after | seed |",
        "|---|---|---|---|---|---|",
    ]
    for problem in describe():
        one = table.get(problem.name)
        known = problem.best_known
        best = "" if known is None else f"{known.value:.10g}{' (proven)' if known.proven else ''}"
        if one is None:
            rows.append(f"| {problem.name} | none | {best} | | | |")
            continue
        rows.append(
            f"| {problem.name} | {one.score:.10g} | {best} "
            f"| {_short_of(problem, one.score)} | {one.found_after:g} s | {one.seed} |"
        )
    return f"{INTRODUCTION}\n{_reached()}\n" + "\n".join(rows) + "\n"


def _reached() -> str:
    """Return which problems come close to the best known value and which do not, in words."""
    table = holdings()
    groups: dict[str, list[str]] = {
        "Equal to the best known value up to 1e-6": [],
        "Within 1 % of it": [],
        "Farther away": [],
        "Without a record": [],
    }
    exact, near, far, none = groups.values()
    for problem in describe():
        if problem.best_known is None:
            continue
        one = table.get(problem.name)
        distance = None if one is None else gap(problem, one.score)
        if distance is None:
            none.append(problem.name)
        else:
            (exact if distance <= EXACT else near if distance <= NEAR else far).append(problem.name)
    return (
        "\n".join(
            f"- **{words}** ({len(names)}): {', '.join(names) or 'none'}."
            for words, names in groups.items()
        )
        + "\n"
    )


def _short_of(problem: Problem, score: float) -> str:
    """Return the gap for people: a percentage, or a difference where the best known is 0."""
    distance = gap(problem, score)
    if distance is None or problem.best_known is None:
        return ""
    if problem.best_known.value == 0:
        return f"{distance:.3g} (absolute)"
    return f"{distance:.2%}" if abs(distance) >= 1e-6 else f"{distance:.0e}"


def main() -> int:
    """Do what the command line says and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=("compute", "adopt", "verify", "page"))
    parser.add_argument("journals", nargs="*", type=Path, help="for adopt: recorded runs")
    parser.add_argument("--problems", default=",".join(names()), help="separated by commas")
    parser.add_argument("--seconds", type=float, default=60.0, help="of each run")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    chosen = given.problems.split(",")
    if given.action == "compute":
        for name in chosen:
            try:
                told = compute(
                    load(name), seconds=given.seconds, seed=given.seed, workers=given.workers
                )
            except TelicError as error:
                told = f"{name}: failed: {error}"
            sys.stdout.write(f"{told}\n")
            sys.stdout.flush()
        return 0
    if given.action == "adopt":
        sys.stdout.writelines(f"{adopt(path)}\n" for path in given.journals)
        return 0
    if given.action == "verify":
        wrong = verify(chosen)
        sys.stdout.writelines(f"{line}\n" for line in wrong)
        sys.stdout.write(f"{len(holdings())} records, {len(wrong)} do not hold\n")
        return 1 if wrong else 0
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE} written\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
