"""A system of several prompts, cases that need rules in them, and a scripted writer that reflects.

Each module is a file with room for a few rules. A case passes by half for each of the two rules,
in different modules, that it needs; together the cases need more rules than there is room for, so
that the best system is a compromise that no single case points to. Feedback names what failed
cases lack, as traces of a compound system do.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from telic.artifact import Artifact
from telic.candidate import Candidate, Evaluation, Record
from telic.operators.merge import merged
from telic.problem import Problem
from telic.seeding import stream
from telic.strategies import Strategy

__all__ = ["Case", "System", "evolved", "new_system", "scores"]

_ROOM = 3
"""Rules that a module holds at most."""

Need = tuple[int, int]
"""A module and a rule."""
Case = tuple[Need, Need]


class System(NamedTuple):
    """What is asked of the modules."""

    problem: Problem
    rules: int
    """Different ones that a module may hold."""
    cases: tuple[Case, ...]


def new_system(rng: Random, *, modules: int, rules: int, cases: int) -> System:
    """Return a system whose modules are empty."""
    needs: list[Case] = []
    for _ in range(cases):
        one, other = rng.sample(range(modules), 2)
        needs.append(((one, rng.randrange(rules)), (other, rng.randrange(rules))))
    seed = Artifact(tuple((f"module{i}.txt", "") for i in range(modules)))
    return System(Problem(name="modules", seed=seed), rules, tuple(needs))


def scores(system: System, artifact: Artifact, cases: Sequence[int]) -> list[float]:
    """Return the score of some cases: 0, 0.5 or 1."""
    held = [_rules(text) for _, text in artifact.files]
    return [sum(rule in held[at] for at, rule in system.cases[case]) / 2 for case in cases]


def evolved(
    system: System,
    strategy: Strategy,
    address: tuple[int, str],
    *,
    budget: int,
    batch: int,
    sees_feedback: bool,
    merge_every: int,
) -> float:
    """Return the best mean score that a strategy finds; one call scores one case.

    A rewritten system is scored on a few cases first, and on all only if it does better there than
    its parent did, as in GEPA.

    Args:
        system: to improve.
        strategy: new; chooses what is rewritten.
        address: seed and name of the run's draws.
        budget: calls at most.
        batch: cases in the first look.
        sees_feedback: whether the writer knows what the cases of the batch lack.
        merge_every: turns from one merge of two relatives to the next; 0: never.
    """
    everything = range(len(system.cases))
    left, turn, best = budget - len(everything), 0, 0.0
    strategy.tell(_record(system, 0, system.problem.seed, ()))
    while left >= batch + len(everything):
        turn += 1
        rng = stream(*address, turn)
        request = strategy.ask(turn, rng)
        parent, ancestor = request.parents[0], request.ancestor
        chosen = rng.sample(everything, batch)
        used: tuple[int, ...] = (parent.candidate.id,)
        if merge_every and turn % merge_every == 0 and ancestor is not None:
            pair = sorted(request.parents[:2], key=lambda record: -(record.fitness or 0.0))
            texts = [record.candidate.artifact for record in (ancestor, *pair)]
            child, used = merged(*texts), tuple(record.candidate.id for record in pair)
            parent = pair[0]
        else:
            child = _rewritten(system, parent, chosen, rng, sees_feedback=sees_feedback)
        before = sum(scores(system, parent.candidate.artifact, chosen))
        left -= batch
        if sum(scores(system, child, chosen)) > before:
            left -= len(everything)
            record = _record(system, turn, child, used)
            best = max(best, record.fitness or 0.0)
            strategy.tell(record)
    return best


def _rewritten(
    system: System, parent: Record, cases: Sequence[int], rng: Random, *, sees_feedback: bool
) -> Artifact:
    """Return the parent with one more rule in one module; a full module loses another one."""
    files = list(parent.candidate.artifact.files)
    held = [_rules(text) for _, text in files]
    lacks = [need for case in cases for need in system.cases[case] if need[1] not in held[need[0]]]
    anything = (rng.randrange(len(files)), rng.randrange(system.rules))
    at, rule = rng.choice(lacks) if sees_feedback and lacks else anything
    kept = [old for old in held[at] if old != rule]
    if len(kept) == _ROOM:
        kept.remove(rng.choice(kept))
    files[at] = (files[at][0], "".join(f"rule {each}\n" for each in sorted((*kept, rule))))
    return Artifact(tuple(files))


def _rules(text: str) -> list[int]:
    return [int(line.removeprefix("rule ")) for line in text.splitlines()]


def _record(system: System, index: int, artifact: Artifact, parents: tuple[int, ...]) -> Record:
    cases = tuple(scores(system, artifact, range(len(system.cases))))
    mean = sum(cases) / len(cases)
    evaluation = Evaluation({"score": mean}, feasible=True, samples=(mean,), cases=cases)
    return Record(Candidate(index, artifact, parents), "evaluated", evaluation, mean)
