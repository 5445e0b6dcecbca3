"""A network of one hidden layer that learns utilities from choices, in NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["learn_choices"]


def learn_choices(
    options: Array,
    choices: NDArray[np.intp],
    new: Array,
    *,
    hidden: int,
    steps: Sequence[int],
    rng: np.random.Generator,
) -> list[Array]:
    """Return the utilities of new options after each number of steps of Adam on choices.

    Args:
        options: to learn from, shape (choices, options, width).
        choices: index of the option taken, shape (choices,).
        new: options whose utilities are wanted, shape (new choices, options, width).
        hidden: units of the one hidden layer.
        steps: when to look, increasing.
        rng: draws the first weights.
    """
    import numpy as np

    width = options.shape[-1]
    parameters: list[Array] = [
        rng.normal(size=(width, hidden)) / width**0.5,
        np.zeros(hidden),
        np.zeros(hidden),
    ]
    first = [np.zeros_like(one) for one in parameters]
    second = [np.zeros_like(one) for one in parameters]
    chosen = np.eye(options.shape[1])[choices]
    found: list[Array] = []
    for step in range(1, max(steps) + 1):
        inner, bias, outer = parameters
        units = np.tanh(options @ inner + bias)
        utilities = units @ outer
        odds = np.exp(utilities - utilities.max(axis=1, keepdims=True))
        # Each rival falls by its own probability: the tempting ones the most.
        error = (odds / odds.sum(axis=1, keepdims=True) - chosen) / len(options)
        back = error[..., None] * outer * (1.0 - units**2)
        gradients = (
            np.tensordot(options, back, ((0, 1), (0, 1))),
            back.sum(axis=(0, 1)),
            np.tensordot(error, units, ((0, 1), (0, 1))),
        )
        for place, one in enumerate(gradients):
            gradient = np.asarray(one, dtype=np.float64)
            first[place] = 0.9 * first[place] + 0.1 * gradient
            second[place] = 0.999 * second[place] + 0.001 * gradient**2
            scale = np.sqrt(second[place] / (1 - 0.999**step)) + 1e-8
            parameters[place] = parameters[place] - 0.01 * first[place] / (1 - 0.9**step) / scale
        if step in steps:
            inner, bias, outer = parameters
            found.append(np.tanh(new @ inner + bias) @ outer)
    return found
