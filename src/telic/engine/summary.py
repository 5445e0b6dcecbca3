"""What a journal says of its run, as one object: the content of ``show --json``."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Literal

import msgspec

from telic.candidate import FAILURE_KINDS, Record
from telic.engine.progress import Progress
from telic.engine.screening import Refused, RefusedTally, Screening, ScreeningTally
from telic.journal import Event, Journal
from telic.objectives import Objective

__all__ = ["Best", "Evaluations", "OperatorCredit", "Point", "Summary", "interval", "summarise"]

Status = Literal["running", "finished", "interrupted"]


class Best(msgspec.Struct, frozen=True):
    """The best candidate."""

    candidate: int
    """Its id."""
    score: float | None
    """Mean of the objective's metric; ``None`` when nothing feasible was found."""
    interval: tuple[float, float] | None
    """95 % interval of the mean over repeats; ``None`` with fewer than two."""
    metrics: dict[str, float]
    """Every metric that the scorer gave, averaged over repeats."""
    evaluations: int
    """Executions behind the mean."""
    operator: str
    """What made it; ``seed`` for the seed itself."""
    generation: int
    """Steps from the seed."""


class Evaluations(msgspec.Struct, frozen=True):
    """Scored executions by result."""

    total: int
    """All executions, a numeric operator's trials and repeats included."""
    trials: int
    """Those that operators spent inside their proposals."""
    feasible: int
    """Candidates with a score."""
    infeasible: int
    """Candidates that broke a constraint."""
    failed: dict[str, int]
    """Candidates without an outcome, by kind of failure: see telic.candidate.FailureKind."""


class OperatorCredit(msgspec.Struct, frozen=True):
    """What one operator did."""

    proposals: int
    """How often it was asked."""
    evaluated: int
    """Its candidates that were evaluated."""
    declined: int
    """How often it had nothing to propose."""
    duplicates: int
    """Its candidates that equalled an earlier one."""
    improvements: int
    """New bests."""
    trials: int
    """Scored executions that it spent inside its proposals."""
    seconds: float
    """Wall-clock seconds from asking to proposal."""


class Point(msgspec.Struct, frozen=True):
    """A new best on the way."""

    seconds: float
    """Running time of the run."""
    evaluations: int
    """Executions up to here."""
    candidate: int
    """Its id."""
    score: float
    """In the metric's own sign."""


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """Stable keys of ``telic run --json`` and ``telic show --json``."""

    run: str
    """Name of the run."""
    journal: str
    """Path of its journal."""
    problem: str
    """Name of the problem."""
    objective: str
    """For people, for example ``maximize score``."""
    seed: int
    """Root of all random numbers."""
    status: Status
    """``running``, ``finished`` or ``interrupted``."""
    stop_reason: str | None
    """``budget: NAME``, ``target``, ``interrupted``, ``failed``, ``nothing new to try`` or
    ``nothing left to try``; ``None`` while it runs or when it was killed."""
    verified: bool
    """Whether scores are computed outside the candidate's process; False for foreign formats."""
    deterministic: bool
    """As found by evaluating the seed twice, not only as declared."""
    best: Best | None
    """``None`` when nothing feasible was found."""
    seed_score: float | None
    """Score of the problem's seed; ``None`` when it is infeasible or was not evaluated."""
    best_known: float | None
    """Best published value, if the problem names one."""
    evaluations: Evaluations
    """Scored executions."""
    candidates: int
    """Records, the seed and those that were never evaluated included."""
    outcomes: dict[str, int]
    """Candidates by how their request ended: see telic.candidate.Outcome."""
    seconds: float
    """Running time up to the last record, over all processes."""
    evaluations_per_second: float
    """Mean over the run."""
    candidates_per_second: float
    """Mean over the run."""
    layer: str
    """Sandbox layers that held, for example ``full``."""
    operators: dict[str, OperatorCredit]
    """Name → what it did; ``seed`` stands for the seed."""
    curve: tuple[Point, ...]
    """Every new best."""
    tokens: int = 0
    """Model tokens, prompts and replies."""
    money: float = 0.0
    """Model cost in US dollars."""
    content_hash: str = ""
    """Equal for runs with the same candidates and scores."""
    screening: Screening | None = None
    """What a critic saved and may have missed; ``None`` for a run without one."""
    refused: Refused | None = None
    """What was not novel enough to be evaluated; ``None`` if nothing was refused."""


