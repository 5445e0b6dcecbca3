"""Utility-probability duality: a network trained on choices learns an order, not yet a measure.

The paper reads supervised learning as learning a utility: a step of gradient descent raises the
option that was chosen and lowers its rivals by how tempting they are, so what is learned first and
surely is which option is preferred. Whether the softmax of these utilities is also a probability
that can be believed is another question, and a decision rule should not depend on it unasked.

Measured is a small network that learns from choices of a simulated person with a known, curved
utility, who chooses with logistic noise. It is looked at after very few steps, when it fits new
choices best, and long after. That the order comes first means here: of the rank correlation with
the true utilities that the network has at its best, it has a greater share early than of the log
loss that it then gains over knowing nothing; that this order is not yet the best, the arms show.
Compared are also the expected calibration error, and the true worth of what is taken when the best
option is taken against drawing one by its probability. Then one number, the temperature of the
softmax, is fitted on choices held out for it; order and best option stay, and the calibration error
is measured again on others. A table shows each decision rule. The paper's own equation from
utilities to probabilities and its gains on language tasks are not tested: the softmax stands for
the former. Units are persons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log

from telic.objectives import (
    CalibrationReport,
    Rule,
    calibration_report,
    choice_probabilities,
    decide,
    fit_temperature,
)
from telic.recipes import Plot, Progress, Recipe, Report, Settings, at_least, compare_arms
from telic.recipes._choice_network import draw_person, learn_choices
from telic.recipes._trials import Row, arms_of, line_of, mean_of, rank_correlation, table_of, trials
from telic.seeding import numpy_stream, stream

__all__ = ["RECIPE", "Config", "run"]

ORDER = "rank correlation of learned and true utilities"
GAINED = "share of what the stopped network has, a network that knows nothing having none"
ERROR = "expected calibration error on new choices"
WORTH = "mean true utility of what is taken"
STAGES = ("early", "stopped", "late")
RULES: tuple[Rule, ...] = ("best", "sample", "abstain")
OWN = ", own temperature"
METRICS = {
    **dict.fromkeys(("early: order gained", "early: fit gained"), GAINED),
    **{f"{stage}: order": ORDER for stage in STAGES},
    **{f"{stage}: error{own}": ERROR for stage in STAGES for own in ("", OWN)},
    **{f"{stage}: {rule}": WORTH for stage in STAGES for rule in RULES[:2]},
}
CLAIMS = (
    ("the order comes before the fit", "early: order gained", "early: fit gained", 0.0),
    ("probabilities are not there early", "stopped: error", "early: error", 0.1),
    ("nor are they late", "stopped: error", "late: error", 0.1),
    *((f"{s}, the best beats a draw", f"{s}: best", f"{s}: sample", 0.0) for s in STAGES),
    ("a temperature mends early probabilities", f"early: error{OWN}", "early: error", 0.1),
    ("a temperature mends late probabilities", f"late: error{OWN}", "late: error", 0.1),
)


class Config(Settings, frozen=True, kw_only=True):
    """How much is chosen and learned."""

    seeds: int = 20
    """Persons."""
    steps: tuple[int, int, int] = (4, 40, 300)
    """Of training, when the network is looked at."""
    choices: int = 400
    """To learn from."""
    new_choices: int = 1200
    """To judge by; the first third is for the temperature alone."""
    options: int = 5
    """In a choice."""
    width: int = 8
    """Attributes of an option."""
    hidden: int = 32
    """Units of the network."""
    sure: float = 0.6
    """Least probability at which a cautious rule decides."""


def run(config: Config, progress: Progress) -> Report:
    """Let a network learn from every person's choices and compare its stages."""
    reports: dict[str, CalibrationReport] = {}

    def trial(seed: int) -> Mapping[str, float]:
        found, shown = person(config, seed)
        reports.update(shown)
        return found

    rows = trials(config.seeds, config.seed, progress, trial)
    arms = arms_of(rows, METRICS)

    effects = [
        compare_arms(
            what,
            arms[one],
            arms[other],
            better="lower" if "error" in one else "higher",
            threshold=at_least(least),
        )
        for what, one, other, least in CLAIMS
    ]
    table = table_of(
        "Decision rules",
        ["stage and rule", "share decided", "right if decided"],
        [
            (f"{name}: {rule}", *decisions(rows, f"{name}: {rule}"))
            for name in reports
            for rule in RULES
        ],
    )
    return RECIPE.report(
        config,
        unit="person",
        arms=list(arms.values()),
        effects=effects,
        tables=[table],
        plots=[reliability(reports)],
        notes=[
            "Persons are simulated; what is right is what the person then chose.",
            "The plot shows the last person.",
        ],
    )


