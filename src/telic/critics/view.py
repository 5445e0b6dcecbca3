"""A screen as it was when a request was opened: what decides on that request's proposals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from telic.artifact import Artifact
from telic.candidate import Behaviour, Candidate, Decision, Prediction, Record
from telic.critics.base import NOTHING_KNOWN, Estimate, Query, Reader
from telic.critics.race import Track
from telic.critics.scale import NINE_TENTHS
from telic.seeding import stream

__all__ = ["By", "Mode", "View", "query_of"]

By = Literal["effect", "chance", "worth", "upper", "improvement"]
"""What a candidate is judged by: the chance that it runs and makes a difference, the chance to beat
its parent, the expected worth, the upper end of its interval, or the improvement on its parent
expected of a normal distribution with that mean and interval (Jones, Schonlau & Welch 1998,
equation 15)."""

Mode = Literal["learning", "off", "wanted"]
Known = Mapping[int, tuple[Artifact, float | None]]
Waiting = tuple[Candidate, Behaviour | None]
"""A postponed candidate, and what it did."""


class View:
    """Decides by a critic that no longer learns.

    Args:
        reader: the critic.
        threshold: least appeal that is worth an evaluation when candidates are skipped.
        mode: whether the critic decides at all.
        explore: share of its decisions that is left to chance.
        seed: the run's.
        by: what candidates are compared by.
        proposals: how many are to compete for one evaluation.
        keen: how much the more appealing one of two proposals is preferred: their odds to be chosen
            are the exponential of so many times the difference of their appeals.
        waiting: postponed candidates and what they did, the oldest first.
        parents: those candidates' parents and their fitness, by id.
        observes: whether the critic wants to know what candidates do when they are run.
        track: decides after how many of its repeats an evaluation ends; ``None``: after all.
    """

    def __init__(
        self,
        reader: Reader,
        *,
        threshold: float,
        mode: Mode,
        explore: float,
        seed: int,
        by: By,
        proposals: int,
        keen: float,
        waiting: Sequence[Waiting],
        parents: Known,
        observes: bool = False,
        track: Track | None = None,
    ) -> None:
        self._reader, self._threshold = reader, threshold
        self._mode: Decision = mode
        self._explore, self._seed, self._by = explore, seed, by
        self.proposals = proposals
        self.observes = observes
        self.track = track
        self._keen = keen
        self._waiting, self._parents = waiting, parents

    def choose(
        self,
        rivals: Sequence[Candidate],
        parent: Record,
        behaviours: Sequence[Behaviour | None] = (),
    ) -> tuple[int, Prediction]:
        """Return which of some proposals is to be evaluated, and what is expected of it.

        Args:
            rivals: at least one; the first is what would be evaluated without a critic.
            parent: their main parent's record.
            behaviours: what each did when it was run; empty if that is not known.
        """
        seen = behaviours or [None] * len(rivals)
        told = [self._estimate(*rival, parent) for rival in zip(rivals, seen, strict=True)]
        open_ = [at for at, (estimate, _) in enumerate(told) if not estimate.settled]
        if not open_:
            return 0, self._prediction(*told[0], "skipped", behaviour=seen[0])
        chosen, said = self._chosen(rivals[0].id, [told[at] for at in open_])
        at = open_[chosen]
        return at, msgspec.structs.replace(said, behaviour=seen[at])

    def _chosen(
        self, index: int, estimates: Sequence[tuple[Estimate, float]]
    ) -> tuple[int, Prediction]:
        """Choose among proposals of which nothing is certain yet."""
        count = len(estimates)
        if any(estimate == NOTHING_KNOWN for estimate, _ in estimates):
            return 0, self._prediction(*estimates[0], "unknown", among=count)
        appeals = [appeal for _, appeal in estimates]
        chosen, decision, odds = 0, self._mode, 1.0
        if decision == "wanted" and count > 1:
            rng = stream(self._seed, "screen", index)
            chances = _chances(appeals, self._keen)
            if rng.random() < self._explore:
                decision = "explored"
            else:
                chosen = rng.choices(range(count), chances)[0]
            odds = self._explore + (1.0 - self._explore) * count * chances[chosen]
        mine = appeals[chosen]
        below = sum(appeal < mine for appeal in appeals)
        ties = appeals.count(mine) - 1
        place = (below + 0.5 * ties) / (count - 1) if count > 1 else 0.5
        return chosen, self._prediction(
            *estimates[chosen], decision, place=place, among=count, odds=odds
        )

    def judge(
        self, candidate: Candidate, parent: Record, behaviour: Behaviour | None = None
    ) -> Prediction:
        """Return what is expected of a candidate, and whether it is to be evaluated.

        Args:
            candidate: proposed, not evaluated.
            parent: its main parent's record.
            behaviour: what it did when it was run, if that is known.
        """
        estimate, appeal = self._estimate(candidate, behaviour, parent)
        decision: Decision = self._mode
        if estimate.settled:
            decision = "skipped"
        elif estimate == NOTHING_KNOWN:
            decision = "unknown"
        elif decision == "wanted" and appeal < self._threshold:
            drawn = stream(self._seed, "screen", candidate.id).random()
            decision = "skipped"
            if drawn < self._explore:
                decision = "explored"
        return self._prediction(estimate, appeal, decision, behaviour=behaviour)

    def noted(self, behaviour: Behaviour) -> Prediction:
        """Return the mark of a candidate that the critic is not asked about, but learns from."""
        return self._prediction(NOTHING_KNOWN, 0.0, "unknown", behaviour=behaviour)

    def revive(self, index: int, window: int) -> tuple[Candidate, Prediction] | None:
        """Return a postponed candidate that now deserves its evaluation, if there is one.

        Requests that may be open at the same time look at different candidates, so that none is
        evaluated twice.

        Args:
            index: of the request that it would be evaluated for.
            window: how many requests may be open.
        """
        if self._mode != "wanted":
            return None
        found: tuple[Candidate, Prediction] | None = None
        for candidate, behaviour in self._waiting:
            if candidate.id % window != index % window:
                continue
            parent, fitness = self._parents.get(candidate.parents[0], (None, None))
            estimate = self._reader.predict(query_of(candidate, parent, fitness, behaviour))
            appeal = self._appeal(estimate, fitness)
            if appeal >= self._threshold and (found is None or appeal > found[1].appeal):
                found = (
                    candidate,
                    self._prediction(
                        estimate, appeal, "wanted", revived=candidate.id, behaviour=behaviour
                    ),
                )
        return found

    def reason(self, prediction: Prediction) -> str:
        """Return why a candidate was skipped, as one sentence."""
        if prediction.settled:
            return prediction.settled
        return (
            f"its chance to beat its parent was put at {prediction.chance:.1%}, its worth at "
            f"{prediction.worth:.2f} ({prediction.low:.2f} to {prediction.high:.2f}); {self._by}: "
            f"{prediction.appeal:.3g} is below {prediction.threshold:.3g}"
        )

    def _estimate(
        self, candidate: Candidate, behaviour: Behaviour | None, parent: Record
    ) -> tuple[Estimate, float]:
        is_parent = candidate.parents and parent.candidate.id == candidate.parents[0]
        known = (parent.candidate.artifact, parent.fitness) if is_parent else (None, None)
        estimate = self._reader.predict(query_of(candidate, *known, behaviour))
        return estimate, self._appeal(estimate, known[1])

    def _prediction(
        self,
        estimate: Estimate,
        appeal: float,
        decision: Decision,
        *,
        place: float = 0.5,
        among: int = 1,
        odds: float = 1.0,
        revived: int | None = None,
        behaviour: Behaviour | None = None,
    ) -> Prediction:
        return Prediction(
            worth=estimate.worth,
            low=estimate.low,
            high=estimate.high,
            chance=estimate.chance,
            appeal=appeal,
            threshold=self._threshold if math.isfinite(self._threshold) else appeal,
            decision=decision,
            among=among,
            place=place,
            odds=odds,
            revived=revived,
            behaviour=behaviour,
            settled=estimate.settled,
        )

    def _appeal(self, estimate: Estimate, parent: float | None) -> float:
        if self._by == "effect":
            return math.log(max(estimate.effect, 1e-9))
        if self._by == "chance":
            return estimate.appeal
        if self._by == "improvement":
            return expected_improvement(estimate, self._reader.worth_of(parent))
        return estimate.worth if self._by == "worth" else estimate.high


def _chances(appeals: Sequence[float], keen: float) -> list[float]:
    """Return each one's probability to be chosen."""
    most = max(appeals)
    weights = [math.exp(keen * (appeal - most)) for appeal in appeals]
    total = math.fsum(weights)
    return [weight / total for weight in weights]


def expected_improvement(estimate: Estimate, best: float) -> float:
    """Return the mean of ``max(worth - best, 0)`` for a normal worth.

    Args:
        estimate: its mean, and its interval of nine tenths.
        best: what is to be improved on, on the same scale.
    """
    gain, spread = estimate.worth - best, (estimate.high - estimate.low) / NINE_TENTHS
    if spread <= 0:
        return max(gain, 0.0)
    score = gain / spread
    share = 0.5 * math.erfc(-score / math.sqrt(2.0))
    density = math.exp(-0.5 * score * score) / math.sqrt(2.0 * math.pi)
    return gain * share + spread * density


def query_of(
    candidate: Candidate,
    parent: Artifact | None,
    fitness: float | None,
    behaviour: Behaviour | None = None,
) -> Query:
    """Return a candidate as a critic sees it."""
    return Query(
        artifact=candidate.artifact,
        parent=parent,
        parent_id=candidate.parents[0] if candidate.parents else candidate.id,
        parent_fitness=fitness,
        operator=candidate.operator,
        note=candidate.note,
        generation=candidate.generation,
        behaviour=behaviour,
    )
