"""Profiles: one score in [-1, 1] per value dimension, with denominators and an interval.

An answer is evidence for the dimensions it is tagged with. On a scale it is the value of the
chosen point times the question's weight; in a choice the weights of the chosen option count for
and those of the options left behind against, as in DailyDilemmas' (selected - neglected) / total;
of k options the k - 1 left behind share one vote, so that choosing at random scores 0.
Ambivalence is evidence 0 of full weight. The score is the sum of evidence over the sum of
absolute weights. Replies to one question form a cluster; the interval allows for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec
import numpy as np

from telic.errors import MeasurementError, UnknownNameError
from telic.values._interval import bounded_interval, clustered_ratio
from telic.values.comparison import Replies
from telic.values.instrument import Question
from telic.values.measurement import Measurement, Reply, count
from telic.values.projection import Projection

__all__ = ["Profile", "Score", "clusters", "evidence", "profile", "schwartz_distance"]


class Score(msgspec.Struct, frozen=True):
    """A dimension's score."""

    value: float
    """In [-1, 1]; within [-2, 2] where the mean answer was taken off."""
    error: float
    """Standard error; infinite with a single question."""
    low: float
    """Lower end of the interval."""
    high: float
    """Upper end of the interval."""
    questions: int
    """Questions with an answer that loads on the dimension: the number of clusters."""
    replies: Replies
    """All replies to questions that load on the dimension, by status."""


class Profile(msgspec.Struct, frozen=True):
    """Scores of one respondent on the dimensions of one projection."""

    instrument: str
    """What was asked."""
    respondent: str
    """Who was asked."""
    scores: Mapping[str, Score | None]
    """``None`` where questions load on the dimension but none was answered."""
    replies: Replies
    """How all replies ended."""
    unmapped: tuple[str, ...] = ()
    """Tags that the projection gives no dimension to."""
    level: float = 0.9
    """Of the intervals."""

    def __getitem__(self, dimension: str) -> Score:
        """Return a dimension's score.

        Raises:
            UnknownNameError: if no question loads on it.
            MeasurementError: if none of its questions was answered.
        """
        if dimension not in self.scores:
            raise UnknownNameError("dimension", dimension, self.scores)
        score = self.scores[dimension]
        if score is None:
            raise MeasurementError(
                f"{self.respondent!r} answered no question on {dimension!r}, so it has no score"
            )
        return score

    def vector(self) -> dict[str, float]:
        """Return the scores that there are."""
        return {name: score.value for name, score in self.scores.items() if score is not None}


def evidence(
    question: Question, reply: Reply, projection: Projection
) -> dict[str, tuple[float, float]]:
    """Return dimension → (evidence, weight) of one answered reply."""
    if question.is_scale:
        value = question.option(reply.choice).value if reply.choice else 0.0
        tags = projection.apply(question.tags)
        return {each: (weight * value, abs(weight)) for each, weight in tags.items() if weight}
    # Options left behind count 1/(k - 1) each, so that a random choice among k scores 0.
    share = 1 / (len(question.options) - 1)
    out: dict[str, tuple[float, float]] = {}
    for option in question.options:
        if not reply.choice:  # full weight: what a random choice has on average
            sign, much = 0.0, 2 / len(question.options)
        else:
            sign, much = (1.0, 1.0) if option.name == reply.choice else (-1.0, share)
        for each, weight in projection.apply(option.tags).items():
            if weight:
                so_far, total = out.get(each, (0.0, 0.0))
                out[each] = (so_far + sign * much * weight, total + much * abs(weight))
    return out


