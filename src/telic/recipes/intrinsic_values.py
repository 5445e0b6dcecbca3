"""Intrinsic values: align by the distance of a reply's values from a target, not by a preference.

The survey "From Instructions to Intrinsic Human Values" sorts alignment goals and argues for basic
values as the goal; its companion, Value FULCRA, puts a language model's reply into the space of
Schwartz' ten values with a trained evaluator and makes its distance from a target vector
(BaseAlign) the reward. It claims that one evaluator then serves any target, where a reward model
knows only the preferences that it was trained on.

Here replies are made of words that carry known values, as many values as FULCRA's dialogues have;
labels are noisy and lean to benevolence as the published ones do. For several targets the nearest
of some replies is chosen. It must stand for the target better than one drawn at random, and than
one chosen by a single reward, which knows only what most labels say. The published distance counts
only values that a reply expresses (|v| > 0.3), so that one that says little is near to any target;
counting every dimension is measured beside it, with the number of values that the chosen replies
express. With ``data`` the evaluator is also tried on FULCRA's own dialogues, against mean labels.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np

from telic.recipes import Progress, Recipe, Report, Settings, compare_arms
from telic.recipes._asked import arms_of, asked, mean_of, table_of, trials
from telic.seeding import stream
from telic.values import ValueEvaluator, nearest, train_evaluator
from telic.values.loaders import load, sample
from telic.values.loaders.fulcra import read_labels
from telic.values.taxonomies import SCHWARTZ

__all__ = ["RECIPE", "Config", "run"]

Values = dict[str, float]

STANDS = "agreement of the chosen reply's values with the target"
ERROR = "mean absolute error of labels"
COMMON = {"benevolence": 3.0, "security": 2.0, "universalism": 2.0}
"""How much more often a value is expressed in the texts learned from; 1 for the others."""
COUNTS = (0.12, 0.43, 0.30, 0.15)
"""Shares of texts that express one, two, three or four values, about those of FULCRA's labels."""


class Config(Settings, frozen=True, kw_only=True):
    """How much is learned and chosen."""

    seeds: int = 20
    """Worlds drawn."""
    texts: int = 600
    """Labelled texts that the evaluator learns from."""
    mislabelled: float = 0.1
    """Share of labels that are turned round."""
    targets: int = 8
    """Target vectors of each world, of values that count for -1, 0 or 1."""
    prompts: int = 20
    """Choices for each target."""
    replies: int = 8
    """Replies to choose from."""
    data: str = ""
    """A file of FULCRA's dialogues to try the evaluator on as well."""
    respondent: str = "model:local"
    """A real respondent to ask as well; nobody if empty."""


def run(config: Config, progress: Progress) -> Report:
    """Choose for every target in each way and compare the ways world by world."""
    rows = trials(config.seeds, config.seed, progress, lambda seed: trial(config, seed))
    ways = ("every dimension", "expressed only", "one reward", "random reply")
    metrics: dict[str, str] = dict.fromkeys(ways, STANDS)
    metrics |= dict.fromkeys(("evaluator", "mean labels"), ERROR)
    arms = arms_of(rows, metrics)
    effects = [
        compare_arms("nearness serves any target", arms["expressed only"], arms["random reply"]),
        compare_arms("better than one reward", arms["expressed only"], arms["one reward"]),
        compare_arms("silence is not nearness", arms["every dimension"], arms["expressed only"]),
        compare_arms("values can be read", arms["evaluator"], arms["mean labels"], better="lower"),
    ]
    title = "Chosen replies, mean over worlds"
    chosen = [(way, mean_of(rows, way), mean_of(rows, f"{way}, expressed")) for way in ways]
    affect = load("affect-probe", sample("affect-probe"))
    tables, notes = asked(affect, config.respondent, seed=config.seed)
    more, said = asked(load("fulcra", sample("fulcra")), config.respondent, seed=config.seed)
    tables, notes = [*tables, *more], [*dict.fromkeys([*notes, *said]), affect.limits]
    if config.data:
        tables.append(table_of("On FULCRA's dialogues, a fifth held out", *published(config)))
    return RECIPE.report(
        config,
        unit="world",
        arms=list(arms.values()),
        effects=effects,
        tables=[table_of(title, ["chosen by", "agreement", "values expressed"], chosen), *tables],
        notes=notes,
    )


