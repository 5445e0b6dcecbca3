"""B-Coder: value-based reinforcement learning for writing programs.

The paper claims that value-based learning suits program synthesis, because programs that others
wrote can be learned from and unit tests reward cheaply, if it is started right: action values are
read from a pre-trained language model's logits, so that the greedy program is that model's at
first; a first stage learns the values of states alone; a second one improves everything by a
conservative Bellman operator, which values next actions as a frozen copy would choose them. The
critic is of use twice: it writes programs, and the reward recovered from it ranks samples without
tests.

Measured is a small typed language of list pipelines. Tasks are described in words and tested by
examples; three tests give rewards, ten others judge. The language model is a small network cloned
from demonstrations that have systematic bugs. The critic learns from these and from the model's own
samples. Compared are, on unseen tasks: greedy choices after the first stage with the model's own;
ten samples of the model ranked by recovered reward and by likelihood; samples of the learned policy
and of the model, equally many and at equal temperature; and the conservative operator with the
usual maximum. The paper's additional losses are left out. Units are seeds.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import TYPE_CHECKING

from telic.recipes import (
    Arm,
    Progress,
    Recipe,
    Report,
    Settings,
    Table,
    arms_plot,
    compare_arms,
    within,
)
from telic.recipes._pipelines import (
    ACTIONS,
    PLACES,
    TOKENS,
    Task,
    demonstrated,
    draw_task,
    outcome_of,
)
from telic.seeding import address, stream

if TYPE_CHECKING:
    import torch

    from telic.critics.bellman import TokenNetwork
    from telic.recipes._programming import Program

__all__ = ["RECIPE", "Config", "run"]

METRICS = {
    "equal": "share of states with the same greedy action",
    "first": "share of tasks whose first-ranked program passes held-out tests",
    "samples": "share of sampled programs that pass held-out tests",
    "any": "share of tasks that one of the samples solves",
}
PARTS = (
    ("the best by likelihood", "first"),
    ("the best by the first stage", "first"),
    ("the best by recovered reward", "first"),
    ("the best by recovered reward, max", "first"),
    ("supervised policy", "samples"),
    ("conservative policy", "samples"),
    ("max policy", "samples"),
    ("supervised policy, any", "any"),
    ("conservative policy, any", "any"),
    ("max policy, any", "any"),
    ("after the first stage", "equal"),
    ("language model", "equal"),
)


class Config(Settings, frozen=True, kw_only=True):
    """How much is written and learned."""

    seeds: int = 5
    """Independent repetitions, tasks included."""
    tasks: int = 2500
    """To learn from, with one demonstration each."""
    unseen: int = 150
    """To judge by."""
    shortest: int = 3
    """Operations in a right program at least; 6 at most."""
    bugs: float = 0.65
    """Chance of the bug where a word misleads."""
    own: int = 4
    """Samples of the model that the critic learns from, each task."""
    samples: int = 10
    """Of each unseen task."""
    temperature: float = 0.5
    """Of all samples that are judged."""
    hidden: int = 128
    """Width of the networks."""
    cloning: int = 800
    """Steps of learning the language model."""
    first: int = 400
    """Steps of the first stage."""
    second: int = 600
    """Steps of the second stage."""
    scale: float = 0.1
    """Worth of one unit of logit."""
    rate: float = 5e-4
    """Of the second stage."""
    discount: float = 0.99
    """Of the next step's value."""


def run(config: Config, progress: Progress) -> Report:
    """Repeat the whole of it with every seed."""
    from telic.critics.learn import single_thread

    rows: list[dict[str, float]] = []
    with single_thread():
        for number in range(config.seeds):
            progress(number / config.seeds, f"seed {number + 1} of {config.seeds}")
            rows.append(repetition(config, number))
    arms = {
        name: Arm(name=name, metric=METRICS[metric], values=[row[name] for row in rows])
        for name, metric in PARTS
    }
    claims = (
        ("recovered reward ranks better", "the best by recovered reward", PARTS[0][0]),
        ("more samples pass", "conservative policy", "supervised policy"),
        ("more tasks are solved", "conservative policy, any", "supervised policy, any"),
    )
    same = compare_arms(
        "the first stage keeps the greedy choice",
        arms["after the first stage"],
        arms["language model"],
        threshold=within(0.0),
    )
    beside = [
        compare_arms(f"conservative beats max, {what}", arms[one], arms[other])
        for what, one, other in (
            ("ranking", "the best by recovered reward", "the best by recovered reward, max"),
            ("samples", "conservative policy", "max policy"),
            ("tasks", "conservative policy, any", "max policy, any"),
        )
    ]
    ties = [one for one in beside if one.interval and one.interval[0] <= 0 <= one.interval[1]]
    return RECIPE.report(
        config,
        arms=list(arms.values()),
        effects=[same, *(compare_arms(what, arms[a], arms[b]) for what, a, b in claims)],
        tables=[
            Table(
                "Conservative operator against the maximum (no part of the verdict)",
                ["part", "mean difference", "low", "high"],
                [[one.what, one.mean, *(one.interval or (None, None))] for one in beside],
            )
        ],
        plots=[
            arms_plot(METRICS[metric], [arms[name] for name, kind in PARTS if kind == metric])
            for metric in ("first", "samples")
        ],
        notes=[
            f"The operators cannot be told apart in {len(ties)} of {len(beside)} comparisons.",
            "Networks have tens of thousands of weights and programs at most six operations.",
        ],
    )


