"""Tranception: a sequence model's score blended with what aligned relatives show.

The paper claims that fitness of protein variants is predicted best by two sources together: an
autoregressive transformer, read in both directions, that knows what is common to proteins, and,
only when a score is wanted, an alignment of the protein's own relatives, which gives each site's
preferences. Their log probabilities are averaged with a fixed weight, 0.6 for the alignment, and
smaller models gain the most.

Measured are synthetic families whose fitness is known: each family has site preferences of its own,
and neighbouring letters ask something of each other that is the same in all families of a world.
Transformers of three sizes, with grouped positional biases and heads that see several letters, are
trained on other families of the same world; alignments are members of the family. Variants have one
to four substitutions, and scores are compared with fitness by Spearman's correlation, averaged over
a world's families. The weight is also chosen on half of the families and judged on the other half,
which shows whether it is one of neither source alone. Units are worlds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

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
    compare_arms,
)
from telic.recipes._families import (
    LETTERS,
    draw_grammar,
    fitness,
    mutants,
    sample_family,
)
from telic.seeding import numpy_stream

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Letters = NDArray[np.int64]

__all__ = ["RECIPE", "Config", "run"]

METRIC = "mean Spearman correlation of score and fitness"


class Config(Settings, frozen=True, kw_only=True):
    """How much is sampled and learned."""

    seeds: int = 4
    """Worlds."""
    families: int = 120
    """To train on, 25 members each."""
    held_out: int = 6
    """Families to predict; half of them choose the weight."""
    relatives: int = 60
    """In the alignment of a family."""
    variants: int = 120
    """Of each family's first member."""
    length: int = 32
    """Sites."""
    couplings: float = 0.45
    """Strength of what neighbouring letters ask of each other; a site's own preferences have 1."""
    sizes: tuple[tuple[int, int, int], ...] = ((8, 1, 50), (16, 1, 80), (32, 2, 100))
    """Width, layers and steps of training of the models, the weakest first."""
    weights: tuple[float, ...] = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
    """Of the alignment, from none to all."""
    weight: float = 0.6
    """The paper's, one of ``weights``."""


class Assay(msgspec.Struct, frozen=True):
    """A family to predict."""

    relatives: Letters
    variants: Letters
    fitness: Array


def run(config: Config, progress: Progress) -> Report:
    """Train every size in every world and blend it with the alignments."""
    import numpy as np

    found: list[Array] = []
    for number in range(config.seeds):
        progress(number / config.seeds, f"world {number + 1} of {config.seeds}")
        found.append(correlations(config, number))
    table = np.stack(found)  # worlds, sizes, families, weights
    paper = config.weights.index(config.weight)
    means = table.mean(axis=2)
    half = config.held_out // 2
    chosen = table[:, -1, :half].mean(axis=1).argmax(axis=1)
    distances = [min(config.weights[at], 1.0 - config.weights[at]) for at in chosen.tolist()]
    judged = table[np.arange(len(table)), -1, half:, chosen].mean(axis=1)
    ends = np.maximum(table[:, -1, half:, 0].mean(axis=1), table[:, -1, half:, -1].mean(axis=1))
    gains = means[..., paper] - means[..., 0]

    def arm(name: str, values: Array | list[float], metric: str = METRIC) -> Arm:
        return Arm(name=name, metric=metric, values=[float(value) for value in values])

    gain, away = "gain of blending over the model alone", "distance from the nearer end"
    blended, alone = arm("blended", means[:, -1, paper]), arm("model alone", means[:, -1, 0])
    aligned = arm("alignment alone", means[:, -1, -1])
    pick, best_end = arm("weight chosen on other families", judged), arm("better end", ends)
    inside, end = arm("chosen weight", distances, away), arm("an end", [0.0] * len(table), away)
    weakest = arm("gain, weakest model", gains[:, 0], gain)
    strongest = arm("gain, strongest model", gains[:, -1], gain)
    rows: list[list[Cell]] = [
        [f"width {width}, layers {layers}", *means[:, size].mean(axis=0).tolist()]
        for size, (width, layers, _) in enumerate(config.sizes)
    ]
    return RECIPE.report(
        config,
        unit="world",
        arms=[blended, alone, aligned, pick, best_end, inside, end, weakest, strongest],
        effects=[
            compare_arms("blending beats the model", blended, alone),
            compare_arms("blending beats the alignment", blended, aligned),
            compare_arms("a chosen weight beats both ends", pick, best_end),
            compare_arms("the best weight lies between", inside, end),
            compare_arms("the weakest model gains most", weakest, strongest),
        ],
        tables=[Table(METRIC, ["model", *(f"weight {w:g}" for w in config.weights)], rows)],
        plots=[
            Plot(
                title="Correlation with fitness by the alignment's weight",
                x_label="weight of the alignment",
                y_label=METRIC,
                series=[
                    Series(
                        name=str(row[0]),
                        x=[*config.weights],
                        y=means[:, size].mean(axis=0).tolist(),
                    )
                    for size, row in enumerate(rows)
                ],
            )
        ],
        notes=[
            "Families are synthetic and the models tiny; no family that is predicted was read "
            "in training, where the paper's model has met relatives of most proteins."
        ],
    )


def correlations(config: Config, number: int) -> Array:
    """Return correlations in one world, shape (sizes, families, weights)."""
    import numpy as np

    from telic.critics.sequences import blended_scores, site_log_probabilities
    from telic.critics.sequences.transformer import Architecture, fit, log_probabilities

    rng = numpy_stream(config.seed, "tranception", number)
    grammar = draw_grammar(rng, strength=config.couplings)
    shape = (config.length, LETTERS)
    read = [
        sample_family(rng.normal(size=shape), grammar, 25, rng, sweeps=8)
        for _ in range(config.families)
    ]
    assays: list[Assay] = []
    for _ in range(config.held_out):
        sites = rng.normal(size=shape)
        members = sample_family(sites, grammar, config.relatives + 1, rng)
        variants = mutants(members[0], config.variants, rng)
        assays.append(Assay(members[1:], variants, fitness(variants, sites, grammar)))
    found = np.empty((len(config.sizes), len(assays), len(config.weights)))
    for size, (width, layers, steps) in enumerate(config.sizes):
        architecture = Architecture(letters=LETTERS, width=width, layers=layers)
        model = fit(architecture, np.concatenate(read), rng, steps=steps)
        for place, assay in enumerate(assays):
            logs = log_probabilities(model, assay.variants)
            prior = site_log_probabilities(assay.relatives, LETTERS)
            for at, weight in enumerate(config.weights):
                scores = blended_scores(assay.variants, logs, prior, weight=weight)
                found[size, place, at] = spearman(scores, assay.fitness)
    return found


def spearman(one: Array, other: Array) -> float:
    """Return the correlation of ranks; scores hardly ever tie."""
    import numpy as np

    ranks = [values.argsort().argsort() for values in (one, other)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


RECIPE = Recipe(
    name="tranception",
    claim="A sequence model and aligned relatives predict best together; weak models gain most.",
    reference=(
        "Notin and others (2022), Tranception: Protein Fitness Prediction with Autoregressive "
        "Transformers and Inference-time Retrieval, ICML"
    ),
    measured=(
        "Transformers of three sizes and alignments of 60 relatives on 6 held-out families a "
        "world, weights from 0 to 1; Spearman's correlation with known fitness; 4 worlds."
    ),
    run=run,
    full=Config(),
    quick=Config(seeds=2, families=12, held_out=4, variants=40, sizes=((8, 1, 8), (16, 1, 20))),
    minutes=2.0,
)
