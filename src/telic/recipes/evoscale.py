"""EvoScale: spending samples on rounds of edits, and learning to improve without a judge.

The paper scales test-time samples by evolution: instead of drawing all answers at once, a model
writes new ones in view of the best scored of the round before, so that the same accuracy takes
fewer samples. It then trains the model by reinforcement, with the difference of two successive
scores as the reward, until it improves its own answers without any score at test time. The paper's
task is repairing software with a language model.

Measured here is the mechanism without a language model. A task is a patch of eight hunks with six
options each, and tests that pass when two certain hunks are both right. Whoever writes a patch
reads the right options through noise: each hunk is misread in half of the readings, every time
anew. First, at equal numbers of samples and with selection by the score: patches written at once,
rounds of edits of the best ones before, by a policy that was trained on improving edits (the
supervised stage), and the same by the policy after reinforcement. Then without scores: chains of
edits, whose last patch counts. As an ablation the reward is the plain score instead of the
difference. That scores can be followed hunk by hunk is what the method lives on, and is built in:
on the game of 24, whose scores mislead, a first version of this recipe found no gain. Units are
seeds, each with tasks of its own for training and for testing.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from telic.recipes import Arm, Progress, Recipe, Report, Settings, Table, arms_plot, compare_arms
from telic.seeding import stream

if TYPE_CHECKING:
    from telic.recipes._hunks import Patch, Policy, Task

__all__ = ["RECIPE", "Config", "run"]

_SOLVED, _LAST = "share of tasks solved", "score of the last patch"
_FIRST, _ROUNDS, _TRAINED = "written at once", "rounds of edits", "rounds, reinforced"
_CHAIN, _ALONE, _PLAIN = "chain", "chain, reinforced", "chain, plain reward"


class Config(Settings, frozen=True, kw_only=True):
    """How much is run."""

    seeds: int = 12
    """Independent trainings and tests."""
    tasks: int = 100
    """For testing; as many again are trained on."""
    rounds: int = 8
    """Of edits; also the length of a chain."""
    samples: int = 5
    """In a round."""
    kept: int = 2
    """Best scored patches that the next round edits."""
    supervised: int = 3000
    """Random edits drawn for the supervised stage, of which the improving ones are learnt."""
    reinforced: int = 6000
    """Edits drawn for reinforcement."""
    rate: float = 0.2
    """Step of learning."""
    hunks: int = 8
    """Of a patch; there are as many tests."""
    options: int = 6
    """Of a hunk."""
    misread: float = 0.5
    """Chance that a hunk is read as a random option."""


def run(config: Config, progress: Progress) -> Report:
    """Train on each seed's tasks and compare ways to spend samples on others."""
    found: dict[str, list[float | None]] = {
        name: [] for name in (_FIRST, _ROUNDS, _TRAINED, _CHAIN, _ALONE, _PLAIN)
    }
    for number in range(config.seeds):
        progress(number / config.seeds, f"seed {number + 1} of {config.seeds}")
        for name, value in _trial(config, number).items():
            found[name].append(value)
    metrics = {name: _LAST if name.startswith("chain") else _SOLVED for name in found}
    arms = {name: Arm(name=name, metric=metrics[name], values=found[name]) for name in found}
    effects = [
        compare_arms("rounds of edits solve more", arms[_ROUNDS], arms[_FIRST]),
        compare_arms("reinforcement solves more", arms[_TRAINED], arms[_ROUNDS]),
        compare_arms("it improves without scores", arms[_ALONE], arms[_CHAIN]),
    ]
    plain = compare_arms("difference as reward", arms[_ALONE], arms[_PLAIN])
    samples = config.rounds * config.samples
    return RECIPE.report(
        config,
        arms=[*arms.values()],
        effects=effects,
        unit="seed",
        tables=[
            Table(
                "Difference of scores as reward, against the plain score; not part of the claim",
                ["against", "mean gain", "from", "to", "verdict"],
                [[plain.baseline, plain.mean, *(plain.interval or (None, None)), plain.verdict]],
            )
        ],
        plots=[
            arms_plot(f"{_SOLVED}, {samples} samples each", [*arms.values()][:3]),
            arms_plot(f"{_LAST}, no scores at test time", [*arms.values()][3:]),
        ],
        notes=[
            "The policy has four weights; it is no language model, and the patches are no software."
        ],
    )


