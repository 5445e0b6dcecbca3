"""The routine of the ``numeric`` operator: tunes literals beside the sandbox."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from telic.artifact import Artifact
from telic.operators._digits import DIGITS, shortest
from telic.operators._meter import Meter, metered
from telic.operators._slots import Slot, Slots, find_slots, render, template
from telic.operators._task import Result, Task, counted, metric_text
from telic.operators._tuning_search import FULL_COVARIANCE, search
from telic.operators._tuning_steps import step_search
from telic.operators._workbench import Key, Trial, Workbench, sort_key
from telic.seeding import evaluation_seeds, numpy_stream

__all__ = ["choose_slots", "tune"]

_STEPS = (0.05, 0.5)
"""Smallest and largest first step, in units of the slots; drawn between them."""
_LOSS = 1e-5
"""Share of the gain that shorter literals may cost."""
_CONFIRMATIONS = 8
"""Fresh random seeds with which a noisy gain is checked."""
_FEW = 300
"""Trials below which single steps pay more than a model of all literals together."""
_FEW_CONFIRMATIONS = 2
_ENOUGH_STEPS = 7
"""Single steps for each literal, and as many once, after which fresh step lengths pay more."""
_SHORT_STEPS = (0.25, 0.7)
"""Likewise, of the first step then."""


def tune(arguments: Mapping[str, Any], bench: Workbench) -> dict[str, Any]:
    """Tune literals of a program; takes a :class:`Task`, gives a :class:`Result`."""
    return msgspec.to_builtins(_tune(msgspec.convert(arguments, Task), bench))


def choose_slots(found: Slots, rng: np.random.Generator) -> list[int]:
    """Return the indices of the slots to tune in one call, ascending.

    All of them, or a random few, in half of the cases neighbours: few are tuned better
    with few trials, and repeated calls choose differently.
    """
    count = len(found)
    use_all = rng.random() < (0.6 if count <= FULL_COVARIANCE else 0.3)
    if use_all or count == 1:
        return list(range(count))
    size = int(math.exp(rng.uniform(0.0, math.log(min(count, FULL_COVARIANCE) + 1))))
    if rng.random() < 0.5:
        start = int(rng.integers(count - size + 1))
        return list(range(start, start + size))
    return sorted(int(i) for i in rng.choice(count, size, replace=False))


def _tune(task: Task, bench: Workbench) -> Result:
    found = find_slots(task.artifact.text, file=task.artifact.name)
    if not found.slots:
        return Result(None, "there is no literal to tune")
    rng = numpy_stream(task.seed, "numeric", task.index)
    is_short = task.trials < _FEW
    chosen = list(range(len(found))) if is_short else choose_slots(found, rng)
    slots = [found.slots[i] for i in chosen]
    program = task.artifact.with_text(template(found, chosen))
    start = tuple(slot.value for slot in slots)
    repeats = len(task.seeds)
    most = _FEW_CONFIRMATIONS if is_short else _CONFIRMATIONS
    confirmations = most if repeats > 1 else 0
    with metered(bench, program, task.seeds) as meter:
        before = meter.evaluate([start])[0]
        room = (task.trials - 2 * confirmations) // repeats - 1
        best = _searched(meter, slots, before, rng, room, is_short=is_short)
        if best is None or best[1] >= sort_key(before):
            return Result(None, f"tuning {counted(slots)} gave nothing better", meter.spent)
        vector, value = best[0], None if best[1][0] > 0 else -best[1][1]
        if not is_short:
            vector, value = _shortened(meter, slots, best, sort_key(before))
        spent = meter.spent + 2 * confirmations
    if confirmations and not _is_confirmed(task, bench, program, (start, vector), confirmations):
        return Result(None, f"tuning {counted(slots)} gained noise only", spent)
    values = list(found.values)
    for index, number in zip(chosen, vector, strict=True):
        values[index] = number
    objective = bench.problem.objective
    gained = metric_text(before.value if before.feasible else None, objective)
    gained += f" -> {metric_text(value, objective)}"
    note = f"tuned {counted(slots)}: {gained} in {spent} trials"
    return Result(render(found, values), note, spent)


def _searched(
    meter: Meter,
    slots: Sequence[Slot],
    before: Trial,
    rng: np.random.Generator,
    room: int,
    *,
    is_short: bool,
) -> tuple[tuple[float, ...], Key] | None:
    """Return the best of so many vectors, and its key."""

    def measure(vectors: list[tuple[float, ...]]) -> list[Key]:
        return [sort_key(trial) for trial in meter.evaluate(vectors)]

    low, high = _SHORT_STEPS if is_short else _STEPS
    sigma = math.exp(rng.uniform(math.log(low), math.log(high)))
    if is_short:
        most = min(room, _ENOUGH_STEPS * (1 + len(slots)))
        start = sort_key(before)
        return step_search(slots, measure, start, rng=rng, vectors=most, sigma=sigma)
    most = min(room - len(DIGITS) - 1, _enough(len(slots)))
    return search(slots, measure, rng=rng, vectors=most, sigma=sigma)


def _enough(dimensions: int) -> int:
    """Return after how many vectors going on from a better parent pays more."""
    return 80 + 40 * dimensions


def _shortened(
    meter: Meter, slots: Sequence[Slot], found: tuple[tuple[float, ...], Key], before: Key
) -> tuple[tuple[float, ...], float | None]:
    """Return a vector of fewer digits that keeps nearly all of the gain, and its value."""
    vector, after = found
    if after[0] > 0:
        return vector, None  # nearer to feasible than before, which rounding might undo
    gain = before[1] - after[1] if before[0] == 0 else 0.0
    shorter = shortest(meter, slots, [vector], loss=_LOSS * gain)
    return (vector, -after[1]) if shorter is None else (shorter[0], shorter[1].value)


def _is_confirmed(
    task: Task,
    bench: Workbench,
    program: Artifact,
    vectors: tuple[tuple[float, ...], tuple[float, ...]],
    confirmations: int,
) -> bool:
    """Tell whether the second vector beats the first one under so many fresh random seeds."""
    seeds = evaluation_seeds(task.seed, task.index, len(task.seeds), confirmations)
    with metered(bench, program, seeds) as meter:
        before, after = meter.evaluate(vectors)
    return sort_key(after) < sort_key(before)
