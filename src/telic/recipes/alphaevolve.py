"""AlphaEvolve: evolving whole programs against an automatic evaluator.

The paper claims that evolution, in which a database of good programs feeds the next proposals,
finds better programs than repeated sampling from the same start does, and that leaving out one of
its parts makes the result worse (its ablations drop evolution, prompt context, meta prompts,
full-file edits and the large model). Language models propose the edits there.

Here the free operators propose them, so what is measured is the search and not the proposer: the
default strategy (islands of MAP-Elites archives over all operators) against best-of-N, where each
candidate is made from the seed, and against random parents, each with the same operators, seeds and
number of scored executions. Five more arms leave out one part each: islands (one instead of three),
the archive (one elite an island instead of a grid), crossover, the operators that tune numbers, and
the one that breeds expressions. The claim rests on the two comparisons; the ablations are shown
beside it, whatever they give.

The value of a run is the share of the way from the seed's score to the best known one, so that
several problems can be averaged: 0 is the seed, 1 the best known.

The budget is small, so that the recipe ends within minutes. Operators that would spend thousands of
executions in a call take a share of what is left instead, so that several calls fit into a run.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from telic.budget import Budget
from telic.component import Component
from telic.engine.evolve import evolve
from telic.engine.plan import DEFAULT_OPERATORS, Plan
from telic.engine.summary import Summary
from telic.problem import Feature, Problem
from telic.recipes import (
    Progress,
    Recipe,
    Report,
    Settings,
    Table,
    arms_plot,
    compare_arms,
)
from telic.recipes._runs import METRIC, problems_table, runs_of, share_arms

__all__ = ["RECIPE", "Config", "run"]


class Config(Settings, frozen=True, kw_only=True):
    """How much is run."""

    problems: tuple[str, ...] = ("heilbronn-triangle-11", "nguyen-5", "physics-doppler")
    """Each needs a best known value."""
    seeds: int = 5
    """Runs of each arm on each problem."""
    evaluations: int = 800
    """Scored executions of each run, those inside operators included."""
    deadline: float = 1.0
    """Seconds that one execution may take; programs that drift grow slow ones."""
    workers: int = 2
    """Processes; the results do not depend on them."""


class Ways(msgspec.Struct, frozen=True):
    """How one arm searches."""

    strategy: Component = Component("strategy", "islands")
    without: tuple[str, ...] = ()
    """Operators that it does without."""
    has_archive: bool = True
    """Whether an island keeps a grid of elites instead of its best alone."""


ARMS: dict[str, Ways] = {
    "default": Ways(),
    "best-of-n": Ways(Component("strategy", "best-of-n")),
    "random": Ways(Component("strategy", "random")),
    "hill-climb": Ways(Component("strategy", "hill-climb")),
    "no islands": Ways(Component("strategy", "islands", {"islands": 1})),
    "no archive": Ways(Component("strategy", "islands", {"depth": 1}), has_archive=False),
    "no crossover": Ways(without=("crossover",)),
    "no numeric": Ways(without=("numeric", "polish")),
    "no breeding": Ways(without=("breed",)),
}
RIVALS = ("best-of-n", "random")
"""What the claim is about; the other arms are shown beside it."""


def run(config: Config, progress: Progress) -> Report:
    """Run every arm on every problem with every seed and compare them seed by seed."""

    def search(name: str, problem: Problem, number: int, path: Path) -> Summary:
        return searched(problem, ARMS[name], config, number, path)

    found = runs_of(ARMS, config.problems, config.seeds, progress, search)
    arms = share_arms(found)
    default = arms["default"]
    ablations = [compare_arms(name, default, arms[name]) for name in ARMS if name != "default"]
    return RECIPE.report(
        config,
        arms=list(arms.values()),
        effects=[effect for effect in ablations if effect.baseline in RIVALS],
        tables=[
            Table(
                "What the default gains over each other arm",
                ["against", "mean gain", "from", "to", "verdict"],
                [
                    [one.baseline, one.mean, *(one.interval or (None, None)), one.verdict]
                    for one in ablations
                ],
            ),
            problems_table(found, config.problems),
        ],
        plots=[arms_plot(f"{METRIC}, after {config.evaluations} evaluations", list(arms.values()))],
        notes=["Edits come from the free operators, not from a language model as in the paper."],
    )


def searched(problem: Problem, ways: Ways, config: Config, number: int, path: Path) -> Summary:
    """Return what one run found.

    Args:
        problem: with a best known value.
        ways: how the arm searches.
        config: budget and workers.
        number: of the run, from 0; runs of all arms with one number share their seed.
        path: of the journal.
    """
    limits = msgspec.structs.replace(problem.limits, seconds=config.deadline)
    problem = msgspec.structs.replace(problem, limits=limits)
    if not ways.has_archive:
        one_cell = (Feature("size", low=0.0, high=1.0, bins=1),)
        problem = msgspec.structs.replace(problem, features=one_cell)
    operators = tuple(
        Component("operator", name) for name in DEFAULT_OPERATORS if name not in ways.without
    )
    plan = Plan(
        seed=config.seed + number,
        budget=Budget(evaluations=config.evaluations),
        strategy=ways.strategy,
        operators=operators,
    )
    return evolve(problem, plan=plan, workers=config.workers, journal=path).summary


RECIPE = Recipe(
    name="alphaevolve",
    claim="Evolution over a database of programs beats repeated sampling under an equal budget.",
    reference=(
        "Novikov and others (2025), AlphaEvolve: A coding agent for scientific and algorithmic "
        "discovery, arXiv:2506.13131"
    ),
    measured=(
        "The default strategy against best-of-N and random parents with free operators, 800 "
        "evaluations a run, 3 problems, 5 paired seeds; with hill climbing and five ablations."
    ),
    run=run,
    full=Config(),
    quick=Config(problems=("trivial",), seeds=2, evaluations=40, workers=1),
    minutes=7.0,
)
