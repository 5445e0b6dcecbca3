"""Sequential linear programming with a trust region.

At each point the objective and the constraints are replaced by their slopes, the linear
program is solved in a box, and the box grows or shrinks with how well the step kept what the
model promised. It ends at a vertex, if there is one, as fast as Newton's method; packings and
other max-min problems have one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from telic.operators._polish_probe import BudgetSpentError, Floats, Point, Probe
from telic.operators._polish_slopes import Slopes
from telic.operators._polish_step import Step, linear_step

__all__ = ["Descent", "descend"]

_FRACTIONS = np.array([1.0, 0.4, 0.1])
"""Parts of a step that are tried in one batch."""
_SMALLEST = 1e-10
_ITERATIONS = 100
_SETBACKS = 5
"""Shortened steps after which a single slope of the objective is held to be the reason."""
_BENT = 3
"""Shortened steps of a first descent after which it is no longer confined: curved problems take
many steps, and what was learnt about them would be lost with the turn."""
_TOLERANCE = 1e-11
"""Gain of merit, relative to the value, that is not worth a step."""
_JUDGED = 2
"""Accepted steps after which a descent may be given up."""
_HOPE = 2.0
"""What a descent may still gain, in gains that the next step promises."""
_SHARE = 0.02
"""Share of the promised gain that a step must keep."""


@dataclass(frozen=True, slots=True)
class Descent:
    """Where it ended, and why."""

    point: Point
    slopes: Floats
    """At the point, per unit."""
    units: Floats
    """Of the literals."""
    end: Literal["optimal", "stalled", "abandoned", "unfinished"]
    """``stalled``: the slopes promise more than steps can keep; the optimum is no vertex.
    ``unfinished``: the trials ran out; the slopes may be those of the step before."""


def descend(
    probe: Probe,
    slopes: Slopes,
    point: Point,
    *,
    units: Floats,
    radius: float,
    largest: float,
    floor: float,
) -> Descent:
    """Follow linear programs until they promise nothing more.

    Args:
        probe: runs trials.
        slopes: measures Jacobians.
        point: the start.
        units: of the literals.
        radius: first half-width of the box, in units.
        largest: up to which it may grow.
        floor: merit that the optimum must reach to be of use; a descent that will hardly get
            there is abandoned.

    Raises:
        BudgetSpentError: when the trials run out before the first step.
    """
    gradient = slopes.at(point, radius)
    narrow = radius
    accepted = setbacks = 0
    for _ in range(_ITERATIONS):
        step = _promised(probe, slopes, point, gradient, radius)
        if step is None:
            return Descent(point, gradient, units, "optimal")
        hope = point.merit(slopes.weight) + _HOPE * step.gain
        if accepted >= _JUDGED and radius >= narrow and hope < floor:
            return Descent(point, gradient, units, "abandoned")
        try:
            best, chosen, gained = _moved(probe, point, step.direction * units, slopes.weight)
        except BudgetSpentError:
            return Descent(point, gradient, units, "unfinished")
        setbacks += chosen is None or best > 0
        if probe.pieces == 1 and setbacks > _SETBACKS:
            break
        if probe.pieces == 1 and setbacks == _BENT and floor == -math.inf:
            probe.release()
        if chosen is None or gained <= _SHARE * _FRACTIONS[best] * step.gain:
            radius = min(radius, float(np.abs(step.direction).max())) * _FRACTIONS[-1] / 2
            if radius < _SMALLEST:
                break
            continue
        point = chosen
        accepted += 1
        if best > 0:
            radius *= 1.5 * _FRACTIONS[best]
        elif gained > 0.6 * step.gain:
            radius = min(2.0 * radius, largest)
        try:
            gradient = slopes.at(point, radius)
        except BudgetSpentError:
            return Descent(point, gradient, units, "unfinished")
    return Descent(point, gradient, units, "stalled")


def _promised(
    probe: Probe, slopes: Slopes, point: Point, gradient: Floats, radius: float
) -> Step | None:
    """Return the step of the linear program, or ``None`` if it promises nothing to speak of."""
    step = linear_step(
        point,
        gradient,
        slopes.within_reach(point, gradient, radius),
        pieces=probe.pieces,
        radius=radius,
        weight=slopes.weight,
    )
    if step is None or step.gain <= _TOLERANCE * max(abs(point.value), 1e-12):
        return None
    return step


def _moved(
    probe: Probe, point: Point, direction: Floats, weight: float
) -> tuple[int, Point | None, float]:
    """Try parts of a step at once; return which was best, where it led, and its gain of merit."""
    tried = probe.measure(point.vector + np.outer(_FRACTIONS, direction))
    merits = [-np.inf if each is None else each.merit(weight) for each in tried]
    best = int(np.argmax(merits))
    return best, tried[best], merits[best] - point.merit(weight)
