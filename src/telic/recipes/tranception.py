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
and the other way round, which shows whether it is one of neither source alone. Units are worlds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telic.recipes import Plot, Progress, Recipe, Report, Settings, compare_arms
from telic.recipes._families import LETTERS, draw_assay, draw_grammar, sample_family
from telic.recipes._trials import arms_of, line_of, mean_of, rank_correlation, table_of, trials
from telic.seeding import numpy_stream

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["RECIPE", "Config", "run"]

METRIC = "mean Spearman correlation of score and fitness"
GAIN = "gain of blending over the model alone"
AWAY = "distance of the chosen weight from the nearer end"
METRICS = {
    "blended": METRIC,
    "model alone": METRIC,
    "alignment alone": METRIC,
    "weight chosen on other families": METRIC,
    "better end": METRIC,
    "chosen weight": AWAY,
    "an end": AWAY,
    "gain, weakest model": GAIN,
    "gain, strongest model": GAIN,
}
CLAIMS = (
    ("blending beats the model", "blended", "model alone"),
    ("blending beats the alignment", "blended", "alignment alone"),
    ("a weight chosen elsewhere beats both ends", "weight chosen on other families", "better end"),
    ("the best weight lies between", "chosen weight", "an end"),
    ("the weakest model gains most", "gain, weakest model", "gain, strongest model"),
)


class Config(Settings, frozen=True, kw_only=True):
    """How much is sampled and learned."""

    seeds: int = 10
    """Worlds."""
    families: int = 120
    """To train on, 25 members each."""
    held_out: int = 16
    """Families to predict; each half of them chooses the weight for the other."""
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


def run(config: Config, progress: Progress) -> Report:
    """Train every size in every world and blend it with the alignments."""

    def trial(seed: int) -> dict[str, float]:
        return figures(config, correlations(config, seed))

    rows = trials(config.seeds, config.seed, progress, trial)
    arms = arms_of(rows, METRICS)
    curves = {
        f"width {width}, layers {layers}": [mean_of(rows, at(size, w)) for w in config.weights]
        for size, (width, layers, _) in enumerate(config.sizes)
    }
    return RECIPE.report(
        config,
        unit="world",
        arms=list(arms.values()),
        effects=[compare_arms(what, arms[one], arms[other]) for what, one, other in CLAIMS],
        tables=[
            table_of(
                METRIC,
                ["model", *(f"weight {w:g}" for w in config.weights)],
                [[name, *values] for name, values in curves.items()],
            )
        ],
        plots=[
            Plot(
                title="Correlation with fitness by the alignment's weight",
                x_label="weight of the alignment",
                y_label=METRIC,
                series=[line_of(name, ys, x=config.weights) for name, ys in curves.items()],
            )
        ],
        notes=[
            "Families are synthetic and models tiny; none that is predicted was read in training."
        ],
    )


def figures(config: Config, found: Array) -> dict[str, float]:
    """Return a world's value in every arm, and the mean of each size at each weight.

    Each half of the families chooses the strongest model's weight for the other half.
    """
    means = found.mean(axis=1).tolist()
    paper = config.weights.index(config.weight)
    gains = [row[paper] - row[0] for row in means]
    halves = [found[-1, k::2].mean(axis=0).tolist() for k in (0, 1)]
    chosen = [max(range(len(half)), key=lambda k, half=half: half[k]) for half in halves]
    judged = [half[k] for half, k in zip(reversed(halves), chosen, strict=True)]
    return {
        "blended": means[-1][paper],
        "model alone": means[-1][0],
        "alignment alone": means[-1][-1],
        "weight chosen on other families": sum(judged) / 2,
        "better end": sum(max(half[0], half[-1]) for half in halves) / 2,
        "chosen weight": sum(min(w, 1.0 - w) for w in (config.weights[k] for k in chosen)) / 2,
        "an end": 0.0,
        "gain, weakest model": gains[0],
        "gain, strongest model": gains[-1],
        **{
            at(size, weight): value
            for size, row in enumerate(means)
            for weight, value in zip(config.weights, row, strict=True)
        },
    }


def correlations(config: Config, seed: int) -> Array:
    """Return correlations in one world, shape (sizes, families, weights)."""
    import numpy as np

    from telic.critics.sequences import blended_scores, site_log_probabilities
    from telic.critics.sequences.transformer import Architecture, fit, log_probabilities

    rng = numpy_stream(seed, "tranception")
    grammar = draw_grammar(rng, strength=config.couplings)
    sites = rng.normal(size=(config.families, config.length, LETTERS))
    read = np.concatenate([sample_family(one, grammar, 25, rng, sweeps=8) for one in sites])
    assays = [
        draw_assay(grammar, rng, length=config.length, sizes=(config.relatives, config.variants))
        for _ in range(config.held_out)
    ]
    priors = [site_log_probabilities(assay.relatives, LETTERS) for assay in assays]
    found = np.empty((len(config.sizes), len(assays), len(config.weights)))
    for size, (width, layers, steps) in enumerate(config.sizes):
        architecture = Architecture(letters=LETTERS, width=width, layers=layers)
        model = fit(architecture, read, rng, steps=steps)
        for place, (assay, prior) in enumerate(zip(assays, priors, strict=True)):
            logs = log_probabilities(model, assay.variants)
            for k, weight in enumerate(config.weights):
                scores = blended_scores(assay.variants, logs, prior, weight=weight)
                found[size, place, k] = rank_correlation(scores, assay.fitness)
    return found


def at(size: int, weight: float) -> str:
    """Return the name of a size's figure at a weight."""
    return f"size {size} at {weight:g}"


RECIPE = Recipe(
    name="tranception",
    claim="A sequence model and aligned relatives predict best together; weak models gain most.",
    reference=(
        "Notin and others (2022), Tranception: Protein Fitness Prediction with Autoregressive "
        "Transformers and Inference-time Retrieval, ICML"
    ),
    measured=(
        "Transformers of three sizes and alignments of 60 relatives on 16 held-out families "
        "a world, weights from 0 to 1; Spearman's correlation with known fitness; 10 worlds."
    ),
    run=run,
    full=Config(),
    quick=Config(seeds=2, families=12, held_out=4, variants=40, sizes=((8, 1, 8), (16, 1, 20))),
    minutes=3.0,
)
