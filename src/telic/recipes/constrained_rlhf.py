"""Constrained reinforcement learning from feedback: pursue each proxy only as far as it is useful.

The paper claims that a weighted sum of reward models is over-optimised (the true score rises, then
falls while the rewards go on rising), that the point where a proxy stops being useful depends on
how the proxies correlate, and that a constrained policy stays there: each proxy gets a threshold
and a multiplier that is learned with the policy (squashed by a sigmoid, for at least so much, or by
a tanh, for exactly so much), and what the multipliers leave goes to staying near the base policy.
The thresholds come from earlier runs, or, with the form for exactly so much, are found inside a
single run by Nelder and Mead's simplex.

Measured are policies over enumerated responses, trained by exact natural gradients. A proxy is a
true quality with an error of its own, and errors harm by their square, so extremes are bad
responses; the two proxies are not equally faulty, and their qualities correlate negatively, not at
all, or positively. The true score of fixed weights, with the customary small penalty for
divergence, is compared at their end and at the best moment of the best of three mixes of weights,
chosen in hindsight. Constrained runs are judged at their end: both forms with what the proxies
were at that best moment for thresholds, and the search, which knows nothing of it and sees the
true score at most sixty times, on other prompts. Units are worlds: a draw of qualities at one
correlation. The judging prompts are many, since extreme policies rest on few responses, and the
best of many noisy moments is otherwise a lucky one.
"""

from __future__ import annotations

from collections.abc import Mapping

from telic.objectives import Form, Multipliers, Pursuit, ThresholdSearch
from telic.recipes import Plot, Progress, Recipe, Report, Settings, at_least, compare_arms
from telic.recipes._proxies import Trace, Weigh, World, drawn, fixed, held, train
from telic.recipes._trials import arms_of, line_of, mean_of, table_of, trials
from telic.seeding import numpy_stream

__all__ = ["RECIPE", "Config", "run"]

METRIC = "true score on the judging prompts, above the base policy's"
END, BEST = "fixed weights, end", "fixed weights, best moment"
GIVEN: dict[Form, str] = {"sigmoid": "at least, given", "tanh": "exactly, given"}
FOUND: dict[Form, str] = {"sigmoid": "at least, searched", "tanh": "exactly, searched"}
FORMS: tuple[Form, ...] = ("sigmoid", "tanh")
NAMES = (END, BEST, *GIVEN.values(), *FOUND.values())
MIXES = ((0.5, 0.5), (0.7, 0.3), (0.3, 0.7))
NEAR = at_least(-0.1)


class Config(Settings, frozen=True, kw_only=True):
    """How much is drawn and trained."""

    seeds: int = 4
    """Worlds for each correlation."""
    correlations: tuple[float, ...] = (-0.4, 0.0, 0.6)
    """Of the two true qualities."""
    prompts: int = 100
    """To train on, which also give the true score to the search for thresholds."""
    judging: int = 300
    """Prompts that judge."""
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
    trials: int = 60
    """Thresholds tried within a constrained run."""
    patience: int = 100
    """Steps for thresholds to be reached in."""


