"""Telic beside OpenEvolve, ShinkaEvolve, GEPA and plain hill climbing, with one mock model.

``python benchmarks/peers/run.py`` makes an environment for each peer (in ``.peers/``, from PyPI;
a peer that cannot be had is skipped with a message), starts one model server on the loopback
interface that answers each request with one random change of the program in it (see policy.py),
and runs every system on the same tasks, seeds and budget with the same evaluator. A score is a
number from 0 to 1, more is better, and only the evaluator's own log counts.

Two budgets are shown: the best after so many *model calls* (what money buys; a proposal
that is a duplicate costs a call) and after so many *evaluations*. CPU is that of all processes of
a system, start-up and evaluator included, the model server not.

``telic`` is the preset ``climb``, which uses models alone, and does one thing at a time, as
hill climbing and GEPA do (OpenEvolve has two workers); ``telic-8`` is the same with eight requests
open at once, which is faster and knows less when it asks. ``hybrid`` is the preset of that name
with the strategy ``climb``, which suits few evaluations; its embedded operators cost no calls, so
it is compared by evaluations, trials inside of operators included. ``hybrid-10`` (not among the
default systems) has ten times the evaluations for about as many calls as the others.

ShinkaEvolve does 2 to 4 evaluations a second and so gets fewer calls and seeds (``--shinka``).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from environments import PEERS, prepared
from evaluator import load_task
from policy import Policy
from report import printed, tabulated
from summary import Line, read_log

from telic.testing import LoopbackServer

HERE = Path(__file__).parent
TASKS = ("circles", "symreg", "jobshop")
SYSTEMS = ("telic", "telic-8", "hybrid", "hillclimb", "gepa", "openevolve", "shinka")
_LIMIT = 900.0
"""Seconds after which a run is given up."""

_OURS: dict[str, dict[str, Any]] = {
    "telic": {"preset": "climb", "window": 1, "workers": 1},
    "telic-8": {"preset": "climb", "window": 8, "workers": 2},
    "hybrid": {"preset": "hybrid", "strategy": "climb", "window": 1, "workers": 1},
    "hybrid-10": {"preset": "hybrid", "window": 8, "workers": 2, "times": 10},
}
"""As on the command line of telic run; ``times``: by how much the budget is larger."""


class Run(NamedTuple):
    """What one run left."""

    system: str
    task: str
    seed: int
    lines: list[Line]
    calls: list[float]
    """Arrival of each model call."""
    began: float
    ended: float
    cpu: float


class Timed(Policy):
    """The policy; notes when each request arrives."""

    def __init__(self, programs: dict[str, str]) -> None:
        super().__init__(programs)
        self.calls: list[float] = []

    def __call__(self, body: Any) -> str:
        """Answer."""
        self.calls.append(time.monotonic())
        return super().__call__(body)


def measured(
    command: list[str], settings: dict[str, Any], folder: Path, policy: Timed
) -> tuple[float, float, float, list[float]]:
    """Run a system to its end; return its beginning, end, CPU seconds and its model calls."""
    file = folder / "settings.json"
    file.write_text(json.dumps(settings))
    policy.calls.clear()
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    began = time.monotonic()
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(
            [*command, str(file)], stdout=output, stderr=output, env=environment, cwd=folder
        )
        while True:
            done, status, usage = os.wait4(process.pid, os.WNOHANG)
            if done:
                break
            if time.monotonic() - began > _LIMIT:
                process.kill()
            time.sleep(0.005)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        told = (folder / "output.txt").read_text(errors="replace").strip().splitlines()[-3:]
        print(f"  ended with {process.returncode}: {' | '.join(told)}", file=sys.stderr)
    return began, time.monotonic(), usage.ru_utime + usage.ru_stime, list(policy.calls)


def one_run(
    system: str,
    task: str,
    seed: int,
    calls: int,
    python: Path,
    server: LoopbackServer,
    policy: Timed,
) -> Run:
    """Make one run in a folder of its own and return what it left."""
    name = "telic" if system in _OURS else system
    with tempfile.TemporaryDirectory(prefix="peers-") as place:
        folder = Path(place)
        settings: dict[str, Any] = {
            "task": str(HERE / "tasks" / task),
            "log": str(folder / "evaluations.log"),
            "out": str(folder / "out"),
            "url": server.url,
            "model": f"mock-{seed}-{task}-{system}",
            "seed": seed,
            "calls": calls,
        }
        settings |= _OURS.get(system, {})
        settings["evaluations"] = calls * settings.get("times", 1) + 1
        command = [str(python), str(HERE / f"drive_{name}.py")]
        began, ended, cpu, asked = measured(command, settings, folder, policy)
        log = folder / "evaluations.log"
        lines = read_log(log.read_text()) if log.is_file() else []
    server.bodies.clear()
    server.headers.clear()
    return Run(system, task, seed, lines, asked, began, ended, cpu)


def restored(file: Path) -> Run:
    """Return a run from its file."""
    run = Run(*json.loads(file.read_text()))
    return run._replace(lines=[Line(*line) for line in run.lines])


def interpreters(systems: list[str], folder: Path) -> dict[str, Path]:
    """Return an interpreter for each system that can run here."""
    found: dict[str, Path] = {}
    for system in systems:
        python = prepared(system, folder) if system in PEERS else Path(sys.executable)
        if isinstance(python, str):
            print(f"skipped {system}: {python}", file=sys.stderr)
        else:
            found[system] = python
    return found


def arguments() -> argparse.Namespace:
    """Read the command line."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--systems", default=",".join(SYSTEMS))
    options.add_argument("--tasks", default=",".join(TASKS))
    options.add_argument("--seeds", type=int, default=8)
    options.add_argument("--first-seed", type=int, default=0)
    options.add_argument("--calls", type=int, default=200, help="model calls of each run")
    options.add_argument("--shinka", default="100x2", help="CALLSxSEEDS of ShinkaEvolve")
    options.add_argument("--environments", type=Path, default=HERE.parent.parent / ".peers")
    options.add_argument("--runs", type=Path, help="folder of finished runs, to go on with them")
    options.add_argument("--quick", action="store_true", help="two seeds, 50 calls, no Shinka")
    options.add_argument("--json", action="store_true", help="print figures as JSON")
    return options.parse_args()


