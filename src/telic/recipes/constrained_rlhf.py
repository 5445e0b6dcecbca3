"""Constrained reinforcement learning from feedback: pursue each proxy only as far as it is useful.

The paper claims that a weighted sum of reward models is over-optimised (the true score rises, then
falls while the rewards go on rising), that the point where a proxy stops being useful depends on
how the proxies correlate, and that a constrained policy stays there: each proxy gets a threshold
and a multiplier that is learned with the policy (squashed by a sigmoid, or by a tanh, which also
pushes back what is too much), and what the multipliers leave goes to staying near the base policy.
The thresholds are found inside a single run by Nelder and Mead's simplex.

Measured are policies over enumerated responses, trained by exact natural gradients. A proxy is a
true quality with an error of its own, and errors harm by their square, so extremes are bad
responses; the two proxies are not equally faulty, and their qualities correlate negatively, not at
all, or positively. Fixed weights, with the customary small penalty for divergence, are compared at
their end with the best moment of the best of three mixes of weights, chosen in hindsight on the
very prompts that judge. The constrained runs see the true score at most thirty times, on other
prompts, and are judged at their end. Units are worlds: a draw of qualities at one correlation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from telic.objectives import Form, Multipliers, ThresholdSearch
from telic.recipes import (
    Arm,
    Cell,
    Plot,
    Progress,
    Recipe,
    Report,
    Series,
    Settings,
    Table,
    at_least,
    compare_arms,
)
from telic.seeding import numpy_stream

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["RECIPE", "Config", "run"]

METRIC = "true score on the judging prompts, above the base policy's"
FORMS: tuple[Form, ...] = ("sigmoid", "tanh")
MIXES = ((0.5, 0.5), (0.7, 0.3), (0.3, 0.7))


class Config(Settings, frozen=True, kw_only=True):
    """How much is drawn and trained."""

    seeds: int = 2
    """Worlds for each correlation."""
    correlations: tuple[float, ...] = (-0.4, 0.0, 0.6)
    """Of the two true qualities."""
    prompts: int = 60
    """Half give the true score to the search for thresholds, half judge."""
    responses: int = 200
    """To each prompt, equally probable at first."""
    errors: tuple[float, float] = (0.8, 1.2)
    """Standard deviations of the proxies' errors; qualities have 1."""
    harm: float = 2.0
    """Of an error, by its square, to the true score."""
    steps: int = 2000
    """Of every run."""
    rate: float = 0.1
    """Step of the policy's natural gradient."""
    penalty: float = 0.1
    """Weight of the divergence beside fixed weights, which sum to 1."""
    trials: int = 30
    """Thresholds tried within a constrained run."""


class World(msgspec.Struct, frozen=True):
    """What responses are worth: by proxies, shape (2, prompts, responses), and truly."""

    proxies: Array
    truth: Array


class Trace(msgspec.Struct, frozen=True):
    """A run, step by step."""

    scores: list[float]
    weights: list[tuple[float, ...]]
    thresholds: list[tuple[float, ...]]
    measures: list[tuple[float, ...]]


