"""What a trusted routine works with beside the sandbox: programs in, trials out."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any, Protocol, cast

import msgspec

from telic.artifact import Artifact
from telic.candidate import Failure
from telic.errors import TelicError
from telic.evaluation.grouping import ENTRY, answers_of, can_group, wrapped
from telic.evaluation.judge import Judge
from telic.evaluation.sandbox import Session
from telic.evaluation.sandbox.session import Answer
from telic.scoring import Score

__all__ = ["Bench", "BenchError", "BenchSession", "Trial"]

_MOST_TOGETHER = 32
"""Vectors that one call of a child executes, at most."""
_SPAN = 0.05
"""Seconds that such a call should take at most."""
_BRIEF = 0.02
"""The same as a share of the limit of one execution."""


class BenchError(TelicError):
    """The program of a routine gave no output; the text says why."""


class Trial(msgspec.Struct, frozen=True):
    """One scored execution of a template."""

    value: float | None = None
    """The objective's metric turned so that higher is better, also when infeasible."""
    feasible: bool = False
    violation: float = 0.0
    margins: Sequence[float] = ()
    """Signed slacks of all constraints, as the scorer gave them."""
    terms: Sequence[float] = ()
    """Numbers whose least is ``value``, turned like it, if the scorer gave such."""
    early: float | None = None
    """The value after the first stage, where a floor was set."""
    failure: Failure | None = None


