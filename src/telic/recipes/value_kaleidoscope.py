"""Value Kaleidoscope: what is at stake in a situation, and does it say how much people disagree?

The paper trains a model that lists the values, rights and duties at stake in a situation, each with
its relevance and with the chance that it supports or opposes the action. It claims that the
relevance-weighted valences decide like people do, and that the entropy of that decision shows where
people disagree.

Here situations are made by rule. Each has some considerations that matter to most people and some
that matter to few, with known valences; a crowd, in which everyone heeds each with the probability
that is its relevance and weighs it in their own way, takes sides, and how evenly it splits is the
truth. What is explained is a list as a model would give it: relevance with noise, and some
considerations said again in other words. The entropy of the decision must follow the crowd's
disagreement; it is compared with lists without relevance and with lists that count what is said
twice as two. Merging in order of arrival, as in the paper's code, keeps other considerations when
the list is shuffled; merging connected groups must not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

import msgspec

from telic.recipes import Progress, Recipe, Report, Settings, compare_arms
from telic.recipes._asked import arms_of, asked, rank_correlation, trials
from telic.seeding import stream
from telic.values import Consideration, HandTable, Valence, explain, merge_duplicates
from telic.values.kaleidoscope import Kind
from telic.values.loaders import load, sample

__all__ = ["RECIPE", "Config", "run"]

FOLLOWS = "correlation of ambiguity with disagreement"
DECIDES = "share of situations decided as the crowd does"
SHUFFLED = "share of lists that a shuffle changes"
KINDS: tuple[Kind, ...] = ("value", "right", "duty")
LEAST, SIMILAR = 0.4, 0.5
"""Relevance below which a consideration is dropped; share of words that makes two the same."""


class Config(Settings, frozen=True, kw_only=True):
    """How much is explained."""

    seeds: int = 20
    """Worlds drawn."""
    situations: int = 150
    """In each world."""
    people: int = 51
    """In the crowd."""
    taste: float = 0.7
    """Spread of the logarithm of a person's weight for a consideration."""
    noise: float = 0.1
    """Standard error of a model's relevance."""
    respondent: str = "model:local"
    """A real respondent to ask as well; nobody if empty."""


def run(config: Config, progress: Progress) -> Report:
    """Explain every situation in each way and compare the ways world by world."""
    rows = trials(config.seeds, config.seed, progress, lambda seed: trial(config, seed))
    metrics: dict[str, str] = dict.fromkeys(
        ("weighted", "unweighted", "unmerged", "shuffled crowd"), FOLLOWS
    )
    metrics |= dict.fromkeys(("weighted decision", "unweighted decision"), DECIDES)
    metrics |= dict.fromkeys(("connected groups", "order of arrival"), SHUFFLED)
    arms = arms_of(rows, metrics)
    instrument = load("value-prism", sample("value-prism"))
    tables, notes = asked(instrument, config.respondent, seed=config.seed)
    decisions = arms["weighted decision"], arms["unweighted decision"]
    orders = arms["connected groups"], arms["order of arrival"]
    effects = [
        compare_arms("ambiguity shows disagreement", arms["weighted"], arms["shuffled crowd"]),
        compare_arms("relevance matters to it", arms["weighted"], arms["unweighted"]),
        compare_arms("so does merging what is said twice", arms["weighted"], arms["unmerged"]),
        compare_arms("it decides like people", *decisions),
        compare_arms("merging forgets the order", *orders, better="lower"),
    ]
    notes.append("What a model does not think of is not part of this experiment.")
    every = list(arms.values())
    return RECIPE.report(
        config, unit="world", arms=every, effects=effects, tables=tables, notes=notes
    )


