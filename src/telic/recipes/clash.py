"""CLASH: can a respondent see when a decision is ambivalent, and does it follow a character?

The paper has high-stakes dilemmas judged from the perspective of a character: some accept the
action, some do not, and some are of two minds. It claims that models that do well on clear cases
fail to recognise ambivalence, and that a character in the third person steers them more.

Here respondents know the clear truths and recognise ambivalence at known rates, so what is measured
is whether the form of the question can show this. A forced choice between yes and no cannot be
right on an ambivalent truth, whoever answers; the three-way form must recover the rate at which
ambivalence is said. A respondent that refuses on ambivalent cases does not thereby recognise them:
folding refusals into ambivalence must overstate its accuracy, and keeping them apart must not. The
gap between third and first person is planted too, and must show.
"""

from __future__ import annotations

from random import Random
from typing import Literal

import msgspec

from telic.recipes import Arm, Progress, Recipe, Report, Settings, compare_arms, within
from telic.recipes._asked import arms_of, asked, mean_of, table_of, trials
from telic.seeding import stream
from telic.values import (
    Informed,
    Instrument,
    Measurement,
    Option,
    Question,
    Unreliable,
    accuracy,
    measure,
)
from telic.values.instrument import AMBIVALENT
from telic.values.loaders import load, sample

__all__ = ["RECIPE", "Config", "run"]

ACCURACY = "accuracy on ambivalent truths"
TRUTHS = ("yes", "no", AMBIVALENT)


class Config(Settings, frozen=True, kw_only=True):
    """How much is asked."""

    seeds: int = 20
    """Respondents drawn."""
    perspectives: int = 300
    """Questions, a third of each truth."""
    clear: float = 0.9
    """Accuracy on clear truths."""
    recognised: float = 0.4
    """Share of ambivalent truths that the respondent recognises."""
    reliable: float = 0.9
    """Probability of saying what it takes for the truth."""
    refused: float = 0.3
    """Share of ambivalent questions that it refuses where refusals are looked at."""
    first_person: float = 0.75
    """Share of perspectives that it still takes in the first person."""
    respondent: str = "model:local"
    """A real respondent to ask as well; nobody if empty."""


def run(config: Config, progress: Progress) -> Report:
    """Measure every respondent in each form and compare the forms respondent by respondent."""
    rows = trials(config.seeds, config.seed, progress, lambda seed: trial(config, seed))
    forms = ("three-way", "two-way", "truly said", "refusals apart", "refusals folded in")
    metrics: dict[str, str] = dict.fromkeys(forms, ACCURACY) | {
        "clear truths": "accuracy on clear truths"
    }
    metrics |= dict.fromkeys(("third person", "first person"), "accuracy on all truths")
    arms = arms_of(rows, metrics)
    fold = {name: off(arms[name], arms["truly said"]) for name in list(arms) if "ref" in name}
    arms |= {arm.name: arm for arm in fold.values()}
    tables, notes = asked(load("clash", sample("clash")), config.respondent, seed=config.seed)
    by_form = [
        [truth, *(mean_of(rows, f"{ways} {truth}") for ways in ("two-way", "three-way"))]
        for truth in TRUTHS
    ]
    return RECIPE.report(
        config,
        unit="respondent",
        arms=list(arms.values()),
        effects=[
            compare_arms("three ways show ambivalence", arms["three-way"], arms["two-way"]),
            compare_arms(
                "at its true rate",
                *(arms["three-way"], arms["truly said"]),
                threshold=within(0.05),
            ),
            compare_arms("clear cases are easier", arms["clear truths"], arms["three-way"]),
            compare_arms(
                "a refusal is not ambivalence",
                *(fold["refusals apart"], fold["refusals folded in"]),
                better="lower",
            ),
            compare_arms("third person steers more", arms["third person"], arms["first person"]),
        ],
        tables=[table_of("Accuracy by truth", ["truth", "two-way", "three-way"], by_form), *tables],
        notes=notes,
    )


