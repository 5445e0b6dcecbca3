"""Sequential quadratic programming, for optima that curvature holds rather than a vertex."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
from scipy.optimize import minimize

from telic.operators._polish_probe import Floats, Point, Probe
from telic.operators._polish_slopes import Slopes

__all__ = ["follow_curve"]

_ITERATIONS = 100
_REACH = 0.3
"""Constraints farther away than this many units of every literal are left out."""


class _LostError(Exception):
    """A vector could not be measured."""


def follow_curve(probe: Probe, slopes: Slopes, point: Point, *, units: Floats) -> Point:
    """Return the best point of a run of SLSQP (Kraft 1988), at least as good as ``point``.

    Args:
        probe: runs trials.
        slopes: measures Jacobians.
        point: the start, with an objective of one piece.
        units: of the literals.

    Raises:
        BudgetSpentError: when the trials run out.
    """
    gradient = slopes.at(point, _REACH)
    near = np.flatnonzero(slopes.within_reach(point, gradient, _REACH))[1:]
    path = _Path(probe, slopes, point, units)
    scale = 1.0 / max(float(np.abs(gradient[0]).max()), 1e-300)

    def cost(z: Floats) -> float:
        return -scale * path.point(z).value

    def cost_slopes(z: Floats) -> Floats:
        return -scale * path.slopes(z)[0]

    def slacks(z: Floats) -> Floats:
        return path.point(z).rows[near]

    def slack_slopes(z: Floats) -> Floats:
        return path.slopes(z)[near]

    with suppress(_LostError):
        minimize(
            cost,
            np.zeros(len(units)),
            jac=cost_slopes,
            constraints=[{"type": "ineq", "fun": slacks, "jac": slack_slopes}],
            method="SLSQP",
            options={"maxiter": _ITERATIONS, "ftol": 1e-14},
        )
    return path.best


class _Path:
    """Measures what SLSQP asks for, each vector once, and keeps the best."""

    def __init__(self, probe: Probe, slopes: Slopes, start: Point, units: Floats) -> None:
        self.best = start
        self._probe = probe
        self._slopes = slopes
        self._start = start
        self._units = units
        self._point = start
        self._gradient: tuple[Point, Floats] | None = None

    def point(self, z: Floats) -> Point:
        """Return the point at ``z`` units from the start."""
        vector = self._start.vector + z * self._units
        if not np.array_equal(vector, self._point.vector):
            measured = self._probe.measure(vector[None, :])[0]
            if measured is None:
                raise _LostError
            self._point = measured
            weight = self._slopes.weight
            if measured.merit(weight) > self.best.merit(weight):
                self.best = measured
        return self._point

    def slopes(self, z: Floats) -> Floats:
        """Return the slopes there."""
        point = self.point(z)
        if self._gradient is None or self._gradient[0] is not point:
            self._gradient = point, self._slopes.at(point, _REACH)
        return self._gradient[1]
