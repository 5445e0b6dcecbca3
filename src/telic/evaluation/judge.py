"""Scores candidates: the sandbox produces outputs, the trusted scorer judges them here.

A candidate's program runs elsewhere and hands over plain data. Whatever it patches, prints
or writes, the score is computed in this process, from that data alone.
"""

from __future__ import annotations

import dataclasses
import math
import signal
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from types import FrameType
from typing import Any, Protocol

from msgspec.structs import replace

from telic.artifact import Artifact
from telic.candidate import Evaluation, Failure, FailureKind
from telic.evaluation.repeats import join_repeats
from telic.evaluation.sandbox import Job, Outcome, Sandbox, WireError, encode
from telic.evaluation.scorers import ScoringFunctions, tidy_score
from telic.objectives import Objective
from telic.problem import Problem
from telic.scoring import Case, Score

__all__ = ["Foreign", "Judge"]

_MOST_CASES = 100
"""More cases than these are not kept one by one."""


class ForeignJob(Protocol):
    """How to run a foreign evaluator whole inside the sandbox."""

    @property
    def files(self) -> tuple[tuple[str, str], ...]:
        """The runner."""
        ...

    @property
    def entry(self) -> str:
        """Its function."""
        ...

    @property
    def args(self) -> tuple[Any, ...]:
        """Its arguments, plain data."""
        ...


class ForeignOutcome(Protocol):
    """What a foreign evaluator reported, checked."""

    @property
    def score(self) -> Score:
        """Metrics, feasibility, feedback, features."""
        ...

    @property
    def stage(self) -> int:
        """Index of the last cascade stage that ran."""
        ...

    @property
    def stopped_early(self) -> bool:
        """Whether a threshold ended the cascade."""
        ...


@dataclass(frozen=True, slots=True)
class Foreign:
    """Translates between a foreign problem and the sandbox."""

    job: Callable[[Problem, Artifact], ForeignJob]
    read: Callable[[Problem, Any], ForeignOutcome]
    """Raises ``ValueError`` with the reason when a report is not usable."""


