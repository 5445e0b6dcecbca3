"""Mate choice: mating preferences that evolve keep a population diverse.

The paper gives every individual of genetic programming a second tree, its ideal mate. The first
parent is drawn by a tournament on fitness; of the mating candidates the second is the one nearest
to the first one's ideal; solution and ideal are both recombined and mutated, and nothing but the
fate of the offspring selects the ideals. On three symbolic-regression problems with two mutation
rates each, it reports significantly more diverse populations than tournament selection and than
random mates, and a higher success rate in three of the six instances.

Here the three arms are three strategies of the library and otherwise the same: subtree crossover
(90 % of children) and subtree mutation, equal initial populations, equal numbers of evaluated
solutions, three problems times two mutation rates, paired seeds. Diversity is the share of
different outputs among the newest hundred solutions, averaged over the run; a success is a formula
within 0.01 of the truth at every training point. The second tree is evaluated on the same points,
and nearness is the mean distance of outputs, one spread of the population being the unit. The
paper's own distance, problems and sizes were not at hand, and ours is no generational loop: a
child takes the place of the oldest, the best of all excepted.

Reference: Simões, Lourenço & Machado (2023), "All You Need Is Sex for Diversity", EuroGP.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import mean, median

from telic.component import Component
from telic.recipes import (
    Arm,
    Progress,
    Recipe,
    Report,
    Settings,
    Table,
    arms_plot,
    at_least,
    compare_arms,
)
from telic.recipes._genetic import TREES, Breeding, Run, breed
from telic.recipes._report import Cell
from telic.registry import build
from telic.strategies import Strategy

__all__ = ["RECIPE", "Config", "run"]


class Config(Settings, frozen=True, kw_only=True):
    """How much is run."""

    seeds: int = 20
    """Runs of each arm on each instance."""
    population: int = 100
    """Members, and random trees to begin with."""
    evaluations: int = 3000
    """Solutions evaluated in each run, the first population included."""
    contestants: int = 5
    """Of the tournaments."""
    mates: int = 5
    """Mating candidates of which one is chosen."""
    mutation: tuple[float, ...] = (0.05, 0.25)
    """Chances that a child's trees are mutated; each with each problem is an instance."""


ARMS: dict[str, Component] = {
    "mate choice": Component("strategy", "mate-choice"),
    "random mates": Component("strategy", "mate-choice", {"choice": "random"}),
    "tournament": Component("strategy", "tournament"),
}
"""The arms; population and tournament are added from the settings."""

PROBLEMS: dict[str, tuple[Callable[[float], float], Sequence[float]]] = {
    "quartic": (lambda x: x**4 + x**3 + x**2 + x, [-1 + 0.1 * i for i in range(21)]),
    "nguyen-5": (lambda x: math.sin(x * x) * math.cos(x) - 1, [-1 + 0.1 * i for i in range(21)]),
    "keijzer-6": (lambda x: math.fsum(1 / i for i in range(1, int(x) + 1)), range(1, 51)),
}
"""Truth and training points (Koza 1992, Uy et al. 2011, Keijzer 2003)."""


def run(config: Config, progress: Progress) -> Report:
    """Run every arm on every instance with every seed and compare them seed by seed."""
    instances = [(name, rate) for name in PROBLEMS for rate in config.mutation]
    found: dict[str, list[list[Run]]] = {arm: [] for arm in ARMS}
    for seed in range(config.seeds):
        progress(seed / config.seeds, f"seed {seed + 1} of {config.seeds}")
        for arm in ARMS:
            found[arm].append([search(arm, name, rate, config, seed) for name, rate in instances])
    diversity, success = (
        {
            arm: Arm(
                name=f"{arm}, {short}",
                metric=metric,
                values=[mean(float(run[field]) for run in row) for row in rows],
            )
            for arm, rows in found.items()
        }
        for field, short, metric in (
            (0, "diversity", "share of different outputs in the population"),
            (2, "success", "share of instances solved"),
        )
    )
    ours = diversity["mate choice"]
    return RECIPE.report(
        config,
        arms=[*diversity.values(), *success.values()],
        effects=[
            compare_arms("more diverse than tournament selection", ours, diversity["tournament"]),
            compare_arms("more diverse than random mates", ours, diversity["random mates"]),
            compare_arms(
                "solves no fewer than tournament selection",
                success["mate choice"],
                success["tournament"],
                threshold=at_least(-0.05),
            ),
        ],
        tables=[_instances(instances, found)],
        plots=[
            arms_plot("Diversity, mean over six instances", list(diversity.values())),
            arms_plot("Share of instances solved", list(success.values())),
        ],
        notes=[
            "Evaluations of ideal mates are not counted: they have no fitness. They cost the arm "
            "of mate choice about as much computation again.",
        ],
    )


def search(arm: str, problem: str, rate: float, config: Config, seed: int) -> Run:
    """Run one arm once; runs of all arms with one seed begin with the same trees."""
    import numpy as np

    truth, points = PROBLEMS[problem]
    breeding = Breeding(config.population, config.evaluations, rate, arm == "mate choice")
    return breed(
        _strategy(arm, config),
        np.array(points, dtype=float),
        np.array([truth(point) for point in points]),
        breeding=breeding,
        address=(config.seed, f"{problem} {rate:g} {seed}"),
    )


def _strategy(arm: str, config: Config) -> Strategy:
    given = {"population": config.population, "contestants": config.contestants}
    if arm != "tournament":
        given["mates"] = config.mates
    component = Component("strategy", ARMS[arm].name, ARMS[arm].arguments | given)
    return build(component, problem=TREES)


def _instances(instances: Sequence[tuple[str, float]], found: dict[str, list[list[Run]]]) -> Table:
    rows: list[list[Cell]] = [
        [
            f"{name}, mutation {rate:g}",
            *(mean(float(row[place].is_success) for row in found[arm]) for arm in ARMS),
            *(median(row[place].fitness for row in found[arm]) for arm in ARMS),
            *(mean(row[place].diversity for row in found[arm]) for arm in ARMS),
        ]
        for place, (name, rate) in enumerate(instances)
    ]
    columns = [f"{what}: {arm}" for what in ("solved", "fitness", "diversity") for arm in ARMS]
    return Table(
        "Success rate, median final fitness and mean diversity", ["instance", *columns], rows
    )


RECIPE = Recipe(
    name="mate-choice",
    claim=(
        "Evolving ideal mates keeps populations more diverse than tournaments or random mates do, "
        "without solving fewer problems."
    ),
    reference=(
        "Simões, Lourenço & Machado (2023), All You Need Is Sex for Diversity, EuroGP, "
        "arXiv:2303.17441"
    ),
    measured=(
        "Genetic programming on three symbolic-regression problems with two mutation rates, 3,000 "
        "evaluations a run, 20 paired seeds: mate choice, random mates, tournament."
    ),
    run=run,
    full=Config(),
    quick=Config(seeds=2, evaluations=250),
    minutes=6.0,
)
