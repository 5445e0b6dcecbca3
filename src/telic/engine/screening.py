"""What a run's critic saved, and what it may have missed, from the records alone."""

from __future__ import annotations

import msgspec

from telic.candidate import Prediction, Record
from telic.critics.scale import Scale, ranked_worth

__all__ = ["Refused", "RefusedTally", "Screening", "ScreeningTally"]


class Screening(msgspec.Struct, frozen=True, kw_only=True):
    """How a critic's screening went."""

    judged: int
    """Candidates that the critic was asked about."""
    skipped: int
    """Evaluations saved."""
    explored: int
    """Condemned candidates that were evaluated all the same, or whole where candidates race."""
    explored_improved: int
    """Those of them that became a new best."""
    wanted_improved: int
    """New bests among the candidates that the critic let through."""
    regret: float | None
    """Estimated new bests among the skipped or stopped, at the rate of the explored; ``None`` when
    none was explored."""
    coverage: float | None
    """Share of the evaluated candidates of which something was predicted whose worth lay in the
    predicted interval; nine in ten is meant. ``None`` when there was none."""

    chosen: int = 0
    """Times that the critic chose among several proposals."""
    passed_over: int = 0
    """Proposals that it did not choose then."""
    chosen_improved: int = 0
    """Choices that turned out better than their parents."""
    chance: int = 0
    """Times that chance chose instead of the critic, so that its error is measured."""
    chance_improved: int = 0
    settled: int = 0
    """Of the skipped, those that failed when they were run or repeated a known output: certain,
    without regret."""
    raced: int = 0
    """Candidates whose repeats were made in rungs."""
    stopped: int = 0
    """Those of them that were evaluated with fewer repeats than asked for."""
    spared: int = 0
    """Repeats that these were not given."""

    @property
    def saved(self) -> float | None:
        """Estimated evaluations saved by choosing; ``None`` when chance found no improvement.

        It is what chance would have needed more for as many improvements.
        """
        if not self.chance_improved:
            return None
        rate = self.chance_improved / self.chance
        return self.chosen_improved / rate - self.chosen

    def sentence(self) -> str:
        """Return it for people."""
        if self.raced:
            return self._of_races()
        return self._of_choices() if self.chosen or self.chance else self._of_skips()

    def _of_races(self) -> str:
        regret = "unknown" if self.regret is None else f"{self.regret:.1f}"
        return (
            f"race: {self.spared} evaluations saved by stopping {self.stopped} of {self.raced} "
            f"candidates early, estimated regret {regret} new bests ({self.explored_improved} of "
            f"{self.explored} that were evaluated whole all the same were)"
        )

    def _of_choices(self) -> str:
        better = f"{self.chosen_improved} of them beat their parents"
        beside = f"{self.chance_improved} of {self.chance} left to chance did"
        among = 1 + self.passed_over / self.chosen if self.chosen else 0.0
        text = f"critic: {self.chosen} choices among {among:.1f} proposals, {better}, {beside}"
        if self.settled:
            text = f"{text}; {self.settled} evaluations saved by running proposals first"
        if self.saved is None:
            return f"{text}; what that saved is not known yet"
        if self.saved >= 0:
            return f"{text}: about {self.saved:.0f} evaluations saved, no regret estimated"
        lost = -self.saved * self.chance_improved / self.chance
        return f"{text}: none saved, estimated regret {lost:.1f} improvements"

    def _of_skips(self) -> str:
        regret = "unknown" if self.regret is None else f"{self.regret:.1f}"
        text = (
            f"critic: {self.skipped} of {self.judged} evaluations saved, estimated regret "
            f"{regret} new bests ({self.explored_improved} of {self.explored} explored were; "
            f"{self.wanted_improved} came from what it let through)"
        )
        return text if self.coverage is None else f"{text}; intervals held {self.coverage:.0%}"


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """Proposals that were not evaluated because they were not novel."""

    structure: int = 0
    embedding: int = 0
    judge: int = 0
    seconds: float = 0.0
    """What their evaluations would have taken, at the mean of those that were made."""

    def sentence(self) -> str:
        """Return it for people."""
        return (
            f"novelty: {self.structure + self.embedding + self.judge} evaluations saved, about "
            f"{self.seconds:.1f} s (refused by structure {self.structure}, by embedding "
            f"{self.embedding}, by judgement {self.judge})"
        )


