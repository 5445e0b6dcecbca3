"""Mathematical exploration at scale: one search tool on many open problems.

The paper runs AlphaEvolve on 67 problems of analysis, combinatorics, geometry and number theory
and claims that the same tool, with little preparation for each problem, finds the best published
construction again in most cases and improves it in some.

Here the problems are those of the bundled library that ask for a mathematical object, scored
exactly, and the tool is the default strategy with the free operators, started from the library's
modest seeds. What is measured is the stored record of each problem, which `make records` found in
runs of seconds to a few minutes: its artifact is scored again here from scratch, in new processes.
The score of the seed program stands beside it. A problem without a record counts as not matched.

The claim rests on the share of problems whose record lies within one per cent of the best published
value, against one half: "in most cases". No improvement on a published value is claimed here. A
record beyond a proven bound would be a faulty scorer and ends the recipe with an error.
"""

from __future__ import annotations

import asyncio

from telic.engine.remeasure import remeasure
from telic.errors import MeasurementError
from telic.problem import BestKnown, Problem
from telic.problems import load
from telic.problems.records import artifact, gap, holdings
from telic.recipes import (
    Arm,
    Cell,
    Progress,
    Recipe,
    Report,
    Settings,
    Table,
    arms_plot,
    compare_arms,
)

__all__ = ["RECIPE", "Config", "run"]

_NEAR = 0.01
_NEARNESS = "1 where the record is within 1 % of the best known value, else 0"
_CLOSENESS = "closeness: 1 less the gap as a share of the best known value, at least 0"


class Config(Settings, frozen=True, kw_only=True):
    """Which problems."""

    problems: tuple[str, ...] = (
        "autocorrelation-1",
        "autocorrelation-2",
        "autocorrelation-3",
        "block-stacking-10",
        "cap-set-8",
        "circle-packing-26",
        "circle-packing-32",
        "circle-packing-rectangle-21",
        "difference-basis",
        "distance-ratio-2d-16",
        "distance-ratio-3d-14",
        "erdos-discrepancy-2",
        "erdos-minimum-overlap",
        "factorial-factors-100",
        "four-cycle-free-31",
        "golomb-ruler-12",
        "happy-ending-16",
        "heilbronn-convex-13",
        "heilbronn-convex-14",
        "heilbronn-triangle-11",
        "hexagon-packing-11",
        "hexagon-packing-12",
        "imo-2025-p6-16",
        "kissing-11",
        "kissing-4",
        "low-autocorrelation-64",
        "matrix-multiplication-4x4",
        "moving-sofa",
        "no-isosceles-64",
        "ring-loading-15",
        "sorting-network-10",
        "sorting-network-16",
        "spherical-design-4-14",
        "squares-in-square-11",
        "sums-and-differences",
        "tammes-14",
        "thomson-32",
        "triangle-density",
    )
    """Each needs a best known value."""


def run(config: Config, progress: Progress) -> Report:
    """Score every stored record again and count those that are near the best known value."""
    held = holdings()
    rows: list[list[Cell]] = []
    records: list[float | None] = []
    seeds: list[float | None] = []
    for place, name in enumerate(config.problems):
        progress(place / len(config.problems), name)
        problem = load(name)
        known = _known(problem)
        one = held.get(name)
        record = None if one is None else verified(problem, one.seed)
        seed = None if one is None else one.seed_score
        records.append(_closeness(problem, record))
        seeds.append(_closeness(problem, seed))
        missing = None if record is None else gap(problem, record)
        rows.append([name, known.value, "yes" if known.proven else "", record, missing, seed])
    near = [float(value is not None and value >= 1 - _NEAR) for value in records]
    matched = Arm(name="near", metric=_NEARNESS, values=[*near])
    half = Arm(name="half", metric=_NEARNESS, values=[0.5] * len(near))
    arms = [
        Arm(name="records", metric=_CLOSENESS, values=records),
        Arm(name="seed programs", metric=_CLOSENESS, values=seeds),
    ]
    columns = ["problem", "best known", "proven", "our record", "gap", "seed"]
    return RECIPE.report(
        config,
        unit="problem",
        arms=[matched, half, *arms],
        effects=[compare_arms("most records are within 1 % of the best", matched, half)],
        tables=[Table("Each problem", columns, rows)],
        plots=[arms_plot("closeness to the best known value", arms)],
        notes=[
            f"{sum(near):.0f} of {len(near)} records are within 1 % of the best known value.",
            f"{sum(value is None for value in records)} problems have no record that holds.",
            "Edits come from the free operators, not from a language model as in the paper.",
        ],
    )


def verified(problem: Problem, seed: int) -> float | None:
    """Return the score of a stored record, measured again, or ``None`` if it does not hold.

    Raises:
        MeasurementError: if it beats a proven bound.
    """
    evaluation = asyncio.run(remeasure(problem, artifact(problem), seed=seed))
    score = evaluation.metrics.get(problem.objective.metric)
    if evaluation.failure is not None or not evaluation.feasible or score is None:
        return None
    missing = gap(problem, score)
    if _known(problem).proven and missing is not None and missing < 0:
        raise MeasurementError(f"{problem.name}: {score!r} beats a proven bound: a faulty scorer")
    return score


def _closeness(problem: Problem, score: float | None) -> float | None:
    missing = None if score is None else gap(problem, score)
    return None if missing is None else max(0.0, 1.0 - missing)


def _known(problem: Problem) -> BestKnown:
    if problem.best_known is None:
        raise MeasurementError(f"problem {problem.name!r} has no best known value to compare with")
    return problem.best_known


RECIPE = Recipe(
    name="math-exploration",
    claim=(
        "One evolutionary tool finds the best published constructions again in most of many "
        "mathematical problems."
    ),
    reference=(
        "Georgiev, Gómez-Serrano, Tao and Wagner (2025), Mathematical exploration and discovery "
        "at scale, arXiv:2511.02864"
    ),
    measured=(
        "Stored records of 38 bundled problems, scored again from scratch by exact scorers, "
        "against the best published values."
    ),
    run=run,
    full=Config(),
    quick=Config(problems=("block-stacking-10", "kissing-4")),
    minutes=1.5,
)
