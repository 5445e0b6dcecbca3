"""Length of a job-shop schedule over a lower bound; the schedule is rebuilt here."""

from random import Random
from typing import Any

from telic.exact import int_list
from telic.scoring import Case, Score, infeasible
from telic.seeding import stream

JOBS = 20
MACHINES = 10

Jobs = list[list[list[int]]]


def draw_jobs(rng: Random) -> Jobs:
    """Return jobs that visit every machine once, in random order, for 1 to 99 time units."""
    return [
        [[machine, rng.randint(1, 99)] for machine in rng.sample(range(MACHINES), MACHINES)]
        for _ in range(JOBS)
    ]


def lower_bound(jobs: Jobs) -> int:
    """Return the longest job, or machine with what must come before and after it."""
    longest = max(sum(duration for _, duration in job) for job in jobs)
    for machine in range(MACHINES):
        load, heads, tails = 0, [], []
        for job in jobs:
            place = [at for at, _ in job].index(machine)
            load += job[place][1]
            heads.append(sum(duration for _, duration in job[:place]))
            tails.append(sum(duration for _, duration in job[place + 1 :]))
        longest = max(longest, min(heads) + load + min(tails))
    return longest


def instance(name: str, index: int) -> Case:
    jobs = draw_jobs(stream(0, "job-shop", name, index))
    return Case(args=(jobs,), hidden=(jobs, lower_bound(jobs)), name=f"{name} {index}")


def cases() -> list[Case]:
    return [instance("train", index) for index in range(4)]


def held_out_cases() -> list[Case]:
    return [instance("held out", index) for index in range(8)]


def score(output: Any, case: Case) -> Score:
    jobs, bound = case.hidden
    try:
        order = int_list(output, low=0, high=JOBS - 1, length=JOBS * MACHINES)
    except ValueError as error:
        return infeasible(str(error))
    if any(order.count(number) != MACHINES for number in range(JOBS)):
        return infeasible(f"each job must be listed {MACHINES} times")
    end = makespan(jobs, order)
    return Score(metrics={"score": 100.0 * (end / bound - 1.0), "makespan": float(end)})


def makespan(jobs: Jobs, order: list[int]) -> int:
    """Start the operations in the given order, each as early as possible."""
    position = [0] * JOBS
    job_free = [0] * JOBS
    machine_free = [0] * MACHINES
    for number in order:
        machine, duration = jobs[number][position[number]]
        position[number] += 1
        end = max(job_free[number], machine_free[machine]) + duration
        job_free[number] = machine_free[machine] = end
    return max(job_free)
