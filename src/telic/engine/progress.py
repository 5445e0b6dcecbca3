"""Where a run stands: counts, spending and the best record so far, from records alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from telic.budget import Spent
from telic.candidate import Record
from telic.objectives import Objective

__all__ = ["Progress"]


@dataclass(slots=True)
class Progress:
    """What records told so far add up to; memory does not grow with them."""

    objective: Objective
    spent: Spent = field(default_factory=Spent)
    told: int = 0
    """Records, the seed included."""
    outcomes: Counter[str] = field(default_factory=Counter[str])
    failures: Counter[str] = field(default_factory=Counter[str])
    feasible: int = 0
    infeasible: int = 0
    idle: int = 0
    """Records in a row that had nothing new to evaluate."""
    seed: Record | None = None
    best: Record | None = None
    improvements: int = 0
    layer: str = ""

    def tell(self, record: Record) -> bool:
        """Add a record; return whether it is a new best."""
        self.told += 1
        self.outcomes[record.outcome] += 1
        self.spent.evaluations += record.candidate.cost.trials + executions(record)
        self.spent.tokens += record.candidate.cost.tokens
        self.spent.money += record.candidate.cost.money
        self.idle = 0 if record.evaluation is not None else self.idle + 1
        if record.candidate.id == 0:
            self.seed = record
        evaluation = record.evaluation
        if evaluation is None:
            return False
        self.layer = evaluation.layer
        if evaluation.failure is not None:
            self.failures[evaluation.failure.kind] += 1
        elif record.fitness is None:
            self.infeasible += 1
        else:
            self.feasible += 1
        if record.outcome != "evaluated" or not self.objective.is_better(record, self.best):
            return False
        if record.fitness is None and self.best is not None:
            return False
        self.best = record
        self.improvements += 1
        return True


def executions(record: Record) -> int:
    """Return how many scored executions a record's own evaluation took."""
    return 0 if record.evaluation is None else max(1, len(record.evaluation.samples))
