"""Damped Newton descent on a :class:`~telic.values._design.Design`."""

from __future__ import annotations

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve, cholesky

from telic.errors import MeasurementError
from telic.values._arrays import Floats
from telic.values._design import Design

__all__ = ["anchored_factor", "covariance", "minimise", "refit"]

_ITERATIONS = 200
_LONGEST_STEP = 8.0  # in any parameter: far enough for a probability to go from ½ to 1
_LEAST_DAMPING = 1e-3
_LEAST_INFORMATION = 1e-11  # as a share; below it rounding decides
_REFIT_DECREMENT = 1e-5  # the same before a last step; resampling noise is of size p
_DECREMENT = 1e-12  # squared length of the last step, in posterior standard deviations


def minimise(design: Design, weights: Floats, start: Floats) -> tuple[Floats, int]:
    """Return the parameters of least loss and the iterations that took.

    Where the loss is not convex (rater skill, item spreads) the Hessian is damped until it
    is positive definite, so the result is a local optimum.

    Raises:
        MeasurementError: if the descent does not converge.
    """
    theta, damping = start.copy(), 0.0
    loss, gradient = design.loss(theta, weights)
    for iteration in range(1, _ITERATIONS + 1):
        hessian = _anchored(design, design.hessian(theta, weights))
        step, damping = _damped_step(hessian, gradient, damping)
        step = _centred(design, theta + step) - theta
        decrement = float(-gradient @ step)
        if decrement < _DECREMENT and damping <= _LEAST_DAMPING:
            return theta + step, iteration
        scale = 1.0
        trial, slope = design.loss(theta + step, weights)
        while not trial <= loss - 1e-4 * scale * decrement + _slack(loss) and scale > 1e-10:
            scale *= 0.5
            trial, slope = design.loss(theta + scale * step, weights)
        theta, loss, gradient = theta + scale * step, trial, slope
        damping = 0.0 if scale == 1.0 else damping
    raise _not_converged()


def refit(design: Design, weights: Floats, start: Floats, factor: Floats) -> Floats:
    """Return the parameters of least loss near ``start``, cheaply.

    Quasi-Newton steps (BFGS) that begin with the Hessian at ``start``: under similar weights
    it is nearly right, so a few evaluations suffice.

    Args:
        design: rows and maps.
        weights: (m,) multiples of the rows.
        start: (p,) optimum under similar weights.
        factor: (p, p) lower Cholesky factor of the anchored Hessian there.

    Raises:
        MeasurementError: if the descent does not converge.
    """
    theta = start.copy()
    loss, gradient = design.loss(theta, weights)
    history: list[tuple[Floats, Floats]] = []
    for _ in range(_ITERATIONS):
        step = -_bfgs_product(gradient, history, factor)
        decrement = float(-gradient @ step)
        if decrement < _REFIT_DECREMENT:
            return theta + step
        scale = 1.0
        trial, slope = design.loss(theta + step, weights)
        while not trial <= loss - 1e-4 * scale * decrement + _slack(loss) and scale > 1e-10:
            scale *= 0.5
            trial, slope = design.loss(theta + scale * step, weights)
        if scale * step @ (slope - gradient) > 0:
            history.append((scale * step, slope - gradient))
        theta, loss, gradient = theta + scale * step, trial, slope
    raise _not_converged()


def _bfgs_product(gradient: Floats, history: list[tuple[Floats, Floats]], factor: Floats) -> Floats:
    """Multiply by the inverse BFGS Hessian (J. Nocedal and S. Wright, algorithm 7.4)."""
    vector = gradient.copy()
    shares: list[float] = []
    for step, change in reversed(history):
        shares.append(float(step @ vector) / float(step @ change))
        vector -= shares[-1] * change
    vector = cho_solve((factor, True), vector, check_finite=False)
    for (step, change), share in zip(history, reversed(shares), strict=True):
        vector += step * (share - float(change @ vector) / float(step @ change))
    return vector


def _slack(loss: float) -> float:
    """Return by how much rounding may hide a decrease of the loss."""
    return 1e-11 * max(abs(loss), 1.0)


def _not_converged() -> MeasurementError:
    return MeasurementError(
        f"the utility model did not converge in {_ITERATIONS} iterations; a larger ridge, "
        "more comparisons or fewer terms would help"
    )


def anchored_factor(design: Design, theta: Floats, weights: Floats) -> Floats:
    """Return the (p, p) lower Cholesky factor of the Hessian with the mean utility fixed.

    Raises:
        MeasurementError: if the data leave a combination of parameters undecided.
    """
    hessian = _anchored(design, design.hessian(theta, weights))
    try:
        factor = cholesky(hessian, lower=True)
    except LinAlgError as error:
        raise _undecided() from error
    # What is left of a parameter's information once the ones before it are known.
    if (np.diag(factor) ** 2 < _LEAST_INFORMATION * np.diag(hessian)).any():
        raise _undecided()
    return factor


def _undecided() -> MeasurementError:
    return MeasurementError(
        "the comparisons leave some combination of parameters undecided; "
        "set a larger ridge or use fewer terms"
    )


def covariance(design: Design, theta: Floats, weights: Floats) -> Floats:
    """Return the (p, p) inverse of the observed information, utilities summing to 0.

    Raises:
        MeasurementError: if the data leave a combination of parameters undecided.
    """
    factor = anchored_factor(design, theta, weights)
    inverse = cho_solve((factor, True), np.eye(design.size))
    if design.shift_free:
        place = design.slices["utility"]
        inverse[place] -= inverse[place].mean(axis=0)
        inverse[:, place] -= inverse[:, place].mean(axis=1, keepdims=True)
    return 0.5 * (inverse + inverse.T)


def _anchored(design: Design, hessian: Floats) -> Floats:
    """Fix the mean utility, which no comparison decides, where it is: at 0."""
    if design.shift_free:
        place = design.slices["utility"]
        block = hessian[place, place]
        block += np.trace(block) / len(block) ** 2
    return hessian


def _centred(design: Design, theta: Floats) -> Floats:
    """Return parameters whose utilities sum to 0: only the ridge notices, and likes it."""
    if design.shift_free:
        place = design.slices["utility"]
        theta[place] -= theta[place].mean()
    return theta


def _damped_step(hessian: Floats, gradient: Floats, damping: float) -> tuple[Floats, float]:
    diagonal = np.abs(np.diag(hessian)) + 1e-8
    while damping < 1e12:
        try:
            factor = cho_factor(hessian + damping * np.diag(diagonal))
            step = -cho_solve(factor, gradient)
            return step * min(1.0, _LONGEST_STEP / max(np.abs(step).max(), 1e-300)), damping
        except LinAlgError:
            damping = max(10 * damping, _LEAST_DAMPING)
    raise MeasurementError("the likelihood has no finite curvature; check the table's counts")
