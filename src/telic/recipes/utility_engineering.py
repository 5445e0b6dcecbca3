"""Utility Engineering: do choices hang together well enough to be explained by a utility?

The paper asks language models which of two outcomes they prefer, chooses the next pairs where
utilities are close, and fits a Thurstone model. It claims that the preferences of larger models are
more coherent: fewer circles, and lotteries valued at the mean utility of their outcomes.

Here respondents of known truth stand in for models, so what is measured is whether the figures mean
what they are taken for. A ladder of respondents shares one utility and differs in noise: circles
must become fewer up the ladder. The correlation of lotteries with expected utility must tell who
takes expectations from who values a lottery by its best outcome. Pairs chosen by closeness must
rank outcomes better than as many random ones. Two corrections are measured beside the claim:
unreadable replies are kept apart instead of entering as half a choice for either side, and whether
there is any content is tested beside nulls, because a respondent that mostly takes what is shown
first is predicted well on unseen pairs when each pair is shown in one order.
"""

from __future__ import annotations

from dataclasses import replace
from math import log2
from random import Random
from typing import Literal

import numpy as np

from telic.recipes import Progress, Recipe, Report, Settings, compare_arms
from telic.recipes._asked import arms_of, asked, mean_of, table_of, trials
from telic.seeding import numpy_stream, stream
from telic.values import (
    Elicitation,
    Respondent,
    Sticky,
    Unreliable,
    UtilityFit,
    UtilityModel,
    Valuing,
    ask_pairs,
    content_report,
    elicit,
    expected_utility,
    fit_utilities,
    regular_pairs,
    transitivity,
)
from telic.values.loaders import load, sample

__all__ = ["RECIPE", "Config", "run"]

Choice = Literal["closeness", "random"]


class Config(Settings, frozen=True, kw_only=True):
    """How much is asked."""

    seeds: int = 10
    """Truths drawn; every arm meets each of them."""
    outcomes: int = 40
    """Outcomes compared."""
    lotteries: int = 40
    """Lotteries over two or three outcomes, valued beside them."""
    repeats: int = 5
    """Replies for each pair and order."""
    noises: tuple[float, ...] = (0.25, 0.5, 1.0, 2.0, 4.0)
    """Noise of the respondents on the ladder, in standard deviations of utility."""
    unreadable: float = 0.3
    """Share of replies lost where the handling of unreadable ones is compared."""
    respondent: str = "model:local"
    """A real respondent to ask as well; nobody if empty."""


def run(config: Config, progress: Progress) -> Report:
    """Measure every respondent on every truth and compare them truth by truth."""
    rows = trials(config.seeds, config.seed, progress, lambda seed: trial(config, seed))
    sharp, blurred = (f"noise {noise:g}" for noise in (min(config.noises), max(config.noises)))
    metrics: dict[str, str] = {
        f"noise {noise:g}": "probability of a circle" for noise in config.noises
    }
    metrics |= dict.fromkeys(("expectation", "best outcome"), "correlation with expected utility")
    metrics |= dict.fromkeys(("by closeness", "at random"), "share of pairs ranked wrongly")
    metrics |= dict.fromkeys(("kept apart", "as half"), "error of choice shares, root mean square")
    metrics |= dict.fromkeys(("values", "sticky"), "content was found, 0 or 1")
    arms = arms_of(rows, metrics)
    parts: tuple[tuple[str, str, str, Literal["higher", "lower"]], ...] = (
        ("less noise, fewer circles", sharp, blurred, "lower"),
        ("lotteries at their expectation", "expectation", "best outcome", "higher"),
        ("closeness ranks better", "by closeness", "at random", "lower"),
        ("unreadable replies kept apart", "kept apart", "as half", "lower"),
        ("content told from stickiness", "values", "sticky", "higher"),
    )
    instrument = load("utility-options", sample("utility-options"))
    tables, notes = asked(instrument, config.respondent, seed=config.seed)
    unseen = [
        [name, mean_of(rows, f"unseen {name}"), mean_of(rows, f"truth {name}")]
        for name in ("values", "sticky")
    ]
    title = "A Thurstone model without position bias, each pair shown in one order"
    columns = ["respondent", "accuracy on unseen pairs", "correlation with the truth"]
    effects = [compare_arms(what, arms[a], arms[b], better=better) for what, a, b, better in parts]
    tables = [table_of(title, columns, unseen), *tables]
    every = list(arms.values())
    return RECIPE.report(config, arms=every, effects=effects, tables=tables, notes=notes)


