"""Instance-wise Pareto selection: whoever is best at something may breed.

As in GEPA (Agrawal et al. 2025, "GEPA: Reflective prompt evolution can outperform reinforcement
learning"): for every case the candidates of the highest score form its front; a candidate whose
every front holds another survivor, too, is pruned, the worst first; a parent is drawn in
proportion to the number of fronts that it is on. Ties go to the newer one here, so that the
search can drift along plateaus, and what is pruned is gone: there are never more members than
cases. Where a scorer has one case only, this is a climb from the best.
"""

from __future__ import annotations

from random import Random

from telic.candidate import Record, Request
from telic.objectives import Objective
from telic.problem import Problem
from telic.strategies._lineage import Lineage
from telic.strategies._ranges import check_ranges

__all__ = ["ParetoFronts"]

_Rank = tuple[float, int]
"""``(fitness, order of arrival)``: sorts the worst and, of equals, the oldest first."""


class ParetoFronts:
    """Members that are best on at least one case.

    Args:
        problem: gives the objective and, in its evaluations, the cases.
        greedy: share of tries that breed from the best over all cases, 0 to 1.
        inspirations: most further members shown with the parent.

    Raises:
        ValueError: if a setting is out of its range.
    """

    def __init__(self, *, problem: Problem, greedy: float = 0.0, inspirations: int = 4) -> None:
        check_ranges(("greedy", greedy, 0, 1), ("inspirations", inspirations, 0, 1000))
        self._objective = Objective(problem.objective)
        self._greedy = greedy
        self._inspirations = inspirations
        self._members: dict[int, tuple[_Rank, Record]] = {}
        self._best_on: list[float] = []
        """Highest score of each case."""
        self._holders: list[set[int]] = []
        """Members of each case's front."""
        self._lineage = Lineage()
        self._nearest: Record | None = None
        self._arrivals = 0

    def ask(self, index: int, rng: Random) -> Request:
        """Return a member and, if there is one, a mate with a common ancestor."""
        del index
        if not self._members:
            assert self._nearest is not None, "the seed is told first"
            return Request((self._nearest,))
        weights = dict.fromkeys(self._members, 0)
        for holders in self._holders:
            for member in holders:
                weights[member] += 1
        if rng.random() < self._greedy:
            main = max(self._members, key=lambda member: self._members[member][0])
        else:
            main = _drawn(weights, rng)
        del weights[main]
        parents, ancestor = (main,), None
        if weights:
            mate = _drawn(weights, rng)
            del weights[mate]
            ancestor = self._lineage.common_ancestor(main, mate)
            parents = (main, mate)
        others = rng.sample(sorted(weights), min(self._inspirations, len(weights)))
        return Request(
            tuple(self._members[member][1] for member in parents),
            tuple(self._members[member][1] for member in others),
            ancestor=ancestor,
        )

    def tell(self, record: Record) -> None:
        """Let a feasible record onto the fronts that it reaches."""
        if self._nearest is not None and record.outcome != "evaluated":
            return
        if self._objective.is_better(record, self._nearest):
            self._nearest = record
        if record.fitness is None:
            return
        self._arrivals += 1
        self._lineage.add(record)
        if self._enter(record, self._scores(record, record.fitness)):
            rank = (record.fitness, self._arrivals)
            self._members[record.candidate.id] = (rank, record)
            self._prune()
        self._lineage.forget_all_but(self._members)

    def _scores(self, record: Record, fitness: float) -> list[float]:
        """Return the score of each case, more being better; the fitness where there are none."""
        evaluation = record.evaluation
        assert evaluation is not None, "only evaluated records have a fitness"
        if not evaluation.cases:
            return [fitness]
        sign = 1.0 if self._objective.spec.direction == "maximize" else -1.0
        return [sign * value for value in evaluation.cases]

    def _enter(self, record: Record, scores: list[float]) -> bool:
        """Put a record on the fronts that it reaches, and tell whether there is any."""
        if not self._holders:
            self._best_on = [float("-inf")] * len(scores)
            self._holders = [set() for _ in scores]
        if len(scores) != len(self._holders):  # a scorer that leaves cases out: not comparable
            return False
        entered = False
        for case, score in enumerate(scores):
            if score > self._best_on[case]:
                self._best_on[case] = score
                self._holders[case].clear()
            if score == self._best_on[case]:
                self._holders[case].add(record.candidate.id)
                entered = True
        return entered

    def _prune(self) -> None:
        """Drop whoever's every front holds another survivor, the worst first."""
        fronts: dict[int, list[set[int]]] = {member: [] for member in self._members}
        for holders in self._holders:
            for member in holders:
                fronts[member].append(holders)
        for member in sorted(self._members, key=lambda member: self._members[member][0]):
            if all(len(holders) > 1 for holders in fronts[member]):
                for holders in fronts[member]:
                    holders.discard(member)
                del self._members[member]


def _drawn(weights: dict[int, int], rng: Random) -> int:
    """Return a candidate with probability in proportion to its weight."""
    return rng.choices(list(weights), weights=list(weights.values()))[0]
