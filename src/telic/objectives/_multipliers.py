"""Constraints with learned multipliers: how much each measure still counts.

A proxy is worth pursuing only up to where it stops tracking what is meant. Moskovitz et al.
(2023), "Confronting Reward Model Overoptimization with Constrained RLHF", give each measure a
threshold and learn a weight for it: while a measure is below its threshold its weight rises,
above it the weight falls, and what is left over goes to a regulariser that keeps the policy near
its origin. The thresholds can be found inside one run by Nelder & Mead's simplex (1965).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from telic.errors import MeasurementError, UsageError
from telic.objectives._transforms import require_finite

__all__ = ["Form", "Multipliers", "Simplex"]

Form = Literal["sigmoid", "tanh", "softplus"]
"""``sigmoid``: weights in (0, 1), for "at least"; ``tanh``: in (-1, 1), for "exactly", where too
much is pushed back; ``softplus``: above 0 and unbounded, the classical multiplier."""

_SQUASH: dict[Form, Callable[[float], float]] = {
    "sigmoid": lambda x: 1.0 / (1.0 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x)),
    "tanh": math.tanh,
    "softplus": lambda x: max(x, 0.0) + math.log1p(math.exp(-abs(x))),
}


class Multipliers(msgspec.Struct, frozen=True):
    """Learned weights of measures that have thresholds. :meth:`updated` gives the next state.

    Raises:
        UsageError: if there is no threshold or the lengths differ, or a rate is out of range.
        MeasurementError: if a threshold is not finite.
    """

    thresholds: tuple[float, ...]
    """Measure that suffices; more of a measure is better."""
    form: Form = "sigmoid"
    raw: tuple[float, ...] = ()
    """Before squashing; 0 each at first."""
    velocity: tuple[float, ...] = ()
    rate: float = 0.1
    momentum: float = 0.1

    def __post_init__(self) -> None:
        require_finite(self.thresholds, "a set of thresholds")
        count = len(self.thresholds)
        if not {len(self.raw), len(self.velocity)} <= {0, count}:
            raise UsageError(f"raw and velocity need {count} numbers each, like the thresholds")
        if not (self.rate > 0 and 0 <= self.momentum < 1):
            raise UsageError(
                f"rate must be positive and momentum in [0, 1); got {self.rate}, {self.momentum}"
            )

    @property
    def weights(self) -> tuple[float, ...]:
        """The weight of each measure."""
        return tuple(map(_SQUASH[self.form], self._state(self.raw)))

    @property
    def regulariser(self) -> float:
        """What is left of one for each measure: the weight of staying near the origin.

        At least 0; always 1 for the unbounded ``softplus``.
        """
        if self.form == "softplus":
            return 1.0
        return math.fsum(1.0 - weight for weight in self.weights)

    def updated(self, measures: Sequence[float]) -> Multipliers:
        """Return the multipliers after one dual step: descent on ``Σ w(λ) (J - θ)``.

        With momentum as in stochastic gradient descent; the gradient passes through the squash,
        as in the paper's code.

        Args:
            measures: their present means ``J``, in the order of the thresholds.

        Raises:
            MeasurementError: if a measure is not finite or their number is wrong.
        """
        require_finite(measures, "a multiplier's update")
        if len(measures) != len(self.thresholds):
            raise MeasurementError(
                f"expected {len(self.thresholds)} measures, one for each threshold; "
                f"got {len(measures)}"
            )
        raw = self._state(self.raw)
        velocity = tuple(
            self.momentum * speed + _slope(self.form, x) * (measure - threshold)
            for speed, x, measure, threshold in zip(
                self._state(self.velocity), raw, measures, self.thresholds, strict=True
            )
        )
        moved = tuple(x - self.rate * speed for x, speed in zip(raw, velocity, strict=True))
        return msgspec.structs.replace(self, raw=moved, velocity=velocity)

    def worth(self, measures: Sequence[float], *, distance: float = 0.0) -> float:
        """Return the scalar that the policy pursues at the present weights.

        Args:
            measures: of one sample or candidate, in the order of the thresholds.
            distance: from the origin, for example a Kullback-Leibler divergence; 0 or more.

        Raises:
            MeasurementError: if a number is not finite or the number of measures is wrong.
        """
        require_finite([*measures, distance], "a constrained worth")
        if len(measures) != len(self.thresholds):
            raise MeasurementError(f"expected {len(self.thresholds)} measures; got {len(measures)}")
        pursued = math.fsum(w * m for w, m in zip(self.weights, measures, strict=True))
        return pursued - self.regulariser * distance

    def _state(self, values: tuple[float, ...]) -> tuple[float, ...]:
        return values or (0.0,) * len(self.thresholds)


def _slope(form: Form, x: float) -> float:
    """Derivative of the squash."""
    if form == "tanh":
        return 1.0 - math.tanh(x) ** 2
    probability = _SQUASH["sigmoid"](x)
    return probability if form == "softplus" else probability * (1.0 - probability)


class Simplex:
    """Nelder and Mead's simplex as ask and tell, so that it can live inside a longer run.

    It maximises. Reflection 1, expansion 2, contraction and shrinkage one half, as in Moskovitz
    et al. (2023), who move the thresholds of a run with it. A value that is not finite counts
    as the worst.

    Args:
        start: first point; the others of the simplex are one ``step`` away in one coordinate.
        step: of each coordinate, not 0.

    Raises:
        UsageError: if lengths differ or a step is 0.
    """

    def __init__(self, start: Sequence[float], step: Sequence[float]) -> None:
        if not start or len(start) != len(step) or not all(step):
            raise UsageError("a simplex needs a start and as many steps, none of them 0")
        corners = [
            tuple(x + (step[i] if i == j else 0.0) for i, x in enumerate(start))
            for j in range(len(start))
        ]
        self._waiting = [tuple(start), *corners]
        self._known: list[tuple[float, tuple[float, ...]]] = []
        self._reflected: tuple[float, tuple[float, ...]] | None = None
        self._size = len(start) + 1

    def ask(self) -> tuple[float, ...]:
        """Return the point whose value is wanted next; the same until it is told."""
        return self._waiting[0]

    def tell(self, value: float) -> None:
        """Learn the value at the point that was asked for."""
        value = value if math.isfinite(value) else -math.inf
        told = (value, self._waiting.pop(0))
        if len(self._known) < self._size:
            self._known.append(told)
        elif self._reflected is None:
            self._after_reflection(told)
        else:
            self._after_second(told)
        if not self._waiting:
            self._known.sort(key=lambda pair: -pair[0])
            self._waiting.append(self._along(-1.0))

    @property
    def best(self) -> tuple[float, ...]:
        """The best point told so far, the start while there is none."""
        return max(self._known, default=(0.0, self.ask()))[1]

    def _after_reflection(self, told: tuple[float, tuple[float, ...]]) -> None:
        value = told[0]
        if value > self._known[0][0]:
            self._reflected = told
            self._waiting.append(self._along(-2.0))
        elif value > self._known[-2][0]:
            self._known[-1] = told
        else:
            self._reflected = told
            self._waiting.append(self._along(-0.5 if value > self._known[-1][0] else 0.5))

    def _after_second(self, told: tuple[float, tuple[float, ...]]) -> None:
        reflected, self._reflected = self._reflected, None
        assert reflected is not None
        if reflected[0] > self._known[0][0]:  # it was an expansion
            self._known[-1] = max(told, reflected, key=lambda pair: pair[0])
        elif told[0] > max(reflected[0], self._known[-1][0]):
            self._known[-1] = told
        else:
            best = self._known[0]
            self._waiting.extend(
                tuple(b + 0.5 * (x - b) for x, b in zip(point, best[1], strict=True))
                for _, point in self._known[1:]
            )
            self._known = [best]

    def _along(self, share: float) -> tuple[float, ...]:
        """Return the point at a share of the way from the others' centre to the worst."""
        others = [point for _, point in self._known[:-1]]
        centre = [math.fsum(column) / len(others) for column in zip(*others, strict=True)]
        worst = self._known[-1][1]
        return tuple(c + share * (w - c) for c, w in zip(centre, worst, strict=True))
