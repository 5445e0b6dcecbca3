"""Every built-in strategy, in its variants, keeps the contract."""

import pytest

from telic.component import Component
from telic.problem import Problem
from telic.registry import build, known
from telic.strategies import Strategy
from telic.testing import STRATEGY_CHECKS

VARIANTS = [
    *(Component("strategy", name) for name in known("strategy")),
    Component("strategy", "islands", {"islands": 1, "depth": 1, "inspirations": 0}),
    Component("strategy", "islands", {"selection": "weighted", "migrate_every": 0}),
    Component("strategy", "islands", {"islands": 4, "migrate_every": 5, "migrants": 3}),
    Component("strategy", "islands", {"islands": 4, "abroad": 3}),
    Component("strategy", "pareto", {"greedy": 0.5, "inspirations": 0}),
    Component("strategy", "random", {"capacity": 10}),
    Component("strategy", "crowding", {"population": 2}),
    Component("strategy", "mate-choice", {"population": 10, "mutation": 1.0}),
    Component("strategy", "mate-choice", {"choice": "random", "contestants": 1}),
    Component("strategy", "novelty", {"population": 10, "archive": 0, "weight": 1.0}),
    Component("strategy", "semantic", {"population": 10, "prefer": "near"}),
    Component("strategy", "tournament", {"population": 2, "contestants": 1}),
]


@pytest.mark.parametrize("check", STRATEGY_CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("component", VARIANTS, ids=lambda c: f"{c.name}{c.arguments or ''}")
def test_built_in_strategies_keep_the_contract(check, component: Component):
    def make(problem: Problem) -> Strategy:
        return build(component, problem=problem)

    check(make)
