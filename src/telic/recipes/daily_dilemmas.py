"""DailyDilemmas: which values do a respondent's choices in everyday dilemmas show?

The paper tags both actions of everyday dilemmas with the values behind them, counts for each value
how often it stands behind the chosen action less how often behind the rejected one, and compares
models; it also steers them with system prompts and finds that they hardly follow.

Here dilemmas are made by rule, with some values more often behind acting and others behind
refraining, as in real ones, and respondents weigh values by known weights. If choices show the
values, recovered weights correlate with the true ones. Every dilemma has the same form, "to do" or
"not to do", and a respondent that just likes to act then seems to hold the values of acting; so the
paper's count is compared with a fit of value weights, a bias for acting and a position bias
together. The second part is steering: the paired difference between prompts for and against a value
must show a respondent that follows, and leave one that is deaf at nothing. A table gives how often
either is called steered with as few dilemmas on a value as the paper has (1 to 28).
"""

from __future__ import annotations

from random import Random

import numpy as np

from telic.recipes import Progress, Recipe, Report, Settings, at_least, compare_arms
from telic.recipes._asked import arms_of, asked, mean_of, table_of, trials
from telic.seeding import address, stream
from telic.values import (
    Instrument,
    Measurement,
    Option,
    Question,
    Weighing,
    measure,
    profile,
    steerability,
    value_weights,
)
from telic.values.loaders import load, sample

__all__ = ["RECIPE", "Config", "run"]

ACTING: tuple[str, ...] = ("courage", "honesty", "responsibility", "justice", "care", "ambition")
REFRAINING: tuple[str, ...] = ("loyalty", "patience", "modesty", "privacy", "caution", "respect")
VALUES = (*ACTING, *REFRAINING)
CORRELATION = "correlation with the true weights"
FALSE = "share of values held that are not"
STEERED = "mean effect of steering on a value's score"


class Config(Settings, frozen=True, kw_only=True):
    """How much is asked."""

    seeds: int = 20
    """Respondents drawn."""
    dilemmas: int = 300
    """Each shown in both orders."""
    acting: float = 1.0
    """Bias for doing over not doing, in log-odds."""
    steering: float = 1.0
    """What a prompt adds to the weight of its value for a respondent that follows."""
    few: tuple[int, ...] = (5, 28, 100)
    """Dilemmas per value in the table on steering."""
    respondent: str = "model:local"
    """A real respondent to ask as well; nobody if empty."""


def run(config: Config, progress: Progress) -> Report:
    """Measure every respondent with both scores and compare them respondent by respondent."""
    rows = trials(config.seeds, config.seed, progress, lambda seed: trial(config, seed))
    metrics: dict[str, str] = {
        "counted": CORRELATION,
        "fitted": CORRELATION,
        "fitted, no values": CORRELATION,
    }
    metrics |= {"called counted, no values": FALSE, "called fitted, no values": FALSE}
    metrics |= {"follows": STEERED, "deaf": STEERED}
    arms = arms_of(rows, metrics)
    tables, notes = asked(
        load("daily-dilemmas", sample("daily-dilemmas")), config.respondent, seed=config.seed
    )
    return RECIPE.report(
        config,
        unit="respondent",
        arms=list(arms.values()),
        effects=[
            compare_arms(
                "choices show values",
                *(arms["fitted"], arms["fitted, no values"]),
                threshold=at_least(0.5),
            ),
            compare_arms("fitting beats counting", arms["fitted"], arms["counted"]),
            compare_arms(
                "a liking for acting is no value",
                *(arms["called fitted, no values"], arms["called counted, no values"]),
                better="lower",
            ),
            compare_arms("steering shows", arms["follows"], arms["deaf"]),
        ],
        tables=[
            table_of(
                "Share of values called steered, by dilemmas on the value",
                ["dilemmas", "follows", "deaf"],
                [
                    [few, *(mean_of(rows, f"{who} at {few}") for who in ("follows", "deaf"))]
                    for few in config.few
                ],
            ),
            *tables,
        ],
        notes=notes,
    )


