"""CPU and speed of candidates that a language model makes, against a mock model on loopback.

``python benchmarks/models.py`` prints, for a model that answers at once, CPU milliseconds per
evaluated candidate (this process and its workers, the mock excluded) early and late in a run,
and for a model that takes two seconds the share of the model-bound limit that is reached.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic

from telic.budget import Budget
from telic.component import Component
from telic.engine.evolve import evolve
from telic.engine.load import load_problem
from telic.engine.plan import Plan
from telic.journal import Journal

_SECONDS = 20.0

SERVER = """
import sys
from telic.testing import LoopbackServer
with LoopbackServer(delay=float(sys.argv[1])) as server:
    print(server.url, flush=True)
    sys.stdin.read()
"""


def cpu_seconds() -> float:
    """Return CPU time of this process and of its ended children."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(kind) for kind in kinds]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def measure(
    url: str, budget: Budget, *, problem: str, window: int, workers: int
) -> tuple[float, float, int]:
    """Make a run; return CPU seconds, wall-clock seconds and how many answers it got."""
    model = {"model": "mock", "url": url, "concurrency": window}
    plan = Plan(
        budget=budget,
        mode="unordered",
        window=window,
        operators=(Component("operator", "llm-diff", {"model": "mock"}),),
        models=(Component("model", "openai", model),),
    )
    with tempfile.TemporaryDirectory() as folder:
        began, cpu = monotonic(), cpu_seconds()
        path = Path(folder) / "run.journal"
        result = evolve(load_problem(problem), plan=plan, workers=workers, journal=path)
        seconds, cpu = monotonic() - began, cpu_seconds() - cpu
        with Journal.read(result.journal) as journal:
            answers = sum(1 for _ in journal.answers())
    return cpu, seconds, answers


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--problem", default="trivial", help="where evaluations cost little, so that overhead shows"
    )
    options.add_argument("--evaluations", type=int, default=1000)
    options.add_argument("--slow", action="store_true", help="also ask a model that takes 2 s")
    given = options.parse_args()
    few = given.evaluations // 2
    for delay in (0.0, 2.0)[: 1 + given.slow]:
        command = [sys.executable, "-c", SERVER, str(delay)]
        server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        if delay:
            for workers in (1, 2):
                _, _, got = measure(
                    url, Budget(seconds=_SECONDS), problem=given.problem, window=32, workers=workers
                )
                limit = 32 * _SECONDS / delay
                share = f"{got / limit:.0%} of the limit"
                print(f"2 s, 32 open, {workers} workers: {got} answers in {_SECONDS:g} s, {share}")
        else:
            start, _, _ = measure(
                url, Budget(evaluations=1), problem=given.problem, window=8, workers=1
            )
            half = measure(url, Budget(evaluations=few), problem=given.problem, window=8, workers=1)
            whole = measure(
                url, Budget(evaluations=2 * few), problem=given.problem, window=8, workers=1
            )
            early, late = 1000 * (half[0] - start) / few, 1000 * (whole[0] - half[0]) / few
            print(f"0 s: {early:.2f} CPU ms per evaluated candidate, later {late:.2f}")
            print(f"0 s: {2 * few / whole[1]:.0f} evaluations/s, start included")
        server.communicate()


if __name__ == "__main__":
    main()