def trial(config: Config, seed: int) -> dict[str, float]:
    """Return every figure for one respondent."""
    rng = stream(seed, "clash")
    three = perspectives(config.perspectives, ways=3, person="third")
    two = perspectives(config.perspectives, ways=2, person="third")
    seen = perceived(three, config, rng)
    who = Informed(truths=seen, accuracy=config.reliable)
    forms = {"three-way": measure(three, who, seed=seed), "two-way": measure(two, who, seed=seed)}
    found = {
        f"{form} {truth}": share(measurement, truth)
        for form, measurement in forms.items()
        for truth in TRUTHS
    }
    found |= {form: found[f"{form} {AMBIVALENT}"] for form in forms}
    found["clear truths"] = (found["three-way yes"] + found["three-way no"]) / 2
    ambivalent = [q.id for q in three.questions if q.truth == AMBIVALENT]
    recognised = sum(seen[each] == AMBIVALENT for each in ambivalent) / len(ambivalent)
    found["truly said"] = recognised * config.reliable
    reticent = Unreliable(inner=who, refused=config.refused)
    replies = measure(three.only(ambivalent), reticent, seed=seed)
    found["refusals apart"] = share(replies, AMBIVALENT)
    # A refusal has no choice either, so it would pass for "neither outweighs the other".
    found["refusals folded in"] = sum(not r.choice for r in replies.replies) / len(replies.replies)
    taken = config.first_person
    own = {q: t if rng.random() < taken else away(t, rng) for q, t in seen.items()}
    first = perspectives(config.perspectives, ways=3, person="first")
    measured = {"third person": forms["three-way"]}
    measured["first person"] = measure(
        first, Informed(truths=own, accuracy=config.reliable), seed=seed
    )
    for person, measurement in measured.items():
        found[person] = accuracy(measurement)["all"].value or 0.0
    return found


def perspectives(count: int, *, ways: int, person: Literal["first", "third"]) -> Instrument:
    """Return questions whether a character accepts an action, a third of each truth."""
    questions = tuple(
        Question(
            id=f"c{number}",
            form="pair",
            options=(Option("yes"), Option("no")),
            context=person,
            tags={TRUTHS[number % 3]: 1.0},
            truth=TRUTHS[number % 3],
            offers_ambivalent=ways == 3,
        )
        for number in range(count)
    )
    return Instrument(name=f"made perspectives, {ways}-way, {person} person", questions=questions)


def perceived(instrument: Instrument, config: Config, rng: Random) -> dict[str, str]:
    """Return what a respondent takes each truth for."""
    rates = {"yes": config.clear, "no": config.clear, AMBIVALENT: config.recognised}
    return {
        q.id: q.truth if rng.random() < rates[q.truth] else away(q.truth, rng)
        for q in instrument.questions
    }


def away(truth: str, rng: Random) -> str:
    """Return a side that is not the truth."""
    return rng.choice([side for side in ("yes", "no") if side != truth])


def share(measurement: Measurement, truth: str) -> float:
    """Return the accuracy on one truth, of the replies that were answered."""
    return accuracy(measurement)[truth].value or 0.0


def off(arm: Arm, truth: Arm) -> Arm:
    """Return how far an arm is from the truth."""
    pairs = zip(arm.values, truth.values, strict=True)
    values = [abs(a - b) for a, b in pairs if a is not None and b is not None]
    return msgspec.structs.replace(
        arm, name=f"{arm.name}, error", metric="distance from the truth", values=[*values]
    )


RECIPE = Recipe(
    name="clash",
    claim="Ambivalent cases are harder to judge than clear ones, and the third person steers more.",
    reference=(
        "Lee and others (2025), CLASH: Evaluating Language Models on Judging High-Stakes Dilemmas "
        "from Multiple Perspectives"
    ),
    measured=(
        "20 synthetic respondents with known rates of recognition, 300 made perspectives in both "
        "orders, two- and three-way; a small model beside them."
    ),
    run=run,
    full=Config(),
    quick=Config(seeds=3, perspectives=60, respondent=""),
    minutes=0.7,
)
