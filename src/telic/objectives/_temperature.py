"""The temperature at which utilities are probabilities.

Utilities that only order options rightly become probabilities by one number: the temperature of
the softmax that makes what was chosen most likely (Guo et al. 2017, "On Calibration of Modern
Neural Networks"). The order, and so every decision for the best, stays as it was.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from telic.errors import MeasurementError
from telic.objectives._decisions import choice_probabilities

__all__ = ["fit_temperature"]

_LOW, _HIGH = -10.0, 10.0
"""Natural logarithms of the temperatures that are considered, in units of the utilities' spread."""
_STEPS = 60


def fit_temperature(utilities: Sequence[Sequence[float]], truths: Sequence[int]) -> float:
    """Return the temperature of a softmax over utilities that fits observed choices best.

    Args:
        utilities: for each decision those of its options, finite.
        truths: index of the option that was right or chosen, for each decision.

    Returns:
        Positive. Where every choice was the best by utility it is very small, where the utilities
        say nothing very large.

    Raises:
        MeasurementError: if there is no decision, lengths differ, a truth is not an option, a
            utility is not finite, or all options of each decision are equal.
    """
    if not utilities or len(utilities) != len(truths):
        raise MeasurementError(
            f"a temperature needs as many truths as decisions, at least one; got {len(truths)} "
            f"and {len(utilities)}"
        )
    if not all(0 <= truth < len(row) for row, truth in zip(utilities, truths, strict=True)):
        raise MeasurementError("every truth must be one of its decision's options")
    spread = max(max(row) - min(row) for row in utilities)
    if not (math.isfinite(spread) and spread > 0):
        raise MeasurementError(f"utilities must be finite and differ; their spread is {spread}")

    def slope(log: float) -> float:
        """How the log likelihood rises with 1 / T: chosen utility less the expected one."""
        temperature = spread * math.exp(log)
        return math.fsum(
            row[truth]
            - math.fsum(
                p * u
                for p, u in zip(
                    choice_probabilities(row, temperature=temperature), row, strict=True
                )
            )
            for row, truth in zip(utilities, truths, strict=True)
        )

    low, high = _LOW, _HIGH
    for _ in range(_STEPS):  # the likelihood is concave in 1 / T, so its slope changes sign once
        middle = 0.5 * (low + high)
        low, high = (low, middle) if slope(middle) > 0 else (middle, high)
    return spread * math.exp(0.5 * (low + high))
