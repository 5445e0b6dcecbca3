"""Sequential linear programming with a trust region.

At each point the objective and the constraints are replaced by their slopes, the linear
program is solved in a box, and the box grows or shrinks with how well the step kept what the
model promised. It ends at a vertex, if there is one, as fast as Newton's method; packings and
other max-min problems have one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from telic.operators._polish_probe import Floats, Point, Probe
from telic.operators._polish_slopes import Slopes
from telic.operators._polish_step import linear_step

__all__ = ["Descent", "descend"]

_FRACTIONS = np.array([1.0, 0.4, 0.1])
"""Parts of a step that are tried in one batch."""
_SMALLEST = 1e-10
_ITERATIONS = 100
_SETBACKS = 5
"""Shortened steps after which a single slope of the objective is held to be the reason."""
_TOLERANCE = 1e-11
"""Gain of merit, relative to the value, that is not worth a step."""
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
    end: Literal["optimal", "stalled", "abandoned"]
    """``stalled``: the slopes promise more than steps can keep; the optimum is no vertex."""


def descend(
    probe: Probe,
    slopes: Slopes,
    point: Point,
    *,
    units: Floats,
    radius: float,
    largest: float,
    goes_on: Callable[[int, Point], bool],
) -> Descent:
    """Follow linear programs until they promise nothing more.

    Args:
        probe: runs trials.
        slopes: measures Jacobians.
        point: the start.
        units: of the literals.
        radius: first half-width of the box, in units.
        largest: up to which it may grow.
        goes_on: asked after every accepted step, with its number from 1.

    Raises:
        BudgetSpentError: when the trials run out.
    """
    gradient = slopes.at(point, radius)
    accepted = setbacks = 0
    for _ in range(_ITERATIONS):
        step = linear_step(
            point,
            gradient,
            slopes.within_reach(point, gradient, radius),
            pieces=probe.pieces,
            radius=radius,
            weight=slopes.weight,
        )
        if step is None or step.gain <= _TOLERANCE * max(abs(point.value), 1e-12):
            return Descent(point, gradient, units, "optimal")
        moved = probe.measure(point.vector + np.outer(_FRACTIONS, step.direction * units))
        merits = [-np.inf if m is None else m.merit(slopes.weight) for m in moved]
        best = int(np.argmax(merits))
        gained, chosen = merits[best] - point.merit(slopes.weight), moved[best]
        setbacks += chosen is None or best > 0
        if setbacks > _SETBACKS and probe.pieces == 1:
            break
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
        if not goes_on(accepted, point):
            return Descent(point, gradient, units, "abandoned")
        gradient = slopes.at(point, radius)
    return Descent(point, gradient, units, "stalled")
