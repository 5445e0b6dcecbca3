"""Transforming and combining rewards: a log-sigmoid of each, so that their sum means "and".

The paper claims that a reward learned from comparisons should be transformed before a policy
pursues it: ``u = log sigmoid(r - r_ref)``, with ``r_ref`` a high quantile of what the base policy
gets on the same prompt. Beyond the reference there is little more to gain, so outliers of a faulty
reward are exploited less; and since ``u`` is the logarithm of a chance to be good, the sum over
several properties is the chance that all are good at once, where the sum of plain rewards lets much
of one pay for none of another.

Measured are exact policies over enumerated responses. On each prompt every response has two true
qualities and two proxies, which are the qualities with heavy-tailed errors (Student's t). The plain
sum and the conjunction of the same two proxies each tilt the base policy to the same divergence
from it. Compared are the probability mass on responses that are truly good by both qualities (above
the base policy's 85th percentile of each), the share of prompts on which the conjunction has more
of it, and the error of the proxies that the policy ends up collecting. Prompts differ in
difficulty, so a table also shows one reference shared by all prompts, which the paper warns of.
Units are sets of fifty prompts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from telic.objectives import compose, reference_points, tilt_to
from telic.problem import ObjectiveSpec, Term
from telic.recipes import (
    Arm,
    Cell,
    Plot,
    Progress,
    Recipe,
    Report,
    Series,
    Settings,
    Table,
    compare_arms,
)
from telic.seeding import numpy_stream

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

__all__ = ["RECIPE", "Config", "run"]

Found = dict[tuple[str, float], tuple[float, float, float]]
PROPERTIES: tuple[str, ...] = ("helpful", "harmless")
WAYS = ("plain sum", "conjunction", "conjunction, one reference")
GOOD = "mass on responses good by both qualities"
ERROR = "mean error of the proxies collected"


class Config(Settings, frozen=True, kw_only=True):
    """How much is drawn, and how far policies go."""

    seeds: int = 8
    """Sets of prompts."""
    prompts: int = 50
    """In a set."""
    responses: int = 1000
    """To each prompt, equally probable under the base policy."""
    divergences: tuple[float, ...] = (1.0, 2.0, 3.0, 4.0, 5.0)
    """From the base policy, in nats; the claim is judged at ``judged``."""
    judged: float = 4.0
    """Divergence of the main comparison, one of ``divergences``."""
    noise: float = 1.0
    """Scale of the proxies' errors; qualities have standard deviation 1."""
    freedom: float = 3.0
    """Degrees of freedom of the errors: the fewer, the heavier the tails."""
    tails: tuple[float, ...] = (2.0, 3.0, 5.0, 30.0)
    """Other degrees of freedom for a table; at 30 errors are nearly normal."""
    difficulty: float = 2.0
    """Standard deviation between prompts of both proxies."""
    quantile: float = 0.85
    """Of the base policy: reference of the transform, and what counts as good."""


def run(config: Config, progress: Progress) -> Report:
    """Tilt the base policy by each objective on every prompt, and compare set by set."""
    found: list[Found] = []
    for number in range(config.seeds):
        progress(number / config.seeds, f"set {number + 1} of {config.seeds}")
        found.append(prompts_of(config, number))
    arms = {
        (way, what): Arm(
            name=f"{way}: {name}",
            metric=metric,
            values=[one[way, config.judged][what] for one in found],
        )
        for way in WAYS
        for what, (name, metric) in enumerate((("both good", GOOD), ("error", ERROR)))
    }
    share = "share of prompts where the conjunction has more both-good mass"
    wins = [one["conjunction", config.judged][2] for one in found]
    most = Arm(name="prompts won", metric=share, values=[*wins])
    bar = Arm(name="nine in ten", metric=share, values=[0.9] * len(wins))
    rows: list[list[Cell]] = [
        [way, at, *(sum(one[way, at][what] for one in found) / len(found) for what in (0, 1))]
        for way in WAYS
        for at in config.divergences
    ]
    return RECIPE.report(
        config,
        unit="set of prompts",
        arms=[*arms.values(), most, bar],
        effects=[
            compare_arms("more mass is good by both", arms["conjunction", 0], arms["plain sum", 0]),
            compare_arms("on more than nine prompts in ten", most, bar),
            compare_arms(
                "errors are exploited less",
                arms["conjunction", 1],
                arms["plain sum", 1],
                better="lower",
            ),
        ],
        tables=[
            Table("Means over all prompts", ["objective", "nats", GOOD, ERROR], rows),
            tails_table(config),
        ],
        plots=[
            Plot(
                title="Mass on responses good by both, by distance from the base policy",
                x_label="divergence from the base policy, nats",
                y_label=GOOD,
                series=[
                    Series(name=way, x=[*config.divergences], y=mean_masses(found, way, config))
                    for way in WAYS
                ],
            )
        ],
        notes=["Qualities and errors are synthetic; policies are exact, so nothing is trained."],
    )


