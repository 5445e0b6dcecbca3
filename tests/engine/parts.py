"""Parts for engine tests that need no sandbox: a numeric artifact, its pool and an operator."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from telic.artifact import Artifact
from telic.candidate import Cost, Evaluation, Failure, Proposal
from telic.operators.base import Context
from telic.problem import Problem, Scorer
from telic.seeding import stream


def number_problem(**changes: Any) -> Problem:
    """A text that is a number; the score is the number itself."""
    fields: dict[str, Any] = {
        "name": "number",
        "seed": Artifact.of("0", "number.txt"),
        "scorer": Scorer(path="score.py"),
    }
    return Problem(**(fields | changes))


@dataclass
class FakePool:
    """Evaluates in this process; answers come back in an order drawn from ``timing``."""

    timing: int = 0
    layer: str = "text"
    missing: tuple[str, ...] = ()
    evaluated: list[str] = field(default_factory=list[str])
    noise: float = 0.0

    async def evaluate(self, artifact: Artifact, seeds: Sequence[int]) -> Evaluation:
        self.evaluated.append(artifact.text)
        for _ in range(random.Random(f"{self.timing} {artifact.text}").randrange(20)):
            await asyncio.sleep(0)
        try:
            value = float(artifact.text)
        except ValueError:
            return Evaluation(failure=Failure("exception", "not a number"))
        samples = tuple(value + self.noise * random.Random(s).gauss(0, 1) for s in seeds)
        mean = sum(samples) / len(samples)
        return Evaluation(metrics={"score": mean}, feasible=value != 13, samples=samples)

    async def run(self, function: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        del function
        for _ in range(30):
            await asyncio.sleep(0)
        return {"text": f"{float(arguments['text']) + 0.5}"}


@dataclass(frozen=True)
class NumberOperator:
    """What every operator on numbers has beside its proposals."""

    name: str
    trials: int = 0

    def applies(self, problem: Problem) -> bool:
        return problem.seed.suffix == ".txt"


@dataclass(frozen=True)
class Step(NumberOperator):
    """Adds a random integer; sometimes breaks the number."""

    name: str = "step"

    async def propose(self, context: Context) -> Proposal:
        rng = stream(context.seed, self.name, context.index)
        parent = context.parents[0].candidate.artifact
        if rng.random() < 0.1:
            return Proposal(parent.with_text(f"broken {context.index}"))
        if rng.random() < 0.05:
            return Proposal(None, note="nothing came to mind")
        return Proposal(parent.with_text(f"{float(parent.text) + rng.randint(-3, 3)}"))


@dataclass(frozen=True)
class Slow(NumberOperator):
    """Spends trials in a routine."""

    name: str = "slow"
    trials: int = 20

    async def propose(self, context: Context) -> Proposal:
        from telic.operators.base import Routine

        parent = context.parents[0].candidate.artifact
        result = await context.run(Routine("tests:half", {"text": parent.text}))
        spent = stream(context.seed, self.name, context.index).randint(5, 20)
        return Proposal(parent.with_text(str(result["text"])), cost=Cost(trials=spent))