def run(config: Config, progress: Progress) -> Report:
    """Train every arm in every world and compare them world by world."""
    total = len(config.correlations) * config.seeds
    names = ("fixed weights, end", "fixed weights, best moment", *(f"{f}, end" for f in FORMS))
    found: dict[str, list[float]] = {name: [] for name in names}
    shown: dict[str, Trace] = {}
    for number in range(total):
        correlation = config.correlations[number // config.seeds]
        progress(number / total, f"correlation {correlation:g}, world {number % config.seeds + 1}")
        world = drawn(config, correlation, number)
        fixed = [train(config, world, mix) for mix in MIXES]
        shown = {"fixed": fixed[0], **{form: train(config, world, form) for form in FORMS}}
        found["fixed weights, end"].append(fixed[0].scores[-1])
        found["fixed weights, best moment"].append(max(max(one.scores) for one in fixed))
        for form in FORMS:
            found[f"{form}, end"].append(shown[form].scores[-1])
    arms = {name: Arm(name=name, metric=METRIC, values=[*found[name]]) for name in names}
    best = arms["fixed weights, best moment"]
    effects = [
        compare_arms("fixed weights over-optimise", best, arms[names[0]], threshold=at_least(0.1)),
        *(
            compare_arms(
                f"{form} ends where it is best",
                arms[f"{form}, end"],
                best,
                threshold=at_least(-0.1),
            )
            for form in FORMS
        ),
    ]
    rows: list[list[Cell]] = [
        [correlation, *(_mean(found[name], place, config.seeds) for name in names)]
        for place, correlation in enumerate(config.correlations)
    ]
    return RECIPE.report(
        config,
        unit="world",
        arms=list(arms.values()),
        effects=effects,
        tables=[Table("Mean true score by correlation", ["correlation", *names], rows)],
        plots=plots_of(shown),
        notes=[
            "Worlds are synthetic and gradients exact; what is tested is the mechanism.",
            "Thresholds that are not reached within the patience of the search cost no true score.",
            "The plots show the last world.",
        ],
    )


def drawn(config: Config, correlation: float, number: int) -> World:
    """Draw a world."""
    import numpy as np

    rng = numpy_stream(config.seed, "constrained rlhf", number)
    qualities = rng.normal(size=(2, config.prompts, config.responses))
    qualities[1] = correlation * qualities[0] + (1 - correlation**2) ** 0.5 * qualities[1]
    errors = np.array(config.errors)[:, None, None] * rng.normal(size=qualities.shape)
    truth = (qualities - config.harm * errors**2).sum(axis=0)
    return World(proxies=qualities + errors, truth=truth - truth.mean(axis=1, keepdims=True))


def train(config: Config, world: World, way: Form | tuple[float, float]) -> Trace:
    """Train a policy: with learned multipliers of a form, or with fixed weights."""
    import numpy as np

    half = config.prompts // 2
    logits = np.zeros(world.truth.shape)
    search = ThresholdSearch((0.5, 0.5), (0.5, 0.5), trials=config.trials, patience=150)
    held: Multipliers | None = None
    weights: tuple[float, ...] = (0.0, 0.0)
    if isinstance(way, str):
        held = Multipliers(search.thresholds, form=way, rate=0.5)
    else:
        weights = way
    regulariser = config.penalty
    trace = Trace([], [], [], [])
    for _ in range(config.steps):
        logits -= logits.max(axis=1, keepdims=True)
        policy = np.exp(logits)
        sums = policy.sum(axis=1, keepdims=True)
        policy /= sums
        measures = (policy * world.proxies).sum(axis=2).mean(axis=1).tolist()
        scores = (policy * world.truth).sum(axis=1)
        if held is not None:
            search.observe(measures, lambda scores=scores: float(scores[:half].mean()))
            held = msgspec.structs.replace(held, thresholds=search.thresholds).updated(measures)
            weights, regulariser = held.weights, held.regulariser
        apart = logits - np.log(sums) + np.log(config.responses)
        pursued = np.tensordot(np.array(weights), world.proxies, axes=1)
        logits += config.rate * (pursued - regulariser * apart)
        trace.scores.append(float(scores[half:].mean()))
        trace.weights.append(weights)
        trace.thresholds.append(search.thresholds)
        trace.measures.append(tuple(measures))
    return trace


def plots_of(traces: dict[str, Trace]) -> list[Plot]:
    """Return the traces of the true score, of the multipliers, and of one run's measures."""
    scores = [_line(name, one.scores) for name, one in traces.items()]
    weights = [
        _line(f"{form}: proxy {k + 1}", [row[k] for row in traces[form].weights])
        for form in FORMS
        for k in (0, 1)
    ]
    held = traces[FORMS[-1]]
    parts = {"threshold": held.thresholds, "measure": held.measures}
    found = [
        _line(f"{what} {k + 1}", [row[k] for row in rows])
        for k in (0, 1)
        for what, rows in parts.items()
    ]
    titles = {
        "True score by step": ("true score", scores),
        "Multipliers by step": ("weight of a proxy", weights),
        f"Thresholds and measures by step, {FORMS[-1]}": ("mean proxy", found),
    }
    return [
        Plot(title=title, x_label="step", y_label=label, series=series)
        for title, (label, series) in titles.items()
    ]


def _line(name: str, values: Sequence[float], *, most: int = 100) -> Series:
    every = max(len(values) // most, 1)
    kept = range(0, len(values), every)
    return Series(name=name, x=[float(k) for k in kept], y=[float(values[k]) for k in kept])


def _mean(values: Sequence[float], place: int, count: int) -> float:
    return sum(values[place * count : (place + 1) * count]) / count


RECIPE = Recipe(
    name="constrained-rlhf",
    claim="Learned multipliers end a single run where fixed weights were best, not far beyond.",
    reference=(
        "Moskovitz and others (2024), Confronting Reward Model Overoptimization with Constrained "
        "RLHF, ICLR"
    ),
    measured=(
        "Exact policies under two faulty proxies at three correlations; true score at the end of "
        "constrained runs against the best moment of fixed-weight runs; 6 worlds."
    ),
    run=run,
    full=Config(),
    quick=Config(seeds=1, correlations=(-0.4, 0.6), responses=200, steps=1000),
    minutes=0.5,
)
