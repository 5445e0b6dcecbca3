"""Scored evaluations per second inside the ``numeric`` operator: ``python benchmarks/numeric.py``.

Calls of the operator run in worker processes, as in a run; each trial executes the program in
the sandbox and is scored outside. CPU seconds count workers and sandboxes together, so that
trials per CPU second times the number of processors bound what a quiet machine sustains.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import time
from dataclasses import dataclass

import msgspec

from telic.artifact import Artifact
from telic.engine.load import load_problem
from telic.engine.run import Runtime, worker_plan
from telic.evaluation import Pool, ScoringFunctions
from telic.operators._task import Result, Task
from telic.problem import Problem
from telic.scoring import Case
from telic.seeding import evaluation_seeds

TRIVIAL = """
def solve():
    a = 0.5
    b = 0.25
    return (a - 0.3) ** 2 + (b - 0.1) ** 2
"""


@dataclass(frozen=True)
class Rate:
    """Trials and what they took."""

    name: str
    bar: int
    trials: int
    seconds: float
    cpu_seconds: float

    def __str__(self) -> str:
        return (
            f"{self.name:20} {self.trials / self.seconds:8.0f} /s wall   "
            f"{self.trials / self.cpu_seconds:8.0f} /CPU-s   "
            f"({self.trials} trials, {self.seconds:.1f} s; bar {self.bar} /s)"
        )


def cpu_seconds() -> float:
    """Return the CPU time of ended children so far."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


async def work(problem: Problem, runtime: Runtime, artifact: Artifact, calls: int) -> int:
    """Make calls of the routine, as many at a time as there are workers; return the trials."""
    workers = os.cpu_count() or 1
    async with Pool(worker_plan(problem, runtime), workers=workers, deadline=60.0) as pool:
        numbers = iter(range(calls))
        total = 0

        async def lane() -> None:
            nonlocal total
            for index in numbers:
                task = Task(artifact, 0, index, 20_000, tuple(evaluation_seeds(0, None, 0, 1)))
                answer = await pool.run("telic.operators._tuning:tune", msgspec.to_builtins(task))
                total += msgspec.convert(answer, Result).trials

        await asyncio.gather(*(lane() for _ in range(workers)))
        return total


def rate(
    name: str, bar: int, problem: Problem, runtime: Runtime, artifact: Artifact, calls: int
) -> Rate:
    """Measure; starting and ending the workers is taken off by a run without calls."""
    spent: list[tuple[int, float, float]] = []
    for count in (0, calls):
        cpu, began = cpu_seconds(), time.perf_counter()
        trials = asyncio.run(work(problem, runtime, artifact, count))
        spent.append((trials, time.perf_counter() - began, cpu_seconds() - cpu))
    (_, idle, idle_cpu), (trials, seconds, cpu) = spent
    return Rate(name, bar, trials, seconds - idle, cpu - idle_cpu)


def main() -> None:
    """Print both rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the calls")
    factor = 1 if parser.parse_args().quick else 10
    trivial = Problem(name="trivial", seed=Artifact.of(TRIVIAL), entry="solve")
    functions = ScoringFunctions((Case(),), lambda output, _case: -float(output))
    print(rate("trivial", 5000, trivial, Runtime(functions=functions), trivial.seed, 20 * factor))
    circles = load_problem("circle-packing-26")
    points = [[0.1 + 0.16 * (i % 6), 0.1 + 0.16 * (i // 6), 0.05] for i in range(26)]
    frozen = Artifact.of(f"def pack():\n    return {points!r}\n")
    print(rate("circle-packing-26", 1500, circles, Runtime(), frozen, 6 * factor))


if __name__ == "__main__":
    main()
