"""What is believed of outputs: whether they have a score, and how good that would be.

Two Gaussian processes on the same sketches: of the normal scores of those outputs that have a
score, and of the share that has one. Their product is the expected improvement under an unknown
constraint (Schonlau, Welch & Jones 1998, "Global versus local search in constrained optimization of
computer models"). It is as good as 0 for what is sure to be no better than its parent, however
good that is; and most changes to a good program make one that is as good.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist

import msgspec

from telic.critics._process import Process, Shape, fitted

__all__ = ["NOTHING_BELIEVED", "Belief", "Forecast", "believed", "normal_score"]

_FEWEST = 8
"""Rows with a score that a process of their own takes."""
_LEAST = 0.02
"""Least chance to have a score that is ever believed."""
_FAR = -5.0
"""Standard scores below which the expected improvement follows from its asymptote."""
_NORMAL = NormalDist()


class Forecast(msgspec.Struct, frozen=True):
    """What is believed of one output."""

    mean: float
    """Of its normal score, if it has a score."""
    deviation: float
    """Of that; above 0."""
    share: float = 1.0
    """Chance that it has a score, above 0 to 1."""

    def worth(self, of_failures: float) -> float:
        """Return the share of evaluations that it should beat, given what failures beat."""
        scored = _NORMAL.cdf(self.mean / math.sqrt(1.0 + self.deviation * self.deviation))
        return self.share * scored + (1.0 - self.share) * of_failures

    def gain(self, best: float) -> float:
        """Return the logarithm of the expected improvement on a normal score."""
        away = (self.mean - best) / self.deviation
        if away > _FAR:
            expected = math.log(away * _NORMAL.cdf(away) + _NORMAL.pdf(away))
        else:
            expected = -0.5 * away * away - math.log(away * away * math.sqrt(2.0 * math.pi))
        return math.log(self.share * self.deviation) + expected


NOTHING_BELIEVED = Forecast(0.0, 1.0)
"""Of an output that there is not."""


class Belief:
    """Fitted: never changes.

    Args:
        process: of normal scores.
        share: of whether there is a score; ``None`` if the scores of all are believed in.
    """

    def __init__(self, process: Process, share: Process | None) -> None:
        self._process, self._share = process, share
        both = [process] if share is None else [process, share]
        self.foresight = max(each.foresight for each in both)
        """Standard errors by which outcomes are foreseen from each other."""

    def forecast(self, sketch: Sequence[float]) -> Forecast:
        """Return what is believed of an output."""
        mean, deviation = self._process.predict(sketch)
        if self._share is None:
            return Forecast(mean, deviation)
        return Forecast(mean, deviation, min(max(self._share.predict(sketch)[0], _LEAST), 1.0))


def believed(
    rows: Sequence[Sequence[float]],
    fitnesses: Sequence[float | None],
    worth_of: Callable[[float | None], float],
    shape: Shape,
) -> Belief:
    """Return the belief after some evaluations, at least one.

    Args:
        rows: sketches of their outputs.
        fitnesses: what came out; ``None``: no score.
        worth_of: the share of evaluations that an outcome beats.
        shape: of both processes.
    """
    scores = [normal_score(worth_of(fitness)) for fitness in fitnesses]
    scored = [at for at, fitness in enumerate(fitnesses) if fitness is not None]
    if not _FEWEST <= len(scored) < len(rows):
        return Belief(fitted(rows, scores, shape), None)
    process = fitted([rows[at] for at in scored], [scores[at] for at in scored], shape)
    return Belief(process, fitted(rows, [float(f is not None) for f in fitnesses], shape))


def normal_score(worth: float) -> float:
    """Return the normal score of a share of evaluations; beyond three deviations all is alike."""
    return _NORMAL.inv_cdf(min(max(worth, 0.001), 0.999))
