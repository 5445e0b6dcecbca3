"""CVC: rules of conduct in conflict, and which of them a respondent puts first.

The Chinese Value Corpus has rules under a hierarchy of values, finds pairs that contradict each
other and turns each into a dilemma with three options: one for each rule, and one that has to do
with neither. It claims that such dilemmas show how far a respondent's priorities agree with the
corpus's: about 70 % of models' choices do, and 87 % of people's.

Here the order of priority is known, conflicts are drawn at random, and a crowd answers: some read,
some take any option, some the first. Fitting all rules together must recover the order, and better
than the share of conflicts that each rule wins, since rules meet unlike opponents. The third option
serves as an attention check: leaving out who takes it too often must bring the measured agreement
nearer to that of an attentive respondent. The last part is what a fixed order of options costs
where the corpus's side stands first more often than not, as it may when a model wrote the options.
"""

from __future__ import annotations

from itertools import combinations, pairwise
from random import Random
from typing import Literal

import numpy as np

from telic.recipes import Progress, Recipe, Report, Settings, compare_arms
from telic.recipes._asked import arms_of, asked, mean_of, rank_correlation, table_of, trials
from telic.seeding import address, stream
from telic.values import (
    AlwaysFirst,
    Instrument,
    Measurement,
    RandomChoice,
    Respondent,
    Weighing,
    dilemmas,
    measure,
    priorities,
)
from telic.values.loaders import load, sample
from telic.values.taxonomies import CVC_DERIVED_TO_CORE

__all__ = ["RECIPE", "Config", "run"]

ORDER = "rank correlation with the true order of rules"
ERROR = "distance of agreement from an attentive respondent's"
RULES = tuple(f"uphold {value.lower()}" for value in CVC_DERIVED_TO_CORE.weights)


class Config(Settings, frozen=True, kw_only=True):
    """How much is asked."""

    seeds: int = 20
    """Orders of priority drawn."""
    rules: int = 24
    """One for each of so many derived values of the corpus."""
    conflicts: int = 96
    """Pairs of rules that make a dilemma."""
    readers: int = 4
    """Respondents who read."""
    careless: int = 2
    """Respondents who do not: every second takes what is first, the others any option."""
    strength: float = 1.5
    """Spread of the rules' priorities, in log-odds."""
    leaning: float = 1.0
    """Readers' liking for what is shown first, in log-odds."""
    preferred_first: float = 0.75
    """Share of dilemmas written with the corpus's side first."""
    respondent: str = "model:local"
    """A real respondent to ask as well; nobody if empty."""


def run(config: Config, progress: Progress) -> Report:
    """Put each world's dilemmas to its crowd and compare the ways to read the answers."""
    rows = trials(config.seeds, config.seed, progress, lambda seed: trial(config, seed))
    metrics: dict[str, str] = dict.fromkeys(("fitted", "share won", "shuffled rules"), ORDER)
    metrics |= dict.fromkeys(("checked", "everybody", "every rotation", "as written"), ERROR)
    arms = arms_of(rows, metrics)
    parts: tuple[tuple[str, str, str, Literal["higher", "lower"]], ...] = (
        ("dilemmas show priorities", "fitted", "shuffled rules", "higher"),
        ("a fit beats counting wins", "fitted", "share won", "higher"),
        ("attention checks count", "checked", "everybody", "lower"),
        ("rotation keeps place out", "every rotation", "as written", "lower"),
    )
    shares = ("attentive", "checked", "everybody", "every rotation", "as written")
    share_rows = [[name, mean_of(rows, f"{name} agreement")] for name in shares]
    share_rows += [
        [name, mean_of(rows, name)] for name in ("readers left out", "careless left out")
    ]
    instrument = load("cvc-dilemmas", sample("cvc-dilemmas"))
    tables, notes = asked(instrument, config.respondent, seed=config.seed)
    title = "Agreement, and who is left out, mean over worlds"
    return RECIPE.report(
        config,
        unit="world",
        arms=list(arms.values()),
        effects=[compare_arms(what, arms[a], arms[b], better=way) for what, a, b, way in parts],
        tables=[table_of(title, ["of whom", "share"], share_rows), *tables],
        notes=notes,
    )


