"""ShinkaEvolve: three ways to waste fewer samples.

The paper evolves programs with language models and few samples, by three means. Parents are drawn
by a weight: a sigmoid of the score against the archive's median, divided by one plus the number of
offspring, so that good programs breed and well-bred ones step back. A proposal that is too like an
earlier program is rejected before it is evaluated. And a bandit chooses among several models by
what they gained lately. Its ablations find each of the three better than leaving it out: weighted
parents better than random ones and than always the best, rejection better than none, the bandit
better than equal shares.

Measured here is what each means is worth when nobody has an idea: two models of different quality
that change the program's syntax tree at random (the library's `mutator`) take the place of language
models. The strong one makes one small change; most replies of the weak one fail when they run. Both
now and then say nothing new: the same program with a variable renamed. All arms are the library's
own parts (islands with weighted selection, `--novelty`, the portfolio `asymmetric`), one of them
exchanged, and get equal numbers of evaluations; a rejected proposal costs none. How often models
repeat themselves and how bad the weak one is are settings, so the sizes of the last two effects are
ours, and only their signs are evidence. Programs are formulas of a few lines, much smaller than the
paper's. Units are seeds; each gives the mean over three problems.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from telic.engine.summary import Summary
    from telic.problem import Problem
    from telic.recipes._ensembles import Ways

__all__ = ["RECIPE", "Config", "run"]

_ALL, _RANDOM, _BEST = "all parts", "random parents", "always the best"
_COPIES, _EQUAL = "no rejection", "equal shares"


class Config(Settings, frozen=True, kw_only=True):
    """How much is run."""

    problems: tuple[str, ...] = ("symbolic-regression", "physics-planck", "nguyen-10")
    """Each needs a best known value."""
    seeds: int = 8
    """Runs of each arm on each problem."""
    evaluations: int = 120
    """In each run."""
    weak: float = 0.2
    """Share of the weak model's replies that can run; all of the strong one's can."""
    repeats: float = 0.2
    """Share of both models' replies that say nothing new."""
    similarity: float = 0.99
    """Likeness of structure from which on a proposal is rejected."""
    window: int = 4
    """Requests open at once."""


def arms_of(config: Config) -> dict[str, Ways]:
    """Return every arm: all parts, and each one exchanged."""
    from telic.component import Component
    from telic.recipes._ensembles import Ways

    near = config.similarity
    return {
        _ALL: Ways(similarity=near),
        _RANDOM: Ways(selection="power", exponent=0.0, similarity=near),
        _BEST: Ways(greedy=1.0, similarity=near),
        _COPIES: Ways(similarity=None),
        _EQUAL: Ways(portfolio=Component("portfolio", "uniform"), similarity=near),
    }


def run(config: Config, progress: Progress) -> Report:
    """Run every arm on every problem with every seed and compare them seed by seed."""
    from telic.recipes._ensembles import Ensemble, searched, spent

    ensemble, arms_ways = Ensemble(weak=config.weak, repeats=config.repeats), arms_of(config)

    def search(name: str, problem: Problem, number: int, path: Path) -> Summary:
        return searched(
            problem,
            arms_ways[name],
            ensemble,
            path,
            seed=config.seed + number,
            evaluations=config.evaluations,
            window=config.window,
        )

    found = runs_of(arms_ways, config.problems, config.seeds, progress, search)
    arms = share_arms(found)
    everything = arms[_ALL]
    return RECIPE.report(
        config,
        arms=list(arms.values()),
        effects=[
            compare_arms("weighted parents against random ones", everything, arms[_RANDOM]),
            compare_arms("weighted parents against the best", everything, arms[_BEST]),
            compare_arms("rejection of what is not novel", everything, arms[_COPIES]),
            compare_arms("bandit over models", everything, arms[_EQUAL]),
        ],
        unit="seed",
        tables=[
            problems_table(found, config.problems),
            Table(
                "What a run spent",
                ["arm", "proposals", "share rejected", "share of the strong model", "share failed"],
                [[n, *spent([one for row in rows for one in row])] for n, rows in found.items()],
            ),
        ],
        plots=[arms_plot(f"{METRIC}, after {config.evaluations} evaluations", [*arms.values()])],
        notes=[
            "Models are random changes of syntax trees: what is measured is search, not ideas.",
            "How bad the weak model is and how often both repeat themselves are settings.",
            "Evaluations are counted, proposals are free: exact duplicates cost no arm anything.",
        ],
    )


RECIPE = Recipe(
    name="shinka-evolve",
    claim=(
        "Parents weighted by score and offspring, rejection of what is not novel and a bandit over "
        "models each raise what a given number of evaluations reaches."
    ),
    reference=(
        "Lange, Imajuku and Cetin (2025), ShinkaEvolve: Towards Open-Ended And Sample-Efficient "
        "Program Evolution, arXiv:2509.19349"
    ),
    measured=(
        "Each part exchanged in turn, 120 evaluations a run, 3 problems, 8 paired seeds, with an "
        "ensemble of two models that change syntax trees at random, one strong and one weak."
    ),
    run=run,
    full=Config(),
    quick=Config(problems=("symbolic-regression",), seeds=2, evaluations=20),
    minutes=2.5,
)
