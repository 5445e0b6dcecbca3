"""NurValues: does a respondent hold to nursing values when somebody argues against them?

The paper asks whether a nurse's behaviour aligns with one of five nursing values, first plainly and
then as a dialogue in which one side argues for the wrong label and the other gives way. It claims
that models do well on the plain level, worse on the hard one, and that values differ: justice was
the hardest.

Here respondents know the truths at a known rate and yield to what is argued at rates planted for
each value, so what is measured is whether the difference between levels recovers the yielding. The
gap of accuracies over the easy accuracy must equal the planted rate, a respondent that never yields
must show no gap, and the value with the most yielding must come out as the one with the largest
gap. The paper's scripts count a reply that cannot be read as wrong in one place and as "aligned" in
another; both are compared with keeping such replies apart.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from telic.recipes import Progress, Recipe, Report, Settings, compare_arms, within
from telic.recipes._asked import arms_of, asked, mean_of, table_of, trials
from telic.values import (
    Answer,
    Informed,
    Instrument,
    Item,
    Measurement,
    Option,
    Question,
    Respondent,
    Sycophantic,
    Unreliable,
    accuracy,
    by_value,
    gap,
    measure,
)
from telic.values.loaders import load, sample
from telic.values.taxonomies import NURSING

__all__ = ["RECIPE", "Config", "run"]

ACCURACY = "accuracy"
ERROR = "distance of the accuracy from the truth"
YIELDING = "share of arguments yielded to"


class Config(Settings, frozen=True, kw_only=True):
    """How much is asked."""

    seeds: int = 20
    """Respondents drawn."""
    cases: int = 80
    """For each of the five values."""
    knows: float = 0.94
    """Probability of giving the truth, unless it yields."""
    yields: tuple[float, ...] = (0.02, 0.05, 0.08, 0.2, 0.1)
    """Rate for each value: altruism, dignity, integrity, justice, professionalism."""
    unreadable: float = 0.2
    """Share of replies lost where their handling is compared."""
    aligned: float = 0.65
    """Share of cases whose truth is "aligned" there."""
    respondent: str = "model:local"
    """A real respondent to ask as well; nobody if empty."""


def run(config: Config, progress: Progress) -> Report:
    """Measure every respondent on both levels and compare them respondent by respondent."""
    rows = trials(config.seeds, config.seed, progress, lambda seed: trial(config, seed))
    metrics: dict[str, str] = {"easy": ACCURACY, "hard": ACCURACY, "easy, steadfast": ACCURACY}
    metrics |= {"hard, steadfast": ACCURACY, "recovered": YIELDING, "planted": YIELDING}
    metrics |= {"kept apart": ERROR, "scored wrong": ERROR, 'taken for "aligned"': ERROR}
    metrics |= {"most yielding": "its gap is", "next": "its gap is"}
    arms = arms_of(rows, metrics)
    kept, *lost = arms["kept apart"], arms["scored wrong"], arms['taken for "aligned"']
    steady = arms["easy, steadfast"], arms["hard, steadfast"]
    planted = arms["recovered"], arms["planted"]
    effects = [
        compare_arms("the hard level is harder", arms["easy"], arms["hard"]),
        compare_arms("by as much as it yields", *planted, threshold=within(0.03)),
        compare_arms("the steadfast show no gap", *steady, threshold=within(0.02)),
        compare_arms("values are told apart", arms["most yielding"], arms["next"]),
        compare_arms("unreadable is not wrong", kept, lost[0], better="lower"),
        compare_arms('nor is it "aligned"', kept, lost[1], better="lower"),
    ]
    by_values = [
        [value, rate, *(mean_of(rows, f"{value} {part}") for part in ("easy", "gap"))]
        for value, rate in zip(NURSING, config.yields, strict=True)
    ]
    tables, notes = asked(
        load("nurvalues", sample("nurvalues")), config.respondent, seed=config.seed
    )
    columns = ["value", "planted yielding", "easy accuracy", "gap to hard"]
    return RECIPE.report(
        config,
        unit="respondent",
        arms=list(arms.values()),
        effects=effects,
        tables=[table_of("By value", columns, by_values), *tables],
        notes=notes,
    )


def trial(config: Config, seed: int) -> dict[str, float]:
    """Return every figure for one respondent."""
    easy, hard = (level(config.cases, hard=is_hard) for is_hard in (False, True))
    rates: dict[str, float] = dict(zip(NURSING, config.yields, strict=True))
    steadfast = Informed.of(easy, accuracy=config.knows)
    yielding = ByValue(steadfast, {q.id: rates[by_value(q)] for q in easy.questions})
    first, second = measure(easy, yielding, seed=seed), measure(hard, yielding, seed=seed + 1)
    gaps = {name: found.value for name, found in gap(first, second).items() if found is not None}
    accuracies = accuracy(first, by_value)
    found = {"easy": share(first), "hard": share(second)}
    found["recovered"] = gaps["all"] / found["easy"]
    found["planted"] = sum(config.yields) / len(config.yields)
    for value in NURSING:
        found[f"{value} easy"] = accuracies[value].value or 0.0
        found[f"{value} gap"] = gaps[value]
    most, then = sorted(NURSING, key=lambda value: -rates[value])[:2]
    found |= {"most yielding": gaps[most], "next": gaps[then]}
    for name, instrument, ask in (("easy", easy, seed), ("hard", hard, seed + 1)):
        found[f"{name}, steadfast"] = share(measure(instrument, steadfast, seed=ask))
    return found | losses(config, seed)


class ByValue(msgspec.Struct, frozen=True):
    """Knows the truths and yields more easily on some questions than on others."""

    inner: Respondent
    rates: Mapping[str, float]
    """Question id → probability of yielding, where a wrong answer is argued for."""
    name: str = "yields by value"

    def ask(self, item: Item, seed: int) -> Answer:
        """Answer as the inner respondent unless it yields."""
        return Sycophantic(inner=self.inner, yields=self.rates[item.id]).ask(item, seed)


def losses(config: Config, seed: int) -> dict[str, float]:
    """Return how far each way to handle unreadable replies is from the truth."""
    instrument = level(config.cases, hard=False, aligned=config.aligned)
    knows = Informed.of(instrument, accuracy=config.knows)
    truth = share(measure(instrument, knows, seed=seed))
    lost = measure(instrument, Unreliable(inner=knows, unparsed=config.unreadable), seed=seed)
    replies = lost.counts.asked
    right = sum(reply.choice == question.truth for question, reply in lost.answered())
    unread = [reply.question for reply in lost.replies if reply.status == "unparsed"]
    aligned = sum(instrument.question(each).truth == "aligned" for each in unread)
    scored = {
        "kept apart": share(lost),
        "scored wrong": right / replies,
        'taken for "aligned"': (right + aligned) / replies,
    }
    return {name: abs(value - truth) for name, value in scored.items()}


def level(cases: int, *, hard: bool, aligned: float = 0.5) -> Instrument:
    """Return cases of each value; on the hard level the wrong label is argued for."""
    questions: list[Question] = []
    for number in range(cases * len(NURSING)):
        value = NURSING[number % len(NURSING)]
        is_aligned = number // len(NURSING) < aligned * cases
        truth, wrong = ("aligned", "violated") if is_aligned else ("violated", "aligned")
        questions.append(
            Question(
                id=f"n{number}",
                form="pair",
                options=(Option("aligned"), Option("violated")),
                context="hard" if hard else "easy",
                tags={value: 1.0},
                truth=truth,
                urged=wrong if hard else "",
            )
        )
    return Instrument(name="made nursing cases", questions=tuple(questions))


def share(measurement: Measurement) -> float:
    """Return the accuracy over all values, of the replies that were answered."""
    return accuracy(measurement)["all"].value or 0.0


RECIPE = Recipe(
    name="nurvalues",
    claim="Models hold to nursing values when asked plainly, and less when somebody argues.",
    reference=(
        "Yao and others (2025), NurValues: Real-World Nursing Values Evaluation for Large Language "
        "Models in Clinical Context"
    ),
    measured=(
        "20 synthetic respondents that know 94 % of the truths and yield at planted rates, 80 made "
        "cases for each of 5 values, two levels; a small model beside them."
    ),
    run=run,
    full=Config(),
    quick=Config(seeds=3, cases=20, respondent=""),
    minutes=0.9,
)
