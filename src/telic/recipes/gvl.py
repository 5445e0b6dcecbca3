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

from telic.recipes import (
    Arm,
    Plot,
    Progress,
    Recipe,
    Report,
    Series,
    Settings,
    compare_arms,
    within,
)
from telic.seeding import address, stream

if TYPE_CHECKING:
    from telic.critics.in_context import Course
    from telic.models import Model

__all__ = ["RECIPE", "Config", "run"]

_THRESHOLD = 0.5
"""Correlation above which a course counts as successful, as in the paper."""
RIGHT, VOC = "share of courses judged rightly", "value-order correlation"


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
    from telic.recipes._courses import asked, respondent

    found: dict[str, list[float]] = {}
    curve: list[list[float]] = []
    for number in range(config.seeds):
        progress(0.7 * number / config.seeds, f"set {number + 1} of {config.seeds}")
        courses = _courses(config, number, config.courses, config.length)
        seed = address(config.seed, "respondent", number) % 2**31
        counting = respondent(accuracy=config.accuracy, bias=config.bias, seed=seed)
        blind = respondent(accuracy=0.0, bias=config.bias, seed=seed)
        for name, model, shuffles in (
            ("shuffled", counting, True),
            ("in order", counting, False),
            ("blind, shuffled", blind, True),
        ):
            vocs = _correlations(model, courses, seed=seed, shuffles=shuffles)
            found.setdefault(name, []).append(_rightly(vocs))
            failed = vocs[1::2]
            found.setdefault(f"{name}: failed courses", []).append(_mean(failed))
            found.setdefault(f"{name}: all", []).append(_mean(vocs))
        successes = courses[::2]
        curve.append(
            [
                _mean(
                    _correlations(
                        respondent(accuracy=accuracy, bias=0.0, seed=seed), successes, seed=seed
                    )
                )
                for accuracy in config.accuracies
            ]
        )

    def arm(name: str, metric: str, values: Sequence[float]) -> Arm:
        return Arm(name=name, metric=metric, values=[*values])

    arms = [
        arm("shuffled", RIGHT, found["shuffled"]),
        arm("in order", RIGHT, found["in order"]),
        arm("failed, shuffled", VOC, found["shuffled: failed courses"]),
        arm("failed, in order", VOC, found["in order: failed courses"]),
        arm("blind, shuffled", VOC, found["blind, shuffled: all"]),
        arm("no correlation", VOC, [0.0] * config.seeds),
        arm("sharp", VOC, [row[-1] for row in curve]),
        arm("half sighted", VOC, [row[len(row) // 2] for row in curve]),
    ]
    effects = [
        compare_arms("shuffling tells successes from failures", arms[0], arms[1]),
        compare_arms(
            "shuffling takes the look of progress from failures", arms[2], arms[3], better="lower"
        ),
        compare_arms("counting up alone gains nothing", arms[4], arms[5], threshold=within(0.1)),
        compare_arms("who sees more correlates more", arms[6], arms[7]),
    ]
    progress(0.75, "a real respondent")
    real = _courses(config, config.seeds, config.asked, 6) if config.model else []
    tables, notes = asked(config.model, real, seed=config.seed)
    return RECIPE.report(
        config,
        arms=arms,
        effects=effects,
        unit="seed",
        tables=tables,
        plots=[
            Plot(
                title="Correlation on successful courses by what the respondent sees",
                x_label="probability of seeing an observation",
                y_label=VOC,
                kind="lines",
                series=[
                    Series(
                        name="shuffled, unbiased",
                        x=[*config.accuracies],
                        y=[_mean(column) for column in zip(*curve, strict=True)],
                    )
                ],
            )
        ],
        notes=["Courses are texts made here; the paper's are videos of robots.", *notes],
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