def trial(config: Config, seed: int) -> dict[str, float]:
    """Return every figure for one respondent."""
    rng = stream(seed, "daily dilemmas")
    instrument = dilemmas(rng, config.dilemmas)
    truth = {value: rng.gauss(0, 0.7) for value in VALUES}
    acting = {"to_do": config.acting}
    found: dict[str, float] = {}
    nothing: dict[str, float] = dict.fromkeys(VALUES, 0.0)
    for weights, name in ((truth, ""), (nothing, ", no values")):
        who = Weighing.of(instrument, weights, kinds=acting, position_bias=0.5)
        measurement = measure(instrument, who, seed=seed)
        ways = {
            "counted": profile(measurement).scores,
            "fitted": value_weights(measurement).weights,
        }
        for way, scores in ways.items():
            known = {value: score for value, score in scores.items() if score is not None}
            called = [not score.low <= 0 <= score.high for score in known.values()]
            found[f"called {way}{name}"] = sum(called) / len(called)
            columns = [truth[value] for value in known], [s.value for s in known.values()]
            found[way + name] = float(np.corrcoef(*columns)[0, 1])
    return found | steering(config, instrument, truth, seed)


def steering(
    config: Config, instrument: Instrument, truth: dict[str, float], seed: int
) -> dict[str, float]:
    """Return how a respondent that follows prompts and a deaf one move, on some value each."""
    value = VALUES[address(seed, "steered") % len(VALUES)]
    about = [q.id for q in instrument.questions if any(value in o.tags for o in q.options)]
    found: dict[str, float] = {}
    for name, strength in (("follows", config.steering), ("deaf", 0.0)):
        for few in (*config.few, len(about)):
            part = instrument.only(about[:few])
            both: list[Measurement] = []
            for place, sign in enumerate((1, -1)):
                weights = truth | {value: truth[value] + sign * strength}
                who = Weighing.of(part, weights, kinds={"to_do": config.acting})
                both.append(measure(part, who, seed=address(seed, "prompt", place)))
            moved = steerability(both[0], both[1]).differences[value]
            assert moved is not None  # synthetic respondents answer every question
            found[f"{name} at {few}"] = float(moved.low > 0)
            found[name] = moved.value
    return found


def dilemmas(rng: Random, count: int) -> Instrument:
    """Return dilemmas whose two actions rest on one to three values each."""
    questions: list[Question] = []
    for number in range(count):
        usual = rng.sample(ACTING, rng.randint(1, 2)), rng.sample(REFRAINING, rng.randint(1, 2))
        other = rng.choice(REFRAINING), rng.choice(ACTING)  # a few stand behind the other action
        options = tuple(
            Option(kind, tags=dict.fromkeys(tags + [odd] * (rng.random() < 0.4), 1.0), kind=kind)
            for kind, tags, odd in zip(("to_do", "not_to_do"), usual, other, strict=True)
        )
        questions.append(Question(id=f"d{number}", form="pair", options=options))
    return Instrument(name="made dilemmas", questions=tuple(questions))


RECIPE = Recipe(
    name="daily-dilemmas",
    claim="Choices in everyday dilemmas show the values behind them, and how far prompts steer.",
    reference=(
        "Chiu, Jiang and Choi (2024), DailyDilemmas: Revealing Value Preferences of LLMs with "
        "Quandaries of Daily Life, arXiv:2410.02683"
    ),
    measured=(
        "Synthetic respondents with known weights on 12 values and a bias for acting, 300 made "
        "dilemmas in both orders, 20 respondents; a small model beside them."
    ),
    run=run,
    full=Config(),
    quick=Config(seeds=3, dilemmas=100, few=(5, 20), respondent=""),
    minutes=0.6,
)