def main() -> None:
    """Run every system on every task with every seed, and print."""
    given = arguments()
    systems, tasks = given.systems.split(","), given.tasks.split(",")
    calls, seeds = (50, 2) if given.quick else (given.calls, given.seeds)
    if given.quick:
        systems = [system for system in systems if system != "shinka"]
    shinka_calls, shinka_seeds = map(int, given.shinka.split("x"))
    pythons = interpreters(systems, given.environments.resolve())
    policy = Timed({task: load_task(HERE / "tasks" / task).seed for task in tasks})
    runs: list[Run] = []
    with LoopbackServer(reply=policy) as server:
        for task in tasks:
            for seed in range(given.first_seed, given.first_seed + seeds):
                for system, python in pythons.items():
                    most = min(calls, shinka_calls) if system == "shinka" else calls
                    if system == "shinka" and seed >= given.first_seed + shinka_seeds:
                        continue
                    stored = given.runs and given.runs / f"{task}-{seed}-{system}-{most}.json"
                    if stored and stored.is_file():
                        runs.append(restored(stored))
                        continue
                    run = one_run(
                        system, task, seed, most, python=python, server=server, policy=policy
                    )
                    runs.append(run)
                    if stored and run.lines:
                        stored.parent.mkdir(parents=True, exist_ok=True)
                        stored.write_text(json.dumps(run))
                    seconds = run.ended - run.began
                    print(
                        f"{task} seed {seed} {system}: {len(run.lines)} evaluations, "
                        f"{len(run.calls)} calls, {seconds:.1f} s, {run.cpu:.1f} CPU s, best "
                        f"{max((x.score or 0 for x in run.lines), default=0):.4f}",
                        file=sys.stderr,
                        flush=True,
                    )
    figures = tabulated(runs, list(pythons), tasks, [k for k in (25, 50, 100, 200) if k <= calls])
    print(json.dumps(figures, indent=1) if given.json else printed(figures))


if __name__ == "__main__":
    main()
