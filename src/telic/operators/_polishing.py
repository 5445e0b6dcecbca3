"""The routine of the ``polish`` operator: local optima by slopes, and hops between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from telic.artifact import Artifact
from telic.operators._digits import DIGITS, shortest
from telic.operators._freeze_text import FreezeError, is_frozen
from telic.operators._freezing import frozen
from telic.operators._meter import Meter, metered
from telic.operators._polish_descent import Descent
from telic.operators._polish_hops import Hopper
from telic.operators._polish_jolt import make_table
from telic.operators._polish_probe import Floats, Point, Probe
from telic.operators._polish_slopes import Slopes
from telic.operators._polish_step import linear_step
from telic.operators._slots import Slot, Slots, find_slots, literal, render, template
from telic.operators._splice import Splice, apply_splices
from telic.operators._task import Result, Task, counted, metric_text
from telic.operators._workbench import Trial, Workbench
from telic.seeding import numpy_stream

__all__ = ["polish"]

_WIDEST = 160
"""Literals that one call works on at most: a Jacobian costs up to one trial for each."""
_SLACKS = (0.0, 1e-13, 1e-11, 1e-9)
"""Tried distances from the constraints, relative to their steepest slope, so that rounded
literals stay feasible."""
_LOSS = 1e-10
"""Share of the value that shorter literals may cost."""
_SAME = 1e-8
"""Relative difference of values up to which an optimum counts as the parent."""
_FINISH = len(_SLACKS) + 1
"""Alternatives in the final batch."""
_FEW = 1_000
"""Trials below which few numbers of digits are tried at the end."""
_TURN, _TURN_EACH = 400, 4
"""Trials after which a turn ends where slopes of many rows are followed, and those for each
literal: a descent takes few steps there, and a next turn may have a better parent. One from an
optimum does not end there, for a chain of hops gets somewhere only if it is long."""
_FEW_DIGITS = (4, 8, 11, 13)
_LEAST = 1.2
"""Trials for each literal that it takes to get anywhere: one for its slope, and some for steps."""


def polish(arguments: Mapping[str, Any], bench: Workbench) -> dict[str, Any]:
    """Polish literals of a program; takes a :class:`Task`, gives a :class:`Result`."""
    return msgspec.to_builtins(_polish(msgspec.convert(arguments, Task), bench))


def _polish(task: Task, bench: Workbench) -> Result:
    rng = numpy_stream(task.seed, "polish", task.index)
    artifact, prefix = _with_literals(task, bench)
    artifact, checks = _with_floats(artifact, task, bench)
    found = find_slots(artifact.text, file=artifact.name)
    chosen = _choose_slots(found, rng)
    if not chosen:
        return Result(None, "there is no literal to polish", checks)
    slots = [found.slots[i] for i in chosen]
    program = artifact.with_text(template(found, chosen))
    with metered(bench, program, task.seeds) as meter:
        digits = _FEW_DIGITS if task.trials < _FEW else DIGITS
        probe = Probe(meter, task.trials - checks - _finishing(digits))
        if probe.left < _LEAST * len(slots):
            return Result(None, "there are too few trials to polish", checks)
        start = probe.measure(np.array([[slot.value for slot in slots]]))[0]
        if start is None:
            return Result(None, "the program gives nothing to measure", meter.spent + checks)
        if len(start.rows) > 1:
            digits = _FEW_DIGITS
            probe.confine(max(_TURN, _TURN_EACH * len(slots)) - checks - _finishing(digits))
        hopper = Hopper(
            probe,
            Slopes(probe, _units(slots), rng),
            _units(slots),
            [make_table(rows) for rows in _local_tables(found, chosen)],
            rng,
        )
        hopper.run(start)
        best = _finish(meter, hopper, start, slots, digits)
        spent = meter.spent + checks
    if best is None:
        return Result(None, f"polishing {counted(slots)} gave nothing better", spent)
    values = list(found.values)
    for index, value in zip(chosen, best[0], strict=True):
        values[index] = value
    objective = bench.problem.objective
    before = metric_text(start.value, objective) if start.feasible else "infeasible"
    after = metric_text(best[1].value, objective)
    note = f"polished {counted(slots)}: {before} -> {after} in {spent} trials"
    hops = f", {len(hopper.found)} optima" if len(hopper.found) > 1 else ""
    return Result(render(found, values), f"{prefix}{note}{hops}", spent)


def _finishing(digits: Sequence[int]) -> int:
    """Return the trials of the final batch."""
    return _FINISH * (len(digits) + 1)


def _with_literals(task: Task, bench: Workbench) -> tuple[Artifact, str]:
    """Return the program, frozen if it computes its only output, and words for the note."""
    try:
        return frozen(task.artifact, bench, task.seeds[0]), "froze the output, "
    except FreezeError:
        return task.artifact, ""


def _with_floats(artifact: Artifact, task: Task, bench: Workbench) -> tuple[Artifact, int]:
    """Return the program with floats for the integers in the literal that it returns.

    A coordinate that happens to be whole would stay where it is otherwise. Where the scorer
    wants integers the program is returned as it is. The second number is trials spent.
    """
    if not is_frozen(artifact.text, bench.problem.entry):
        return artifact, 0
    found = find_slots(artifact.text, file=artifact.name)
    listed = {index for table in found.tables for row in table for index in row}
    whole = [s for i, s in enumerate(found.slots) if i in listed and s.is_integer]
    if not whole:
        return artifact, 0
    splices = [Splice(s.start, s.end, literal(float(s.value))) for s in whole]
    loose = artifact.with_text(apply_splices(artifact.text, splices))
    with metered(bench, loose, task.seeds[:1]) as meter:
        trial = meter.evaluate([()])[0]
    is_measured = trial.failure is None and trial.value is not None
    return (loose if is_measured else artifact), 1


def _choose_slots(found: Slots, rng: np.random.Generator) -> list[int]:
    """Return the floats to work on: all, or a run of neighbours if there are too many."""
    floats = [index for index, slot in enumerate(found.slots) if not slot.is_integer]
    start = int(rng.integers(max(1, len(floats) - _WIDEST + 1)))
    return floats[start : start + _WIDEST]


def _units(slots: Sequence[Slot]) -> Floats:
    return np.array([s.domain.unit * (abs(s.value) if s.domain.is_log else 1.0) for s in slots])


def _local_tables(found: Slots, chosen: Sequence[int]) -> list[list[list[int]]]:
    """Return the tables as positions in the vector; rows that are not whole are left out."""
    place = {index: position for position, index in enumerate(chosen)}
    tables = [
        [[place[i] for i in row] for row in table if all(i in place for i in row)]
        for table in found.tables
    ]
    return [table for table in tables if len(table) > 1]


def _finish(
    meter: Meter, hopper: Hopper, start: Point, slots: Sequence[Slot], digits: Sequence[int]
) -> tuple[tuple[float, ...], Trial] | None:
    """Return the best result other than the start, feasible and with short literals."""
    weight = hopper.slopes.weight
    same = _SAME * abs(start.value)
    others = [d for d in hopper.found if abs(d.point.value - start.value) > same]
    options: list[Floats] = []
    if others:
        top = max(others, key=lambda descent: descent.point.merit(weight))
        options += _pulled_inside(hopper, top)
    seen = hopper.probe.best
    if seen is not None and seen.value > start.value + same:
        options.append(seen.vector)
    if not options:
        return None
    vectors = [tuple(vector.tolist()) for vector in options]
    loss = _LOSS * abs(others[0].point.value if others else start.value)
    return shortest(meter, slots, vectors, loss=loss, counts=digits)


def _pulled_inside(hopper: Hopper, descent: Descent) -> list[Floats]:
    """Return points next to an optimum that keep several distances from the constraints."""
    point, pieces = descent.point, hopper.probe.pieces
    if len(point.rows) == pieces:
        return [point.vector]
    steepest = float(np.abs(descent.slopes[pieces:]).sum(axis=1).max())
    options: list[Floats] = []
    for slack in _SLACKS:
        radius = 100.0 * slack + 10.0 * point.violation + 1e-13
        step = linear_step(
            point,
            descent.slopes,
            hopper.slopes.within_reach(point, descent.slopes, 2.0 * radius),
            pieces=pieces,
            radius=radius,
            weight=100.0 * hopper.slopes.weight,
            slack=slack * steepest,
        )
        if step is not None:
            options.append(point.vector + step.direction * descent.units)
    return options
