"""Lower bound over makespan, in the mean of 8 job shops of 10 jobs on 5 machines.

The candidate only ranks waiting operations; the simulation around it is frozen text. A system
that lets a candidate change frozen text is not caught here: the mutations never do.
"""

from random import Random
from typing import Any

ENTRY = "schedule"


def _instance(draw: Random) -> list[list[tuple[int, int]]]:
    jobs: list[list[tuple[int, int]]] = []
    for _ in range(10):
        machines = list(range(5))
        draw.shuffle(machines)
        jobs.append([(machine, draw.randint(1, 99)) for machine in machines])
    return jobs


_draw = Random(7)
_INSTANCES = [_instance(_draw) for _ in range(8)]
CASES = (_INSTANCES,)
DIRECTION = "Rank waiting operations of job shops so that schedules get short; 1 is the bound."


def _bound(jobs: list[list[tuple[int, int]]]) -> int:
    loads = [0] * 5
    for job in jobs:
        for machine, length in job:
            loads[machine] += length
    return max(*loads, *(sum(length for _, length in job) for job in jobs))


_BOUNDS = [_bound(jobs) for jobs in _INSTANCES]


def score(output: Any) -> float:
    spans = [float(value) for value in output]
    if len(spans) != len(_BOUNDS):
        raise ValueError("expected one makespan for each instance")
    if any(span < bound for span, bound in zip(spans, _BOUNDS, strict=True)):
        raise ValueError("a makespan is below the bound")
    return sum(bound / span for span, bound in zip(spans, _BOUNDS, strict=True)) / len(spans)
