"""Ways to search, each run on the same problems with the same seeds, and what such runs share.

The value of a run is the share of the way from the seed's score to the best known one, so that
several problems can be averaged: 0 is the seed, 1 the best known.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from telic.recipes._arm import Arm
from telic.recipes._base import Progress
from telic.recipes._report import Table

if TYPE_CHECKING:
    from telic.engine.summary import Summary
    from telic.problem import Problem

__all__ = ["METRIC", "Runs", "mean_of", "problems_table", "runs_of", "share_arms", "share_of"]

METRIC = "share of the way from seed to best known"
Runs = dict[str, "list[list[Summary]]"]
"""Name of an arm → for each seed, its run on each problem."""


def runs_of(
    names: Iterable[str],
    problems: Sequence[str],
    seeds: int,
    progress: Progress,
    run: Callable[[str, Problem, int, Path], Summary],
) -> Runs:
    """Run every arm on every problem with every seed.

    Args:
        names: of the arms.
        problems: their names; each needs a best known value.
        seeds: how many; arms that share a number share their luck.
        progress: told how far it is.
        run: given an arm's name, a problem, the number of the seed from 0, and a new journal's
            path.
    """
    from telic.engine.load import load_problem

    loaded = [load_problem(name) for name in problems]
    found: Runs = {name: [] for name in names}
    total, done = len(found) * len(loaded) * seeds, 0
    with tempfile.TemporaryDirectory(prefix="telic-") as folder:
        for number in range(seeds):
            for name, rows in found.items():
                row: list[Summary] = []
                for problem in loaded:
                    progress(done / total, f"{name} on {problem.name}, seed {number}")
                    done += 1
                    row.append(run(name, problem, number, Path(folder) / str(done)))
                rows.append(row)
    return found


def share_of(summary: Summary) -> float | None:
    """Return the share of the way from the seed's score to the best known one, if there is one."""
    best, known, first = summary.best, summary.best_known, summary.seed_score
    if best is None or best.score is None or known is None or first is None:
        return None
    return (best.score - first) / (known - first)


def mean_of(values: Sequence[float | None]) -> float | None:
    """Return the mean, or ``None`` if any is missing: a failure is not averaged away."""
    present = [value for value in values if value is not None]
    return sum(present) / len(present) if len(present) == len(values) else None


def share_arms(found: Runs) -> dict[str, Arm]:
    """Return name → arm; its values are means over the problems, one for each seed."""
    return {
        name: Arm(name=name, metric=METRIC, values=[mean_of([*map(share_of, row)]) for row in rows])
        for name, rows in found.items()
    }


def problems_table(found: Runs, problems: Sequence[str]) -> Table:
    """Return a table of each arm's mean share on each problem."""
    columns: Mapping[str, list[tuple[Summary, ...]]] = {
        name: list(zip(*rows, strict=True)) for name, rows in found.items()
    }
    return Table(
        "Mean share on each problem",
        ["arm", *problems],
        [
            [name, *(mean_of([*map(share_of, runs)]) for runs in each)]
            for name, each in columns.items()
        ],
    )
