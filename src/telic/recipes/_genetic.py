"""Genetic programming of trees under any strategy, for recipes about selection.

The strategy chooses the parents, subtree crossover and mutation make the child, and its outputs on
the training points are told as features, so that strategies which look at behaviour see it. An
individual has two trees: its solution, and its ideal mate, whose outputs are told beside the
solution's when the strategy heeds them.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from random import Random
from statistics import mean
from typing import TYPE_CHECKING, NamedTuple

from telic.artifact import Artifact
from telic.candidate import Candidate, Evaluation, Record
from telic.problem import Problem
from telic.recipes._trees import Shape, Tree, cross, evaluator, grow, mutate
from telic.seeding import stream
from telic.strategies import Strategy

if TYPE_CHECKING:
    import numpy as np

__all__ = ["TREES", "Breeding", "Run", "breed"]

_SHAPE = Shape()
_CROSSED = 0.9
"""Chance that a child is made by crossover before it may mutate."""
_HIT = 0.01
"""Largest error of a hit (Koza 1992)."""
_HUGE = 1e100
"""Outputs beyond count as not finite, so that their squares are."""
_EVERY = 50
"""Evaluations between two measurements of diversity."""
_ANY = Artifact.of("x")
"""Stands for every program: strategies look at evaluations, the trees are kept beside them."""

TREES = Problem(name="trees", seed=_ANY)
"""What strategies for :func:`breed` are built with."""


class Run(NamedTuple):
    """What one run gave."""

    diversity: float
    """Share of different outputs (to nine decimals, and by the sign of zeros) among the newest
    solutions, averaged over the run."""
    fitness: float
    """1 less the best error over the spread of the true values, 0 at least."""
    is_success: bool
    """Whether a solution was within 0.01 of the truth at every point."""


class Breeding(NamedTuple):
    """Sizes and rates of a run."""

    founders: int
    """Random trees to begin with; also the newest solutions that diversity looks at."""
    evaluations: int
    """Solutions evaluated, founders included."""
    mutation: float
    """Chance that a child's tree mutates."""
    has_ideals: bool
    """Whether the outputs of ideal mates are told."""


def breed(
    strategy: Strategy,
    x: np.ndarray,
    wanted: np.ndarray,
    *,
    breeding: Breeding,
    address: tuple[int, str],
) -> Run:
    """Run genetic programming once.

    Args:
        strategy: new, built with :data:`TREES`.
        x: training points, shape (n,).
        wanted: true values there.
        breeding: sizes and rates.
        address: seed and name of the run; runs with the same begin with the same trees.
    """
    scorer = _Scorer(x, wanted)
    trees: dict[int, tuple[Tree, Tree]] = {}
    newest: deque[bytes] = deque(maxlen=breeding.founders)
    shares: list[float] = []
    for index in range(breeding.evaluations):
        rng = stream(*address, "child", index)
        if index < breeding.founders:
            parents: tuple[int, ...] = ()
            pair = _founder(index, rng), _founder(index, rng)
        else:
            asked = strategy.ask(index, stream(*address, "strategy", index))
            parents = tuple(parent.candidate.id for parent in asked.parents)
            pair = _child([trees[parent] for parent in parents], breeding.mutation, rng)
        trees[index] = pair
        record, outputs = scorer.record(index, pair, parents, has_ideal=breeding.has_ideals)
        strategy.tell(record)
        if record.fitness is not None:
            newest.append(outputs.round(9).tobytes())
        if index >= breeding.founders and index % _EVERY == 0:
            shares.append(len(set(newest)) / len(newest))
    return Run(mean(shares), max(0.0, 1.0 - scorer.least), scorer.is_hit)


class _Scorer:
    """Evaluates trees on the training points and remembers the best.

    Args:
        x: training points, shape (n,).
        wanted: true values there.
    """

    def __init__(self, x: np.ndarray, wanted: np.ndarray) -> None:
        self.least = math.inf
        """Smallest root mean square error over the spread of the true values."""
        self.is_hit = False
        """Whether any tree was within 0.01 of the truth at every point."""
        self._value = evaluator(x)
        self._wanted = wanted
        self._spread = float(wanted.std())
        self._names = [f"case{i}" for i in range(len(x))]
        self._wishes = [f"ideal.case{i}" for i in range(len(x))]

    def record(
        self, index: int, pair: tuple[Tree, Tree], parents: tuple[int, ...], *, has_ideal: bool
    ) -> tuple[Record, np.ndarray]:
        """Return the record of a solution and its ideal mate, and the solution's outputs."""
        outputs = self._value(pair[0])
        errors = abs(outputs - self._wanted)
        is_feasible = bool((errors < _HUGE).all())
        error = math.sqrt(float(errors @ errors) / len(errors)) / self._spread if is_feasible else 0
        features = dict(zip(self._names, outputs.tolist(), strict=True))
        if has_ideal:
            ideal = self._value(pair[1])
            features |= zip(self._wishes, ideal.tolist(), strict=True)
        if is_feasible:
            self.least = min(self.least, error)
            self.is_hit = self.is_hit or bool((errors <= _HIT).all())
        candidate = Candidate(index, _ANY, parents, "crossover")
        evaluation = Evaluation({"score": -error}, is_feasible, features=features)
        return Record(candidate, "evaluated", evaluation, -error if is_feasible else None), outputs


def _founder(index: int, rng: Random) -> Tree:
    """Return a tree of the first population, ramped half and half over depths 2 to 5."""
    return grow(rng, 2 + index // 2 % 4, full=index % 2 == 0, shape=_SHAPE)


def _child(parents: Sequence[tuple[Tree, Tree]], rate: float, rng: Random) -> tuple[Tree, Tree]:
    """Recombine and mutate the solutions, and likewise the ideal mates."""
    made: list[Tree] = []
    for chromosome in (0, 1):
        tree, donor = parents[0][chromosome], parents[-1][chromosome]
        if rng.random() < _CROSSED:
            tree = cross(tree, donor, rng, _SHAPE)
        made.append(mutate(tree, rng, _SHAPE) if rng.random() < rate else tree)
    return made[0], made[1]
