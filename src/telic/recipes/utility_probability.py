"""Utility-probability duality: a network trained on choices learns an order, not yet a measure.

The paper reads supervised learning as learning a utility: a step of gradient descent raises the
option that was chosen and lowers its rivals by how tempting they are, so what is learned first and
surely is which option is preferred. Whether the softmax of these utilities is also a probability
that can be believed is another question, and a decision rule should not depend on it unasked.

Measured is a small network that learns from choices of a simulated person with a known, curved
utility, who chooses with logistic noise. It is looked at after very few steps, when it fits new
choices best, and long after. Compared are the rank correlation of learned and true utilities, the
expected calibration error, and the true worth of what is taken when the best option is taken
against drawing one by its probability. Then one number, the temperature of the softmax, is fitted
on choices held out for it; order and best option stay, and the calibration error is measured again
on others. A table shows each decision rule. The paper's own equation from utilities to
probabilities and its gains on language tasks are not tested: the softmax stands for the former.
Units are persons.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telic.objectives import (
    CalibrationReport,
    Rule,
    calibration_report,
    choice_probabilities,
    decide,
    fit_temperature,
)
from telic.recipes import (
    Arm,
    Cell,
    Effect,
    Plot,
    Progress,
    Recipe,
    Report,
    Series,
    Settings,
    Table,
    at_least,
    compare_arms,
)
from telic.recipes._choice_network import learn_choices
from telic.seeding import numpy_stream, stream

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["RECIPE", "Config", "run"]

ORDER = "rank correlation of learned and true utilities"
ERROR = "expected calibration error on new choices"
WORTH = "mean true utility of what is taken"
STAGES = ("early", "stopped", "late")
RULES: tuple[Rule, ...] = ("best", "sample", "abstain")


class Config(Settings, frozen=True, kw_only=True):
    """How much is chosen and learned."""

    seeds: int = 8
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
    rows: list[dict[str, float]] = []
    table: dict[str, list[list[float]]] = {}
    reports: dict[str, CalibrationReport] = {}
    for number in range(config.seeds):
        progress(number / config.seeds, f"person {number + 1} of {config.seeds}")
        row, rules, reports = person(config, number)
        rows.append(row)
        for key, figures in rules.items():
            table.setdefault(key, []).append(figures)
    arms = {
        name: Arm(name=name, metric=metric, values=[row[name] for row in rows])
        for metric, names in {
            ORDER: [f"{stage}: order" for stage in STAGES],
            ERROR: [f"{s}: {what}" for s in STAGES for what in ("error", "error, own temperature")],
            WORTH: [f"{stage}: {rule}" for stage in STAGES for rule in RULES[:2]],
        }.items()
        for name in names
    }

    def effect(what: str, one: str, other: str, least: float) -> Effect:
        pair = arms[one], arms[other]
        better = "lower" if pair[0].metric == ERROR else "higher"
        return compare_arms(what, *pair, better=better, threshold=at_least(least))

    effects = [
        effect("the order is there early", "early: order", "stopped: order", -0.1),
        effect("probabilities are not", "stopped: error", "early: error", 0.1),
        effect("nor are they late", "stopped: error", "late: error", 0.1),
        *(
            effect(f"{stage}, the best beats a draw", f"{stage}: best", f"{stage}: sample", 0.0)
            for stage in STAGES
        ),
        *(
            effect(
                f"a temperature mends {stage} probabilities",
                f"{stage}: error, own temperature",
                f"{stage}: error",
                0.1,
            )
            for stage in ("early", "late")
        ),
    ]
    means: list[list[Cell]] = [
        [key, *(sum(column) / len(column) for column in zip(*figures, strict=True))]
        for key, figures in table.items()
    ]
    return RECIPE.report(
        config,
        unit="person",
        arms=list(arms.values()),
        effects=effects,
        tables=[
            Table("Decision rules", ["stage and rule", "share decided", "right if decided"], means)
        ],
        plots=[reliability(reports)],
        notes=[
            "Persons are simulated; what is right is what the person then chose.",
            "The plot shows the last person.",
        ],
    )


def person(
    config: Config, number: int
) -> tuple[dict[str, float], dict[str, list[float]], dict[str, CalibrationReport]]:
    """Return figures, decision rules' figures and calibration of the stages, for one person."""
    import numpy as np

    rng = numpy_stream(config.seed, "utility probability", number)
    curve = rng.normal(size=(config.width, config.width))
    line = rng.normal(size=config.width) * config.width**0.5

    def chosen(count: int) -> tuple[Array, Array, NDArray[np.intp]]:
        options = rng.normal(size=(count, config.options, config.width))
        bent = 0.5 * np.einsum("...i,ij,...j", options, curve, options)
        truth = 2.0 * (options @ line + bent) / config.width
        return options, truth, (truth + rng.gumbel(size=truth.shape)).argmax(axis=1)

    options, _, choices = chosen(config.choices)
    new, truth, picks = chosen(config.new_choices)
    third = config.new_choices // 3
    row: dict[str, float] = {}
    rules: dict[str, list[float]] = {}
    reports: dict[str, CalibrationReport] = {}
    learned = learn_choices(
        options, choices, new, hidden=config.hidden, steps=config.steps, rng=rng
    )
    for stage, utilities in zip(STAGES, learned, strict=True):
        temperature = fit_temperature(utilities[:third].tolist(), picks[:third].tolist())
        rest, right = utilities[third:].tolist(), picks[third:].tolist()
        row[f"{stage}: order"] = order(utilities, truth)
        for name, kelvin in (("", 1.0), (", own temperature", temperature)):
            stated = [choice_probabilities(one, temperature=kelvin) for one in rest]
            report = calibration_report(stated, right)
            reports[stage + name] = report
            row[f"{stage}: error{name}"] = report.calibration_error
            for rule in RULES:
                draws = stream(config.seed, "decide", number)
                taken = [decide(one, rule, draws, threshold=config.sure) for one in stated]
                made = [(t, r) for t, r in zip(taken, right, strict=True) if t is not None]
                hits = sum(t == r for t, r in made)
                rules[f"{stage}{name}: {rule}"] = [len(made) / len(taken), hits / max(len(made), 1)]
                if not name and rule != "abstain":
                    index = [0 if t is None else t for t in taken]
                    worth = truth[third:][np.arange(len(index)), index].mean()
                    row[f"{stage}: {rule}"] = float(worth)
    return row, rules, reports


