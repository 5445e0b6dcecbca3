"""In-context value learners: progress read from shuffled observations.

The paper claims that a vision-language model estimates how far a task has come when it sees the
frames of a video in random order after the first: kept in order, it only counts up, and every video
looks like progress. The rank correlation of its answers with the true order then tells successful
courses from failed ones.

Measured is the mechanism, on texts: what a robot arm does step by step, and programs of a lineage
that come nearer to what is wanted, half of them without any progress. Respondents are synthetic and
of known sight: each answer mixes what the observation says (seen with a known probability, else
guessed) with its place in the list. One that counts up is asked about the same courses in order and
shuffled, and courses are called successful where the correlation is above one half, the paper's
threshold; one that sees nothing at all must correlate with nothing once the order is hidden; and
the correlation on successful courses must grow with what the respondent sees. Units are seeds. A
small local model is asked beside them where it is installed; its answers decide nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from telic.recipes import Plot, Progress, Recipe, Report, Settings, compare_arms, within
from telic.recipes._trials import Row, arms_of, line_of, mean_of, trials
from telic.seeding import address, stream

if TYPE_CHECKING:
    from telic.critics.in_context import Course
    from telic.models import Model

__all__ = ["RECIPE", "Config", "run"]

_THRESHOLD = 0.5
"""Correlation above which a course counts as successful, as in the paper."""
RIGHT, VOC = "share of courses judged rightly", "value-order correlation"
METRICS = {
    **dict.fromkeys(("shuffled", "in order"), RIGHT),
    **dict.fromkeys(
        (
            "failed, shuffled",
            "failed, in order",
            "blind, shuffled",
            "no correlation",
            "sharp",
            "half sighted",
        ),
        VOC,
    ),
}


class Config(Settings, frozen=True, kw_only=True):
    """How much is run."""

    seeds: int = 12
    """Independent sets of courses."""
    courses: int = 40
    """In a set, half of them successful, half of them lineages of programs."""
    length: int = 10
    """Observations of a course."""
    accuracy: float = 0.7
    """How often the biased respondent sees what an observation says."""
    bias: float = 0.6
    """Weight of an observation's place in its answers."""
    accuracies: tuple[float, ...] = (0.0, 0.25, 0.5, 0.75, 1.0)
    """Of unbiased respondents, blind to sharp."""
    model: str = "local"
    """A real respondent, asked about a few short courses; nobody if empty."""
    asked: int = 6
    """Courses that it is asked about, each shuffled and in order."""


def run(config: Config, progress: Progress) -> Report:
    """Ask biased, blind and sharp respondents about courses in order and shuffled."""
    from telic.recipes._courses import asked

    rows = trials(config.seeds, 0, progress, lambda number: _figures(config, number), share=0.7)
    arms = arms_of(rows, METRICS)
    effects = [
        compare_arms("shuffling tells successes from failures", arms["shuffled"], arms["in order"]),
        compare_arms(
            "shuffling takes the look of progress from failures",
            arms["failed, shuffled"],
            arms["failed, in order"],
            better="lower",
        ),
        compare_arms(
            "counting up alone gains nothing",
            arms["blind, shuffled"],
            arms["no correlation"],
            threshold=within(0.1),
        ),
        compare_arms("who sees more correlates more", arms["sharp"], arms["half sighted"]),
    ]
    progress(0.75, "a real respondent")
    real = _courses(config, config.seeds, config.asked, 6) if config.model else []
    tables, notes = asked(config.model, real, seed=config.seed)
    return RECIPE.report(
        config,
        arms=list(arms.values()),
        effects=effects,
        unit="seed",
        tables=tables,
        plots=[_plot(config, rows)],
        notes=["Courses are texts made here; the paper's are videos of robots.", *notes],
    )


def _figures(config: Config, number: int) -> dict[str, float]:
    """Return what the respondents do on one set of courses."""
    from telic.recipes._courses import respondent

    courses = _courses(config, number, config.courses, config.length)
    seed = address(config.seed, "respondent", number) % 2**31
    counting = respondent(accuracy=config.accuracy, bias=config.bias, seed=seed)
    blind = respondent(accuracy=0.0, bias=config.bias, seed=seed)
    found = {"no correlation": 0.0}
    for name, shuffles in (("shuffled", True), ("in order", False)):
        vocs = _correlations(counting, courses, seed=seed, shuffles=shuffles)
        found[name] = _rightly(vocs)
        found[f"failed, {name}"] = _mean(vocs[1::2])
    found["blind, shuffled"] = _mean(_correlations(blind, courses, seed=seed))
    for accuracy in config.accuracies:
        sighted = respondent(accuracy=accuracy, bias=0.0, seed=seed)
        found[_sight(accuracy)] = _mean(_correlations(sighted, courses[::2], seed=seed))
    found["sharp"] = found[_sight(config.accuracies[-1])]
    found["half sighted"] = found[_sight(config.accuracies[len(config.accuracies) // 2])]
    return found


def _sight(accuracy: float) -> str:
    return f"sees {accuracy:g}"


def _plot(config: Config, rows: Sequence[Row]) -> Plot:
    seen = [mean_of(rows, _sight(accuracy)) for accuracy in config.accuracies]
    return Plot(
        title="Correlation on successful courses by what the respondent sees",
        x_label="probability of seeing an observation",
        y_label=VOC,
        kind="lines",
        series=[line_of("shuffled, unbiased", seen, x=config.accuracies)],
    )


def _courses(config: Config, number: int, count: int, length: int) -> list[Course]:
    """Return courses, successful and failed in turn, in pairs of robots and lineages."""
    from telic.recipes._courses import drawn_course

    return [
        drawn_course(
            stream(config.seed, "course", number, index, length),
            length=length,
            succeeds=index % 2 == 0,
            is_lineage=index % 4 >= 2,
        )
        for index in range(count)
    ]


def _correlations(
    model: Model, courses: Sequence[Course], *, seed: int, shuffles: bool = True
) -> list[float]:
    """Return the correlation of each course; answers without an order correlate with nothing."""
    from telic.recipes._courses import readings_of

    readings = readings_of(model, courses, seed=seed, shuffles=shuffles)
    return [reading.correlation or 0.0 for reading in readings]


def _rightly(correlations: Sequence[float]) -> float:
    """Return the share of courses, successful and failed in turn, on the right side."""
    right = [(voc > _THRESHOLD) == (at % 2 == 0) for at, voc in enumerate(correlations)]
    return sum(right) / len(right)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


RECIPE = Recipe(
    name="gvl",
    claim="A model reads progress from observations once their order is hidden from it.",
    reference="Ma and others (2024), Vision Language Models are In-Context Value Learners, ICLR "
    "2025",
    measured=(
        "Correlation of read progress with the true order on text courses and program lineages, "
        "in order and shuffled, by synthetic respondents of known sight; 12 seeds of 40 courses."
    ),
    run=run,
    full=Config(),
    quick=Config(seeds=3, courses=12, model=""),
    minutes=2.0,
)
