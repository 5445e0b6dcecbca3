"""Searches by an ensemble of two models that change syntax trees at random."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from telic.budget import Budget
from telic.component import Component
from telic.engine.evolve import evolve
from telic.engine.plan import Plan
from telic.engine.summary import Summary
from telic.problem import NoveltyPlan, Problem

__all__ = ["Ensemble", "Ways", "searched", "spent"]

_STRONG, _WEAK = "strong", "weak"


class Ensemble(msgspec.Struct, frozen=True, kw_only=True):
    """Two models of different quality."""

    weak: float
    """Share of the weak model's replies that can run; all of the strong one's can."""
    repeats: float
    """Share of both models' replies that say nothing new."""

    def models(self) -> tuple[Component, ...]:
        """Return both as components of a run."""
        return tuple(
            Component(
                "model", "mutator", {"name": name, "strength": strength, "repeats": self.repeats}
            )
            for name, strength in ((_STRONG, 1.0), (_WEAK, self.weak))
        )


class Ways(msgspec.Struct, frozen=True, kw_only=True):
    """How a run chooses parents, proposals and models."""

    selection: str = "weighted"
    exponent: float = 1.0
    """Of the power law over ranks, where that selects."""
    greedy: float = 0.0
    """Share of tries from the best of all."""
    portfolio: Component = Component("portfolio", "asymmetric", {"cheapness": 0.0})
    """Both models cost the same, so that cheapness decides nothing."""
    similarity: float | None = 0.99
    """Likeness of structure from which on a proposal is rejected; ``None``: none is."""

    def strategy(self) -> Component:
        """Return two islands with this way to choose parents."""
        settings = {
            "islands": 2,
            "selection": self.selection,
            "exponent": self.exponent,
            "turns": "uniform",
            "greedy": self.greedy,
            "patient": self.greedy,
        }
        return Component("strategy", "islands", settings)


def searched(
    problem: Problem,
    ways: Ways,
    ensemble: Ensemble,
    path: Path,
    *,
    seed: int,
    evaluations: int,
    window: int,
) -> Summary:
    """Return what one run found.

    Args:
        problem: what is improved.
        ways: how it searches.
        ensemble: proposes.
        path: of its journal.
        seed: root of its draws.
        evaluations: its budget.
        window: requests open at once.
    """
    novelty = None if ways.similarity is None else NoveltyPlan(similarity=ways.similarity)
    operators = tuple(Component("operator", "llm-rewrite", {"model": n}) for n in (_STRONG, _WEAK))
    plan = Plan(
        seed=seed,
        budget=Budget(evaluations=evaluations),
        window=window,
        strategy=ways.strategy(),
        portfolio=ways.portfolio,
        operators=operators,
        models=ensemble.models(),
        novelty=novelty,
    )
    return evolve(problem, plan=plan, workers=1, journal=path).summary


def spent(summaries: Sequence[Summary]) -> list[float]:
    """Return the mean number of proposals, and the shares that were rejected and the strong one's.

    Last comes the share of evaluated programs that failed.
    """
    proposals = sum(s.candidates - 1 for s in summaries)
    refused = sum(s.refused.structure for s in summaries if s.refused)
    strong = sum(s.operators[f"rewrite@{_STRONG}"].proposals for s in summaries)
    failed = sum(sum(s.evaluations.failed.values()) for s in summaries)
    evaluated = sum(s.evaluations.total for s in summaries)
    shares = (refused / proposals, strong / proposals, failed / evaluated)
    return [proposals / len(summaries), *shares]
