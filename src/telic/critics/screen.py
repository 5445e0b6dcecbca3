"""Screening: which candidates deserve an evaluation.

A candidate is skipped when its appeal is among the lowest of those seen lately. Three things keep
that honest. A share of the condemned is evaluated all the same, drawn by address, so that the
critic's errors show. Where the critic had ranked what became improvements is compared with what a
constant would do, each weighted by how likely its evaluation was; while it is no better, everything
is evaluated. And each
decision is taken by the critic as it was when the request was opened, so that timing never
matters and a recorded run can be replayed.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right, insort
from collections import OrderedDict, deque
from typing import Literal

import msgspec

from telic.artifact import Artifact
from telic.candidate import Candidate, Prediction, Record
from telic.critics.base import NOTHING_KNOWN, Critic, Estimate, Example, Query, Reader
from telic.seeding import stream

__all__ = ["By", "Screen", "Verdict"]

By = Literal["chance", "worth", "upper"]
"""What a candidate is judged by: the chance to beat its parent, the expected worth, or the upper
end of its interval."""

Decision = Literal["unknown", "learning", "off", "wanted", "explored", "skipped"]

_RECENT = 128
"""Appeals that the threshold is a quantile of."""
_PARENTS = 1024
"""Evaluated candidates remembered as possible parents."""
_FADE = 0.99
"""By how much past improvements count less with every new one."""
_CAUTION = 2.0
"""Standard errors by which the critic must be ahead of a constant before it may skip anything."""


class Verdict(msgspec.Struct):
    """How high the critic had ranked what turned out to be improvements.

    The place of an improvement among all recent candidates is one half on average for a critic
    that says the same of all, or anything at random: it is the area under the receiver operating
    characteristic. Explored improvements stand for those that were skipped.
    """

    places: float = 0.0
    """Faded, weighted sum of the places, 0 for the least to 1 for the greatest appeal."""
    weight: float = 0.0
    squares: float = 0.0
    """Of the weights."""

    def add(self, place: float, weight: float) -> None:
        """Count an improvement at its place, with the inverse of its chance to be evaluated."""
        self.places = _FADE * self.places + weight * place
        self.weight = _FADE * self.weight + weight
        self.squares = _FADE * _FADE * self.squares + weight * weight

    @property
    def skill(self) -> float:
        """Mean place of the improvements, one half while there is none."""
        return self.places / self.weight if self.weight else 0.5

    @property
    def is_ahead(self) -> bool:
        """Whether the critic has proved better than a constant."""
        if not self.weight:
            return False
        error = math.sqrt(self.squares / 12.0) / self.weight  # of a uniform place
        return self.skill - 0.5 > _CAUTION * error


class Screen:
    """Decides by a critic which candidates are evaluated. State changes in :meth:`tell` alone.

    Args:
        critic: predicts.
        seed: the run's, for the draws of the exploration share.
        skip: share of the candidates that is below the threshold, 0 (off) to 0.95.
        explore: share of those that is evaluated nevertheless, above 0 and at most 1.
        learn: evaluations before anything is skipped.
        by: what the threshold applies to.

    Raises:
        ValueError: if a setting is out of its range.
    """

    def __init__(
        self,
        critic: Critic,
        *,
        seed: int,
        skip: float = 0.6,
        explore: float = 0.1,
        learn: int = 48,
        by: By = "chance",
    ) -> None:
        if not 0 <= skip <= 0.95:
            raise ValueError(f"skip must be between 0 and 0.95; got {skip}")
        if not 0 < explore <= 1:
            raise ValueError(f"explore must be above 0 and at most 1; got {explore}")
        if by not in ("chance", "worth", "upper"):
            raise ValueError(f"by must be 'chance', 'worth' or 'upper'; got {by!r}")
        self._critic = critic
        self._seed, self._skip, self._explore, self._learn = seed, skip, explore, learn
        self._by: By = by
        self._parents: OrderedDict[int, tuple[Artifact, float | None]] = OrderedDict()
        self._recent: deque[float] = deque(maxlen=_RECENT)
        self._ranked: list[float] = []
        self._evaluated = 0
        self.verdict = Verdict()

    def view(self) -> View:
        """Return what decides on a request that is opened now."""
        at = int(self._skip * len(self._ranked))
        threshold = self._ranked[at] if self._skip and self._ranked else -math.inf
        mode: Literal["learning", "off", "wanted"] = "wanted"
        if self._evaluated < self._learn or len(self._ranked) < _RECENT // 4:
            mode = "learning"
        elif not self.verdict.is_ahead or not self._skip:
            mode = "off"
        return View(self._critic.reader(), threshold, mode, self._explore, self._seed, self._by)

    def tell(self, record: Record) -> None:
        """Learn the end of a request."""
        prediction = record.prediction
        if prediction is not None and prediction.decision == "unknown":
            prediction = None
        if prediction is not None:
            if len(self._recent) == _RECENT:
                self._ranked.remove(self._recent[0])
            self._recent.append(prediction.appeal)
            insort(self._ranked, prediction.appeal)
        if record.outcome != "evaluated":
            return
        candidate = record.candidate
        self._evaluated += 1
        if candidate.parents:
            example = Example(self._query(candidate), record.fitness)
            estimate = None
            if prediction is not None:
                if example.is_improvement:
                    weight = 1.0 / self._explore if prediction.decision == "explored" else 1.0
                    self.verdict.add(self._place(prediction.appeal), weight)
                estimate = Estimate(
                    prediction.worth, prediction.low, prediction.high, prediction.chance
                )
            self._critic.update(example, estimate)
        self._parents[candidate.id] = (candidate.artifact, record.fitness)
        while len(self._parents) > _PARENTS:
            self._parents.popitem(last=False)

    def _place(self, appeal: float) -> float:
        ranked = self._ranked
        below, upto = bisect_left(ranked, appeal), bisect_right(ranked, appeal)
        return (below + upto) / (2.0 * len(ranked))

    def _query(self, candidate: Candidate) -> Query:
        parent = candidate.parents[0]
        known = self._parents.get(parent)
        if known is not None:
            self._parents.move_to_end(parent)
        artifact, fitness = known or (None, None)
        return query_of(candidate, artifact, fitness)


class View:
    """A screen as it was when a request was opened."""

    def __init__(
        self,
        reader: Reader,
        threshold: float,
        mode: Literal["learning", "off", "wanted"],
        explore: float,
        seed: int,
        by: By,
    ) -> None:
        self._reader, self._threshold = reader, threshold
        self._mode: Decision = mode
        self._explore, self._seed, self._by = explore, seed, by

    def judge(self, candidate: Candidate, parent: Record) -> Prediction:
        """Return what is expected of a candidate, and whether it is to be evaluated.

        Args:
            candidate: proposed, not evaluated.
            parent: its main parent's record.
        """
        is_parent = parent.candidate.id == candidate.parents[0]
        known = (parent.candidate.artifact, parent.fitness) if is_parent else (None, None)
        query = query_of(candidate, *known)
        estimate = self._reader.predict(query)
        appeal = self._appeal(estimate)
        decision: Decision = self._mode
        if estimate == NOTHING_KNOWN:
            decision = "unknown"
        if decision == "wanted" and appeal < self._threshold:
            drawn = stream(self._seed, "screen", candidate.id).random()
            decision = "skipped"
            if drawn < self._explore:
                decision = "explored"
        return Prediction(
            worth=estimate.worth,
            low=estimate.low,
            high=estimate.high,
            chance=estimate.chance,
            appeal=appeal,
            threshold=self._threshold if math.isfinite(self._threshold) else appeal,
            decision=decision,
        )

    def reason(self, prediction: Prediction) -> str:
        """Return why a candidate was skipped, as one sentence."""
        return (
            f"its chance to beat its parent was put at {prediction.chance:.1%}, its worth at "
            f"{prediction.worth:.2f} ({prediction.low:.2f} to {prediction.high:.2f}); {self._by}: "
            f"{prediction.appeal:.3g} is below {prediction.threshold:.3g}"
        )

    def _appeal(self, estimate: Estimate) -> float:
        if self._by == "chance":
            return estimate.appeal
        return estimate.worth if self._by == "worth" else estimate.high


def query_of(candidate: Candidate, parent: Artifact | None, fitness: float | None) -> Query:
    """Return a candidate as a critic sees it."""
    return Query(
        artifact=candidate.artifact,
        parent=parent,
        parent_id=candidate.parents[0] if candidate.parents else candidate.id,
        parent_fitness=fitness,
        operator=candidate.operator,
        note=candidate.note,
        generation=candidate.generation,
    )
