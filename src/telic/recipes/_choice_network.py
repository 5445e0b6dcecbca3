"""A simulated person who chooses, and a network that learns utilities from choices, in NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["Choices", "Person", "draw_person", "learn_choices"]


class Choices(msgspec.Struct, frozen=True):
    """What a person was offered, and what was taken."""

    options: Array
    """Attributes, shape (choices, options, width)."""
    utilities: Array
    """The person's own, shape (choices, options)."""
    taken: NDArray[np.intp]
    """Index of the option, shape (choices,)."""

    def after(self, count: int) -> Choices:
        """Return all but the first so many."""
        return Choices(self.options[count:], self.utilities[count:], self.taken[count:])

    def outcome(self, name: str, decided: Sequence[int | None]) -> dict[str, float]:
        """Return what a decision rule comes to: mean true utility and shares of all choices."""
        made = [(at, option) for at, option in enumerate(decided) if option is not None]
        worth = sum(float(self.utilities[at, option]) for at, option in made)
        right = sum(int(self.taken[at]) == option for at, option in made)
        return {
            name: worth / max(len(made), 1),
            f"{name}: decided": len(made) / len(decided),
            f"{name}: right": right / len(decided),
        }


class Person(msgspec.Struct, frozen=True):
    """Someone whose utility is curved in the attributes, and who chooses with logistic noise."""

    line: Array
    """Shape (width,)."""
    curve: Array
    """Shape (width, width)."""

    def choose(self, count: int, options: int, rng: np.random.Generator) -> Choices:
        """Offer random options, so many a choice."""
        import numpy as np

        offered = rng.normal(size=(count, options, len(self.line)))
        bent = 0.5 * np.einsum("...i,ij,...j", offered, self.curve, offered)
        worth = 2.0 * (offered @ self.line + bent) / len(self.line)
        # The greatest of utilities with Gumbel noise is a draw from their softmax.
        return Choices(offered, worth, (worth + rng.gumbel(size=worth.shape)).argmax(axis=1))


def draw_person(width: int, rng: np.random.Generator) -> Person:
    """Draw a person who looks at ``width`` attributes."""
    curve = rng.normal(size=(width, width))
    return Person(line=rng.normal(size=width) * width**0.5, curve=curve)


def learn_choices(
    seen: Choices, new: Array, *, hidden: int, steps: Sequence[int], rng: np.random.Generator
) -> list[Array]:
    """Return the utilities of new options after each number of steps of Adam on choices.

    Args:
        seen: to learn from.
        new: options whose utilities are wanted, shape (new choices, options, width).
        hidden: units of the one hidden layer.
        steps: when to look, increasing.
        rng: draws the first weights.
    """
    import numpy as np

    options = seen.options
    width = options.shape[-1]
    parameters: list[Array] = [
        rng.normal(size=(width, hidden)) / width**0.5,
        np.zeros(hidden),
        np.zeros(hidden),
    ]
    first = [np.zeros_like(one) for one in parameters]
    second = [np.zeros_like(one) for one in parameters]
    chosen = np.eye(options.shape[1])[seen.taken]
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
