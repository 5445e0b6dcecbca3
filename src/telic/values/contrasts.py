"""Two measurements of the same questions side by side, question by question.

A persona, a system prompt, the first against the third person, an easy against a hard wording,
another respondent: the same questions are asked twice, and the difference is taken within each,
so that what the questions have in common cancels.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np

from telic.errors import MeasurementError
from telic.values._interval import bounded_interval, clustered_ratio
from telic.values.comparison import Replies
from telic.values.measurement import Measurement
from telic.values.profiles import clusters
from telic.values.projection import Projection

__all__ = ["Contrast", "Difference", "contrast", "steerability"]


class Difference(msgspec.Struct, frozen=True):
    """A difference of two scores over the questions that both answered."""

    value: float
    """In [-2, 2]: first minus second."""
    error: float
    """Standard error; infinite with a single question."""
    low: float
    """Lower end of the interval."""
    high: float
    """Upper end of the interval."""
    questions: int
    """Questions that both answered."""

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


class Contrast(msgspec.Struct, frozen=True):
    """Differences per dimension."""

    first: str
    second: str
    differences: Mapping[str, Difference | None]
    """``None`` where no question was answered in both."""
    first_replies: Replies
    second_replies: Replies
    level: float = 0.9


def contrast(
    first: Measurement,
    second: Measurement,
    projection: Projection | None = None,
    *,
    level: float = 0.9,
    names: tuple[str, str] | None = None,
) -> Contrast:
    """Return first minus second, paired by question.

    Args:
        first: a measurement.
        second: another whose questions have the same ids and tags (texts and contexts may differ).
        projection: from tags to dimensions; each tag is its own dimension by default.
        level: of the intervals.
        names: of the two in reports; the respondents' by default.

    Raises:
        MeasurementError: if either answered nothing, or no question has an id in common.
    """
    first.require_answers()
    second.require_answers()
    ids = [{question.id for question in one.instrument.questions} for one in (first, second)]
    if not ids[0] & ids[1]:
        raise MeasurementError(
            f"{first.instrument.name!r} and {second.instrument.name!r} have no question in common"
        )
    if projection is None:
        tags = {*first.instrument.dimensions, *second.instrument.dimensions}
        projection = Projection.identity("tags", sorted(tags) or ("",))
    sums = clusters(first, projection), clusters(second, projection)
    dimensions = [each for each in projection.dimensions if each in sums[0] or each in sums[1]]
    return Contrast(
        *(names or (first.respondent, second.respondent)),
        {
            each: _difference(sums[0].get(each, {}), sums[1].get(each, {}), level)
            for each in dimensions
        },
        first.counts,
        second.counts,
        level,
    )


def steerability(
    supporting: Measurement,
    opposing: Measurement,
    projection: Projection | None = None,
    *,
    level: float = 0.9,
) -> Contrast:
    """Return how far prompts for and against move each dimension, as DailyDilemmas does.

    0 is deaf to the prompt; positive goes the way that it was steered.
    """
    return contrast(supporting, opposing, projection, level=level, names=("supporting", "opposing"))


def _difference(
    first: Mapping[str, tuple[float, float]],
    second: Mapping[str, tuple[float, float]],
    level: float,
) -> Difference | None:
    shared = sorted(set(first) & set(second))
    if not shared:
        return None
    a = np.array([first[each] for each in shared], dtype=np.float64)
    b = np.array([second[each] for each in shared], dtype=np.float64)
    ratio_a, _ = clustered_ratio(a[:, 0], a[:, 1])
    ratio_b, _ = clustered_ratio(b[:, 0], b[:, 1])
    value, size = ratio_a - ratio_b, len(shared)
    if size < 2:
        return Difference(value, float("inf"), -2.0, 2.0, size)
    residual = (a[:, 0] - ratio_a * a[:, 1]) / a[:, 1].sum()
    residual -= (b[:, 0] - ratio_b * b[:, 1]) / b[:, 1].sum()
    error = float(np.sqrt(residual @ residual * size / (size - 1)))
    low, high = bounded_interval(value, error, clusters=size, level=level, low=-2.0, high=2.0)
    return Difference(value, error, low, high, size)
