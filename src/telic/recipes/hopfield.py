"""Hopfield networks with continuous states: capacity, and pooling over bags.

The paper claims that a Hopfield network with a softmax update stores exponentially many patterns in
the dimension of its space and recalls each in one update, that this update is the attention of
transformers, and that pooling by association suits tasks in which few members of a large bag
matter.

Measured are three things. *Recall*: random patterns on a sphere are stored, each is disturbed, and
the share is counted that one update brings nearer to its own pattern than to any other and within a
tenth of its length, against the classical update (the sum of outer products with a sign) on as many
binary patterns of the same dimension. *Capacity*: how often the number of patterns can be doubled
until fewer than nine in ten are recalled, and how many doublings each further dimension adds;
exponential capacity is a straight line in the plot. *Pooling*: bags of noise, half of them with one
member near a hidden key, told apart by a linear read-out of the bag pooled by association or by its
mean: once with a query that is the difference of class means, in NumPy, and once with PyTorch
layers whose query, projections and sharpness are trained, where the mean is the same layer with a
sharpness of zero. Units are seeds.
"""

from __future__ import annotations

from telic.recipes import Arm, Plot, Progress, Recipe, Report, Settings, arms_plot, compare_arms
from telic.recipes._trials import arm_of, line_of
from telic.seeding import address, numpy_stream

__all__ = ["RECIPE", "Config", "run"]

Pair = tuple[float, float]
SOFTMAX, CLASSICAL = "softmax update", "classical update"
ACCURACY = "accuracy on new bags"
GROWTH = "doublings of the patterns for each dimension, upper half of the dimensions"


class Config(Settings, frozen=True, kw_only=True):
    """How much is run."""

    seeds: int = 10
    """Independent draws of patterns and bags."""
    dimensions: tuple[int, ...] = (8, 12, 16, 20, 24)
    """Of the space of the patterns, for recall."""
    patterns: int = 2000
    """Stored at once, in every dimension."""
    noise: float = 0.3
    """Standard deviation of each coordinate's disturbance; patterns have length √d."""
    small_dimensions: tuple[int, ...] = (4, 5, 6, 7, 8)
    """Of the space in which the capacity is looked for."""
    doublings: int = 13
    """Of the number of patterns at most."""
    bags: int = 400
    """For learning the read-out, and as many for testing it."""
    instances: int = 60
    """In a bag."""
    width: int = 24
    """Dimension of an instance."""
    steps: int = 300
    """Of training the layers."""


def run(config: Config, progress: Progress) -> Report:
    """Compare recall with the classical network, and pooling with the mean, seed by seed."""
    recalled: list[list[Pair]] = []
    held: list[list[Pair]] = []
    pooled: list[Pair] = []
    learned: list[Pair] = []
    for number in range(config.seeds):
        progress(number / config.seeds, f"seed {number}")
        recalled.append(_recalled(config, number))
        held.append(_held(config, number))
        given, trained = _pooled(config, number)
        pooled.append(given)
        learned.append(trained)
    metric = f"share of {config.patterns} patterns recalled, {config.dimensions[-1]} dimensions"
    growth = [_growth(config, row) for row in held]
    arms = [
        *_arms((SOFTMAX, CLASSICAL), metric, [row[-1] for row in recalled]),
        *_arms((f"{SOFTMAX}, capacity", f"{CLASSICAL}, capacity"), GROWTH, growth),
        *_arms(("pooling by association", "mean pooling"), ACCURACY, pooled),
        *_arms(("trained association", "trained mean"), ACCURACY, learned),
    ]
    claims = (
        "the softmax update recalls more",
        "its capacity keeps doubling with the dimension",
        "association pools better than the mean",
        "trained association pools better than the trained mean",
    )
    return RECIPE.report(
        config,
        arms=arms,
        effects=[
            compare_arms(claim, arms[2 * at], arms[2 * at + 1]) for at, claim in enumerate(claims)
        ],
        unit="seed",
        plots=[
            _curves(f"Recall of {config.patterns} patterns", "share", config.dimensions, recalled),
            _curves(
                "Capacity: a straight line is exponential",
                "log2 of the patterns recalled",
                config.small_dimensions,
                held,
            ),
            arms_plot(ACCURACY, arms[4:]),
        ],
        notes=["Bags are synthetic; the paper's own tasks are immune repertoires and molecules."],
    )


def _recalled(config: Config, number: int) -> list[Pair]:
    from telic.recipes._hopfield_tasks import recall

    return [
        recall(
            config.patterns,
            dimension,
            numpy_stream(config.seed, "hopfield", number, dimension),
            noise=config.noise,
        )
        for dimension in config.dimensions
    ]


def _held(config: Config, number: int) -> list[Pair]:
    from telic.recipes._hopfield_tasks import capacity

    return [
        capacity(
            dimension,
            numpy_stream(config.seed, "capacity", number, dimension),
            noise=config.noise,
            most=config.doublings,
            share=0.9,
        )
        for dimension in config.small_dimensions
    ]


def _pooled(config: Config, number: int) -> tuple[Pair, Pair]:
    """Return accuracies of association and mean: with a given query, and trained."""
    from telic.recipes._hopfield_tasks import drawn_bags, learned_accuracy, pooled_accuracy

    rng = numpy_stream(config.seed, "bags", number)
    bags = drawn_bags(config.bags, config.instances, config.width, rng)
    seed = address(config.seed, "layers", number) % 2**63
    usual = config.width**-0.5
    trained, mean = (
        learned_accuracy(bags, beta=beta, steps=config.steps, seed=seed) for beta in (usual, None)
    )
    return pooled_accuracy(bags), (trained, mean)


def _growth(config: Config, held: list[Pair]) -> Pair:
    """Return doublings for each dimension from the middle one to the last."""
    middle = len(held) // 2
    added = config.small_dimensions[-1] - config.small_dimensions[middle]
    first, last = held[middle], held[-1]
    return (last[0] - first[0]) / added, (last[1] - first[1]) / added


def _arms(names: tuple[str, str], metric: str, pairs: list[Pair]) -> list[Arm]:
    return [arm_of(name, metric, [pair[at] for pair in pairs]) for at, name in enumerate(names)]


def _curves(title: str, y_label: str, dimensions: tuple[int, ...], rows: list[list[Pair]]) -> Plot:
    return Plot(
        title=title,
        x_label="dimension",
        y_label=y_label,
        kind="lines",
        series=[
            line_of(
                name,
                [sum(row[at] for row in column) / len(rows) for column in zip(*rows, strict=True)],
                x=dimensions,
            )
            for at, name in enumerate((SOFTMAX, CLASSICAL))
        ],
    )


RECIPE = Recipe(
    name="hopfield",
    claim="A softmax update recalls exponentially many patterns and pools better than a mean.",
    reference="Ramsauer and others (2021), Hopfield Networks is All You Need, ICLR",
    measured=(
        "Recall of 2,000 disturbed patterns in 8 to 24 dimensions and capacity in 4 to 8, against "
        "the classical update; accuracy of pooled bags against the mean; 10 seeds."
    ),
    run=run,
    full=Config(),
    quick=Config(seeds=2, patterns=300, small_dimensions=(3, 4, 5), doublings=8, bags=60, steps=40),
    minutes=1.0,
)
