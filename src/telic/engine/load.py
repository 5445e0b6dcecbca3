"""Finding a problem: a bundled name, a folder, or a foreign pair."""

from __future__ import annotations

from pathlib import Path

import msgspec

from telic import problems
from telic.errors import ProblemError, suggestion
from telic.formats import load, load_openevolve
from telic.problem import Problem

__all__ = ["load_problem"]


def load_problem(place: str, evaluator: str | None = None, *, config: str | None = None) -> Problem:
    """Load a problem by name or path.

    Args:
        place: name of a bundled problem, or a folder in Telic's or ShinkaEvolve's format;
            with ``evaluator``, an OpenEvolve initial program.
        evaluator: an OpenEvolve evaluator.
        config: its configuration file.

    Raises:
        ProblemError: if there is no such problem or it cannot be loaded.
        MeasurementError: if the values that it names are malformed.
    """
    if evaluator is not None:
        settings = Path(config) if config else None
        return load_openevolve(Path(place), Path(evaluator), config=settings)
    if config is not None:
        raise ProblemError("a configuration file goes with an OpenEvolve program and evaluator")
    if Path(place).exists():
        return _with_values(load(Path(place)))
    names = problems.names()
    if place in names:
        return problems.load(place)
    looks_like_path = "/" in place or place.endswith(".py")
    if looks_like_path:
        raise ProblemError(f"there is no file or folder {place!r}")
    raise ProblemError(f"there is no problem or folder {place!r}{suggestion(place, names)}")


def _with_values(problem: Problem) -> Problem:
    """Return a problem with the objective that its values make, if it names any."""
    if not problem.values or problem.root is None:
        return problem
    from telic.values.objective import read_objective

    objective = read_objective(Path(problem.root) / problem.values, problem.objective)
    return msgspec.structs.replace(problem, objective=objective)