def prompts_of(config: Config, number: int) -> dict[tuple[str, float], tuple[float, float, float]]:
    """Return objective and divergence → both-good mass, error, share won, over a set of prompts."""
    import numpy as np

    rng = numpy_stream(config.seed, "reward transform", number)
    shape = (config.prompts, len(PROPERTIES), config.responses)
    qualities = rng.normal(size=shape)
    errors = config.noise * rng.standard_t(config.freedom, size=shape)
    proxies = qualities + errors + config.difficulty * rng.normal(size=(config.prompts, 1, 1))
    is_good = qualities > np.quantile(qualities, config.quantile, axis=2, keepdims=True)
    base = np.full(config.responses, 1.0 / config.responses)
    specs = objectives(proxies, config.quantile)
    sums: dict[tuple[str, float], list[tuple[float, float]]] = {}
    for prompt in range(config.prompts):
        rows = [dict(zip(PROPERTIES, row, strict=True)) for row in proxies[prompt].T.tolist()]
        for way in WAYS:
            pursued = [compose(row, specs[way], case=str(prompt)) for row in rows]
            for at in config.divergences:
                policy = tilt_to(base, pursued, divergence=at)
                both = float(policy @ is_good[prompt].all(axis=0))
                error = float(policy @ errors[prompt].sum(axis=0))
                sums.setdefault((way, at), []).append((both, error))
    found: Found = {}
    for (way, at), values in sums.items():
        table, plain = np.array(values), np.array(sums["plain sum", at])
        both, error = table.mean(axis=0).tolist()
        found[way, at] = both, error, float((table[:, 0] > plain[:, 0]).mean())
    return found


def mean_masses(found: list[Found], way: str, config: Config) -> list[float]:
    """Return the mean both-good mass at each divergence."""
    return [sum(one[way, at][0] for one in found) / len(found) for at in config.divergences]


def tails_table(config: Config) -> Table:
    """Return what heavy tails have to do with it, on one set of prompts."""
    rows: list[list[Cell]] = []
    for freedom in config.tails:
        other = msgspec.structs.replace(config, freedom=freedom, divergences=(config.judged,))
        found = prompts_of(other, 0)
        plain, conjunction = (found[way, config.judged] for way in WAYS[:2])
        rows.append([freedom, plain[0], conjunction[0], conjunction[2]])
    columns = ["degrees of freedom", "plain sum", "conjunction", "share of prompts won"]
    return Table(f"Both-good mass at {config.judged:g} nats, by the errors' tails", columns, rows)


def objectives(proxies: Array, quantile: float) -> dict[str, ObjectiveSpec]:
    """Return the objectives of a set of prompts; they differ in how the two proxies combine."""
    cases = [{str(p): row.tolist() for p, row in enumerate(proxies[:, k])} for k in (0, 1)]
    own = [reference_points(case, level=quantile) for case in cases]
    shared = [
        reference_points({"": proxies[:, k].ravel().tolist()}, level=quantile) for k in (0, 1)
    ]
    plain = tuple(Term(name) for name in PROPERTIES)
    each = tuple(Term(name, references=own[k]) for k, name in enumerate(PROPERTIES))
    one = tuple(Term(name, reference=shared[k][""]) for k, name in enumerate(PROPERTIES))
    return {
        "plain sum": ObjectiveSpec("worth", terms=plain, combine="weighted"),
        "conjunction": ObjectiveSpec("worth", terms=each, combine="conjunction"),
        "conjunction, one reference": ObjectiveSpec("worth", terms=one, combine="conjunction"),
    }


RECIPE = Recipe(
    name="reward-transform",
    claim="Log-sigmoids of rewards, summed, find what is good by all of them; plain sums do not.",
    reference=(
        "Wang and others (2024), Transforming and Combining Rewards for Aligning Large Language "
        "Models, ICML"
    ),
    measured=(
        "Exact policies over 1,000 responses to each of 50 prompts, tilted by two faulty proxies "
        "to the same divergence; both-good mass and exploited error; 8 sets of prompts."
    ),
    run=run,
    full=Config(),
    quick=Config(seeds=2, prompts=10, responses=300, divergences=(2.0, 4.0), tails=(30.0,)),
    minutes=0.5,
)
