"""Beyond Preferences: what no utility can hold, and standards that people agree on instead.

The paper argues that preferences are not enough to align to: values may be incommensurable, so that
no single utility represents them, and an assistant that serves many should follow standards which
its stakeholders agree on for its role, not the sum of their preferences. It has no experiment;
what follows makes two of its points testable.

First, choices of respondents of known structure are split into what a utility holds and what is
circular (HodgeRank). A respondent with a utility must show no more circular preference than noise
gives. One that goes round in circles, one that ranks attributes by priority, and one that prefers
only what is better in every respect must show more, although a Bradley-Terry model predicts unseen
pairs of the last two well. (A priority order of few options does have an ordinal utility: what is
found there is that choices equally sure at any distance add up to no common scale.) Asked with
"neither outweighs the other" among the answers, the incomplete respondent must say so.

Second, groups of stakeholders with bounds of their own choose one of many policies. The policy of
the largest mean utility is compared with one picked by a standard that a sample of the people
negotiates; both are judged by people who took no part, by the group that accepts the policy least.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from random import Random

import numpy as np

from telic.recipes import Progress, Recipe, Report, Settings, compare_arms
from telic.recipes._asked import arms_of, asked, mean_of, table_of, trials
from telic.seeding import numpy_stream, stream
from telic.values import (
    Cyclic,
    Incomplete,
    Lexicographic,
    Respondent,
    Stakeholder,
    UtilityModel,
    Valuing,
    acceptance,
    ask_pairs,
    completeness,
    hodge,
    hold_out,
    negotiate,
)
from telic.values.loaders import load, sample

__all__ = ["RECIPE", "Config", "run"]

CIRCULAR = "share of preference that is circular, less what noise gives"
LEAST = "acceptance in the group that accepts least"
TIES = 'share of answers "neither"'
KINDS = ("utility", "circle", "priorities", "incomplete")
DIMENSIONS: tuple[str, ...] = ("care", "liberty", "order", "speed")


class Config(Settings, frozen=True, kw_only=True):
    """How much is asked and negotiated."""

    seeds: int = 20
    """Worlds drawn."""
    options: int = 11
    """Compared in all pairs; an odd number leaves no ties on a circle."""
    repeats: int = 10
    """Replies for each pair and order."""
    slip: float = 0.1
    """Share of replies that ignore the priorities."""
    policies: int = 60
    """To choose from in the negotiation."""
    people: int = 60
    """In each of three groups; half negotiate, the others judge."""
    respondent: str = "model:local"
    """A real respondent to ask as well; nobody if empty."""


def run(config: Config, progress: Progress) -> Report:
    """Split every respondent's choices, negotiate, and compare world by world."""
    rows = trials(config.seeds, config.seed, progress, lambda seed: trial(config, seed))
    metrics: dict[str, str] = dict.fromkeys(KINDS, CIRCULAR)
    metrics |= dict.fromkeys(("ties of incomplete", "ties of utility"), TIES)
    metrics |= dict.fromkeys(("standard", "largest mean", "largest least mean"), LEAST)
    arms = arms_of(rows, metrics)
    parts = (
        ("circles are beyond a utility", "circle", "utility"),
        ("so are priorities", "priorities", "utility"),
        ("so is incompleteness", "incomplete", "utility"),
        ("incompleteness says so when it may", "ties of incomplete", "ties of utility"),
        ("a standard is accepted more widely", "standard", "largest mean"),
    )
    columns = ["respondent", "found beyond a utility", "accuracy on unseen pairs"]
    split = [
        (kind, mean_of(rows, f"{kind} flagged"), mean_of(rows, f"{kind} unseen")) for kind in KINDS
    ]
    instrument = load("utility-options", sample("utility-options"))
    tables, notes = asked(instrument, config.respondent, seed=config.seed)
    concession = mean_of(rows, "concession")
    notes.append(
        f"Negotiators gave way on {concession:.0%} of each dimension's bounds on average; the "
        "standard's rivals know everybody's utilities without error."
    )
    return RECIPE.report(
        config,
        unit="world",
        arms=list(arms.values()),
        effects=[compare_arms(what, arms[one], arms[other]) for what, one, other in parts],
        tables=[table_of("What Bradley-Terry makes of them", columns, split), *tables],
        notes=notes,
    )