def order(one: Array, other: Array) -> float:
    """Return the correlation of ranks."""
    import numpy as np

    ranks = [values.ravel().argsort().argsort() for values in (one, other)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def reliability(reports: dict[str, CalibrationReport]) -> Plot:
    """Return accuracy by stated confidence, for each stage."""
    series = [
        Series(
            name=name,
            x=[one.confidence for one in report.bins],
            y=[one.accuracy for one in report.bins],
        )
        for name, report in reports.items()
    ]
    return Plot(
        title="How often the best option was chosen, by its stated probability",
        x_label="stated probability of the best option",
        y_label="share of choices",
        series=[*series, Series(name="believable", x=[0.2, 1.0], y=[0.2, 1.0])],
    )


RECIPE = Recipe(
    name="utility-probability",
    claim="What is learned from choices is an order early, and a probability only once scaled.",
    reference=(
        "Chen and others (2023), Utility-Probability Duality of Neural Networks, arXiv 2305.14859"
    ),
    measured=(
        "A small network on 400 choices among 5 options: order, calibration and decisions after "
        "4, 40 and 300 steps, before and after fitting a temperature; 8 simulated persons."
    ),
    run=run,
    full=Config(),
    quick=Config(seeds=2, steps=(4, 20, 60), choices=150, new_choices=300),
    minutes=0.5,
)
