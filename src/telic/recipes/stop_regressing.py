"""Stop Regressing: value functions trained by classification.

The paper claims that a value network learns better from cross-entropy against a histogram of its
target (HL-Gauss above all) than from squared error: targets may be noisy and may move, since they
are made of the network's own predictions, and growing the network pays only then.

Measured are four settings, each with its own verdict, because a loss can win in one and lose in
another. *Noisy values*: a smooth function of two variables from values with uniform noise.
*Outcomes*: the game of 24, where each state is labelled by whether one random play through it was
won, and the learned value ranks a beam search over new games. *Bootstrapped*: fitted Q-iteration
on random steps in slippery grid worlds seen through noise; the greedy policy's value is solved
exactly. *Growing*: how much of that value a wider network adds. Networks have two hidden layers,
targets of both losses are clipped to the possible returns, and every loss has the learning rate
that is best for it on the other seeds. Units are seeds.

Where classification wins and where not is one sentence among the notes, made from the intervals. On
outcomes, and in what a narrow network learns, the histogram is best at the greatest rate that is
tried and squared error at the least, so that finer tuning could move that comparison.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from telic.recipes import Effect, Plot, Progress, Recipe, Report, Settings, compare_arms
from telic.recipes._trials import arm_of, line_of, table_of

__all__ = ["RECIPE", "Config", "best_for_others", "run", "standing"]

LOSSES = ("HL-Gauss", "two-hot", "squared error")
NOISY, OUTCOMES, GROWING = "noisy", "outcomes", "growing"
WORTH = "value of the greedy policy"
ByRate = dict[float, list[float]]
"""Learning rate → a figure for each seed."""


class Config(Settings, frozen=True, kw_only=True):
    """How much is run."""

    seeds: int = 10
    """Independent data sets and first weights."""
    rates: tuple[float, ...] = (0.001, 0.003, 0.01)
    """Of learning, tried for every loss."""
    rows: int = 1000
    """Noisy values to learn from."""
    noisy_steps: int = 400
    """Updates on them, of 64 rows."""
    games: int = 500
    """Games of 24 to learn from, and each is played at random..."""
    plays: int = 60
    """...so many times."""
    outcome_steps: int = 800
    """Updates on their outcomes, of 256 states."""
    transitions: int = 2000
    """Steps in a grid world."""
    view_noise: float = 0.3
    """Standard deviation of what is seen there; the signal's is 1."""
    rounds: int = 20
    """Renewals of the frozen copy that targets come from."""
    round_steps: int = 40
    """Updates between them, of 64 transitions."""
    widths: tuple[int, ...] = (16, 64)
    """Of hidden layers in the grid worlds, narrow to wide."""


def best_for_others(figures: ByRate, *, is_lower_better: bool) -> list[float]:
    """Return each seed's figure at the rate that is best on average over the other seeds."""
    sign = 1.0 if is_lower_better else -1.0
    seeds = range(len(next(iter(figures.values()))))

    def elsewhere(rate: float, seed: int) -> float:
        return sign * sum(value for at, value in enumerate(figures[rate]) if at != seed)

    return [figures[min(figures, key=lambda rate: elsewhere(rate, seed))][seed] for seed in seeds]


def standing(effects: Sequence[Effect]) -> str:
    """Return in one sentence in which settings a loss is better, by the effects' intervals."""
    ways = ("HL-Gauss is better", "squared error is better", "neither can be told to be better")
    where: dict[str, list[str]] = {}
    for effect in effects:
        low, high = effect.interval or (-1.0, 1.0)
        way = ways[0] if low > 0 else ways[1] if high < 0 else ways[2]
        where.setdefault(way, []).append(effect.treatment.partition(", ")[2])
    return "; ".join(f"{way} on {' and '.join(where[way])}" for way in ways if way in where) + "."


