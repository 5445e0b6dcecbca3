"""A workbench without a sandbox: programs run in the test process."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec

from telic.artifact import Artifact
from telic.candidate import Candidate, Evaluation, Failure, Proposal, Record
from telic.errors import TelicError
from telic.operators._task import Task
from telic.operators.base import Context, Operator, Routine
from telic.problem import Direction, ObjectiveSpec, Problem
from telic.scoring import Score

Scoring = Callable[[Any], Score]


class PlainTrial(msgspec.Struct, frozen=True):
    value: float | None = None
    feasible: bool = False
    violation: float = 0.0
    margins: Sequence[float] = ()
    terms: Sequence[float] = ()
    early: float | None = None
    failure: Failure | None = None


@dataclass
class PlainBench:
    """Executes for real, scores with a given function, and keeps what was tried."""

    problem: Problem
    score: Scoring
    args: tuple[Any, ...] = ()
    noise: Callable[[int], float] | None = None
    """Added to the value, by the session's random seed."""
    vectors: list[tuple[float | str, ...]] = field(default_factory=list[tuple[float | str, ...]])

    def single_case(self) -> bool:
        return not self.args

    def output(self, artifact: Artifact, seed: int) -> Any:
        try:
            return self._call(artifact.text, ())
        except Exception as error:
            raise TelicError(str(error)) from error

    def outputs(self, artifact: Artifact, seed: int) -> tuple[Any, ...]:
        return (self.output(artifact, seed),)

    @contextmanager
    def session(self, artifact: Artifact, seed: int) -> Generator[PlainSession]:
        yield PlainSession(self, artifact.text, seed)

    def _call(self, text: str, slots: Sequence[float | str]) -> Any:
        return _load(_compiled(text), self.problem.entry, slots)(*self.args)

    def trial(self, text: str, vector: Sequence[float | str], seed: int) -> PlainTrial:
        self.vectors.append(tuple(vector))
        return self.scored(lambda: self._call(text, vector), seed)

    def scored(self, give: Callable[[], Any], seed: int) -> PlainTrial:
        try:
            score = self.score(give())
        except Exception as error:
            return PlainTrial(failure=Failure("exception", str(error)))
        spec = self.problem.objective
        sign = 1.0 if spec.direction == "maximize" else -1.0
        value = score.metrics.get(spec.metric)
        noise = self.noise(seed) if self.noise is not None else 0.0
        return PlainTrial(
            value=None if value is None else sign * value + noise,
            feasible=score.feasible and value is not None,
            violation=-math.fsum(float(m) for m in score.margins if m < 0),
            margins=score.margins,
            terms=[sign * float(term) for term in score.terms],
        )


@dataclass
class PlainSession:
    bench: PlainBench
    text: str
    seed: int

    def evaluate(
        self, vectors: Sequence[Sequence[float | str]], *, floor: float | None = None
    ) -> list[PlainTrial]:
        del floor  # every problem has one stage here
        return [self.bench.trial(self.text, vector, self.seed) for vector in vectors]

    def score(
        self, outputs: Sequence[Sequence[Any]], *, floor: float | None = None
    ) -> list[PlainTrial]:
        del floor
        return [self.bench.scored(lambda each=each: each[0], self.seed) for each in outputs]


_codes: dict[str, Any] = {}


def _compiled(text: str) -> Any:
    if text not in _codes:
        _codes[text] = compile(text, "<program>", "exec")
    return _codes[text]


def _load(code: Any, entry: str, slots: Sequence[float | str]) -> Callable[..., Any]:
    namespace: dict[str, Any] = {"__telic_slots__": slots, "__name__": "candidate"}
    exec(code, namespace)
    return namespace[entry]


def problem_of(
    text: str, *, direction: Direction = "maximize", deterministic: bool = True
) -> Problem:
    return Problem(
        name="toy",
        seed=Artifact.of(text),
        entry="f",
        objective=ObjectiveSpec(direction=direction),
        deterministic=deterministic,
    )


def run_program(text: str) -> Any:
    """Return what the entry function of a program gives."""
    return _load(_compiled(text), "f", ())()


def task_of(text: str, *, index: int = 1, trials: int = 1_000, seeds: int = 1) -> dict[str, Any]:
    task = Task(Artifact.of(text), 7, index, trials, tuple(range(seeds)))
    return msgspec.to_builtins(task)


def propose(
    operator: Operator,
    bench: PlainBench,
    *,
    text: str | None = None,
    index: int = 1,
    trials: int | None = None,
    seed: int = 7,
) -> Proposal:
    """Let an operator propose from a parent, its routines run with the bench at once."""
    artifact = bench.problem.seed if text is None else Artifact.of(text)
    parent = Record(Candidate(0, artifact), "evaluated", Evaluation(), 0.0)

    async def run(routine: Routine) -> Mapping[str, Any]:
        import importlib

        module, _, name = routine.function.partition(":")
        arguments = msgspec.msgpack.decode(msgspec.msgpack.encode(routine.arguments))
        answer = getattr(importlib.import_module(module), name)(arguments, bench)
        return msgspec.json.decode(msgspec.json.encode(answer))

    context = Context(
        problem=bench.problem,
        index=index,
        seed=seed,
        parents=(parent,),
        inspirations=(),
        is_known=lambda artifact: False,
        run=run,
        trials=trials,
    )
    return asyncio.run(operator.propose(context))
