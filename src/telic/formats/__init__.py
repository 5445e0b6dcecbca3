"""Problems from disk: Telic's own folder, and two foreign formats unchanged.

:func:`load` looks at what is there:

- a folder with ``problem.toml`` is Telic's own format, described in :mod:`telic.folder`;
- a folder with ``initial.*`` and ``evaluate.py`` is a ShinkaEvolve task;
- two files, or a folder with ``initial_program.*`` and ``evaluator.py``, are an OpenEvolve
  pair.

Foreign evaluators import the candidate, so they run inside the sandbox as a whole and their
score is *unverified* (:attr:`telic.problem.Problem.is_verified`). How such an evaluation is
posed and read back is in :mod:`telic.formats.job`. :func:`scaffold` writes a new problem.

From Python no folder is needed: ``telic.evolve(seed=..., score=callable, cases=...)`` builds a
:class:`telic.problem.Problem` whose scorer is the callable; it has the same fields as
``problem.toml`` has keys.
"""

from __future__ import annotations

from pathlib import Path

from telic.errors import ProblemError
from telic.folder import PROBLEM_FILE, load_folder
from telic.formats.openevolve import find_pair, load_openevolve
from telic.formats.scaffold import scaffold
from telic.formats.shinka import EVALUATOR_FILE, find_initial, load_shinka
from telic.problem import Problem

__all__ = ["load", "load_folder", "load_openevolve", "load_shinka", "scaffold"]


def load(
    path: str | Path, evaluator: str | Path | None = None, *, config: str | Path | None = None
) -> Problem:
    """Read a problem in whatever known format it is.

    Args:
        path: a problem's folder, a ``problem.toml``, or an OpenEvolve initial program.
        evaluator: the OpenEvolve evaluator that belongs to an initial program.
        config: the OpenEvolve configuration, YAML.

    Raises:
        ProblemError: if nothing is there, the format is not recognised, or a file is
            malformed.
        MarkerError: if the seed's EVOLVE-BLOCK markers are nested or unbalanced.
    """
    path = Path(path)
    settings = None if config is None else Path(config)
    if evaluator is not None:
        return load_openevolve(path, Path(evaluator), config=settings)
    if not path.exists():
        raise ProblemError(f"{path}: no such problem file or folder")
    if path.name == PROBLEM_FILE:
        path = path.parent
    if path.is_file():
        raise ProblemError(
            f"{path}: a file alone is not a problem; give a problem's folder, "
            "or an initial program together with its evaluator"
        )
    if settings is not None and find_pair(path) is None:
        raise ProblemError(f"{path}: a configuration file belongs to OpenEvolve problems only")
    if (path / PROBLEM_FILE).exists():
        return load_folder(path)
    if (path / EVALUATOR_FILE).exists() and find_initial(path):
        return load_shinka(path)
    pair = find_pair(path)
    if pair is not None:
        beside = path / "config.yaml"
        if settings is None and beside.exists():
            settings = beside
        return load_openevolve(*pair, config=settings)
    raise ProblemError(
        f"{path}: no problem found; expected {PROBLEM_FILE}, or initial.* with "
        f"{EVALUATOR_FILE}, or initial_program.* with evaluator.py"
    )