def person(config: Config, seed: int) -> tuple[dict[str, float], dict[str, CalibrationReport]]:
    """Return figures and calibration of the stages, for one person."""
    rng = numpy_stream(seed, "utility probability")
    who = draw_person(config.width, rng)
    seen, new = (
        who.choose(count, config.options, rng) for count in (config.choices, config.new_choices)
    )
    learned = learn_choices(seen, new.options, hidden=config.hidden, steps=config.steps, rng=rng)
    third = config.new_choices // 3
    found: dict[str, float] = {}
    reports: dict[str, CalibrationReport] = {}
    for stage, utilities in zip(STAGES, learned, strict=True):
        temperature = fit_temperature(utilities[:third].tolist(), new.taken[:third].tolist())
        found[f"{stage}: order"] = rank_correlation(utilities.ravel(), new.utilities.ravel())
        for own, kelvin in (("", 1.0), (OWN, temperature)):
            name, rest = f"{stage}{own}", utilities[third:].tolist()
            stated = [choice_probabilities(one, temperature=kelvin) for one in rest]
            reports[name] = calibration_report(stated, new.taken[third:].tolist())
            found[f"{stage}: error{own}"] = reports[name].calibration_error
            draws = stream(seed, "utility probability, decisions")
            for rule in RULES:
                taken = [decide(one, rule, draws, threshold=config.sure) for one in stated]
                found |= new.after(third).outcome(f"{name}: {rule}", taken)
    knows_nothing = log(config.options)
    early, stopped = (knows_nothing - reports[stage].log_loss for stage in STAGES[:2])
    found["early: fit gained"] = early / stopped
    found["early: order gained"] = found["early: order"] / found["stopped: order"]
    return found, reports


def decisions(rows: Sequence[Row], name: str) -> tuple[float, float | None]:
    """Return the share of choices that a rule decides, and how many of those rightly."""
    decided = mean_of(rows, f"{name}: decided")
    return decided, mean_of(rows, f"{name}: right") / decided if decided else None


def reliability(reports: dict[str, CalibrationReport]) -> Plot:
    """Return accuracy by stated confidence, for each stage."""
    series = [
        line_of(name, [b.accuracy for b in report.bins], x=[b.confidence for b in report.bins])
        for name, report in reports.items()
    ]
    return Plot(
        title="How often the best option was chosen, by its stated probability",
        x_label="stated probability of the best option",
        y_label="share of choices",
        series=[*series, line_of("believable", [0.2, 1.0], x=[0.2, 1.0])],
    )


RECIPE = Recipe(
    name="utility-probability",
    claim="What is learned from choices is an order early, and a probability only once scaled.",
    reference=(
        "Chen and others (2023), Utility-Probability Duality of Neural Networks, arXiv 2305.14859"
    ),
    measured=(
        "A small network on 400 choices among 5 options: order, calibration and decisions after "
        "4, 40 and 300 steps, before and after fitting a temperature; 20 simulated persons."
    ),
    run=run,
    full=Config(),
    quick=Config(seeds=2, steps=(4, 20, 60), choices=150, new_choices=300),
    minutes=0.5,
)
