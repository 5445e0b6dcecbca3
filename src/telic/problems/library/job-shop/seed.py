"""Schedule jobs on machines by a dispatching rule."""

# EVOLVE-BLOCK-START


def priority(start, duration, work_left, operations_left):
    """Return the urgency of a job's next operation; the lowest goes first.

    Args:
        start: the earliest time at which it could start.
        duration: how long it takes.
        work_left: total duration of the job's operations from this one on.
        operations_left: how many they are.
    """
    return start + duration


def schedule(jobs):
    """Return job numbers in the order in which their operations are started."""
    position = [0] * len(jobs)
    job_free = [0] * len(jobs)
    machine_free = {}
    order = []
    for _ in range(sum(len(job) for job in jobs)):
        best = None
        for number, job in enumerate(jobs):
            if position[number] == len(job):
                continue
            machine, duration = job[position[number]]
            start = max(job_free[number], machine_free.get(machine, 0))
            rest = job[position[number] :]
            work_left = sum(length for _, length in rest)
            urgency = priority(start, duration, work_left, len(rest))
            if best is None or urgency < best[0]:
                best = (urgency, number, machine, start + duration)
        _, number, machine, end = best
        position[number] += 1
        job_free[number] = machine_free[machine] = end
        order.append(number)
    return order


# EVOLVE-BLOCK-END
