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
usual maximum. What was written is kept likely, as in the paper, whose loss on advantages is left
out. Units are seeds.
"""

from __future__ import annotations

from functools import partial

from telic.recipes import (
    Effect,
    Progress,
    Recipe,
    Report,
    Settings,
    arms_plot,
    compare_arms,
    within,
)
from telic.recipes._trials import arms_of, table_of, trials

__all__ = ["RECIPE", "Config", "run"]

EQUAL = "share of states with the same greedy action"
FIRST = "share of tasks whose first-ranked program passes held-out tests"
SHARE = "share of sampled programs that pass held-out tests"
ANY = "share of tasks that one of the samples solves"
MODEL, STAGE, LIKELY = "language model", "after the first stage", "the best by likelihood"
SAME = "the first stage keeps the greedy choice"
OPERATORS = ("conservative", "max")
RANKED = {
    "first stage": "the best by the first stage",
    "conservative": "the best by recovered reward",
    "max": "the best by recovered reward, max",
}
METRICS = {
    **dict.fromkeys((LIKELY, *RANKED.values()), FIRST),
    **{f"{policy} policy": SHARE for policy in ("supervised", *OPERATORS)},
    **{f"{policy} policy, any": ANY for policy in ("supervised", *OPERATORS)},
    **dict.fromkeys((STAGE, MODEL), EQUAL),
}
CLAIMS = (
    ("recovered reward ranks better", RANKED["conservative"], LIKELY),
    ("more samples pass", "conservative policy", "supervised policy"),
    ("more tasks are solved", "conservative policy, any", "supervised policy, any"),
)
BESIDE = (
    ("conservative beats max, ranking", RANKED["conservative"], RANKED["max"]),
    ("conservative beats max, samples", "conservative policy", "max policy"),
    ("conservative beats max, tasks", "conservative policy, any", "max policy, any"),
)


class Config(Settings, frozen=True, kw_only=True):
    """How much is written and learned."""

    seeds: int = 6
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
    second: int = 1000
    """Steps of the second stage."""
    scale: float = 0.3
    """Worth of one unit of logit."""
    rate: float = 2e-3
    """Of the second stage."""
    likelihood: float = 0.03
    """Weight of the likelihood of what was written, then as well."""
    discount: float = 0.99
    """Of the next step's value."""


def run(config: Config, progress: Progress) -> Report:
    """Repeat the whole of it with every seed."""
    from telic.critics.learn import single_thread

    with single_thread():
        rows = trials(config.seeds, 0, progress, partial(repetition, config))
    arms = arms_of(rows, METRICS)
    same = compare_arms(SAME, arms[STAGE], arms[MODEL], threshold=within(0.0))
    gains = [compare_arms(what, arms[one], arms[other]) for what, one, other in CLAIMS]
    beside = [compare_arms(what, arms[one], arms[other]) for what, one, other in BESIDE]
    return RECIPE.report(
        config,
        arms=list(arms.values()),
        effects=[same, *gains],
        tables=[
            table_of(
                "Conservative operator against the maximum (no part of the verdict)",
                ["part", "mean difference", "low", "high"],
                [(one.what, one.mean, *(one.interval or (None, None))) for one in beside],
            )
        ],
        plots=[
            arms_plot(metric, [arm for arm in arms.values() if arm.metric == metric])
            for metric in (FIRST, SHARE)
        ],
        notes=[
            f"The operators tie in {sum(map(is_tie, beside))} of {len(beside)} comparisons.",
            "Networks have tens of thousands of weights and programs at most six operations.",
        ],
    )


def is_tie(effect: Effect) -> bool:
    """Return whether an effect's interval holds 0."""
    return effect.interval is not None and effect.interval[0] <= 0 <= effect.interval[1]


def repetition(config: Config, number: int) -> dict[str, float]:
    """Return every figure of one repetition."""
    import torch

    from telic.recipes._programming import likelihoods, ranked_first, recovered, shares_right, write
    from telic.recipes._synthesis import learned

    material, critics = learned(config, number)
    model, states, unseen = material.model, material.recorded.states, material.unseen
    with torch.no_grad():
        is_same = critics["first stage"](states).argmax(dim=1) == model(states).argmax(dim=1)
    found = {STAGE: float(is_same.float().mean()), MODEL: 1.0}
    policies = {"supervised": model, **{name: critics[name].policy for name in OPERATORS}}
    samples = {
        name: write(
            policy,
            unseen,
            count=config.samples,
            temperature=config.temperature,
            generator=torch.Generator().manual_seed(number),
        )
        for name, policy in policies.items()
    }
    for name, programs in samples.items():
        found[f"{name} policy"], found[f"{name} policy, any"] = shares_right(unseen, programs)
    own = samples["supervised"]
    found[LIKELY] = ranked_first(unseen, own, partial(likelihoods, model))
    for name, critic in critics.items():
        score = partial(recovered, critic, discount=config.discount)
        found[RANKED[name]] = ranked_first(unseen, own, score)
    return found


RECIPE = Recipe(
    name="b-coder",
    claim="Action values that begin as a language model rank and write programs better than it.",
    reference=(
        "Yu and others (2024), B-Coder: Value-Based Deep Reinforcement Learning for Program "
        "Synthesis, ICLR"
    ),
    measured=(
        "Networks of some 50,000 weights on a typed language of list pipelines with unit tests: "
        "greedy choices, ranking and samples on 150 unseen tasks; 6 seeds."
    ),
    run=run,
    full=Config(),
    quick=Config(
        seeds=2, tasks=60, unseen=10, own=1, samples=3, hidden=16, cloning=30, first=20, second=20
    ),
    minutes=4.0,
)