def repetition(config: Config, number: int) -> dict[str, float]:
    """Return every figure with one seed."""
    import torch

    from telic.critics.bellman import DuelingCritic, clone_behaviour, fit_critic, fit_values
    from telic.recipes._programming import likelihoods, recovered, steps_of, written

    rng = stream(config.seed, "b-coder", number)
    generator = torch.Generator().manual_seed(address(config.seed, "b-coder", number) % 2**63)
    tasks, unseen = (
        [draw_task(rng, shortest=config.shortest) for _ in range(count)]
        for count in (config.tasks, config.unseen)
    )
    shown = [(task, demonstrated(task, rng, bugs=config.bugs)) for task in tasks]
    network = _network(config, ACTIONS, generator)
    demonstrations = steps_of(shown)
    clone_behaviour(
        network,
        demonstrations.states,
        demonstrations.actions,
        steps=config.cloning,
        generator=generator,
    )
    own = written(network, tasks, count=config.own, generator=generator)
    seen = steps_of([*shown, *((t, p) for t, ps in zip(tasks, own, strict=True) for p in ps)])
    first = DuelingCritic(deepcopy(network), _network(config, 1, generator), scale=config.scale)
    fit_values(first, seen, steps=config.first, discount=config.discount, generator=generator)
    with torch.no_grad():
        is_same = first(seen.states).argmax(dim=1) == network(seen.states).argmax(dim=1)
    critics = {"first": first}
    for operator in ("conservative", "max"):
        critics[operator] = deepcopy(first)
        fit_critic(
            critics[operator],
            seen,
            operator=operator,
            steps=config.second,
            discount=config.discount,
            generator=torch.Generator().manual_seed(number),
            rate=config.rate,
        )

    policies = {"supervised": network, **{o: critics[o].policy for o in ("conservative", "max")}}
    found = {"after the first stage": float(is_same.float().mean()), "language model": 1.0}
    samples: list[list[Program]] = []
    for name, policy in policies.items():
        drawn = written(
            lambda states, policy=policy: policy(states) / config.temperature,
            unseen,
            count=config.samples,
            generator=torch.Generator().manual_seed(number),
        )
        samples = samples or drawn
        passed = [
            [passes(task, program) for program in programs]
            for task, programs in zip(unseen, drawn, strict=True)
        ]
        found[f"{name} policy"] = sum(map(sum, passed)) / (len(unseen) * config.samples)
        found[f"{name} policy, any"] = sum(map(any, passed)) / len(unseen)

    def ranked(score: Callable[[Task, list[Program]], list[float]]) -> float:
        """Rank the model's own samples and judge the first of each task."""
        firsts = (
            max(zip(score(task, programs), programs, strict=True), key=lambda pair: pair[0])[1]
            for task, programs in zip(unseen, samples, strict=True)
        )
        return sum(map(passes, unseen, firsts)) / len(unseen)

    found[PARTS[0][0]] = ranked(lambda task, programs: likelihoods(network, task, programs))
    for (name, _), critic in zip(PARTS[1:4], critics.values(), strict=True):
        found[name] = ranked(
            lambda task, programs, critic=critic: recovered(
                critic, task, programs, discount=config.discount
            )
        )
    return found


def passes(task: Task, program: Program) -> bool:
    """Return whether a program passes the held-out tests."""
    return outcome_of(task, program, held_out=True) == "passed"


def _network(config: Config, outputs: int, generator: torch.Generator) -> TokenNetwork:
    from telic.critics.bellman import TokenNetwork

    return TokenNetwork(TOKENS, PLACES, outputs, hidden=config.hidden, generator=generator)


RECIPE = Recipe(
    name="b-coder",
    claim="Action values that begin as a language model rank and write programs better than it.",
    reference=(
        "Yu and others (2024), B-Coder: Value-Based Deep Reinforcement Learning for Program "
        "Synthesis, ICLR"
    ),
    measured=(
        "Networks of some 50,000 weights on a typed language of list pipelines with unit tests: "
        "greedy choices, ranking and samples on 150 unseen tasks; 5 seeds."
    ),
    run=run,
    full=Config(),
    quick=Config(
        seeds=2,
        tasks=60,
        unseen=10,
        own=1,
        samples=3,
        hidden=16,
        cloning=30,
        first=20,
        second=20,
    ),
    minutes=3.0,
)
