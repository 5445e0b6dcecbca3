"""Hopfield networks with continuous states: capacity, and pooling over bags.

The paper claims that a Hopfield network with a softmax update stores exponentially many patterns in
the dimension of its space and recalls each in one update, that this update is the attention of
transformers, and that pooling by association suits tasks in which few members of a large bag
matter.

Measured are two things with the library's NumPy form. First recall: random patterns on a sphere
are stored, each is disturbed, and the share is counted that one update brings nearer to its own
pattern than to any other and within a tenth of its length, against the classical update (the sum of
outer products with a sign) on as many binary patterns of the same dimension. Second pooling: bags
of noise, half of them with one instance near a hidden key; a linear read-out of the bag pooled by
association with the key's direction, learned from other bags as the difference of class means, is
compared with the same read-out of the bag's mean. Units are seeds.
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
from telic.seeding import numpy_stream

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["RECIPE", "Config", "run"]


class Config(Settings, frozen=True, kw_only=True):
    """How much is run."""

    seeds: int = 10
    """Independent draws of patterns and bags."""
    dimensions: tuple[int, ...] = (8, 12, 16, 20, 24)
    """Of the space of the patterns."""
    patterns: int = 2000
    """Stored at once, in every dimension."""
    noise: float = 0.3
    """Standard deviation of each coordinate's disturbance; patterns have length √d."""
    bags: int = 400
    """For learning the read-out, and as many for testing it."""
    instances: int = 60
    """In a bag."""
    width: int = 24
    """Dimension of an instance."""


def run(config: Config, progress: Progress) -> Report:
    """Compare recall with the classical network, and pooling with the mean, seed by seed."""
    modern: list[list[float]] = []
    classical: list[list[float]] = []
    pooled: list[float] = []
    averaged: list[float] = []
    for number in range(config.seeds):
        progress(number / config.seeds, f"seed {number}")
        rows = [recall(config, number, dimension) for dimension in config.dimensions]
        modern.append([row[0] for row in rows])
        classical.append([row[1] for row in rows])
        by_association, by_mean = pooling(config, number)
        pooled.append(by_association)
        averaged.append(by_mean)
    metric = f"share of {config.patterns} patterns recalled, {config.dimensions[-1]} dimensions"
    arms = [
        Arm(name="softmax update", metric=metric, values=[row[-1] for row in modern]),
        Arm(name="classical update", metric=metric, values=[row[-1] for row in classical]),
        Arm(name="pooling by association", metric="accuracy on new bags", values=[*pooled]),
        Arm(name="mean pooling", metric="accuracy on new bags", values=[*averaged]),
    ]
    effects = [
        compare_arms("the softmax update recalls more", arms[0], arms[1]),
        compare_arms("association pools better than the mean", arms[2], arms[3]),
    ]
    lines = [
        Series(name=name, x=[float(d) for d in config.dimensions], y=_means(rows))
        for name, rows in (("softmax update", modern), ("classical update", classical))
    ]
    return RECIPE.report(
        config,
        arms=arms,
        effects=effects,
        unit="seed",
        plots=[
            Plot(
                title=f"Recall of {config.patterns} patterns by dimension",
                x_label="dimension",
                y_label="share recalled",
                kind="lines",
                series=lines,
            ),
            arms_plot("accuracy on new bags", arms[2:]),
        ],
        notes=["Bags are synthetic; the paper's own tasks are immune repertoires and molecules."],
    )


def recall(config: Config, number: int, dimension: int) -> tuple[float, float]:
    """Return the share of disturbed patterns that one update recalls: softmax, and classical."""
    import numpy as np

    from telic.critics.hopfield import retrieve

    rng = numpy_stream(config.seed, "hopfield", number, dimension)
    points = rng.normal(size=(config.patterns, dimension))
    length = dimension**0.5
    points *= length / np.linalg.norm(points, axis=1, keepdims=True)
    disturbed = points + config.noise * rng.normal(size=points.shape)
    found = retrieve(disturbed, points, beta=1.0 / config.noise**2)
    products = found @ points.T
    is_own = products.argmax(axis=1) == np.arange(config.patterns)
    is_near = np.linalg.norm(found - points, axis=1) < 0.1 * length
    signs = np.sign(points)
    flipped = np.where(rng.random(signs.shape) < 0.1, -signs, signs)
    recalled = np.sign(flipped @ signs.T @ signs - config.patterns * flipped)
    return float((is_own & is_near).mean()), float((recalled == signs).all(axis=1).mean())


def pooling(config: Config, number: int) -> tuple[float, float]:
    """Return the accuracies of a read-out of bags pooled by association, and by their mean."""
    import numpy as np

    from telic.critics.hopfield import pool

    rng = numpy_stream(config.seed, "bags", number)
    key = rng.normal(size=config.width)
    key *= 5.0 / np.linalg.norm(key)
    bags = rng.normal(size=(2 * config.bags, config.instances, config.width))
    labels = rng.random(2 * config.bags) < 0.5
    bags[labels, 0] += key
    learn, test = slice(0, config.bags), slice(config.bags, None)
    means = bags.mean(axis=1)
    query = _direction(means[learn], labels[learn])
    vectors = np.stack([pool(bag, query[None, :], beta=4.0)[0] for bag in bags])
    return (
        _accuracy(vectors[learn], labels[learn], vectors[test], labels[test]),
        _accuracy(means[learn], labels[learn], means[test], labels[test]),
    )


def _direction(rows: Array, labels: NDArray[np.bool_]) -> Array:
    import numpy as np

    difference = rows[labels].mean(axis=0) - rows[~labels].mean(axis=0)
    return difference / np.linalg.norm(difference)


def _accuracy(
    rows: Array, labels: NDArray[np.bool_], new_rows: Array, new_labels: NDArray[np.bool_]
) -> float:
    """Fit a linear read-out by least squares and count what it gets right on new rows."""
    import numpy as np

    def widened(values: Array) -> Array:
        return np.column_stack([values, np.ones(len(values))])

    weights = np.linalg.lstsq(widened(rows), np.where(labels, 1.0, -1.0), rcond=None)[0]
    return float(((widened(new_rows) @ weights > 0) == new_labels).mean())


def _means(rows: list[list[float]]) -> list[float]:
    return [sum(column) / len(column) for column in zip(*rows, strict=True)]


RECIPE = Recipe(
    name="hopfield",
    claim="A softmax update recalls many more patterns, and pools bags better than a mean.",
    reference="Ramsauer and others (2021), Hopfield Networks is All You Need, ICLR",
    measured=(
        "Recall of 2,000 disturbed patterns by one update in 8 to 24 dimensions, against the "
        "classical update; accuracy of pooled bags against mean pooling; 10 seeds."
    ),
    run=run,
    full=Config(),
    quick=Config(seeds=2, patterns=300, bags=60),
    minutes=1.0,
)