def run(config: Config, progress: Progress) -> Report:
    """Train every arm in every world and compare them world by world."""
    plots: list[Plot] = []

    def trial(at: int) -> dict[str, float]:
        number = at - config.seed
        found, plots[:] = outcome(config, config.correlations[number // config.seeds], number)
        return found

    count, size = len(config.correlations), config.seeds
    rows = trials(count * size, config.seed, progress, trial)
    arms = arms_of(rows, dict.fromkeys(NAMES, METRIC))
    effects = [
        compare_arms("fixed weights over-optimise", arms[BEST], arms[END], threshold=at_least(0.1)),
        *(
            compare_arms(f"{name}: ends near the best", arms[name], arms[BEST], threshold=NEAR)
            for name in (*GIVEN.values(), FOUND["tanh"])
        ),
    ]
    parts = [rows[k * size : (k + 1) * size] for k in range(count)]
    means = [
        (correlation, *(mean_of(part, name) for name in NAMES))
        for correlation, part in zip(config.correlations, parts, strict=True)
    ]
    return RECIPE.report(
        config,
        unit="world",
        arms=list(arms.values()),
        effects=effects,
        tables=[table_of("Mean true score by correlation", ["correlation", *NAMES], means)],
        plots=plots,
        notes=[
            "Worlds are synthetic and gradients exact; what is tested is the mechanism.",
            "The paper's search is with the form for exactly so much. With the other, whose "
            "measures may stay above their thresholds, it is shown and not judged.",
            "The plots show the last world.",
        ],
    )


def outcome(config: Config, correlation: float, number: int) -> tuple[dict[str, float], list[Plot]]:
    """Return the scores of every arm in a world, and the traces of its runs."""
    learning, judging = drawn(
        numpy_stream(config.seed, "constrained rlhf", number),
        correlation=correlation,
        errors=config.errors,
        harm=config.harm,
        prompts=(config.prompts, config.judging),
        responses=config.responses,
    )

    def trained(weigh: Weigh) -> Trace:
        return train(learning, weigh, steps=config.steps, rate=config.rate)

    plain = [trained(fixed(mix, price=config.penalty)) for mix in MIXES]
    # Fixed weights move ever more slowly: looks a tenth of the time apart see every change.
    looks = sorted({int(1.1**k) for k in range(400) if 1.1**k < config.steps} | {config.steps - 1})
    best, at, which = max(
        (judging.score(trace.strengths[at]), at, run)
        for run, trace in enumerate(plain)
        for at in looks
    )
    traces, start = {END: plain[0]}, (0.5, 0.5)
    for form in FORMS:
        given = Multipliers(plain[which].measures[at], form=form, rate=0.5)
        traces[GIVEN[form]] = trained(held(Pursuit(given)))
        search = ThresholdSearch(start, start, trials=config.trials, patience=config.patience)
        free = Multipliers(start, form=form, rate=0.5)
        traces[FOUND[form]] = trained(held(Pursuit(free, search=search)))
    ends = {name: judging.score(trace.strengths[-1]) for name, trace in traces.items()}
    return {BEST: best, **ends}, plots_of(traces, judging)


def plots_of(traces: Mapping[str, Trace], judging: World) -> list[Plot]:
    """Return the traces of the true score, of the multipliers, and of a search's measures."""
    searched = traces[FOUND["tanh"]]
    every = range(0, len(searched.strengths), 20)
    lines = {
        "true score": [
            line_of(name, [judging.score(one.strengths[at]) for at in every], x=every)
            for name, one in traces.items()
        ],
        "weight of a proxy": [
            line_of(f"{name}: proxy {k + 1}", [row[k] for row in one.weights])
            for name, one in traces.items()
            for k in (0, 1)
            if name != END
        ],
        f"mean proxy, {FOUND['tanh']}": [
            line_of(f"{what} {k + 1}", [row[k] for row in rows])
            for what, rows in (("threshold", searched.thresholds), ("measure", searched.measures))
            for k in (0, 1)
        ],
    }
    return [
        Plot(title=f"By step: {what}", x_label="step", y_label=what, series=series)
        for what, series in lines.items()
    ]


RECIPE = Recipe(
    name="constrained-rlhf",
    claim="Learned multipliers end a single run where fixed weights were best, not far beyond.",
    reference=(
        "Moskovitz and others (2024), Confronting Reward Model Overoptimization with Constrained "
        "RLHF, ICLR"
    ),
    measured=(
        "Exact policies under two faulty proxies at three correlations; true score at the end of "
        "constrained runs against the best moment of fixed-weight runs; 12 worlds."
    ),
    run=run,
    full=Config(),
    quick=Config(seeds=1, correlations=(-0.4, 0.6), prompts=30, judging=60, steps=1000),
    minutes=1.5,
)