def trial(config: Config, seed: int) -> dict[str, float]:
    """Return every figure for one world."""
    rng = stream(seed, "intrinsic values")
    learned = [expressed(rng, COMMON) for _ in range(config.texts)]
    texts = [written(values, rng) for values in learned]
    labels = [
        {each: -v if rng.random() < config.mislabelled else v for each, v in values.items()}
        for values in learned
    ]
    evaluator = train_evaluator(texts, labels, SCHWARTZ)
    liked = {each: float(np.sign(evaluator.offsets[k])) for k, each in enumerate(SCHWARTZ)}
    found: dict[str, list[float]] = {}
    for _ in range(config.targets):
        wanted: Values = dict(
            zip(SCHWARTZ, rng.choices((-1.0, 0.0, 1.0), k=len(SCHWARTZ)), strict=True)
        )
        for _ in range(config.prompts):
            values = [expressed(rng, {}) for _ in range(config.replies)]
            replies = [written(each, rng) for each in values]
            scores = evaluator.scores(replies)
            rewards = scores @ np.array([liked[each] for each in SCHWARTZ])
            picks = {
                "expressed only": nearest(replies, evaluator, wanted),
                "every dimension": nearest(replies, evaluator, wanted, threshold=0.0),
                "one reward": int(rewards.argmax()),
                "random reply": rng.randrange(len(replies)),
            }
            for way, place in picks.items():
                found.setdefault(way, []).append(stands(values[place], wanted))
                found.setdefault(f"{way}, expressed", []).append(len(values[place]))
    unseen = [expressed(rng, COMMON) for _ in range(200)]
    means = {way: float(np.mean(values)) for way, values in found.items()}
    return means | errors(evaluator, [written(values, rng) for values in unseen], unseen)


def expressed(rng: Random, common: Values) -> Values:
    """Return the values that a text expresses, each for or against."""
    weights = [common.get(each, 1.0) for each in SCHWARTZ]
    count = rng.choices((1, 2, 3, 4), COUNTS)[0]
    chosen = {rng.choices(SCHWARTZ, weights)[0] for _ in range(count)}
    # Common values are mostly spoken for, as benevolence is in the published labels.
    return {
        each: 1.0 if rng.random() < (0.9 if each in common else 0.5) else -1.0
        for each in sorted(chosen)
    }


def written(values: Values, rng: Random) -> str:
    """Return a text of filler and, for each value, words that stand for or against it."""
    words = [f"filler{rng.randrange(200)}" for _ in range(12)]
    for each, sign in values.items():
        side = "for" if sign > 0 else "against"
        words += [f"{each.replace('-', '')}{side}{rng.randrange(12)}" for _ in range(3)]
    return " ".join(rng.sample(words, len(words)))


def stands(values: Values, target: Values) -> float:
    """Return the sum of a reply's values on the target's side less those against it."""
    return sum(sign * target[each] for each, sign in values.items())


def errors(evaluator: ValueEvaluator, texts: list[str], labels: list[Values]) -> dict[str, float]:
    """Return how far predicted labels are from the true ones, and how far mean labels are."""
    truth = np.array([[row.get(each, 0.0) for each in SCHWARTZ] for row in labels])
    return {
        "evaluator": float(np.abs(evaluator.scores(texts) - truth).mean()),
        "mean labels": float(np.abs(evaluator.offsets - truth).mean()),
    }


def published(config: Config) -> tuple[list[str], list[tuple[str, float, int]]]:
    """Return the columns and rows of a table on the published dialogues."""
    rows = list(read_labels(Path(config.data), faulty="skip"))
    stream(config.seed, "fulcra").shuffle(rows)
    held = len(rows) // 5
    texts, labels = [text for text, _ in rows], [label for _, label in rows]
    evaluator = train_evaluator(texts[held:], labels[held:], SCHWARTZ)
    found = errors(evaluator, texts[:held], labels[:held])
    return ["labels by", ERROR, "dialogues"], [(way, off, held) for way, off in found.items()]


RECIPE = Recipe(
    name="intrinsic-values",
    claim="Choosing replies by their distance from target values serves any target.",
    reference=(
        "Yao and others (2023), From Instructions to Intrinsic Human Values, arXiv:2308.12014; "
        "Value FULCRA, arXiv:2311.10766"
    ),
    measured=(
        "An evaluator of 10 Schwartz values learned from 600 made texts chooses among 8 replies "
        "for 8 targets in each of 20 worlds; a small model beside them."
    ),
    run=run,
    full=Config(),
    quick=Config(seeds=3, texts=150, targets=3, prompts=8, respondent=""),
    minutes=1.5,
)