def run(config: Config, progress: Progress) -> Report:
    """Train by every loss at every rate in every setting, and compare HL-Gauss with regression."""
    found = _measured(config, progress)
    wide, narrow = f"width {config.widths[-1]}", f"width {config.widths[0]}"
    chosen = {
        (setting, loss): best_for_others(rates, is_lower_better=setting == NOISY)
        for (setting, loss), rates in found.items()
    }
    for loss in LOSSES:
        pairs = zip(chosen[wide, loss], chosen[narrow, loss], strict=True)
        chosen[GROWING, loss] = [a - b for a, b in pairs]
    metrics = {
        NOISY: "root mean squared error",
        OUTCOMES: "share of games solved",
        wide: WORTH,
        GROWING: "value added by width",
    }
    arms = {
        (setting, loss): arm_of(f"{loss}, {setting}", metric, chosen[setting, loss])
        for setting, metric in metrics.items()
        for loss in (LOSSES[0], LOSSES[-1])
    }

    def effect(claim: str, setting: str) -> Effect:
        pair = arms[setting, LOSSES[0]], arms[setting, LOSSES[-1]]
        return compare_arms(claim, *pair, better="lower" if setting == NOISY else "higher")

    effects = [
        effect("classification learns noisy values better", NOISY),
        effect("classification ranks by outcomes better", OUTCOMES),
        effect("classification learns better from its own predictions", wide),
        effect("classification gains more from width", GROWING),
    ]
    return RECIPE.report(
        config,
        arms=list(arms.values()),
        effects=effects,
        unit="seed",
        tables=[
            table_of(
                "Means by learning rate (noisy: error, others: higher is better)",
                ["setting", "loss", *(f"rate {rate:g}" for rate in config.rates)],
                [[*key, *map(fmean, rates.values())] for key, rates in found.items()],
            )
        ],
        plots=[_plot(config, chosen)],
        notes=[
            "Each setting has its own verdict; the verdict of the whole is the weakest of them.",
            standing(effects),
            "Small networks on a processor; the paper's are deep, on games and robots.",
        ],
    )


def _measured(config: Config, progress: Progress) -> dict[tuple[str, str], ByRate]:
    """Return setting and loss → figures by learning rate."""
    from telic.critics.learn import single_thread
    from telic.recipes._value_losses import measure

    settings = [NOISY, OUTCOMES, *(f"width {width}" for width in config.widths)]
    todo = [(setting, loss) for setting in settings for loss in LOSSES]
    found: dict[tuple[str, str], ByRate] = {}
    with single_thread():
        for number, (setting, loss) in enumerate(todo):
            progress(number / len(todo), f"{setting}: {loss}")
            found[setting, loss] = {
                rate: measure(setting, loss, rate, config) for rate in config.rates
            }
    return found


def _plot(config: Config, chosen: dict[tuple[str, str], list[float]]) -> Plot:
    return Plot(
        title="Fitted Q-iteration by width of the network",
        x_label="units in a hidden layer",
        y_label=WORTH,
        kind="lines",
        series=[
            line_of(
                loss,
                [fmean(chosen[f"width {width}", loss]) for width in config.widths],
                x=config.widths,
            )
            for loss in LOSSES
        ],
    )


RECIPE = Recipe(
    name="stop-regressing",
    claim="Values are learned better by classification over bins than by regression.",
    reference="Farebrother and others (2024), Stop Regressing: Training Value Functions via "
    "Classification for Scalable Deep RL, ICML",
    measured=(
        "HL-Gauss against squared error on noisy values, on 0/1 outcomes of the game of 24, in "
        "fitted Q-iteration on grid worlds, and in what a wider network adds there; 10 seeds."
    ),
    run=run,
    full=Config(),
    quick=Config(
        seeds=2,
        rates=(0.003,),
        noisy_steps=50,
        games=40,
        plays=20,
        outcome_steps=40,
        rounds=3,
        round_steps=20,
        widths=(16, 32),
    ),
    minutes=5.0,
)
