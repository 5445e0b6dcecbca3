"""Running programs without scoring them, for a critic that looks at what they do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from telic.artifact import Artifact
from telic.candidate import Behaviour
from telic.critics import behaviour_of
from telic.errors import UsageError
from telic.evaluation import Pool
from telic.evaluation.bench import Bench, BenchError
from telic.problem import Problem

__all__ = ["check_observable", "observe", "observed"]

_ROUTINE = "telic.engine.observing:observe"


class _Task(msgspec.Struct, frozen=True):
    """What the routine is asked."""

    artifacts: tuple[Artifact, ...]
    seed: int


def check_observable(problem: Problem) -> None:
    """Refuse a problem whose programs cannot be run apart from being scored.

    Raises:
        UsageError: if there is nothing to run, or the program runs inside its evaluator.
    """
    if problem.format != "telic" or not problem.entry:
        raise UsageError(
            f"the critic 'behaviour' runs programs without scoring them, which {problem.name!r} "
            "does not allow: it needs a problem in Telic's own format with an entry function "
            "(another critic, such as 'credit', goes by the text)"
        )


async def observed(pool: Pool, artifacts: Sequence[Artifact], seed: int) -> list[Behaviour]:
    """Return what programs do in all cases, in order.

    Args:
        pool: runs them.
        artifacts: the programs.
        seed: of their own random numbers.
    """
    task = _Task(tuple(artifacts), seed)
    answer = await pool.run(_ROUTINE, msgspec.to_builtins(task))
    return msgspec.convert(answer["behaviours"], list[Behaviour])


def observe(arguments: dict[str, Any], bench: Bench) -> dict[str, Any]:
    """Run some programs beside the sandbox; see :func:`observed`."""
    task = msgspec.convert(arguments, _Task)
    seen = [_behaviour(artifact, task.seed, bench) for artifact in task.artifacts]
    return {"behaviours": msgspec.to_builtins(seen)}


def _behaviour(artifact: Artifact, seed: int, bench: Bench) -> Behaviour:
    try:
        outputs = bench.outputs(artifact, seed)
    except BenchError as error:
        return Behaviour(failure=str(error)[:200] or "no output")
    return behaviour_of(outputs[0] if len(outputs) == 1 else [*outputs])