class Bench:
    """Runs programs and batches of literal vectors, scored by the trusted scorer."""

    def __init__(self, judge: Judge) -> None:
        self.problem = judge.problem
        self._judge = judge

    def single_case(self) -> bool:
        """Tell whether the entry function is called once, without arguments."""
        cases = self._judge.functions.cases
        return len(cases) == 1 and not cases[0].args and not cases[0].kwargs

    def output(self, artifact: Artifact, seed: int) -> Any:
        """Return what the program gives for the first case.

        Raises:
            BenchError: if it gives nothing.
        """
        if self._judge.sandbox is None:
            return artifact.text
        outcome = self._judge.sandbox.run(self._judge.job(artifact, 0, 1, seed))
        if outcome.failure is not None:
            raise BenchError(": ".join(outcome.failure))
        return outcome.outputs[0]

    def outputs(self, artifact: Artifact, seed: int) -> tuple[Any, ...]:
        """Return what the program gives for each call of a session, in one execution.

        Raises:
            BenchError: if it fails.
        """
        assert self._judge.sandbox is not None
        outcome = self._judge.sandbox.run(self._judge.job(artifact, 0, self._calls, seed))
        if outcome.failure is not None:
            raise BenchError(": ".join(outcome.failure))
        return outcome.outputs

    @property
    def _calls(self) -> int:
        """How often one execution calls the entry function.

        Once does for cases that differ in nothing but what the scorer knows of them.
        """
        cases = self._judge.functions.cases
        are_equal = self.problem.deterministic and not any(c.args or c.kwargs for c in cases)
        return 1 if are_equal else len(cases)

    @contextmanager
    def session(self, artifact: Artifact, seed: int) -> Generator[BenchSession]:
        """Open one sandbox child for a template.

        Args:
            artifact: the main text reads its tuned literals from ``__telic_slots__[i]``.
            seed: of the program's own random numbers.
        """
        assert self._judge.sandbox is not None
        cases, calls = self._judge.functions.cases, self._calls
        arguments = [value for case in cases for value in (*case.args, *case.kwargs.values())]
        is_grouped = can_group(artifact, arguments)
        if is_grouped:
            artifact = wrapped(artifact, self.problem.entry)
        job = self._judge.job(artifact, 0, calls, seed)
        if is_grouped:
            job = dataclasses.replace(job, entry=ENTRY)
        with self._judge.sandbox.session(job) as session:
            child = _Groups(session, self.problem.limits.seconds) if is_grouped else session
            yield BenchSession(self._judge, child, copies=len(cases) // calls)


class _Child(Protocol):
    """Something that executes a template for each of some vectors."""

    def run(self, vectors: Sequence[Sequence[float]], /) -> Sequence[Answer]:
        """Return what each gave, in order."""
        ...


class _Groups:
    """A child whose program is a wrapper, which executes the template for a group at a time.

    Time decides how large groups are, and never what an execution gives.

    Args:
        session: the child.
        limit: seconds that one execution may take.
    """

    def __init__(self, session: Session, limit: float) -> None:
        self._session = session
        self._span = min(_SPAN, _BRIEF * limit)
        self._size = 1
        self._most = _MOST_TOGETHER

    def run(self, vectors: Sequence[Sequence[float]]) -> list[Answer]:
        """Return what each vector gave, in order."""
        if not vectors:
            return []
        began = perf_counter()
        groups = [vectors[at : at + self._size] for at in range(0, len(vectors), self._size)]
        answers: list[Answer] = []
        for group, answer in zip(groups, self._sent(groups), strict=True):
            answers += self._each(group, answer)
        each = (perf_counter() - began) / len(vectors)
        self._size = max(1, min(self._most, int(self._span / each)))
        return answers

    def _sent(self, groups: Sequence[Sequence[Sequence[float]]]) -> list[Answer]:
        # The wrapper's slots are vectors, which are plain data like the numbers of others.
        return self._session.run(cast("Sequence[Sequence[float]]", groups))

    def _each(self, group: Sequence[Sequence[float]], answer: Answer) -> list[Answer]:
        """Return the answers of a group's members; execute them alone if the group failed."""
        outputs, failure = answer
        answers = None if failure is not None else answers_of(outputs, len(group))
        if answers is not None:
            return answers
        if len(group) == 1:
            return [((), failure or ("output", "the program forged the answer of a group"))]
        self._most = max(1, self._most // 2)
        alone = [[vector] for vector in group]
        return [self._each(*pair)[0] for pair in zip(alone, self._sent(alone), strict=True)]


class BenchSession:
    """Scores batches of literal vectors for one template.

    Args:
        judge: knows the cases and the scorer.
        session: the child.
        copies: how many cases each of its outputs is scored for.
    """

    def __init__(self, judge: Judge, session: _Child, *, copies: int = 1) -> None:
        self._judge = judge
        self._session = session
        self._copies = copies

    def evaluate(
        self, vectors: Sequence[Sequence[float | str]], *, floor: float | None = None
    ) -> list[Trial]:
        """Return one trial for each vector of slot values, in order.

        Args:
            vectors: values of the slots: numbers, or texts for a template that takes such.
            floor: value, more is better, that the cases of the first stage must reach for the
                others to be scored; what stays below is infeasible. ``None``: score all.
        """
        # Slots travel as plain data, so that a text is one as well as a number.
        answers = self._session.run(cast("Sequence[Sequence[float]]", vectors))
        with self._judge.scorer_deadline():
            return [self._trial(outputs, failure, floor) for outputs, failure in answers]

    def score(self, outputs: Sequence[Sequence[Any]], *, floor: float) -> list[Trial]:
        """Return one trial for each execution whose outputs are known without it.

        Args:
            outputs: one for each call of an execution.
            floor: as for :meth:`evaluate`.
        """
        with self._judge.scorer_deadline():
            return [self._trial(each, None, floor) for each in outputs]

    def _trial(
        self, outputs: Sequence[Any], failure: tuple[str, str] | None, floor: float | None
    ) -> Trial:
        if failure is not None:
            return Trial(failure=Failure(failure[0], failure[1]))  # pyright: ignore[reportArgumentType]
        cases = self._judge.functions.cases
        first = self._judge.problem.stages[0].cases
        early = None
        try:
            scores: list[Score] = []
            for output, case in zip([*outputs] * self._copies, cases, strict=True):
                if floor is not None and len(scores) == first:
                    early = self._joined(scores)
                    if early.value is None or not early.feasible or early.value < floor:
                        return Trial(early.value, violation=early.violation, early=early.value)
                scores.append(self._judge.score(output, case))
            trial = self._joined(scores)
        except Exception as error:  # noqa: BLE001 - user code; recorded as a failed trial
            return Trial(failure=Failure("scorer", f"{type(error).__name__}: {error}"))
        return trial if early is None else msgspec.structs.replace(trial, early=early.value)

    def _joined(self, scores: Sequence[Score]) -> Trial:
        """Return the trial that the scores of the first cases make.

        Raises:
            Exception: whatever the user's ``aggregate`` raises; ``ValueError`` for a bad score.
        """
        judge = self._judge
        joined = judge.joined(scores)
        margins, metrics = joined.margins, joined.metrics
        assessment = judge.objective.assess(metrics)
        violation = assessment.violation if metrics else 0.0
        violation -= math.fsum(float(margin) for margin in margins if margin < 0)
        value = metrics.get(judge.problem.objective.metric)
        return Trial(
            None if value is None else judge.objective.value(value),
            joined.feasible and assessment.feasible and value is not None,
            violation,
            margins,
            [judge.objective.value(float(term)) for term in joined.terms],
        )
