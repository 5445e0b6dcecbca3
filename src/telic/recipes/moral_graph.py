"""Moral Graph Elicitation: do votes on "wiser" find wise values that few people start with?

The paper has people write down the values they go by, asks others whether a second value is wiser
than a first in some context, and ranks values on the graph of such votes. It claims that values
which few hold, but which those who know the matter hold, come out on top; and that people of
different camps agree on what is wiser although they start from different values.

Here each value has a known wisdom, and the common ones are not the wise ones: two camps each have
favourites of their own. People recognise the wiser of two values with a probability that grows with
the difference; some votes are unsure, and people of a camp spare their favourites a little. The
ranking by the graph must follow wisdom where popularity does not, and two halves of the people,
camp by camp, must agree more on the graph's ranking than on what they hold. The corrected graph is
compared with the published computation, in which rank leaks away at values without a wiser
one and unsure votes count as disagreement, and with a Bayesian ranking of all votes at once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

import numpy as np

from telic.recipes import Progress, Recipe, Report, Settings, at_least, compare_arms
from telic.recipes._asked import arms_of, asked, mean_of, rank_correlation, table_of, trials
from telic.seeding import stream
from telic.values import Instrument, MoralGraph, Vote, all_pairs, rank_values, stability

__all__ = ["RECIPE", "Config", "run"]

Utility = dict[str, float]

WISDOM = "rank correlation with wisdom"
CAMPS = "rank correlation between the two camps"
CARDS = (
    "to listen until one has understood",
    "to keep one's word when it costs something",
    "to win every argument",
    "to look good in front of others",
)


class Config(Settings, frozen=True, kw_only=True):
    """How many vote."""

    seeds: int = 20
    """Communities drawn."""
    values: int = 16
    """Values that people hold."""
    people: int = 400
    """Half of each camp."""
    votes: int = 4
    """Of each person."""
    unsure: float = 0.2
    """Share of votes that are unsure."""
    favour: float = 0.5
    """What being a favourite of one's camp adds to a value in a vote, in log-odds."""
    draws: int = 40
    """Resamples of the people for the table."""
    respondent: str = "model:local"
    """A real respondent to ask as well; nobody if empty."""


def run(config: Config, progress: Progress) -> Report:
    """Let every community vote and compare the rankings community by community."""
    rows = trials(config.seeds, config.seed, progress, lambda seed: trial(config, seed))
    names = ("graph", "as published", "Bayesian", "popularity")
    metrics: dict[str, str] = dict.fromkeys(names, WISDOM)
    metrics |= dict.fromkeys(("graph across camps", "popularity across camps"), CAMPS)
    arms = arms_of(rows, metrics)
    corrected = compare_arms(
        *("the corrections cost nothing", arms["graph"], arms["as published"]),
        threshold=at_least(-0.02),
    )
    parts = (
        ("wise values surface though few hold them", "graph", "popularity"),
        ("camps agree on what is wiser", "graph across camps", "popularity across camps"),
        ("all votes at once rank better", "Bayesian", "graph"),
    )
    figures = (
        ("sum of ranks as published; 1 without leaks", "mass as published"),
        ("edges kept", "edges"),
        ("circles of wiser-than", "circles"),
        ("the top value is the wisest", "top is wisest"),
        ("resamples of people with the same top value", "top survives"),
    )
    means = [(what, mean_of(rows, name)) for what, name in figures]
    wiser = Instrument(name="wiser values", questions=all_pairs(CARDS))
    tables, notes = asked(wiser, config.respondent, seed=config.seed)
    effects = [compare_arms(what, arms[one], arms[other]) for what, one, other in parts]
    return RECIPE.report(
        config,
        unit="community",
        arms=list(arms.values()),
        effects=[*effects, corrected],
        tables=[table_of("The graph, mean over communities", ["figure", "mean"], means), *tables],
        notes=notes,
    )