class RefusedTally:
    """Counts refusals and the cost of evaluations, one record after the other."""

    def __init__(self) -> None:
        self._by = {"structure": 0, "embedding": 0, "judge": 0}
        self._seconds, self._evaluations = 0.0, 0

    def add(self, record: Record) -> None:
        """Count one record."""
        if record.refusal is not None:
            self._by[record.refusal.by] += 1
        if record.evaluation is not None:
            self._seconds += record.evaluation.seconds
            self._evaluations += 1

    def result(self) -> Refused | None:
        """Return what it comes to, ``None`` if nothing was refused."""
        count = sum(self._by.values())
        if not count:
            return None
        return Refused(**self._by, seconds=count * self._seconds / max(1, self._evaluations))


class ScreeningTally:
    """Adds up what a critic said of one record after the other."""

    def __init__(self) -> None:
        self._judged = self._skipped = self._explored = 0
        self._explored_improved = self._wanted_improved = 0
        self._chosen = self._passed_over = self._chosen_improved = 0
        self._chance = self._chance_improved = 0
        self._fitness: dict[int, float | None] = {}
        self._inside = self._measured = self._settled = 0
        self._raced = self._stopped = self._spared = 0
        self._scale = Scale()

    def add(self, record: Record, *, is_best: bool) -> None:
        """Count one record."""
        said = record.prediction
        if said is not None:
            self._judged += 1
            self._skipped += said.decision == "skipped"
            self._settled += bool(said.settled)
            self._explored += said.decision == "explored"
            self._explored_improved += is_best and said.decision == "explored"
            self._wanted_improved += is_best and said.decision not in ("explored", "skipped")
            self._add_race(said, is_best=is_best)
        if record.outcome != "evaluated":
            return
        if said is not None and said.among > 1:
            self._add_choice(record, said)
        self._fitness[record.candidate.id] = record.fitness
        if said is not None and said.decision != "unknown":
            self._measured += 1
            self._inside += (
                said.low <= ranked_worth(record.fitness, self._scale.ranked) <= said.high
            )
        self._scale.add(record.fitness)

    def _add_race(self, said: Prediction, *, is_best: bool) -> None:
        race = said.race
        if race is None:
            return
        self._raced += 1
        self._stopped += race.spared > 0
        self._spared += race.spared
        self._explored += race.explored
        self._explored_improved += is_best and race.explored

    def _add_choice(self, record: Record, said: Prediction) -> None:
        parent = self._fitness.get(record.candidate.parents[0])
        improved = record.fitness is not None and (parent is None or record.fitness > parent)
        if said.decision == "wanted":
            self._chosen += 1
            self._passed_over += said.among - 1
            self._chosen_improved += improved
        elif said.decision == "explored":
            self._chance += 1
            self._chance_improved += improved

    def result(self) -> Screening | None:
        """Return what it comes to, ``None`` for a run without a critic."""
        if not self._judged:
            return None
        rate = self._explored_improved / self._explored if self._explored else None
        return Screening(
            judged=self._judged,
            skipped=self._skipped,
            explored=self._explored,
            explored_improved=self._explored_improved,
            wanted_improved=self._wanted_improved,
            regret=None if rate is None else rate * (self._skipped - self._settled + self._stopped),
            coverage=self._inside / self._measured if self._measured else None,
            chosen=self._chosen,
            passed_over=self._passed_over,
            chosen_improved=self._chosen_improved,
            chance=self._chance,
            chance_improved=self._chance_improved,
            settled=self._settled,
            raced=self._raced,
            stopped=self._stopped,
            spared=self._spared,
        )
