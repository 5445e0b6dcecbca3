"""Induction by proposing, selecting and refining hypotheses, with an interpreter as the judge.

The paper lets a language model propose rules for a few examples, runs every rule with a symbolic
interpreter, keeps the one that explains most, and shows the model where that one fails, so that it
proposes again. Selecting among five hypotheses helps much, refining them over three rounds helps
further. And there is a puzzle: models that propose good rules often cannot apply their own rules,
and do far better when the interpreter applies them.

Measured here on two of the paper's kinds of domain with generated tasks and interpreters of our
own, functions on lists and mini-SCAN grammars. The model is a script with limited attention: it
sees nothing but the prompt, considers some dozens of random rules (or changes of the rule that it
is to revise), and answers with the one that fits the few examples it looks at. So what selection
and refinement add is measured on a proposer whose ability is known, and the third arm, which spends
all hypotheses in one round, tells refinement from mere numbers. The weak applier is a script, too:
it slips at one step in ten, which puts the paper's puzzle into figures rather than explaining it.
A small language model on this machine is asked beside them. Units are seeds, each with tasks of
its own; a task counts as solved when all its held-out examples come out right.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from telic.errors import TelicError
from telic.recipes import Arm, Progress, Recipe, Report, Settings, Table, arms_plot, compare_arms
from telic.seeding import address, stream

if TYPE_CHECKING:
    from telic.problems.induction import Task, World

__all__ = ["RECIPE", "Config", "run"]

_WAYS = {
    "one hypothesis": (1, 1),
    "best of five": (1, 5),
    "best of fifteen": (1, 15),
    "three rounds of five": (3, 5),
}
"""Name → rounds and hypotheses in each."""
_APPLIER = "applied by the model"


class Config(Settings, frozen=True, kw_only=True):
    """How much is run."""

    seeds: int = 8
    """Sets of tasks."""
    tasks: int = 8
    """Of each world, in each set."""
    draws: int = 60
    """Rules that the scripted proposer considers for one hypothesis."""
    attention: int = 3
    """Examples that it looks at."""
    slip: float = 0.1
    """Chance that the scripted applier gets a step wrong."""
    model: str = "local"
    """Real model asked beside the scripts; empty: none."""
    asked: int = 1
    """Tasks of each world that it is asked: two hypotheses, and three applications."""


def run(config: Config, progress: Progress) -> Report:
    """Solve the same tasks in every way, and let rules be applied by interpreter and script."""
    from telic.problems.induction import LISTS, SCAN
    from telic.recipes._asked import table_of

    solved: dict[str, list[float]] = {name: [] for name in (*_WAYS, _APPLIER)}
    by_world: dict[str, dict[str, float]] = {}
    for number in range(config.seeds):
        progress(number / config.seeds, f"set {number + 1} of {config.seeds}")
        rates = {w.name: asyncio.run(_solve_all(config, w, number)) for w in (LISTS, SCAN)}
        for name, values in solved.items():
            shares = [rates[world][name] for world in rates]
            values.append(sum(shares) / len(shares))
            for world, rate in rates.items():
                sums = by_world.setdefault(world, dict.fromkeys(solved, 0.0))
                sums[name] += rate[name] / config.seeds
    metric = "share of tasks solved"
    arms = {name: Arm(name=name, metric=metric, values=[*each]) for name, each in solved.items()}
    best = arms["three rounds of five"]
    effects = [
        compare_arms("selecting helps", arms["best of five"], arms["one hypothesis"]),
        compare_arms("refining helps", best, arms["best of five"]),
        compare_arms("the interpreter applies rules better", best, arms[_APPLIER]),
    ]
    extra = compare_arms("beyond mere numbers", best, arms["best of fifteen"])
    rows = [[name, *(rates[name] for rates in by_world.values())] for name in solved]
    beside, notes = _beside(config, progress)
    return RECIPE.report(
        config,
        arms=[*arms.values()],
        effects=effects,
        unit="seed",
        tables=[
            table_of("Share of tasks solved, by world", ["way", *by_world], rows),
            Table(
                "Refinement against as many hypotheses at once, not part of the claim",
                ["against", "mean gain", "from", "to", "verdict"],
                [[extra.baseline, extra.mean, *(extra.interval or (None, None)), extra.verdict]],
            ),
            *beside,
        ],
        plots=[arms_plot(metric, [*arms.values()])],
        notes=[
            "The proposer and the applier are scripts; that the applier slips is an assumption.",
            *notes,
        ],
    )


async def _solve_all(config: Config, world: World, number: int) -> dict[str, float]:
    """Return the share of one set's tasks that each way solves."""
    from telic.models import Scripted
    from telic.problems.induction import accuracy
    from telic.recipes._induction import applied_by, refine
    from telic.recipes._learners import applier, proposer

    thinker = Scripted(proposer(world, draws=config.draws, attention=config.attention))
    hand = Scripted(applier(world, slip=config.slip))
    solved: dict[str, float] = dict.fromkeys((*_WAYS, _APPLIER), 0.0)
    for place in range(config.tasks):
        task = _task(config, world, number, place)
        at = address(config.seed, "refinement", number, place)
        rule = ""
        for name, (rounds, samples) in _WAYS.items():
            rule = await refine(thinker, task, rounds=rounds, samples=samples, seed=at)
            solved[name] += accuracy(world, rule, task.held_out) == 1.0
        solved[_APPLIER] += await applied_by(hand, task, rule, seed=at) == 1.0
        thinker.asked.clear()
        hand.asked.clear()
    return {name: count / config.tasks for name, count in solved.items()}