def trial(config: Config, seed: int) -> dict[str, float]:
    """Return every figure for one world."""
    rng = stream(seed, "beyond preferences")
    options = tuple(f"o{number:02d}" for number in range(config.options))
    attributes = {name: (rng.gauss(0, 1), rng.gauss(0, 1)) for name in options}
    people: dict[str, Respondent] = {
        "utility": Valuing(utilities={name: sum(both) for name, both in attributes.items()}),
        "circle": Cyclic(circle=options, strength=1.0),
        "priorities": Lexicographic(attributes=attributes, slip=config.slip),
        "incomplete": Incomplete(attributes=attributes),
    }
    pairs = list(combinations(options, 2))
    found: dict[str, float] = {}
    for kind, who in people.items():
        table = ask_pairs(who, pairs, repeats=config.repeats, seed=seed)
        circular = hodge(table, seed=seed, draws=100).cyclic
        found[kind] = circular.value - circular.null_mean
        found[f"{kind} flagged"] = float(circular.exceeds_null)
        model = UtilityModel(position_bias="shared")
        found[f"{kind} unseen"] = hold_out(table, model, seed=seed).model.accuracy
        free = ask_pairs(who, pairs, repeats=1, seed=seed, allows_tie=True)
        found[f"ties of {kind}"] = completeness(free).tied
    return found | negotiation(config, rng, seed)


def negotiation(config: Config, rng: Random, seed: int) -> dict[str, float]:
    """Return the least acceptance of the policies that three ways to choose pick."""
    draws = numpy_stream(seed, "policies").normal(size=(config.policies, len(DIMENSIONS)))
    # Policies trade dimensions off: what is good by one is paid for by the others.
    draws -= 0.7 * draws.mean(axis=1, keepdims=True)
    policies = {
        f"p{number:02d}": dict(zip(DIMENSIONS, row, strict=True))
        for number, row in enumerate(draws.tolist())
    }
    groups = dict(zip(("patients", "staff", "neighbours"), DIMENSIONS, strict=False))
    drawn = [person(group, groups[group], rng) for group in groups for _ in range(config.people)]
    negotiators = [somebody for somebody, _ in drawn[::2]]
    judges = [somebody for somebody, _ in drawn[1::2]]
    agreed = negotiate("clerk", negotiators, policies)
    # The rivals know the utilities of everybody, judges too, without error.
    utility = {
        group: np.mean([weights for who, weights in drawn if who.group == group], axis=0) @ draws.T
        for group in groups
    }
    by_group = np.array(list(utility.values()))
    picks = {
        "standard": agreed.option,
        "largest mean": list(policies)[int(by_group.mean(axis=0).argmax())],
        "largest least mean": list(policies)[int(by_group.min(axis=0).argmax())],
    }
    found = {way: least(judges, policies[name]) for way, name in picks.items()}
    return found | {"concession": agreed.concession}


def person(group: str, main: str, rng: Random) -> tuple[Stakeholder, list[float]]:
    """Return somebody's bounds, and the weights of their utility."""
    bounds = {
        each: rng.gauss(0.2, 0.3) if each == main else rng.gauss(-1.0, 0.3) for each in DIMENSIONS
    }
    weights = [rng.uniform(1, 3) if each == main else rng.uniform(0, 1) for each in DIMENSIONS]
    return Stakeholder(group, bounds), weights


def least(judges: list[Stakeholder], policy: Mapping[str, float]) -> float:
    """Return the share that accepts a policy in the group that accepts it least."""
    return min(acceptance(judges, policy).values())


RECIPE = Recipe(
    name="beyond-preferences",
    claim="Some values fit no utility, and agreed standards are accepted more widely than sums.",
    reference=(
        "Zhi-Xuan, Carroll, Franklin and Ashton (2024), Beyond Preferences in AI Alignment, "
        "Philosophical Studies, arXiv:2408.16984"
    ),
    measured=(
        "Choices of 4 respondents of known structure among 11 options, and 60 policies judged by 3 "
        "groups, in 20 worlds; a small model beside them."
    ),
    run=run,
    full=Config(),
    quick=Config(seeds=3, options=7, repeats=6, policies=20, people=20, respondent=""),
    minutes=1.2,
)
