"""GEPA: prompts that are rewritten in view of what failed, bred from whoever is best at something.

The paper optimises the prompts of systems of several modules. A language model reads the traces of
a few cases and rewrites one module; a new version is scored on these cases first and on all of them
only if it does better there. Parents are drawn from the front of candidates that are best on at
least one case, not from the best on average alone, and now and then two of them are merged module
by module. It reports more than reinforcement learning reaches, with a small part of its rollouts.

Measured here are the three parts, each switched off in turn at an equal budget of scored cases, on
made-up systems: four modules with room for three rules each, and twenty cases that need two rules
in different modules, more in all than there is room for. The writer is a script. It puts one rule
into a module, a full one loses another: with feedback one that a failed case of the batch lacks,
without it any. So the numbers say what feedback, fronts and merging are worth when a writer does
just what it is told; how well a language model writes is not asked. Selection and merging are the
library's own strategy `pareto` and operator `merge`. Units are systems.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telic.recipes import (
    Arm,
    Plot,
    Progress,
    Recipe,
    Report,
    Series,
    Settings,
    arms_plot,
    compare_arms,
)
from telic.seeding import stream

if TYPE_CHECKING:
    from telic.recipes._modules import System

__all__ = ["RECIPE", "Config", "run"]

_ALL, _NO_MERGE, _BEST, _BLIND = "all parts", "no merge", "best only, no merge", "no feedback"


class Config(Settings, frozen=True, kw_only=True):
    """How much is run."""

    systems: int = 60
    """Made-up systems, each with every arm."""
    budget: int = 1200
    """Scored cases in a run."""
    batch: int = 3
    """Cases that a new version is scored on first."""
    modules: int = 4
    """Of a system."""
    rules: int = 8
    """Different ones that a module may hold."""
    cases: int = 20
    """Of a system."""
    merge_every: int = 5
    """Turns from one merge to the next."""


def run(config: Config, progress: Progress) -> Report:
    """Improve the same systems with all parts, and with each one switched off."""
    from telic.recipes._modules import new_system

    found: dict[str, list[float | None]] = {n: [] for n in (_ALL, _NO_MERGE, _BEST, _BLIND)}
    budgets = [config.budget // 4, config.budget // 2, config.budget]
    paths: dict[str, list[float]] = {name: [0.0] * len(budgets) for name in found}
    for number in range(config.systems):
        progress(number / config.systems, f"system {number + 1} of {config.systems}")
        rng = stream(config.seed, "gepa system", number)
        system = new_system(rng, modules=config.modules, rules=config.rules, cases=config.cases)
        for name, values in found.items():
            reached = [_reached(config, name, system, number, budget) for budget in budgets]
            values.append(reached[-1])
            paths[name] = [
                a + b / config.systems for a, b in zip(paths[name], reached, strict=True)
            ]
    metric = f"best mean score after {config.budget} scored cases"
    arms = {name: Arm(name=name, metric=metric, values=found[name]) for name in found}
    return RECIPE.report(
        config,
        arms=[*arms.values()],
        effects=[
            compare_arms("reflection on feedback", arms[_ALL], arms[_BLIND]),
            compare_arms("fronts instead of the best", arms[_NO_MERGE], arms[_BEST]),
            compare_arms("merging", arms[_ALL], arms[_NO_MERGE]),
        ],
        unit="system",
        plots=[
            arms_plot(metric, [*arms.values()]),
            Plot(
                title="Best mean score by scored cases",
                x_label="scored cases",
                y_label="best mean score",
                kind="lines",
                series=[
                    Series(name=name, x=[float(b) for b in budgets], y=path)
                    for name, path in paths.items()
                ],
            ),
        ],
        notes=["The writer is a script: what is measured is search, not how a model reflects."],
    )


def _reached(config: Config, arm: str, system: System, number: int, budget: int) -> float:
    from telic.recipes._modules import evolved
    from telic.strategies import HillClimb, ParetoFronts

    make = HillClimb if arm == _BEST else ParetoFronts
    return evolved(
        system,
        make(problem=system.problem),
        (config.seed, f"gepa run {number}"),
        budget=budget,
        batch=config.batch,
        sees_feedback=arm != _BLIND,
        merge_every=config.merge_every if arm in (_ALL, _BLIND) else 0,
    )


RECIPE = Recipe(
    name="gepa-reflection",
    claim=(
        "Rewriting on feedback, breeding from instance-wise Pareto fronts and merging modules each "
        "raise what is reached with the same number of scored cases."
    ),
    reference=(
        "Agrawal et al. (2025), GEPA: Reflective Prompt Evolution Can Outperform Reinforcement "
        "Learning, arXiv"
    ),
    measured=(
        "Best mean score on made-up systems of four modules at an equal budget of scored cases, "
        "with a scripted writer, each part switched off in turn."
    ),
    run=run,
    full=Config(),
    quick=Config(systems=8, budget=600),
    minutes=1.0,
)