def trial(config: Config, seed: int) -> dict[str, float]:
    """Return every figure for one world."""
    rng = stream(seed, "kaleidoscope")
    truth: list[list[Consideration]] = []
    said: list[list[Consideration]] = []
    for number in range(config.situations):
        truth.append(stakes(rng, number))
        said.append(listed(truth[-1], rng, config.noise))
    crowd = [split(each, config, rng) for each in truth]
    disagreement = [1 - abs(2 * share - 1) for share in crowd]
    flat = [[msgspec.structs.replace(one, relevance=1.0) for one in each] for each in said]
    ways = {"weighted": (said, SIMILAR), "unweighted": (flat, SIMILAR), "unmerged": (said, 1.0)}
    found: dict[str, float] = {}
    for way, (lists, similarity) in ways.items():
        table = HandTable({str(place): each for place, each in enumerate(lists)})
        explained = [
            explain(situation, table, least_relevance=LEAST, similarity=similarity)
            for situation in table.table
        ]
        # Where nothing is relevant nothing is decided.
        ambiguity = [1.0 if each.ambiguity is None else each.ambiguity for each in explained]
        found[way] = rank_correlation(ambiguity, disagreement)
        if way == "weighted":
            another = rng.sample(disagreement, len(disagreement))
            found["shuffled crowd"] = rank_correlation(ambiguity, another)
        found[f"{way} decision"] = sum(
            each.decision is not None and (each.decision.sign > 0) == (share > 0.5)
            for each, share in zip(explained, crowd, strict=True)
        ) / len(crowd)
    for name, merge in (("connected groups", grouped), ("order of arrival", greedy)):
        changed = [merge(each) != merge(rng.sample(each, len(each))) for each in said]
        found[name] = sum(changed) / len(changed)
    return found


def stakes(rng: Random, number: int) -> list[Consideration]:
    """Return what is truly at stake in one situation; each says three words of its own."""
    considerations: list[Consideration] = []
    lean = rng.gauss(0, 1)
    # Half of what comes to mind is beside the point, and does not lean with the rest.
    for place, matters in enumerate([True, False] * rng.randint(3, 5)):
        support = 1 / (1 + math.exp(-(lean * matters + rng.gauss(0, 1.5))))
        either = rng.uniform(0, 0.4)
        considerations.append(
            Consideration(
                kind=rng.choice(KINDS),
                text=" ".join(f"w{number}x{place}{letter}" for letter in "abc"),
                relevance=rng.uniform(0.6, 1) if matters else rng.uniform(0, 0.2),
                valence=Valence((1 - either) * support, (1 - either) * (1 - support), either),
            )
        )
    return considerations


def listed(truth: Sequence[Consideration], rng: Random, noise: float) -> list[Consideration]:
    """Return a model's list: noisy, with paraphrases in chains, in any order."""
    said: list[Consideration] = []
    for one in truth:
        first, second, third = one.text.split()
        # Each wording shares most words with its neighbour in the chain, fewer with the first.
        chain = (one.text, f"{second} {third} {first}2", f"{third} {first}2 {second}2")
        for text in chain[: rng.choice((1, 1, 2, 3))]:
            relevance = min(1.0, max(0.0, one.relevance + rng.gauss(0, noise)))
            said.append(msgspec.structs.replace(one, text=text, relevance=relevance))
    return rng.sample(said, len(said))


def split(truth: Sequence[Consideration], config: Config, rng: Random) -> float:
    """Return the share of the crowd that is for the action."""
    sides = 0
    for _ in range(config.people):
        heeded = [one for one in truth if rng.random() < one.relevance]
        leaning = sum(math.exp(rng.gauss(0, config.taste)) * one.valence.sign for one in heeded)
        sides += leaning > 0
    return sides / config.people


def grouped(said: Sequence[Consideration]) -> frozenset[str]:
    """Return what is left after merging connected groups."""
    return frozenset(one.text for one in merge_duplicates(said, similarity=SIMILAR))


def greedy(said: Sequence[Consideration]) -> frozenset[str]:
    """Return what is left after dropping whatever resembles an earlier one that was kept."""
    kept: list[Consideration] = []
    for one in said:
        if all(len(merge_duplicates((one, other), similarity=SIMILAR)) == 2 for other in kept):
            kept.append(one)
    return frozenset(one.text for one in kept)


RECIPE = Recipe(
    name="value-kaleidoscope",
    claim="Relevance-weighted valences decide like people, and their entropy shows disagreement.",
    reference=(
        "Sorensen and others (2024), Value Kaleidoscope: Engaging AI with Pluralistic Human "
        "Values, Rights, and Duties, AAAI 2024, arXiv:2309.00779"
    ),
    measured=(
        "150 made situations with known relevance, valence and a crowd of 51 people in each of 20 "
        "worlds; lists are written by rule, not by a language model."
    ),
    run=run,
    full=Config(),
    quick=Config(seeds=3, situations=40, people=31, respondent=""),
    minutes=0.9,
)
