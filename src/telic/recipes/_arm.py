"""Arms: what each condition of an experiment gave, with the interval of its mean."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import msgspec

from telic.errors import MeasurementError
from telic.seeding import numpy_stream

__all__ = ["Arm", "Method", "mean_interval"]

Method = Literal["student", "bootstrap"]
"""Of an interval: Student's t, or the percentile bootstrap."""

LEVEL = 0.95
"""Coverage of every interval."""
_RESAMPLES = 4000


class Arm(msgspec.Struct, frozen=True, kw_only=True):
    """One condition of an experiment and what it gave, unit by unit.

    Raises:
        MeasurementError: if a value is not finite; a failure is ``None``, never a number.
    """

    name: str
    """Unique within a report."""
    metric: str
    """What the values are, with their unit."""
    values: list[float | None]
    """One for each unit, in the same order in every arm; ``None`` where the arm failed."""
    mean: float | None = None
    """Computed: of the values that are there."""
    interval: tuple[float, float] | None = None
    """Computed: 95 % Student interval of the mean; ``None`` with fewer than two values."""

    def __post_init__(self) -> None:
        present = [value for value in self.values if value is not None]
        if not all(map(math.isfinite, present)):
            raise MeasurementError(f"arm {self.name!r} has a value that is not finite: {present}")
        mean = math.fsum(present) / len(present) if present else None
        msgspec.structs.force_setattr(self, "mean", mean)
        msgspec.structs.force_setattr(self, "interval", mean_interval(present))


def mean_interval(
    values: Sequence[float], *, method: Method = "student", purpose: str = ""
) -> tuple[float, float] | None:
    """Return the 95 % interval of a mean, or ``None`` with fewer than two values.

    Args:
        values: the sample.
        method: Student's t, or the percentile bootstrap.
        purpose: address of the bootstrap's random draws.
    """
    count = len(values)
    if count < 2:
        return None
    if method == "bootstrap":
        import numpy as np

        drawn = numpy_stream(0, "recipe bootstrap", purpose).integers(
            count, size=(_RESAMPLES, count)
        )
        means = np.asarray(values, dtype=np.float64)[drawn].mean(axis=1)
        low, high = np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        return float(low), float(high)
    from scipy.special import stdtrit

    mean = math.fsum(values) / count
    variance = math.fsum((value - mean) ** 2 for value in values) / (count - 1)
    half = float(stdtrit(count - 1, (1 + LEVEL) / 2)) * math.sqrt(variance / count)
    return mean - half, mean + half
