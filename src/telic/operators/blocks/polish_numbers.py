"""Local optimisers of SciPy around an objective."""

from collections.abc import Callable

import numpy as np
from scipy.optimize import minimize


def polish_freely(
    start: np.ndarray, objective: Callable[[np.ndarray], float], *, evaluations: int = 60
) -> np.ndarray:
    """Climb without slopes, by Powell's method."""
    first = np.array(start, dtype=float)

    def cost(flat: np.ndarray) -> float:
        return -objective(flat.reshape(first.shape))

    found = minimize(cost, first.ravel(), method="Powell", options={"maxfev": evaluations})
    return found.x.reshape(first.shape) if -found.fun > objective(first) else first


def polish_within(
    start: np.ndarray,
    objective: Callable[[np.ndarray], float],
    constraint: Callable[[np.ndarray], float],
    *,
    rounds: int = 10,
) -> np.ndarray:
    """Climb by sequential quadratic programming while the constraint stays at 0 or more."""
    first = np.array(start, dtype=float)

    def cost(flat: np.ndarray) -> float:
        return -objective(flat.reshape(first.shape))

    def slack(flat: np.ndarray) -> float:
        return constraint(flat.reshape(first.shape))

    limits = [{"type": "ineq", "fun": slack}]
    options = {"maxiter": rounds}
    found = minimize(cost, first.ravel(), method="SLSQP", constraints=limits, options=options)
    return found.x.reshape(first.shape) if found.success else first
