"""How the evaluation of a foreign problem is posed to the sandbox and read back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from telic.artifact import Artifact
from telic.problem import Problem
from telic.scoring import Score

__all__ = ["ForeignJob", "ForeignOutcome", "foreign_evaluation", "foreign_job"]

TEXT_LIMIT = 20_000
METRIC_LIMIT = 1_000
NAME_LIMIT = 200

_ENTRY = "evaluate"


@dataclass(frozen=True, slots=True)
class ForeignJob:
    """One sandboxed evaluation by a foreign evaluator."""

    files: tuple[tuple[str, str], ...]
    """The runner's path and text: the job's main file."""
    entry: str
    """Function of the main file to call."""
    args: tuple[Any, ...]
    """Its arguments, plain data: evaluator path, program text, suffix, options."""
    readable: tuple[str, ...]
    """Absolute folders that the job must be able to read: the evaluator's and the shims'."""
    import_paths: tuple[str, ...]
    """Absolute folders that go to the front of ``sys.path``."""


@dataclass(frozen=True, slots=True)
class ForeignOutcome:
    """What a foreign evaluator reported, checked."""

    score: Score
    """Metrics, feasibility, feedback and features."""
    stage: int
    """Index of the last cascade stage that ran."""
    stopped_early: bool
    """Whether a cascade threshold ended it."""


def foreign_job(problem: Problem, artifact: Artifact) -> ForeignJob:
    """Return the job that evaluates one artifact of a foreign problem.

    Args:
        problem: of format ``openevolve`` or ``shinka``.
        artifact: the candidate; one file, as foreign formats have it.
    """
    assert problem.format != "telic"
    assert problem.scorer.path is not None
    foreign = files("telic.formats.foreign")
    name = f"{problem.format}_runner.py"
    shims = str(foreign / "shims")
    options = {
        key: problem.options[key]
        for key in ("cascade", "thresholds", "feature_dimensions")
        if key in problem.options
    }
    return ForeignJob(
        files=((name, (foreign / name).read_text(encoding="utf-8")),),
        entry=_ENTRY,
        args=(problem.scorer.path, artifact.text, artifact.suffix, options),
        readable=(str(Path(problem.scorer.path).parent), shims),
        import_paths=(shims,),
    )


def foreign_evaluation(problem: Problem, output: Any) -> ForeignOutcome:
    """Check what a runner returned and give it a meaning.

    The runner shares a process with the candidate, so nothing in ``output`` is trusted to
    have the right form; its numbers remain unverified all the same.

    Raises:
        ValueError: if the form is wrong or a number is not finite; the text is the reason.
    """
    if not isinstance(output, dict) or frozenset[Any](output) != _KEYS:
        raise ValueError("the evaluator's report does not have the expected form")
    metrics = _metrics(output["metrics"])
    feedback, correct = output["feedback"], output["correct"]
    stage, stopped_early = output["stage"], output["stopped_early"]
    if type(feedback) is not str or type(correct) is not bool or type(stopped_early) is not bool:
        raise ValueError("the evaluator's report does not have the expected form")
    if type(stage) is not int or not 0 <= stage <= 2:
        raise ValueError("the evaluator's report names a stage that does not exist")
    metric = problem.objective.metric
    if correct and metric not in metrics:
        raise ValueError(f"the evaluator reported no {metric}")
    dimensions: list[str] = problem.options.get("feature_dimensions", [])
    return ForeignOutcome(
        score=Score(
            metrics=metrics,
            feasible=correct,
            feedback=feedback[:TEXT_LIMIT],
            features={name: metrics[name] for name in dimensions if name in metrics},
        ),
        stage=stage,
        stopped_early=stopped_early,
    )


_KEYS: frozenset[Any] = frozenset({"metrics", "feedback", "correct", "stage", "stopped_early"})


def _metrics(reported: Any) -> dict[str, float]:
    if not isinstance(reported, dict) or len(reported) > METRIC_LIMIT:
        raise ValueError(f"metrics must be a mapping of at most {METRIC_LIMIT} numbers")
    metrics: dict[str, float] = {}
    for name, value in reported.items():
        if type(name) is not str or len(name) > NAME_LIMIT:
            raise ValueError(f"a metric's name must be text of at most {NAME_LIMIT} characters")
        if type(value) not in (int, float) or not math.isfinite(value):
            raise ValueError(f"metric {name!r} is not a finite number")
        metrics[name] = float(value)
    return metrics
