"""Screening: which candidates deserve an evaluation.

Three ways. *Choosing*: for every evaluation several proposals are made of the same parents, which
costs next to nothing where operators are embedded, and the one of greatest appeal is evaluated;
over-generation and selection is where surrogate-assisted evolution gains (Jin 2011,
"Surrogate-assisted evolutionary computation: recent advances and future challenges"). A critic that
knows nothing then costs nothing: its choice is as good as any. *Skipping*: a candidate is refused
when its appeal is among the lowest of those seen lately; *postponing* does so, too, but what was
refused is tried after all once the critic has come to think better of it. *Racing*: every candidate
is evaluated, but its repeats end once it has no fair chance left to be among the better ones.

Three things keep either honest. A share of the decisions is left to chance, drawn by address, so
that the critic's errors show. Where the critic had ranked what became improvements is compared
with what a constant would do, each weighted by how likely its evaluation was; while it is no
better, it decides nothing. And each decision is taken by the critic as it was when the request was
opened, so that timing never matters and a recorded run can be replayed.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right, insort
from collections import OrderedDict, deque
from typing import Literal

from telic.artifact import Artifact
from telic.candidate import Behaviour, Candidate, Record
from telic.critics._verdict import ALIVE, Agreement, Verdict
from telic.critics.base import Critic, Estimate, Example, Query
from telic.critics.race import Races, Track
from telic.critics.view import By, Mode, View, Waiting, query_of

__all__ = ["By", "Policy", "Screen", "Track", "Verdict", "View"]

Policy = Literal["choose", "skip", "postpone", "race"]
"""What becomes of what a critic does not favour."""

_RECENT = 128
"""Appeals that the threshold is a quantile of."""
_PARENTS = 1024
"""Evaluated candidates remembered as possible parents."""
_WAITING = 64
"""Postponed candidates kept; those refused longest ago are given up first."""
_CAUTION = {"choose": 1.0, "skip": 2.0, "postpone": 2.0, "race": 2.0}
"""To skip wrongly costs evaluations, to choose wrongly hardly any."""
_LEARN = {"choose": 16, "skip": 48, "postpone": 48, "race": 16}


class Screen:
    """Decides by a critic which candidates are evaluated. State changes in :meth:`tell` alone.

    Args:
        critic: predicts.
        seed: the run's, for the draws of the exploration share.
        policy: what becomes of what the critic does not favour.
        proposals: how many proposals compete for one evaluation when choosing, 2 to 256.
        skip: share of the candidates that is below the threshold when skipping or postponing, and
            below the upper part of a rung when racing, 0 (off) to 0.95.
        explore: share of the critic's decisions that is left to chance, above 0 and at most 1.
        learn: evaluations before the critic decides anything; ``None``: 16 when choosing or racing,
            else 48.
        by: what candidates are compared by; ``None``: the chance to make a difference when
            choosing, else the chance to beat the parent.
        keen: how much a more appealing proposal is preferred when choosing, 0 (not at all) to 1000;
            the proposals' odds are their chances to this power. Moderate, so that choices stay
            as varied as what is proposed.
        observes: whether the critic wants to know what programs do when they are run.

    Raises:
        ValueError: if a setting is out of its range.
    """

    def __init__(
        self,
        critic: Critic,
        *,
        seed: int,
        policy: Policy = "choose",
        proposals: int = 12,
        skip: float = 0.6,
        explore: float = 0.1,
        learn: int | None = None,
        by: By | None = None,
        keen: float = 6.0,
        observes: bool = False,
    ) -> None:
        by = by or ("effect" if policy == "choose" else "chance")
        _check(policy, proposals, skip, explore, by, keen)
        self._critic = critic
        self._seed, self._skip, self._explore = seed, skip, explore
        self._policy: Policy = policy
        self._proposals = proposals if policy == "choose" else 1
        self._learn = _LEARN[policy] if learn is None else learn
        self._by: By = by
        self._keen = keen
        self.observes = observes
        self._parents: OrderedDict[int, tuple[Artifact, float | None]] = OrderedDict()
        self._waiting: OrderedDict[int, Waiting] = OrderedDict()
        self._recent: deque[float] = deque(maxlen=_RECENT)
        self._ranked: list[float] = []
        self._races = Races() if policy == "race" else None
        self._evaluated = 0
        self.verdict = Verdict(_CAUTION[policy])
        self.gains = Verdict(_CAUTION[policy] if by == "effect" else 2.0)
        """The same of improvements alone, when choosing; they are few where all outcomes count."""
        self.agreement = Agreement(_CAUTION[policy])
        """Of the predicted worth."""

    def view(self) -> View:
        """Return what decides on a request that is opened now."""
        threshold = -math.inf
        if self._policy in ("skip", "postpone") and self._skip and self._ranked:
            threshold = self._ranked[int(self._skip * len(self._ranked))]
        mode = self._mode()
        # To run proposals costs something. One that is settled is skipped, not evaluated, so the
        # next request makes another; those that go by text need rivals to learn from.
        needs_one = self.observes and mode != "wanted"
        return View(
            self._critic.reader(),
            threshold=threshold,
            mode=mode,
            explore=self._explore,
            seed=self._seed,
            by=self._by,
            proposals=1 if needs_one else self._proposals,
            keen=self._keen,
            waiting=tuple(self._waiting.values()),
            parents=self._parents_of_waiting(),
            observes=self.observes,
            track=self._track(),
        )

    def tell(self, record: Record) -> None:
        """Learn the end of a request."""
        prediction = record.prediction
        behaviour = None if prediction is None else prediction.behaviour
        if prediction is not None and prediction.decision == "unknown":
            prediction = None
        if prediction is not None and not prediction.settled:
            if len(self._recent) == _RECENT:
                self._ranked.remove(self._recent[0])
            self._recent.append(prediction.appeal)
            insort(self._ranked, prediction.appeal)
        self._wait(record)
        if self._races is not None:
            self._races.tell(record)
        if record.outcome != "evaluated":
            return
        candidate = record.candidate
        self._evaluated += 1
        if candidate.parents:
            example = Example(self._query(candidate, behaviour), record.fitness)
            estimate = None
            if prediction is not None:
                self._judge(record, example)
                estimate = Estimate(
                    prediction.worth, prediction.low, prediction.high, prediction.chance
                )
            self._critic.update(example, estimate)
        self._parents[candidate.id] = (candidate.artifact, record.fitness)
        while len(self._parents) > _PARENTS:
            self._parents.popitem(last=False)

    def _track(self) -> Track | None:
        if self._races is None:
            return None
        return self._races.track(
            skip=self._skip if self._evaluated >= self._learn else 0.0,
            trusts=self._mode() == "wanted",
            explore=self._explore,
            seed=self._seed,
        )

    def _mode(self) -> Mode:
        few = _RECENT // 4 if self._policy in ("skip", "postpone") else 0
        if self._evaluated < self._learn or len(self._ranked) < few:
            return "learning"
        is_idle = self._policy != "choose" and not self._skip
        # A race looks at the worth of all, so that is what the critic must know.
        counts_all = self._policy == "race" or (self._policy == "choose" and self._by != "effect")
        is_ahead = (self.agreement if counts_all else self.verdict).is_ahead
        is_useless = not is_ahead or self.gains.is_behind
        return "off" if is_idle or is_useless else "wanted"

    def _judge(self, record: Record, example: Example) -> None:
        """Let an outcome speak for or against the critic."""
        prediction = record.prediction
        assert prediction is not None
        self.agreement.add(prediction.worth, self._critic.reader().worth_of(example.fitness))
        if self._policy != "choose":
            if example.is_improvement:
                weight = 1.0 / self._explore if prediction.decision == "explored" else 1.0
                self.verdict.add(self._place(prediction.appeal), weight)
        elif prediction.among > 1:
            # Weighted by the inverse of their odds, choices stand for all proposals.
            weight = 1.0 / prediction.odds
            if example.is_improvement:
                self.verdict.add(prediction.place, weight)
                self.gains.add(prediction.place, weight)
            elif example.has_effect:
                self.verdict.add(prediction.place, ALIVE * weight)

    def _wait(self, record: Record) -> None:
        """Keep what is postponed, and let go what was taken up again."""
        if self._policy != "postpone":
            return
        prediction = record.prediction
        if prediction is not None and prediction.revived is not None:
            self._waiting.pop(prediction.revived, None)
        elif record.outcome == "skipped" and prediction is not None and not prediction.settled:
            self._waiting[record.candidate.id] = record.candidate, prediction.behaviour
            if len(self._waiting) > _WAITING:
                self._waiting.popitem(last=False)

    def _parents_of_waiting(self) -> dict[int, tuple[Artifact, float | None]]:
        parents = {c.parents[0] for c, _ in self._waiting.values() if c.parents}
        return {one: self._parents[one] for one in parents if one in self._parents}

    def _place(self, appeal: float) -> float:
        ranked = self._ranked
        below, upto = bisect_left(ranked, appeal), bisect_right(ranked, appeal)
        return (below + upto) / (2.0 * len(ranked))

    def _query(self, candidate: Candidate, behaviour: Behaviour | None) -> Query:
        parent = candidate.parents[0]
        known = self._parents.get(parent)
        if known is not None:
            self._parents.move_to_end(parent)
        artifact, fitness = known or (None, None)
        return query_of(candidate, artifact, fitness, behaviour)


def _check(policy: str, proposals: int, skip: float, explore: float, by: str, keen: float) -> None:
    if policy not in Policy.__args__:
        raise ValueError(f"policy must be one of {', '.join(Policy.__args__)}; got {policy!r}")
    if not 2 <= proposals <= 256:
        raise ValueError(f"proposals must be between 2 and 256; got {proposals}")
    if not 0 <= skip <= 0.95:
        raise ValueError(f"skip must be between 0 and 0.95; got {skip}")
    if not 0 < explore <= 1:
        raise ValueError(f"explore must be above 0 and at most 1; got {explore}")
    if not 0 <= keen <= 1000:
        raise ValueError(f"keen must be between 0 and 1000; got {keen}")
    if by not in By.__args__:
        raise ValueError(f"by must be one of {', '.join(By.__args__)}; got {by!r}")
