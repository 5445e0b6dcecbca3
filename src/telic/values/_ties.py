"""What a tie is worth: nothing to the model, or an outcome of its own.

Each function returns log probabilities of the outcomes, a row for *left* first, one for *tie*
where there is such an outcome, one for *right* last, with their derivatives by the
standardised difference ``η`` and by the tie parameter ``t``.

- :func:`davidson`: ``P(tie) ∝ nu √(π_left π_right)``, ``t = log nu``. R. R. Davidson, "On
  extending the Bradley-Terry model to accommodate ties", JASA 65 (1970), 317-328.
- :func:`threshold`: a tie where the noisy difference is within ``±exp(t)``. With the
  logistic link: P. V. Rao and L. L. Kupper, JASA 62 (1967), 194-204; with the normal link:
  W. A. Glenn and H. A. David, Biometrics 16 (1960), 86-109.
"""

from __future__ import annotations

import numpy as np
from scipy.special import logsumexp

from telic.values._arrays import Floats, LogLink

__all__ = ["Outcomes", "davidson", "threshold", "untied"]

Outcomes = tuple[Floats, Floats, Floats]
"""Log probabilities and their derivatives by ``η`` and by ``t``, each
(outcomes, m)."""


def untied(link: LogLink, eta: Floats) -> Outcomes:
    """Return the outcomes *left* and *right* of a form without ties."""
    left, right, slope_left, slope_right = link(eta)
    by_eta = np.stack([slope_left, -slope_right])
    return np.stack([left, right]), by_eta, np.zeros(1)


def davidson(eta: Floats, t: Floats) -> Outcomes:
    """Return the outcomes of Davidson's model."""
    weights = np.stack([0.5 * eta, t, -0.5 * eta])
    log_p = weights - logsumexp(weights, axis=0)
    p = np.exp(log_p)
    centre = 0.5 * (p[0] - p[2])
    by_eta = np.array([[0.5], [0.0], [-0.5]]) - centre
    by_t = np.array([[0.0], [1.0], [0.0]]) - p[1]
    return log_p, by_eta, by_t


def threshold(link: LogLink, eta: Floats, t: Floats) -> Outcomes:
    """Return the outcomes of the threshold models (Rao-Kupper, Glenn-David)."""
    width = np.exp(t)
    left, not_left, slope_left, slope_not_left = link(eta - width)
    not_right, right, slope_not_right, slope_right = link(eta + width)
    # The tie's probability F(η+w) - F(η-w), taken in the tail where both terms are small.
    ahead = eta > 0
    upper, lower = np.where(ahead, not_left, not_right), np.where(ahead, right, left)
    tie = upper + np.log(-np.expm1(np.minimum(lower - upper, -1e-300)))
    slope_upper = np.where(ahead, slope_not_left, slope_not_right)
    slope_lower = np.where(ahead, slope_right, slope_left)
    density_upper, density_lower = (
        np.exp(upper - tie) * slope_upper,
        np.exp(lower - tie) * slope_lower,
    )
    towards = np.where(ahead, density_lower - density_upper, density_upper - density_lower)
    by_eta = np.stack([slope_left, towards, -slope_right])
    by_width = np.stack([-slope_left, density_upper + density_lower, -slope_right])
    return np.stack([left, tie, right]), by_eta, by_width * width