@dataclass(slots=True)
class _Usage:
    """What the sandbox runs of one evaluation took together."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0

    def add(self, outcome: Outcome) -> None:
        self.seconds += outcome.seconds
        self.cpu_seconds += outcome.cpu_seconds


class Judge:
    """Evaluates artifacts of one problem, one at a time.

    Args:
        problem: what to evaluate.
        functions: the trusted scorer; unused for a foreign problem.
        sandbox: where candidates run; ``None`` if the text itself is the output.
        foreign: the translation of a foreign problem, else ``None``.
    """

    def __init__(
        self,
        problem: Problem,
        functions: ScoringFunctions,
        sandbox: Sandbox | None,
        foreign: Foreign | None = None,
    ) -> None:
        self.problem = problem
        self.functions = functions
        self.sandbox = sandbox
        self.objective = Objective(problem.objective)
        self._foreign = foreign

    def evaluate(
        self, artifact: Artifact, seeds: Sequence[int], *, code: bytes = b""
    ) -> Evaluation:
        """Evaluate once for each seed and join the repeats; a failure ends it.

        Args:
            artifact: what to evaluate.
            seeds: of the candidate's random generators.
            code: the main file's, if it is known; see :class:`telic.evaluation.sandbox.Job`.
        """
        evaluations: list[Evaluation] = []
        for seed in seeds:
            evaluation = self._evaluate_once(artifact, seed, code)
            if evaluation.failure is not None:
                return evaluation
            evaluations.append(evaluation)
        return join_repeats(evaluations)

    def _evaluate_once(self, artifact: Artifact, seed: int, code: bytes) -> Evaluation:
        if self._foreign is not None:
            return self._evaluate_foreign(self._foreign, artifact, seed)
        scores: list[Score] = []
        usage = _Usage()
        last = len(self.problem.stages) - 1
        for stage, (start, stop) in enumerate(self._stage_bounds):
            if start < stop:
                outcome = self._outputs(artifact, start, stop, seed, code)
                usage.add(outcome)
                failure = _failure_of(outcome) or self._score_into(scores, outcome, start)
                if failure is not None:
                    return self._failed(failure, usage, stage)
            try:
                joined = self.joined(scores)
            except Exception as error:  # noqa: BLE001 - user code; recorded as an outcome
                return self._failed(_scorer_failure(error), usage, stage)
            threshold = self.problem.stages[stage].threshold
            if stage == last:
                return self._conclude(joined, usage, stage, cases=self._per_case(scores))
            if threshold is not None and not self._passes(joined, threshold):
                note = f"stopped after stage {stage + 1}: below its threshold {threshold:g}"
                return self._conclude(joined, usage, stage, stopped=note)
        raise AssertionError("a problem has at least one stage")

    @cached_property
    def _stage_bounds(self) -> list[tuple[int, int]]:
        total = len(self.functions.cases)
        stops = [total if s.cases is None else min(s.cases, total) for s in self.problem.stages]
        stops = [max(stops[: i + 1]) for i in range(len(stops))]
        return list(zip([0, *stops], stops, strict=False))

    @cached_property
    def _calls(self) -> list[bytes]:
        """The wire form of each case's arguments."""
        cases = self.functions.cases
        return [encode((list(c.args), dict(c.kwargs)), allow_nonfinite=True) for c in cases]

    def job(
        self, artifact: Artifact, start: int, stop: int, seed: int, *, code: bytes = b""
    ) -> Job:
        """Return the sandbox job that runs cases ``start`` to ``stop`` of an artifact."""
        calls = tuple(self._calls[start:stop])
        return self._job(artifact.files, self.problem.entry, calls, seed, code)

    def _job(
        self,
        files: tuple[tuple[str, str], ...],
        entry: str,
        calls: tuple[bytes, ...],
        seed: int,
        code: bytes = b"",
    ) -> Job:
        limits = self.problem.limits
        return Job(
            files=files,
            entry=entry,
            calls=calls,
            seed=seed,
            seconds=limits.seconds,
            cpu_seconds=limits.cpu_seconds or math.ceil(limits.seconds),
            memory_mb=limits.memory_mb,
            output_mb=limits.output_mb,
            processes=limits.processes,
            allow_nonfinite=self.problem.allow_nonfinite,
            code=code,
        )

    def _outputs(
        self, artifact: Artifact, start: int, stop: int, seed: int, code: bytes
    ) -> Outcome:
        if self.sandbox is None:
            files = artifact.files
            output: Any = files[0][1] if len(files) == 1 else dict(files)
            return Outcome(outputs=(output,) * (stop - start), failure=None)
        return self.sandbox.run(self.job(artifact, start, stop, seed, code=code))

    def _score_into(self, scores: list[Score], outcome: Outcome, start: int) -> Failure | None:
        with self.scorer_deadline():
            try:
                for number, output in enumerate(outcome.outputs, start=start):
                    scores.append(self.score(output, self.functions.cases[number]))
            except Exception as error:  # noqa: BLE001 - user code; recorded as an outcome
                return _scorer_failure(error)
        return None

    def score(self, output: Any, case: Case) -> Score:
        """Score one output.

        Raises:
            Exception: whatever the user's scorer raises; ``ValueError`` for a bad score.
        """
        return tidy_score(self.functions.score(output, case), self.problem.objective.metric)

    def joined(self, scores: Sequence[Score]) -> Score:
        """Join the scores of the first cases, with the objective's own metric composed.

        Raises:
            Exception: whatever the user's ``aggregate`` raises; ``ValueError`` for a bad score.
        """
        spec = self.problem.objective
        joined = self.functions.joined(scores, spec.metric)
        if not spec.terms and spec.over_cases is None:
            return joined
        names = (case.name for case in self.functions.cases)
        cases = [(name, score.metrics) for name, score in zip(names, scores, strict=False)]
        # The numbers that a scorer's own worst-case metric consists of are not this metric's.
        return dataclasses.replace(
            joined, metrics=self.objective.composed(joined.metrics, cases), terms=()
        )

    def _per_case(self, scores: Sequence[Score]) -> tuple[float, ...]:
        if not 1 < len(scores) <= _MOST_CASES:
            return ()
        names = (case.name for case in self.functions.cases)
        return self.objective.per_case(
            [(name, score.metrics) for name, score in zip(names, scores, strict=False)]
        )

    def _passes(self, joined: Score, threshold: float) -> bool:
        fitness = self.objective.fitness(joined.metrics)
        return joined.feasible and self.objective.reaches(fitness, threshold)

    def _conclude(
        self,
        joined: Score,
        usage: _Usage,
        stage: int,
        *,
        stopped: str = "",
        cases: tuple[float, ...] = (),
    ) -> Evaluation:
        """Turn the joined score into an evaluation.

        Args:
            joined: over all cases that ran.
            usage: what running them took.
            stage: the last one that ran.
            stopped: why the cascade ended before its last stage, if it did.
            cases: the objective's metric on each case.
        """
        measured = self._measured(usage)
        metrics = measured | dict(joined.metrics)
        if measured or self._foreign is not None:
            metrics = dict(self.objective.composed(metrics, [("", metrics)]))
        feasible = joined.feasible and not stopped
        violation = -math.fsum(float(margin) for margin in joined.margins if margin < 0)
        notes = [stopped, joined.feedback]
        if metrics:
            assessment = self.objective.assess(metrics)
            violation += assessment.violation
            if feasible and assessment.feasible and assessment.reason:
                return self._failed(Failure("scorer", assessment.reason), usage, stage)
            feasible = feasible and assessment.feasible
            notes.insert(0, assessment.reason)
        elif feasible:
            return self._failed(Failure("scorer", "the scorer gave no metric"), usage, stage)
        value = metrics.get(self.problem.objective.metric)
        return Evaluation(
            metrics=metrics,
            feasible=feasible,
            violation=violation,
            feedback="\n".join(filter(None, notes)),
            features=dict(joined.features),
            seconds=usage.seconds,
            cpu_seconds=usage.cpu_seconds,
            layer=self._layer,
            stage=stage,
            stopped_early=bool(stopped),
            samples=(value,) if feasible and value is not None else (),
            cases=cases if feasible and value is not None else (),
            verified=self.problem.is_verified,
        )

    def _measured(self, usage: _Usage) -> dict[str, float]:
        """Return the measured times that the objective or a constraint names."""
        spec = self.problem.objective
        named = {spec.metric, *(each.metric for each in (*spec.constraints, *spec.terms))}
        times = {"seconds": usage.seconds, "cpu_seconds": usage.cpu_seconds}
        return {name: value for name, value in times.items() if name in named}

    def _failed(self, failure: Failure, usage: _Usage, stage: int) -> Evaluation:
        return Evaluation(
            failure=failure,
            seconds=usage.seconds,
            cpu_seconds=usage.cpu_seconds,
            layer=self._layer,
            stage=stage,
            verified=self.problem.is_verified,
        )

    @property
    def _layer(self) -> str:
        return "text" if self.sandbox is None else self.sandbox.layer

    def _evaluate_foreign(self, foreign: Foreign, artifact: Artifact, seed: int) -> Evaluation:
        assert self.sandbox is not None
        run = foreign.job(self.problem, artifact)
        calls = (encode((list(run.args), {})),)
        outcome = self.sandbox.run(self._job(run.files, run.entry, calls, seed))
        usage = _Usage()
        usage.add(outcome)
        failure = _failure_of(outcome)
        if failure is not None:
            return self._failed(failure, usage, 0)
        try:
            report = foreign.read(self.problem, outcome.outputs[0])
        except ValueError as error:
            return self._failed(Failure("scorer", str(error)), usage, 0)
        # A foreign cascade that stops early keeps the score of the stages that ran.
        evaluation = self._conclude(report.score, usage, report.stage)
        return replace(evaluation, stopped_early=report.stopped_early)

    @contextmanager
    def scorer_deadline(self) -> Generator[None]:
        """Bound the time that trusted scoring code may take in this process.

        Raises:
            TimeoutError: inside the block, when the time is over.
        """
        seconds = self.problem.limits.scorer_seconds

        def expire(_number: int, _frame: FrameType | None) -> None:
            raise TimeoutError(f"the scorer took longer than {seconds:g} s")

        previous = signal.signal(signal.SIGALRM, expire)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)


def _failure_of(outcome: Outcome) -> Failure | None:
    if outcome.failure is None:
        return None
    kind, reason = outcome.failure
    checked: FailureKind = kind  # pyright: ignore[reportAssignmentType]
    return Failure(checked, reason)


def _scorer_failure(error: Exception) -> Failure:
    if isinstance(error, WireError):
        return Failure("output", str(error))
    return Failure("scorer", f"{type(error).__name__}: {error}")
