"""Scoring one artifact from scratch, in processes that know nothing of the run that made it."""

from __future__ import annotations

from telic.artifact import Artifact
from telic.candidate import Evaluation
from telic.engine.records import evaluation_seeds
from telic.engine.run import Runtime, opened_pool
from telic.problem import Problem

__all__ = ["remeasure"]


async def remeasure(problem: Problem, artifact: Artifact, *, seed: int) -> Evaluation:
    """Evaluate an artifact in a new pool of one worker, with nothing cached.

    Args:
        problem: with its scorer.
        artifact: what is scored.
        seed: of the run it comes from; gives a deterministic problem's own random seeds.

    Raises:
        ProblemError: if the scorer cannot be used.
        SandboxError: if no worker can be kept alive.
    """
    seeds = evaluation_seeds(seed, None, 0, problem.repeats)
    async with opened_pool(problem, Runtime(workers=1)) as pool:
        return await pool.evaluate(artifact, seeds)