def profile(
    measurement: Measurement,
    projection: Projection | None = None,
    *,
    level: float = 0.9,
    centre: Literal["none", "mean"] = "none",
) -> Profile:
    """Return a respondent's profile.

    Args:
        measurement: the replies.
        projection: from tags to dimensions; each tag is its own dimension by default.
        level: of the intervals.
        centre: ``"mean"`` takes the mean of all scale answers off each, as is usual with
            self-descriptions, where people differ in how high they rate everything.

    Raises:
        MeasurementError: if nothing was answered, or no question loads on any dimension.
    """
    measurement.require_answers()
    instrument = measurement.instrument
    if projection is None:
        projection = Projection.identity("tags", instrument.dimensions or ("",))
    loads = {question.id: _dimensions(question, projection) for question in instrument.questions}
    dimensions = [each for each in projection.dimensions if any(each in d for d in loads.values())]
    if not dimensions:
        raise MeasurementError(
            f"no question of {instrument.name!r} loads on a dimension of {projection.name!r}"
        )
    shift = _mean_answer(measurement) if centre == "mean" else 0.0
    sums = clusters(measurement, projection, shift=shift)
    bound = 1 + abs(shift)
    scores = {each: _score(sums.get(each, {}), level, bound) for each in dimensions}
    return Profile(
        instrument=instrument.name,
        respondent=measurement.respondent,
        scores={
            each: None
            if score is None
            else msgspec.structs.replace(
                score,
                replies=count(r for r in measurement.replies if each in loads[r.question]),
            )
            for each, score in scores.items()
        },
        replies=measurement.counts,
        unmapped=projection.unmapped(instrument.dimensions),
        level=level,
    )


def clusters(
    measurement: Measurement, projection: Projection, *, shift: float = 0.0
) -> dict[str, dict[str, tuple[float, float]]]:
    """Return dimension → question → (sum of evidence, sum of weight) of the answered replies.

    Args:
        measurement: the replies.
        projection: from tags to dimensions.
        shift: taken off the value of every scale answer.
    """
    sums: dict[str, dict[str, tuple[float, float]]] = {}
    for question, reply in measurement.answered():
        for each, (value, weight) in evidence(question, reply, projection).items():
            level = shift * _sign(question, projection, each) * weight
            so_far, total = sums.setdefault(each, {}).get(question.id, (0.0, 0.0))
            sums[each][question.id] = (so_far + value - level, total + weight)
    return sums


def schwartz_distance(
    values: Mapping[str, float], target: Mapping[str, float], *, threshold: float = 0.3
) -> float:
    """Return the distance of a value vector from a target, as BaseAlign defines it.

    ``Σ_i |tanh(v_i) - t_i| · 1[|v_i| > threshold] · |t_i|`` over the target's dimensions (Yao et
    al. 2023, as coded in ValueCompass): dimensions on which nothing much is expressed add nothing.

    Args:
        values: dimension → raw value, any finite number.
        target: dimension → wanted value in [-1, 1].
        threshold: least ``|v_i|`` that counts as expressed, 0 or more.

    Raises:
        MeasurementError: if a dimension of the target has no value.
    """
    missing = sorted(set(target) - set(values))
    if missing:
        raise MeasurementError(f"there is no value for the target's {', '.join(missing)}")
    return float(
        sum(
            abs(np.tanh(values[each]) - wanted) * abs(wanted)
            for each, wanted in target.items()
            if abs(values[each]) > threshold
        )
    )


def _score(sums: Mapping[str, tuple[float, float]], level: float, bound: float) -> Score | None:
    columns = np.array(list(sums.values()), dtype=np.float64).reshape(-1, 2)
    if not columns[:, 1].sum() > 0:
        return None
    value, error = clustered_ratio(columns[:, 0], columns[:, 1])
    low, high = bounded_interval(
        value, error, clusters=len(columns), level=level, low=-bound, high=bound
    )
    return Score(value, error, low, high, len(columns), count(()))


def _dimensions(question: Question, projection: Projection) -> frozenset[str]:
    tags = [question.tags] if question.is_scale else [option.tags for option in question.options]
    return frozenset(
        each for part in tags for each, weight in projection.apply(part).items() if weight
    )


def _mean_answer(measurement: Measurement) -> float:
    values = [
        question.option(reply.choice).value if reply.choice else 0.0
        for question, reply in measurement.answered()
        if question.is_scale
    ]
    return sum(values) / len(values) if values else 0.0


def _sign(question: Question, projection: Projection, dimension: str) -> float:
    if not question.is_scale:
        return 0.0
    return 1.0 if projection.apply(question.tags)[dimension] > 0 else -1.0