def trial(config: Config, seed: int) -> dict[str, float]:
    """Return every figure for one truth."""
    rng = stream(seed, "utility engineering")
    truth = {f"o{number:03d}": rng.gauss(0, 1) for number in range(config.outcomes)}
    budget = int(config.outcomes * log2(config.outcomes))

    def ask(who: Respondent, choose: Choice, pairs: int) -> Elicitation:
        many = config.repeats
        return elicit(who, list(truth), pairs=pairs, repeats=many, seed=seed, choose=choose)

    found: dict[str, float] = {}
    for noise in config.noises:
        table = ask(valuing(truth, noise), "random", 2 * budget).table
        found[f"noise {noise:g}"] = transitivity(table).cycle_probability.value
    found["by closeness"] = misranked(ask(valuing(truth, 0.5), "closeness", budget).fit, truth)
    found["at random"] = misranked(ask(valuing(truth, 0.5), "random", budget).fit, truth)
    found |= value_lotteries(config, truth, rng, seed)
    whole = ask(valuing(truth, 0.5), "random", budget).fit
    lost = Unreliable(inner=valuing(truth, 0.5), unparsed=config.unreadable)
    table = ask(lost, "random", budget).table
    none = table.unparsed
    half = replace(table, wins=table.wins + none / 2, n=table.n + none, unparsed=0 * none)
    for name, kept in (("kept apart", table), ("as half", half)):
        off = fit_utilities(kept, whole.model).predict(table)[0] - whole.predict(table)[0]
        found[name] = float(np.sqrt((off**2).mean()))
    return found | look_once(config, truth, seed)


def look_once(config: Config, truth: dict[str, float], seed: int) -> dict[str, float]:
    """Return what pairs shown in one order say of a valuing and of a sticky respondent."""
    rng = numpy_stream(seed, "one order")
    degree = 2 * round(log2(config.outcomes))
    pairs = sorted({(min(p), max(p)) for p in regular_pairs(list(truth), degree=degree, rng=rng)})
    plain = UtilityModel(link="normal")
    found: dict[str, float] = {}
    for who, name in ((valuing(truth, 0.5), "values"), (Sticky(), "sticky")):
        # The name that sorts first is always shown first, so a utility can stand for the place.
        table = ask_pairs(who, pairs, repeats=config.repeats, seed=seed, orders="given")
        report = content_report(table, plain, seed=seed)
        fit = fit_utilities(table, plain)
        found[f"unseen {name}"] = report.prediction.model.accuracy
        wanted = [truth[item] for item in fit.items]
        found[f"truth {name}"] = float(np.corrcoef(wanted, fit.utilities)[0, 1])
        found[name] = float(report.verdict != "no content signal")
    return found


def value_lotteries(
    config: Config, truth: dict[str, float], rng: Random, seed: int
) -> dict[str, float]:
    """Return how lotteries correlate with expected utility for two ways to value them."""
    lotteries: dict[str, dict[str, float]] = {}
    for number in range(config.lotteries):
        among = rng.sample(list(truth), rng.choice((2, 3)))
        weights = [rng.expovariate(1) for _ in among]
        lotteries[f"l{number:03d}"] = {
            outcome: weight / sum(weights) for outcome, weight in zip(among, weights, strict=True)
        }
    means = {name: sum(p * truth[o] for o, p in lot.items()) for name, lot in lotteries.items()}
    bests = {name: max(truth[o] for o in lot) for name, lot in lotteries.items()}
    found: dict[str, float] = {}
    for way, worth in (("expectation", means), ("best outcome", bests)):
        everything = truth | worth
        pairs = int(len(everything) * log2(len(everything)))
        who = valuing(everything, 0.5)
        fit = elicit(who, list(everything), pairs=pairs, repeats=config.repeats, seed=seed).fit
        utilities = dict(zip(fit.items, fit.utilities.tolist(), strict=True))
        found[way] = expected_utility(utilities, lotteries, utilities).correlation.value
    return found


def valuing(utilities: dict[str, float], noise: float) -> Valuing:
    """Return a respondent of Thurstone's kind who leans to what is shown first."""
    return Valuing(utilities=utilities, temperature=noise, noise="normal", position_bias=0.5)


def misranked(fit: UtilityFit, truth: dict[str, float]) -> float:
    """Return the share of pairs that utilities put in the wrong order."""
    wanted = np.array([truth[item] for item in fit.items])
    ours, theirs = (np.sign(np.subtract.outer(u, u)) for u in (fit.utilities, wanted))
    return float((ours != theirs).sum() / (ours != 0).sum())


RECIPE = Recipe(
    name="utility-engineering",
    claim="Preferences become more coherent, and closer to a utility, as respondents improve.",
    reference="Mazeika and others (2025), Utility Engineering, arXiv:2502.08640",
    measured=(
        "Synthetic respondents that share a utility and differ in noise: 40 outcomes, 40 "
        "lotteries, 10 truths; a small model beside them."
    ),
    run=run,
    full=Config(),
    quick=Config(seeds=2, outcomes=16, lotteries=10, repeats=2, noises=(0.25, 4.0), respondent=""),
    minutes=1.5,
)