def trial(config: Config, seed: int) -> dict[str, float]:
    """Return every figure for one world."""
    rng = stream(seed, "cvc")
    truth = {rule: rng.gauss(0, config.strength) for rule in rng.sample(RULES, config.rules)}
    instrument = dilemmas(written(truth, config, rng))
    unlike = {"distractor": -6.0}
    reader = Weighing.of(instrument, truth, kinds=unlike, position_bias=config.leaning)
    careless: list[Respondent] = [RandomChoice(), AlwaysFirst()]
    crowd: list[Respondent] = [reader] * config.readers
    crowd += [careless[number % 2] for number in range(config.careless)]
    replies = [
        measure(instrument, who, seed=address(seed, "crowd", number))
        for number, who in enumerate(crowd)
    ]
    found = priorities(replies)
    looks = [each.looks >= 0.5 for each in found.attention]
    utilities = dict(zip(found.fit.items, found.fit.utilities.tolist(), strict=True))
    won = wins(replies)
    wanted, fitted = [truth[rule] for rule in utilities], list(utilities.values())
    fixed = [
        measure(instrument, reader, orders="given", seed=address(seed, "fixed", number))
        for number in range(config.readers)
    ]
    kept = [each for each, look in zip(replies, looks, strict=True) if look]
    agreements = {
        "checked": agreement(kept, truth),
        "everybody": agreement(replies, truth),
        "every rotation": agreement(replies[: config.readers], truth),
        "as written": agreement(fixed, truth),
    }
    attentive = expected(instrument, truth)
    return {
        "fitted": rank_correlation(wanted, fitted),
        "share won": rank_correlation(wanted, [won[rule] for rule in utilities]),
        "shuffled rules": rank_correlation(rng.sample(wanted, len(wanted)), fitted),
        "attentive agreement": attentive,
        "readers left out": 1 - float(np.mean(looks[: config.readers])),
        "careless left out": 1 - float(np.mean(looks[config.readers :])),
        **{f"{name} agreement": value for name, value in agreements.items()},
        **{name: abs(value - attentive) for name, value in agreements.items()},
    }


def written(truth: dict[str, float], config: Config, rng: Random) -> list[tuple[str, str]]:
    """Return conflicts with the corpus's side mostly first; every rule is in one at least."""
    rules = list(truth)
    chain = list(pairwise(rules))
    rest = [pair for pair in combinations(rules, 2) if pair not in chain]
    conflicts: list[tuple[str, str]] = []
    for pair in chain + rng.sample(rest, config.conflicts - len(chain)):
        preferred, other = sorted(pair, key=lambda rule: -truth[rule])
        is_first = rng.random() < config.preferred_first
        conflicts.append((preferred, other) if is_first else (other, preferred))
    return conflicts


def agreement(measurements: list[Measurement], truth: dict[str, float]) -> float:
    """Return the share of answers that follow the rule of higher priority."""
    sides: list[bool] = []
    for measurement in measurements:
        for question, reply in measurement.answered():
            rules = [rule for option in question.options for rule in option.tags]
            chosen = question.option(reply.choice).tags
            sides.append(max(rules, key=lambda rule: truth[rule]) in chosen)
    return float(np.mean(sides))


def expected(instrument: Instrument, truth: dict[str, float]) -> float:
    """Return the agreement of a respondent that reads and has no liking for a place."""
    gaps: list[float] = []
    for question in instrument.questions:
        one, other = (rule for option in question.options for rule in option.tags)
        gaps.append(abs(truth[one] - truth[other]))
    return float((1 / (1 + np.exp(-np.array(gaps)))).mean())


def wins(measurements: list[Measurement]) -> dict[str, float]:
    """Return the share of answers that follow a rule among those that might have."""
    met: dict[str, list[bool]] = {}
    for measurement in measurements:
        for question, reply in measurement.answered():
            for option in question.options:
                for rule in option.tags:
                    met.setdefault(rule, []).append(option.name == reply.choice)
    return {rule: float(np.mean(won)) for rule, won in met.items()}


RECIPE = Recipe(
    name="cvc",
    claim="Dilemmas between rules in conflict show which values a respondent puts first.",
    reference="Beijing-AISI (2025), CVC: the Chinese Value Corpus of rules for value alignment",
    measured=(
        "96 made dilemmas between 24 rules of known priority, a crowd of 4 that read and 2 that do "
        "not, 20 worlds; conflicts are drawn, not found by a language model."
    ),
    run=run,
    full=Config(),
    quick=Config(seeds=3, rules=10, conflicts=30, respondent=""),
    minutes=0.5,
)