def trial(config: Config, seed: int) -> dict[str, float]:
    """Return every figure for one community."""
    rng = stream(seed, "moral graph")
    wisdom = {f"v{place:02d}": rng.gauss(0, 1) for place in range(config.values)}
    favourites = camps(wisdom, rng)
    votes: list[Vote] = []
    held = {camp: dict.fromkeys(wisdom, 0) for camp in favourites}
    for number in range(config.people):
        camp = list(favourites)[number % 2]
        own = rng.choices(list(wisdom), [favourites[camp][value] for value in wisdom])[0]
        held[camp][own] += 1
        liked = {value: config.favour * (favourites[camp][value] > 1) for value in wisdom}
        person = (f"{camp}{number}", own, wisdom, liked, config.unsure, rng)
        votes += [vote(*person) for _ in range(config.votes)]
    graph = MoralGraph.of(votes)
    rank, mass = published(votes)
    ranking = rank_values(votes, seed=seed, draws=2)
    top = max(graph.page_rank, key=lambda value: graph.page_rank[value])
    tops = stability(votes, draws=config.draws, seed=seed)[1]
    values, wanted = list(wisdom), list(wisdom.values())
    popular = [sum(counts[value] for counts in held.values()) for value in values]
    sides = [MoralGraph.of(v for v in votes if v.participant.startswith(c)) for c in favourites]
    ranks = [[side.page_rank.get(v, 0.0) for v in values] for side in sides]
    return {
        "graph": rank_correlation(wanted, [graph.page_rank.get(v, 0.0) for v in values]),
        "as published": rank_correlation(wanted, [rank[v] for v in values]),
        "Bayesian": rank_correlation(wanted, [ranking.wisdom[v].value for v in values]),
        "popularity": rank_correlation(wanted, popular),
        "graph across camps": rank_correlation(*ranks),
        "popularity across camps": rank_correlation(*(list(h.values()) for h in held.values())),
        "mass as published": mass,
        "edges": len(graph.edges),
        "circles": len(graph.cycles),
        "top is wisest": float(wisdom[top] == max(wanted)),
        "top survives": tops.get(top, 0.0),
    }


def camps(wisdom: Utility, rng: Random) -> dict[str, Utility]:
    """Return camp → value → how common it is there: above 1 for favourites, wise ones rare."""
    common = sorted(wisdom, key=lambda value: wisdom[value] + rng.gauss(0, 1))
    half = len(common) // 3
    several = rng.sample(common[: 2 * half], 2 * half)
    favourites = {"left": several[:half], "right": several[half:]}
    return {
        camp: {value: 6.0 if value in liked else 1.0 for value in wisdom}
        for camp, liked in favourites.items()
    }


def vote(who: str, own: str, wisdom: Utility, liked: Utility, unsure: float, rng: Random) -> Vote:
    """Return a vote on whether another value is wiser than one's own, or the reverse."""
    source, to = rng.sample([own, rng.choice([value for value in wisdom if value != own])], 2)
    gap = 2 * (wisdom[to] - wisdom[source]) + liked[to] - liked[source]
    if rng.random() < unsure:
        return Vote(who, source, to, "unsure")
    is_wiser = rng.random() < 1 / (1 + math.exp(-gap))
    return Vote(who, source, to, "wiser" if is_wiser else "not wiser")


def published(votes: Sequence[Vote]) -> tuple[Utility, float]:
    """Return rank and its sum, computed as in the paper's code.

    Unsure votes are a category of entropy and part of the total, and the rank that flows to a value
    without a wiser one is lost.
    """
    names = sorted({name for each in votes for name in (each.source, each.to)})
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for each in votes:
        tally = counts.setdefault((each.source, each.to), {})
        tally[each.answer] = tally.get(each.answer, 0) + 1
    weights = np.zeros((len(names), len(names)))
    for (source, to), tally in counts.items():
        less = counts.get((to, source), {}).get("wiser", 0)
        parts = np.array([*tally.values(), less], dtype=float)
        p = parts[parts > 0] / parts.sum()
        share = (tally.get("wiser", 0) - less) / parts.sum()
        if tally.get("wiser", 0) >= 2 and share >= 0.33 and -(p * np.log2(p)).sum() <= 1.69:
            weights[names.index(source), names.index(to)] = share
    rank = np.full(len(names), 1 / len(names))
    out = np.maximum(weights.sum(axis=1, keepdims=True), 1e-12)
    for _ in range(100):
        rank = 0.15 / len(names) + 0.85 * (weights / out).T @ rank
    return dict(zip(names, rank.tolist(), strict=True)), float(rank.sum())


RECIPE = Recipe(
    name="moral-graph",
    claim="Votes on what is wiser bring up wise values that few hold, and camps agree on them.",
    reference=(
        "Klingefjord, Lowe and Edelman (2024), What are human values, and how do we align AI to "
        "them?, arXiv:2404.10636"
    ),
    measured="400 synthetic people, 4 votes each on 16 values of known wisdom, 20 communities.",
    run=run,
    full=Config(),
    quick=Config(seeds=3, values=8, people=100, draws=5, respondent=""),
    minutes=0.8,
)
