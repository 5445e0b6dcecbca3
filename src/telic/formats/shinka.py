"""ShinkaEvolve tasks: a folder with ``initial.*`` and ``evaluate.py``, unchanged."""

from __future__ import annotations

from pathlib import Path

from telic.artifact import Artifact
from telic.errors import ProblemError
from telic.folder import defined_names, read_text
from telic.formats.imports import preloadable
from telic.problem import Limits, ObjectiveSpec, Problem, Scorer

__all__ = ["EVALUATOR_FILE", "find_initial", "load_shinka"]

_RUNNER = "shinka_runner.py"

EVALUATOR_FILE = "evaluate.py"


def load_shinka(folder: Path) -> Problem:
    """Read a ShinkaEvolve task.

    Args:
        folder: holds one ``initial.*`` in any language, and ``evaluate.py``.

    Raises:
        ProblemError: if a file is missing or malformed, or there are several seeds.
        MarkerError: if the seed's EVOLVE-BLOCK markers are nested or unbalanced.
    """
    folder = folder.resolve()
    programs = find_initial(folder)
    if len(programs) != 1:
        found = ", ".join(path.name for path in programs) or "none"
        raise ProblemError(f"{folder}: expected exactly one initial.* program; found {found}")
    evaluator = folder / EVALUATOR_FILE
    source = read_text(evaluator, "the evaluator")
    defined_names(source, evaluator)  # refuses what is not Python
    seed = Artifact.of(read_text(programs[0], "the initial program"), programs[0].name)
    return Problem(
        name=folder.name or "shinka",
        seed=seed,
        entry="evaluate",
        scorer=Scorer(path=str(evaluator), source=source),
        objective=ObjectiveSpec(metric="combined_score"),
        # The framework itself has no deadline by default; a run without one can hang.
        limits=Limits(seconds=300.0, memory_mb=4096, processes=True),
        preload=preloadable(_RUNNER, seed.text if seed.suffix == ".py" else "", source),
        format="shinka",
        root=str(folder),
    )


def find_initial(folder: Path) -> list[Path]:
    """Return the ``initial.*`` files of a folder, compiled ones left out."""
    return sorted(path for path in folder.glob("initial.*") if path.suffix != ".pyc")
