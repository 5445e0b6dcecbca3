"""What is shown of a run: kept up to date by what an observer is told."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from telic.budget import Budget
from telic.candidate import Record
from telic.engine.plan import Plan
from telic.engine.progress import Progress
from telic.journal import Journal
from telic.objectives import Objective
from telic.problem import Problem

__all__ = ["Credit", "Improvement", "View", "left_share", "seconds_left"]

_LATEST = 4
_RATE_WINDOW = 10.0
"""Seconds over which speeds are averaged; operators report many evaluations at once."""


@dataclass(slots=True)
class Credit:
    """What one operator did so far."""

    proposals: int = 0
    improvements: int = 0
    gain: float = 0.0
    """Sum of the steps by which it raised the best fitness, beyond the seed."""
    trials: int = 0

    @property
    def executions(self) -> int:
        """Share of the budget: one for each proposal, and its trials."""
        return self.proposals + self.trials


@dataclass(frozen=True, slots=True)
class Improvement:
    """A new best on the way."""

    seconds: float
    evaluations: int
    candidate: int
    score: float
    step: float | None
    """Difference to the best before, in the metric's own sign; ``None`` for the first."""
    operator: str
    note: str

    @property
    def made_by(self) -> str:
        """The operator and what it did."""
        is_told = self.note and self.note != self.operator
        return f"{self.operator}: {self.note}" if is_told else self.operator


@dataclass(slots=True)
class View:
    """State behind the live view and the plain lines; memory grows with improvements only."""

    problem: Problem
    plan: Plan
    path: Path
    workers: int
    objective: Objective = field(init=False)
    progress: Progress | None = None
    operators: dict[str, Credit] = field(default_factory=dict[str, Credit])
    curve: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    """Seconds and score of every new best."""
    latest: deque[Improvement] = field(default_factory=lambda: deque(maxlen=_LATEST))
    notices: list[str] = field(default_factory=list[str])
    state: str = "starting"
    in_flight: Callable[[], list[tuple[str, float]]] = list
    """Operators at work now and since how many seconds."""
    clock: Callable[[], float] = monotonic
    _began: float | None = None
    _speed: deque[tuple[float, int, int]] = field(default_factory=deque[tuple[float, int, int]])
    _best: float | None = None

    def __post_init__(self) -> None:
        self.objective = Objective(self.problem.objective)

    def recall(self, journal: Journal) -> None:
        """Take in what a run did before this process."""
        evaluations = 0
        for entry in journal.entries(with_artifacts=False):
            record = entry.record
            samples = () if record.evaluation is None else record.evaluation.samples
            evaluations += record.candidate.cost.trials
            evaluations += max(1, len(samples)) if record.evaluation is not None else 0
            fitness = record.fitness if record.outcome == "evaluated" else None
            is_best = fitness is not None and (self._best is None or fitness > self._best)
            self.add(record, entry.seconds, evaluations, is_best=is_best)

    def add(self, record: Record, seconds: float, evaluations: int, *, is_best: bool) -> None:
        """Take in one record.

        Args:
            record: what was told.
            seconds: running time of the run.
            evaluations: executions so far.
            is_best: whether it is a new best.
        """
        candidate = record.candidate
        credit = self.operators.get(candidate.operator)
        if credit is None:
            credit = self.operators[candidate.operator] = Credit()
        credit.proposals += 1
        credit.trials += candidate.cost.trials
        if not is_best or record.fitness is None:
            return
        score = self.objective.value(record.fitness)
        step = None
        if self._best is not None:
            credit.improvements += 1
            credit.gain += record.fitness - self._best
            step = score - self.objective.value(self._best)
        self._best = record.fitness
        self.curve.append((seconds, score))
        self.latest.append(
            Improvement(
                seconds,
                evaluations,
                candidate.id,
                score,
                step,
                candidate.operator,
                candidate.note,
            )
        )

    def seconds(self) -> float:
        """Return the running time now, also when no record was told for a while."""
        spent = self.progress.spent.seconds if self.progress is not None else 0.0
        now = self.clock()
        if self._began is None or now - self._began < spent:
            self._began = now - spent
        return now - self._began

    def speeds(self) -> tuple[float, float]:
        """Return evaluations and candidates a second over the last few seconds."""
        if self.progress is None:
            return 0.0, 0.0
        now = (self.seconds(), self.progress.spent.evaluations, self.progress.told)
        marks = self._speed
        if not marks or now[0] > marks[-1][0]:
            marks.append(now)
        while len(marks) > 2 and marks[0][0] < now[0] - _RATE_WINDOW:
            marks.popleft()
        first = marks[0]
        passed = now[0] - first[0]
        if passed <= 0:
            return 0.0, 0.0
        return (now[1] - first[1]) / passed, (now[2] - first[2]) / passed


def left_share(budget: Budget, progress: Progress, seconds: float) -> tuple[str, float] | None:
    """Return the bound that is nearest to being reached and the share of it that is spent.

    Args:
        budget: the bounds.
        progress: where the run stands.
        seconds: running time now.
    """
    spent = progress.spent
    shares = [
        (name, used / bound if bound else 1.0)
        for name, bound, used in (
            ("seconds", budget.seconds, seconds),
            ("evaluations", budget.evaluations, spent.evaluations),
            ("tokens", budget.tokens, spent.tokens),
            ("money", budget.money, spent.money),
        )
        if bound is not None
    ]
    return max(shares, key=lambda share: share[1]) if shares else None


def seconds_left(budget: Budget, progress: Progress, seconds: float, speed: float) -> float | None:
    """Return an estimate of the time until the first bound is reached, ``None`` if unknown.

    Args:
        budget: the bounds.
        progress: where the run stands.
        seconds: running time now.
        speed: evaluations a second.
    """
    spent = progress.spent
    left: list[float] = []
    if budget.seconds is not None:
        left.append(budget.seconds - seconds)
    if budget.evaluations is not None and speed > 0:
        left.append((budget.evaluations - spent.evaluations) / speed)
    for bound, used in ((budget.tokens, spent.tokens), (budget.money, spent.money)):
        if bound is not None and used > 0 and seconds > 0:
            left.append((bound - used) * seconds / used)
    return max(0.0, min(left)) if left else None
