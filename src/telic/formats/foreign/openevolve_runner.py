"""Runs an OpenEvolve evaluator on one program, inside the sandbox.

The evaluator is imported as ``evaluation_module`` with its folder on ``sys.path`` and is
called with the path of a temporary file, directly or as a cascade of ``evaluate_stage1`` to
``evaluate_stage3``. Unlike the original, an exception in any stage is a failure of the
candidate and never a partial score, and an ``async`` function is awaited.
"""

import asyncio
import importlib.util
import inspect
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from foreign_plain import (  # pyright: ignore[reportMissingImports] - on the job's import path
    as_number,
    feedback,
    split_metrics,
)

Reported = tuple[dict[str, Any], dict[str, Any]]
"""Metrics as the evaluator gave them, and its artifacts."""


def evaluate(
    evaluator_path: str, program_text: str, suffix: str, options: Mapping[str, Any]
) -> dict[str, Any]:
    """Evaluate a program.

    Args:
        evaluator_path: absolute path of the evaluator.
        program_text: the candidate.
        suffix: of the temporary file, for example ``".py"``.
        options: ``cascade`` (bool), ``thresholds`` (list), ``feature_dimensions`` (list).

    Returns:
        ``metrics`` (finite floats; ``combined_score`` is the fitness), ``feedback``,
        ``correct``, ``stage`` (index of the last stage run) and ``stopped_early``.
    """
    program = Path(tempfile.mkdtemp(prefix="candidate-")) / f"program{suffix}"
    program.write_text(program_text, encoding="utf-8", newline="")
    program_path = str(program)
    module = _load(evaluator_path)
    if options.get("cascade") and hasattr(module, "evaluate_stage1"):
        metrics, artifacts, stage, stopped = _cascade(module, program_path, options["thresholds"])
    else:
        metrics, artifacts = _call(module.evaluate, program_path)
        stage, stopped = 0, False
    return _report(
        metrics,
        artifacts,
        stage,
        stopped=stopped,
        feature_dimensions=options.get("feature_dimensions", []),
    )


def _load(path: str) -> Any:
    folder = str(Path(path).parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    spec = importlib.util.spec_from_file_location("evaluation_module", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules["evaluation_module"] = module
    spec.loader.exec_module(module)
    return module


def _call(function: Callable[[str], Any], program_path: str) -> Reported:
    """Return the metrics and artifacts of one call."""
    result = function(program_path)
    if inspect.isawaitable(result):
        result = asyncio.run(_await(result))
    metrics = getattr(result, "metrics", result)
    if not isinstance(metrics, dict):
        raise TypeError(
            "the evaluator must return a dict of metrics or an EvaluationResult; "
            f"got {type(result).__name__}"
        )
    artifacts = getattr(result, "artifacts", None)
    return metrics, dict(artifacts) if isinstance(artifacts, dict) else {}


async def _await(awaitable: Awaitable[Any]) -> Any:
    return await awaitable


def _cascade(
    module: Any, program_path: str, thresholds: Sequence[float]
) -> tuple[dict[str, Any], dict[str, Any], int, bool]:
    """Run the stages while their merged metrics reach the thresholds."""
    metrics, artifacts = _call(module.evaluate_stage1, program_path)
    for stage, name in enumerate(("evaluate_stage2", "evaluate_stage3")):
        function = getattr(module, name, None)
        if function is None:
            return metrics, artifacts, stage, False
        if stage >= len(thresholds) or not _passes(metrics, thresholds[stage]):
            return metrics, artifacts, stage, True
        more_metrics, more_artifacts = _call(function, program_path)
        metrics = {**metrics, **more_metrics}
        artifacts = {**artifacts, **more_artifacts}
    return metrics, artifacts, 2, False


def _passes(metrics: Mapping[str, Any], threshold: float) -> bool:
    """Compare ``combined_score``, else the mean of all numbers but ``error``; flags count."""
    score = as_number(metrics.get("combined_score"))
    if score is None:
        numbers = [
            float(value) if isinstance(value, bool) else as_number(value)
            for name, value in metrics.items()
            if name != "error"
        ]
        values = [number for number in numbers if number is not None]
        if not values:
            return False
        score = sum(values) / len(values)
    return score >= threshold


def _report(
    reported: Mapping[str, Any],
    artifacts: Mapping[str, Any],
    stage: int,
    *,
    stopped: bool,
    feature_dimensions: Sequence[str],
) -> dict[str, Any]:
    metrics, texts = split_metrics(reported)
    correct = True
    if "combined_score" not in metrics:
        given = as_number(reported.get("combined_score"))
        counted = [value for name, value in metrics.items() if name not in feature_dimensions]
        counted = counted or list(metrics.values())
        if given is not None or not counted:
            correct = False
            texts["score"] = (
                f"combined_score is {given}"
                if given is not None
                else "the evaluator reported no finite number"
            )
        else:
            metrics["combined_score"] = sum(counted) / len(counted)
    return {
        "metrics": metrics,
        "feedback": feedback({**texts, **artifacts}),
        "correct": correct,
        "stage": stage,
        "stopped_early": stopped,
    }