class _Tally:
    """Adds up records one by one."""

    def __init__(self, objective: Objective) -> None:
        self.progress = Progress(objective)
        self.operators: dict[str, Counter[str]] = {}
        self.operator_seconds: Counter[str] = Counter()
        self.seconds = 0.0
        self.curve: list[Point] = []
        self.screening = ScreeningTally()
        self.refused = RefusedTally()

    def add(self, record: Record, seconds: float) -> None:
        candidate, progress = record.candidate, self.progress
        best = record.fitness if progress.tell(record) else None
        self.seconds = seconds
        credit = self.operators.setdefault(candidate.operator, Counter())
        credit["proposals"] += 1
        credit[record.outcome] += 1
        credit["trials"] += candidate.cost.trials
        self.operator_seconds[candidate.operator] += candidate.cost.seconds  # pyright: ignore[reportArgumentType]
        if best is not None:
            credit["improvements"] += 1
            score = progress.objective.value(best)
            self.curve.append(Point(seconds, progress.spent.evaluations, candidate.id, score))
        self.screening.add(record, is_best=best is not None)
        self.refused.add(record)


def summarise(journal: Journal, *, with_hash: bool = True) -> Summary:
    """Read a journal once and say what happened.

    Args:
        journal: open for reading or writing.
        with_hash: whether to compute the content hash, which reads every text.
    """
    header = journal.header
    objective = Objective(header.problem.objective)
    tally = _Tally(objective)
    for entry in journal.entries(with_artifacts=False):
        tally.add(entry.record, entry.seconds)
    events = journal.events()
    started = next((event.data for event in events if event.kind == "started"), {})
    status, reason = _status(events)
    if status == "running" and not Journal.is_being_written(journal.path):
        status = "interrupted"
    progress = tally.progress
    seed_fitness = progress.seed.fitness if progress.seed else None
    best = progress.best
    known = header.problem.best_known
    per_second = 1.0 / tally.seconds if tally.seconds > 0 else 0.0
    return Summary(
        run=header.run,
        journal=str(journal.path),
        problem=header.problem.name,
        objective=objective.describe(),
        seed=header.seed,
        status=status,
        stop_reason=reason,
        verified=header.problem.is_verified,
        deterministic=not started.get("noisy", not header.problem.deterministic),
        best=None if best is None or best.fitness is None else _best(best, objective),
        seed_score=None if seed_fitness is None else objective.value(seed_fitness),
        best_known=None if known is None else known.value,
        evaluations=_evaluations(tally),
        candidates=progress.told,
        outcomes=dict(progress.outcomes),
        seconds=round(tally.seconds, 3),
        evaluations_per_second=round(progress.spent.evaluations * per_second, 1),
        candidates_per_second=round(progress.told * per_second, 1),
        layer=progress.layer or str(started.get("layer", "")),
        operators={
            name: _credit(counts, tally.operator_seconds[name])
            for name, counts in tally.operators.items()
        },
        curve=tuple(tally.curve),
        tokens=progress.spent.tokens,
        money=progress.spent.money,
        content_hash=journal.content_hash() if with_hash else "",
        screening=tally.screening.result(),
        refused=tally.refused.result(),
    )


def interval(samples: Sequence[float]) -> tuple[float, float] | None:
    """Return the 95 % Student interval of a mean, or ``None`` with fewer than two samples."""
    count = len(samples)
    if count < 2:
        return None
    from scipy.stats import t

    mean = math.fsum(samples) / count
    variance = math.fsum((x - mean) ** 2 for x in samples) / (count - 1)
    half = float(t.ppf(0.975, count - 1)) * math.sqrt(variance / count)
    return (mean - half, mean + half)


def _best(record: Record, objective: Objective) -> Best:
    evaluation = record.evaluation
    assert evaluation is not None
    return Best(
        candidate=record.candidate.id,
        score=None if record.fitness is None else objective.value(record.fitness),
        interval=interval(evaluation.samples),
        metrics=evaluation.metrics,
        evaluations=max(1, len(evaluation.samples)),
        operator=record.candidate.operator,
        generation=record.candidate.generation,
    )


def _evaluations(tally: _Tally) -> Evaluations:
    progress = tally.progress
    return Evaluations(
        total=progress.spent.evaluations,
        trials=sum(counts["trials"] for counts in tally.operators.values()),
        feasible=progress.feasible,
        infeasible=progress.infeasible,
        failed={kind: progress.failures[kind] for kind in FAILURE_KINDS if progress.failures[kind]},
    )


def _credit(counts: Counter[str], seconds: float) -> OperatorCredit:
    return OperatorCredit(
        proposals=counts["proposals"],
        evaluated=counts["evaluated"],
        declined=counts["declined"],
        duplicates=counts["duplicate"],
        improvements=counts["improvements"],
        trials=counts["trials"],
        seconds=round(seconds, 3),
    )


def _status(events: Sequence[Event]) -> tuple[Status, str | None]:
    """Return how the run stands by its events; one that was killed still says it runs."""
    last = next((e for e in reversed(events) if e.kind in ("started", "resumed", "stopped")), None)
    if last is None or last.kind != "stopped":
        return "running", None
    reason = str(last.data.get("reason", ""))
    return ("interrupted" if reason in ("interrupted", "failed") else "finished"), reason
