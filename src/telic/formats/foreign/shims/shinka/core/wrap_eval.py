"""Stand-in for ``shinka.core.wrap_eval``: run a program, validate, aggregate, write JSON.

Runs are sequential whatever ``run_workers`` says, because the sandbox already holds one
evaluation each; no run is dropped by an early-stopping rule; plots are not drawn.
"""

import importlib.util
import json
import math
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

FAILED_METRICS: dict[str, Any] = {
    "combined_score": 0.0,
    "execution_time_mean": 0.0,
    "execution_time_std": 0.0,
    "num_successful_runs": 0,
    "num_valid_runs": 0,
    "num_invalid_runs": 0,
    "all_validation_errors": [],
}


def load_program(program_path: str) -> Any:
    """Import a program from its path as the module ``program``."""
    spec = importlib.util.spec_from_file_location("program", program_path)
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot import {program_path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def save_json_results(
    results_dir: str,
    metrics: dict[str, Any],
    correct: bool,
    error: str | None = None,
    verbose: bool = True,
) -> None:
    """Write ``correct.json`` and ``metrics.json`` into a folder."""
    del verbose  # the original prints when told to
    folder = Path(results_dir)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (
        ("correct.json", {"correct": bool(correct), "error": error}),
        ("metrics.json", metrics),
    ):
        text = json.dumps(content, indent=4, default=_plain)
        (folder / name).write_text(text, encoding="utf-8")


def run_shinka_eval(
    program_path: str,
    results_dir: str,
    experiment_fn_name: str,
    num_runs: int,
    get_experiment_kwargs: Callable[[int], dict[str, Any]] | None = None,
    aggregate_metrics_fn: Callable[[list[Any]], dict[str, Any]] | None = None,
    validate_fn: Callable[[Any], tuple[bool, str | None]] | None = None,
    plotting_fn: Any = None,
    default_metrics_on_error: dict[str, Any] | None = None,
    early_stop_method: Any = None,
    early_stop_threshold: float | None = None,
    early_stop_score_fn: Any = None,
    early_stop_kwargs: Any = None,
    run_workers: int = 1,
    max_workers_cap: int | None = None,
    verbose: bool | None = None,
) -> tuple[dict[str, Any], bool, str | None]:
    """Run a program's function several times and write what came of it.

    The signature is the original's; what is ignored is said in the module's docstring.

    Returns:
        The metrics, whether every run was valid, and the first error's text or ``None``.
    """
    del plotting_fn, early_stop_method, early_stop_threshold, early_stop_score_fn
    del early_stop_kwargs, run_workers, max_workers_cap, verbose
    errors: list[str] = []
    invalid = 0
    try:
        results, seconds = _run(program_path, experiment_fn_name, num_runs, get_experiment_kwargs)
        if validate_fn:
            for result in results:
                valid, message = validate_fn(result)
                if not valid:
                    invalid += 1
                    errors.append(str(message or "invalid result"))
        metrics = _aggregate(results, aggregate_metrics_fn)
        metrics["execution_time_mean"] = statistics.fmean(seconds) if seconds else 0.0
        metrics["execution_time_std"] = statistics.pstdev(seconds) if seconds else 0.0
        if validate_fn:
            metrics["num_valid_runs"] = len(results) - invalid
            metrics["num_invalid_runs"] = invalid
            metrics["all_validation_errors"] = list(dict.fromkeys(errors))
        correct = invalid == 0
        error = f"Validation failed: {errors[0]}" if errors else None
        score = metrics.get("combined_score")
        if correct and score is not None and not math.isfinite(score):
            correct, error = False, f"combined_score is {score}"
    except Exception as failure:  # noqa: BLE001 - by contract reported in the files, not raised
        defaults = default_metrics_on_error or {}
        metrics = {name: defaults.get(name, value) for name, value in FAILED_METRICS.items()}
        correct, error = False, f"{type(failure).__name__}: {failure}"
    metrics.pop("extra_data", None)
    save_json_results(results_dir, metrics, correct, error)
    return metrics, correct, error


def _run(
    program_path: str,
    name: str,
    num_runs: int,
    get_experiment_kwargs: Callable[[int], dict[str, Any]] | None,
) -> tuple[list[Any], list[float]]:
    function = getattr(load_program(program_path), name, None)
    if function is None:
        raise AttributeError(f"the program has no function {name!r}")
    results: list[Any] = []
    seconds: list[float] = []
    for index in range(num_runs):
        arguments = get_experiment_kwargs(index) if get_experiment_kwargs else {"seed": index + 1}
        start = time.perf_counter()
        results.append(function(**arguments))
        seconds.append(time.perf_counter() - start)
    return results, seconds


def _aggregate(
    results: Sequence[Any], aggregate_metrics_fn: Callable[[list[Any]], dict[str, Any]] | None
) -> dict[str, Any]:
    if aggregate_metrics_fn:
        return aggregate_metrics_fn(list(results))
    return {
        "num_successful_runs": len(results),
        "first_run_result_type": str(type(results[0])) if results else "N/A",
        "raw_results_preview": str(results[:2]) if results else "N/A",
    }


def _plain(value: Any) -> Any:
    """Let NumPy values into JSON."""
    return value.tolist() if hasattr(value, "tolist") else str(value)