def _trial(config: Config, number: int) -> dict[str, float]:
    from telic.recipes._hunks import reinforced, supervised

    rng = stream(config.seed, "evoscale tasks", number)
    taught, asked = _tasks(config, rng), _tasks(config, rng)
    learner = stream(config.seed, "evoscale supervised", number)
    before = supervised(taught, learner, edits=config.supervised, rate=config.rate)
    shaped, plain = (
        reinforced(
            before,
            taught,
            stream(config.seed, "evoscale reward", number),
            edits=config.reinforced,
            rate=config.rate,
            length=config.rounds,
            reward=reward,
        )
        for reward in ("difference", "score")
    )
    total = dict.fromkeys((_FIRST, _ROUNDS, _TRAINED, _CHAIN, _ALONE, _PLAIN), 0.0)
    for place, task in enumerate(asked):

        def draws(place: int = place) -> Random:
            return stream(config.seed, "evoscale test", number, place)

        total[_FIRST] += _at_once(config, task, draws())
        total[_ROUNDS] += _rounds(config, before, task, draws())
        total[_TRAINED] += _rounds(config, shaped, task, draws())
        total[_CHAIN] += _chain(config, before, task, draws())
        total[_ALONE] += _chain(config, shaped, task, draws())
        total[_PLAIN] += _chain(config, plain, task, draws())
    return {name: value / len(asked) for name, value in total.items()}


def _tasks(config: Config, rng: Random) -> list[Task]:
    from telic.recipes._hunks import new_task

    size, options, misread = config.hunks, config.options, config.misread
    return [
        new_task(rng, hunks=size, options=options, tests=size, misread=misread)
        for _ in range(config.tasks)
    ]


def _at_once(config: Config, task: Task, rng: Random) -> bool:
    from telic.recipes._hunks import drawn, score

    return any(score(task, drawn(task, rng)) == 1.0 for _ in range(config.rounds * config.samples))


def _rounds(config: Config, policy: Policy, task: Task, rng: Random) -> bool:
    """Tell whether rounds of edits of the best scored patches before pass all tests."""
    from telic.recipes._hunks import drawn, score

    seen: list[Patch] = [drawn(task, rng) for _ in range(config.samples)]
    for _ in range(config.rounds - 1):
        ranked = sorted(dict.fromkeys(seen), key=lambda patch: score(task, patch), reverse=True)
        best = ranked[: config.kept]
        parents = [best[at % len(best)] for at in range(config.samples)]
        seen += [policy.choose(task, parent, rng).after for parent in parents]
    return any(score(task, patch) == 1.0 for patch in seen)


def _chain(config: Config, policy: Policy, task: Task, rng: Random) -> float:
    """Return the score of the last of a chain of edits that no score has guided."""
    from telic.recipes._hunks import drawn, score

    patch = drawn(task, rng)
    for _ in range(config.rounds):
        patch = policy.choose(task, patch, rng).after
    return score(task, patch)


RECIPE = Recipe(
    name="evoscale",
    claim=(
        "Samples go further in rounds of edits conditioned on scored predecessors than drawn at "
        "once, and a model reinforced by score differences improves its answers without scores."
    ),
    reference=(
        "Zeng et al. (2025), Satori-SWE: Evolutionary Test-Time Scaling for Sample-Efficient "
        "Software Engineering, arXiv"
    ),
    measured=(
        "Share of made-up patches that pass all tests with equal numbers of samples, and scores of "
        "chains without selection, by a small policy of edits before and after reinforcement."
    ),
    run=run,
    full=Config(),
    quick=Config(seeds=2, tasks=20, supervised=1000, reinforced=1500),
    minutes=2.0,
)
