"""Quasi-Newton ascent for a smooth objective without constraints."""

from __future__ import annotations

import numpy as np

from telic.operators._polish_probe import Floats, Point, Probe
from telic.operators._polish_slopes import Slopes

__all__ = ["climb"]

_FRACTIONS = np.array([4.0, 1.0, 0.4, 0.1, 0.02, 0.003])
"""Multiples of a step that are tried in one batch."""
_ARMIJO = 1e-4
_TOLERANCE = 1e-12
"""Promised gain, relative to the value, at which it ends."""


def climb(
    probe: Probe,
    slopes: Slopes,
    point: Point,
    *,
    units: Floats,
    radius: float,
) -> Point:
    """Return a point from which no step goes up, by BFGS (Nocedal & Wright 2006, ch. 6).

    Args:
        probe: runs trials.
        slopes: measures gradients.
        point: the start.
        units: of the literals.
        radius: length of the first step, in units.

    Raises:
        BudgetSpentError: when the trials run out.
    """
    gradient = slopes.at(point, radius)[0]
    steepest = float(np.abs(gradient).max(initial=0.0))
    if steepest == 0.0:
        return point
    inverse = np.eye(len(gradient)) * radius / steepest
    while True:
        direction = inverse @ gradient
        promised = float(gradient @ direction)
        if promised <= _TOLERANCE * max(abs(point.value), 1e-12):
            return point
        moved = probe.measure(point.vector + np.outer(_FRACTIONS, direction * units))
        values = [-np.inf if m is None or not m.feasible else m.value for m in moved]
        best = int(np.argmax(values))
        chosen = moved[best]
        if chosen is None or values[best] - point.value < _ARMIJO * _FRACTIONS[best] * promised:
            return point
        after = slopes.at(chosen, radius)[0]
        inverse = _updated(inverse, (chosen.vector - point.vector) / units, gradient - after)
        point, gradient = chosen, after


def _updated(inverse: Floats, step: Floats, change: Floats) -> Floats:
    """Return the BFGS update of the inverse Hessian of the negated objective, eq. 6.17."""
    curvature = float(step @ change)
    if curvature <= 1e-10 * float(np.linalg.norm(step) * np.linalg.norm(change)):
        return inverse
    left = np.eye(len(step)) - np.outer(step, change) / curvature
    return left @ inverse @ left.T + np.outer(step, step) / curvature
