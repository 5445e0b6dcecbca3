"""A run of few evaluations counts trials as evaluations, and allots them by what is left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from telic.budget import Budget
from telic.candidate import Cost, Proposal
from telic.component import Component
from telic.engine.plan import DEFAULT_OPERATORS, Plan
from telic.engine.prices import suited
from telic.operators.base import Appetite, Context
from telic.seeding import stream
from tests.engine.parts import NumberOperator, Step
from tests.engine.test_loop import content, run

SCARCE = Budget(evaluations=200)


@dataclass(frozen=True)
class Elastic(NumberOperator):
    """Spends whatever it is allotted, and gains by it."""

    name: str = "elastic"
    trials: int = 1_000
    appetite: ClassVar[Appetite] = Appetite(least=10, most=0.5)

    async def propose(self, context: Context) -> Proposal:
        assert context.trials is not None
        parent = context.parents[0].candidate.artifact
        gain = stream(context.seed, self.name, context.index).random() * context.trials
        text = f"{float(parent.text) + gain:.6g}"
        return Proposal(parent.with_text(text), cost=Cost(trials=context.trials))


def test_only_a_budget_of_evaluations_alone_changes_a_plan() -> None:
    for budget in (Budget(), Budget(seconds=60.0), Budget(evaluations=200, seconds=60.0)):
        plan = Plan(budget=budget)

        assert suited(plan) is plan


def test_trials_are_priced_as_evaluations_unless_somebody_named_a_price() -> None:
    named = Component("portfolio", "ucb", {"trial": 0.3})

    assert suited(Plan(budget=SCARCE)).portfolio.arguments["trial"] == 1.0
    assert suited(Plan(budget=SCARCE, portfolio=named)).portfolio.arguments["trial"] == 0.3


@pytest.mark.parametrize("name", ["uniform", "asymmetric"])
def test_a_portfolio_without_prices_for_trials_stays_as_it_is(name: str) -> None:
    plan = Plan(budget=SCARCE, portfolio=Component("portfolio", name))

    assert suited(plan).portfolio == plan.portfolio


def test_the_same_operators_take_part_and_suiting_twice_changes_nothing() -> None:
    once = suited(Plan(budget=SCARCE))

    assert sorted(each.name for each in once.operators) == sorted(DEFAULT_OPERATORS)
    assert [each.name for each in once.operators][1:4] == ["numeric", "breed", "polish"]
    assert suited(once) == once


def elastic(evaluations: int, **options: Any) -> list[Any]:
    return run(evaluations, operators=(Step(), Elastic()), **options)


def test_what_is_allotted_never_exceeds_the_budget_and_shrinks_with_it() -> None:
    records = elastic(200, window=1)

    turns = [r.candidate.cost.trials for r in records if r.candidate.operator == "elastic"]
    assert sum(r.candidate.cost.trials + (r.evaluation is not None) for r in records) <= 200
    assert len(turns) > 1
    assert max(turns) > 10
    assert turns[-1] < max(turns)


@pytest.mark.parametrize("window", [1, 4])
@pytest.mark.parametrize("cut", [1, 2, 5, 11, 20])
def test_a_cut_run_allots_again_what_it_had_allotted(window: int, cut: int) -> None:
    whole = elastic(200, window=window)

    resumed = elastic(200, window=window, timing=2, recorded=whole[:cut])

    assert content(resumed) == content(whole)
    assert [r.candidate.cost.trials for r in resumed] == [r.candidate.cost.trials for r in whole]
