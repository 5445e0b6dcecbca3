"""Our record on each bundled problem: the best artifact found, and how it was found.

``records.json`` holds a :class:`Holding` for each problem, ``NAME.txt`` its artifact. ``make
records`` finds them again and verifies each from scratch; a test verifies them too.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from telic.artifact import Artifact
from telic.errors import StorageError
from telic.problem import Problem

__all__ = ["Holding", "artifact", "gap", "holdings", "is_better", "keep"]

_FOLDER = Path(__file__).parent
_TABLE = "records.json"


class Holding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Our record on one problem."""

    problem: str
    """Its name."""
    score: float
    """Of the artifact, verified in new processes."""
    seed_score: float | None = None
    """Of the problem's own seed program; ``None`` where that is infeasible."""
    seed: int
    """Root of the random draws of the run that found it."""
    seconds: float
    """Wall-clock budget of that run; it ends sooner when it reaches the best known value."""
    evaluations: int
    """Scored executions that the run made."""
    found_after: float
    """Seconds after which the run had it."""
    workers: int
    """Processes of that run."""
    versions: dict[str, str]
    """Of Telic, Python, NumPy and SciPy."""


@cache
def holdings(folder: Path = _FOLDER) -> dict[str, Holding]:
    """Return our record of each problem that has one, by name."""
    path = folder / _TABLE
    if not path.exists():
        return {}
    listed = msgspec.json.decode(path.read_bytes(), type=list[Holding])
    return {one.problem: one for one in listed}


def artifact(problem: Problem, folder: Path = _FOLDER) -> Artifact:
    """Return the artifact that holds the record on a problem."""
    text = (folder / f"{problem.name}.txt").read_text(encoding="utf-8")
    return Artifact.of(text, problem.seed.name)


def keep(one: Holding, text: str, folder: Path = _FOLDER) -> None:
    """Store a record in place of the problem's former one.

    Raises:
        StorageError: if the folder cannot be written.
    """
    holdings.cache_clear()  # another process may have kept a record meanwhile
    table = holdings(folder) | {one.problem: one}
    listed = msgspec.json.encode([table[name] for name in sorted(table)])
    try:
        (folder / f"{one.problem}.txt").write_text(text, encoding="utf-8")
        (folder / _TABLE).write_bytes(msgspec.json.format(listed, indent=2) + b"\n")
    except OSError as error:
        raise StorageError(f"records cannot be written to {folder}: {error}") from error
    holdings.cache_clear()


def gap(problem: Problem, score: float) -> float | None:
    """Return how far a score is from the best known one, as a share of it.

    Positive is short of it. Where the best known value is 0 the gap is absolute; ``None``
    without one.
    """
    if problem.best_known is None:
        return None
    known = problem.best_known.value
    missing = known - score if problem.objective.direction == "maximize" else score - known
    return missing / abs(known) if known else missing


def is_better(problem: Problem, score: float, other: float | None) -> bool:
    """Tell whether a score beats another, ``None`` being none at all."""
    if other is None:
        return True
    return score > other if problem.objective.direction == "maximize" else score < other
