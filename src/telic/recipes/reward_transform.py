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

from functools import partial
from typing import TYPE_CHECKING

import msgspec

from telic.objectives import compose, reference_points, tilt_to
from telic.problem import ObjectiveSpec, Term
from telic.recipes import Plot, Progress, Recipe, Report, Settings, Table, compare_arms
from telic.recipes._trials import arm_of, line_of, table_of, trials
from telic.seeding import numpy_stream

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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
    found = trials(config.seeds, 0, progress, partial(prompts_of, config))
    judged = [{way: one[way, config.judged] for way in WAYS} for one in found]
    arms = {
        (way, what): arm_of(f"{way}: {name}", metric, [one[way][what] for one in judged])
        for way in WAYS
        for what, (name, metric) in enumerate((("both good", GOOD), ("error", ERROR)))
    }
    share = "share of prompts where the conjunction has more both-good mass"
    most = arm_of("prompts won", share, [one["conjunction"][2] for one in judged])
    bar = arm_of("nine in ten", share, [0.9] * len(judged))
    goods, errors = ((arms["conjunction", k], arms["plain sum", k]) for k in (0, 1))
    means = {way: means_of(found, way, config) for way in WAYS}
    return RECIPE.report(
        config,
        unit="set of prompts",
        arms=[*arms.values(), most, bar],
        effects=[
            compare_arms("more mass is good by both", *goods),
            compare_arms("on more than nine prompts in ten", most, bar),
            compare_arms("errors are exploited less", *errors, better="lower"),
        ],
        tables=[
            table_of(
                "Means over all prompts",
                ["objective", "nats", GOOD, ERROR],
                [[way, *row] for way in WAYS for row in means[way]],
            ),
            tails_table(config),
        ],
        plots=[
            Plot(
                title="Mass on responses good by both, by distance from the base policy",
                x_label="divergence from the base policy, nats",
                y_label=GOOD,
                series=[
                    line_of(way, [row[1] for row in rows], x=config.divergences)
                    for way, rows in means.items()
                ],
            )
        ],
        notes=["Qualities and errors are synthetic; policies are exact, so nothing is trained."],
    )


def prompts_of(config: Config, number: int) -> dict[tuple[str, float], tuple[float, float, float]]:
    """Return objective and divergence → both-good mass, error, share won, over a set of prompts."""
    import numpy as np

    rng = numpy_stream(config.seed, "reward transform", number)
    qualities = rng.normal(size=(config.prompts, len(PROPERTIES), config.responses))
    errors = config.noise * rng.standard_t(config.freedom, size=qualities.shape)
    proxies = qualities + errors + config.difficulty * rng.normal(size=(config.prompts, 1, 1))
    bars = np.quantile(qualities, config.quantile, axis=2, keepdims=True)
    good, wrong = np.all(qualities > bars, axis=1), errors.sum(axis=1)
    base = np.full(config.responses, 1.0 / config.responses)
    specs = objectives(proxies, config.quantile)
    sums: dict[tuple[str, float], list[tuple[float, float]]] = {}
    for prompt, one in enumerate(proxies):
        rows = [dict(zip(PROPERTIES, row, strict=True)) for row in one.T.tolist()]
        for way in WAYS:
            pursued = [compose(row, specs[way], case=str(prompt)) for row in rows]
            for at in config.divergences:
                policy = tilt_to(base, pursued, divergence=at)
                pair = float(policy @ good[prompt]), float(policy @ wrong[prompt])
                sums.setdefault((way, at), []).append(pair)
    found: Found = {}
    for (way, at), values in sums.items():
        table, plain = np.array(values), np.array(sums["plain sum", at])
        both, error = table.mean(axis=0).tolist()
        found[way, at] = both, error, float((table[:, 0] > plain[:, 0]).mean())
    return found


def means_of(found: list[Found], way: str, config: Config) -> list[list[float]]:
    """Return divergence, mean both-good mass and mean error of an objective, row by row."""
    return [
        [at, *(sum(one[way, at][what] for one in found) / len(found) for what in (0, 1))]
        for at in config.divergences
    ]


def tails_table(config: Config) -> Table:
    """Return what heavy tails have to do with it, on one set of prompts."""
    rows: list[list[float]] = []
    for freedom in config.tails:
        other = msgspec.structs.replace(config, freedom=freedom, divergences=(config.judged,))
        found = prompts_of(other, 0)
        plain, conjunction = (found[way, config.judged] for way in WAYS[:2])
        rows.append([freedom, plain[0], conjunction[0], conjunction[2]])
    columns = ["degrees of freedom", "plain sum", "conjunction", "share of prompts won"]
    return table_of(
        f"Both-good mass at {config.judged:g} nats, by the errors' tails", columns, rows
    )


def objectives(proxies: NDArray[np.float64], quantile: float) -> dict[str, ObjectiveSpec]:
    """Return the objectives of a set of prompts; they differ in how the two proxies combine."""
    cases = [{str(p): row.tolist() for p, row in enumerate(proxies[:, k])} for k in (0, 1)]
    pooled = [{"": proxies[:, k].ravel().tolist()} for k in (0, 1)]
    own, shared = (
        [reference_points(case, level=quantile) for case in each] for each in (cases, pooled)
    )
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