def _task(config: Config, world: World, number: int, place: int) -> Task:
    from telic.problems.induction import generate

    return generate(world, stream(config.seed, f"task {world.name}", number, place))


def _beside(config: Config, progress: Progress) -> tuple[list[Table], list[str]]:
    """Ask a real model for a few rules, and to apply true ones."""
    if not config.model:
        return [], []
    progress(1.0, f"asking {config.model}")
    try:
        rows = asyncio.run(_asked(config))
    except TelicError as error:
        return [], [f"{config.model!r} was not asked: {error}"]
    columns = ["world", "examples that its best rule explains", "applying the true rule"]
    return [Table(f"{config.model}: {config.asked} tasks of each world", columns, rows)], []


async def _asked(config: Config) -> list[list[str | float | int | None]]:
    from telic.engine.models import model_component
    from telic.models import Model
    from telic.problems.induction import LISTS, SCAN, accuracy
    from telic.recipes._induction import applied_by, refine
    from telic.registry import build

    model: Model = build(model_component(config.model))
    rows: list[list[str | float | int | None]] = []
    try:
        for world in (LISTS, SCAN):
            explained = applied = 0.0
            for place in range(config.asked):
                task = _task(config, world, 0, place)
                rule = await refine(model, task, rounds=1, samples=2, seed=place)
                explained += accuracy(world, rule, task.held_out) / config.asked
                few = replace(task, held_out=task.held_out[:3])
                applied += await applied_by(model, few, task.rule, seed=place) / config.asked
            rows.append([world.name, explained, applied])
    finally:
        await model.close()
    return rows


RECIPE = Recipe(
    name="hypothesis-refinement",
    claim=(
        "Selecting among proposed rules by an interpreter and refining the best on its failures "
        "solve more induction tasks, and proposers apply their own rules worse than it does."
    ),
    reference=(
        "Qiu et al. (2024), Phenomenal Yet Puzzling: Testing Inductive Reasoning Capabilities of "
        "Language Models with Hypothesis Refinement, ICLR"
    ),
    measured=(
        "Share of generated list-function and mini-SCAN tasks solved by a scripted proposer of "
        "limited attention, with and without selection and refinement."
    ),
    run=run,
    full=Config(),
    quick=Config(seeds=2, tasks=3, draws=40, model=""),
    minutes=3.0,
)
