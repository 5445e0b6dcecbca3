"""The evaluator that all systems share, and its log. Standard library only.

Peers run a candidate inside their own process or in one that they start; this module does what
a user's evaluator does there: it executes the text, calls the entry and scores the output. Each
evaluation is a line in the log (monotonic seconds, score or ``failed``), which is what counts
and compares systems, whatever they report themselves.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import math
import os
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["Evaluated", "Evaluator", "Task", "append", "load_task"]


class Task(NamedTuple):
    """One task of the comparison."""

    name: str
    folder: Path
    seed: str
    entry: str
    cases: tuple[Any, ...]
    describe: str
    score: Callable[[Any], float]
    """Raises when the output is none."""


class Evaluated(NamedTuple):
    """One evaluation."""

    score: float | None
    error: str


def load_task(folder: str | Path) -> Task:
    """Return the task of a folder with ``seed.txt`` and ``score.py``."""
    folder = Path(folder)
    spec = importlib.util.spec_from_file_location(f"score_{folder.name}", folder / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return Task(
        folder.name,
        folder,
        (folder / "seed.txt").read_text(),
        module.ENTRY,
        module.CASES,
        module.DIRECTION,
        module.score,
    )


def append(log: str | Path, score: float | None) -> None:
    """Add a line to a log; lines of several processes never mix."""
    line = f"{time.monotonic():.6f} {'failed' if score is None else repr(score)}\n"
    handle = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(handle, line.encode())
    finally:
        os.close(handle)


class Evaluator:
    """Scores programs of a task and keeps the log."""

    def __init__(self, folder: str | Path, log: str | Path) -> None:
        self.task = load_task(folder)
        self._log = log

    def __call__(self, source: str) -> Evaluated:
        """Run a program in this process and score what it returns."""
        sys.setrecursionlimit(1000)
        try:
            with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
                warnings.simplefilter("ignore")
                names: dict[str, Any] = {"__name__": "candidate"}
                exec(compile(source, "candidate", "exec"), names)
                value = self.task.score(names[self.task.entry](*self.task.cases))
            if isinstance(value, complex) or not math.isfinite(value):
                raise ValueError("the score is not finite")
        except Exception as error:  # noqa: BLE001 - a candidate may raise anything
            append(self._log, None)
            return Evaluated(None, f"{type(error).__name__}: {error}"[:500])
        append(self._log, value)
        return Evaluated(value, "")
