"""Runs a ShinkaEvolve ``evaluate.py`` on one program, inside the sandbox.

The script is run as ``__main__`` with ``--program_path`` and ``--results_dir`` in this very
process, which spares a fresh interpreter, and must leave ``metrics.json`` and
``correct.json``.
"""

import json
import math
import runpy
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from foreign_plain import (  # pyright: ignore[reportMissingImports] - on the job's import path
    as_number,
    feedback,
    split_metrics,
)

FILE_LIMIT = 8_000_000


def evaluate(
    evaluator_path: str, program_text: str, suffix: str, options: Mapping[str, Any]
) -> dict[str, Any]:
    """Evaluate a program.

    Args:
        evaluator_path: absolute path of ``evaluate.py``.
        program_text: the candidate.
        suffix: of the program's file, for example ``".py"``.
        options: none are known; every runner is called alike.

    Returns:
        ``metrics`` (finite floats; ``combined_score`` is the fitness), ``feedback``,
        ``correct``, ``stage`` and ``stopped_early``.
    """
    del options
    folder = Path(tempfile.mkdtemp(prefix="candidate-"))
    program = folder / f"main{suffix}"
    program.write_text(program_text, encoding="utf-8", newline="")
    results = folder / "results"
    results.mkdir()
    code = _run_script(
        evaluator_path,
        ["--program_path", str(program), "--results_dir", str(results)],
    )
    metrics = _read(results, "metrics.json", code)
    verdict = _read(results, "correct.json", code)
    return _report(metrics, verdict)


def _run_script(path: str, arguments: Sequence[str]) -> Any:
    """Run a script as ``__main__`` and return its exit code."""
    sys.argv = [path, *arguments]
    sys.path.insert(0, str(Path(path).parent))
    try:
        runpy.run_path(path, run_name="__main__")
    except SystemExit as end:
        return 0 if end.code is None else end.code
    return 0


def _read(folder: Path, name: str, code: Any) -> dict[str, Any]:
    path = folder / name
    if not path.is_file():
        raise RuntimeError(f"evaluate.py left no {name} and ended with exit code {code}")
    if path.stat().st_size > FILE_LIMIT:
        raise RuntimeError(f"{name} is larger than {FILE_LIMIT} bytes")
    content = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict):
        raise RuntimeError(f"{name} must hold an object; got {type(content).__name__}")
    return content


def _report(reported: Mapping[str, Any], verdict: Mapping[str, Any]) -> dict[str, Any]:
    texts: dict[str, Any] = {}
    if isinstance(reported.get("text_feedback"), (str, list)):
        texts["feedback"] = reported["text_feedback"]
    metrics, others = split_metrics(reported)
    # What is private may be measured but is not shown to whoever proposes the next program.
    texts.update(
        (name, value)
        for name, value in others.items()
        if name != "text_feedback" and not name.startswith("private.")
    )
    correct = verdict.get("correct") is True
    if verdict.get("error"):
        texts["error"] = verdict["error"]
    score = as_number(reported.get("combined_score"))
    if correct and (score is None or not math.isfinite(score)):
        correct = False
        texts["error"] = f"combined_score is {'missing' if score is None else score}"
    return {
        "metrics": metrics,
        "feedback": feedback(texts),
        "correct": correct,
        "stage": 0,
        "stopped_early": False,
    }
