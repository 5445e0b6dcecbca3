"""What suits a run of few evaluations: what a trial costs there, and which operators go first."""

from __future__ import annotations

import msgspec

from telic.component import Component
from telic.engine.plan import Plan

__all__ = ["suited"]

_PRICING = ("ucb", "thompson", "adaptive")
"""Portfolios that have a price for trials, which suits a budget of seconds."""
_EXPLORATION = 0.1
"""Optimism about operators: a short run cannot afford to give each a second chance."""
_PACE = 4
"""Turns between the first tries of operators, so that what is known to pay goes on meanwhile."""
_EAGER = ("numeric", "breed", "polish")
"""Operators that try many variants at once and so show first what a program is good for."""


def suited(plan: Plan) -> Plan:
    """Return a plan that suits its budget, if that is of evaluations alone; else as it is.

    In a run bounded by seconds, a trial inside an operator is much cheaper than an evaluation; in a
    run bounded by evaluations, it is one. There, too, those operators are seen early that learn
    from many trials at once, because what they find changes what the others start from.
    """
    if plan.budget.evaluations is None or plan.budget.seconds is not None:
        return plan
    first, rest = plan.operators[:1], plan.operators[1:]
    eager = [each for each in rest if each.name in _EAGER]
    eager.sort(key=lambda each: _EAGER.index(each.name))
    operators = (*first, *eager, *(each for each in rest if each.name not in _EAGER))
    return msgspec.structs.replace(plan, operators=operators, portfolio=_priced(plan.portfolio))


def _priced(portfolio: Component) -> Component:
    if portfolio.name not in _PRICING:
        return portfolio
    suiting: dict[str, float] = {"trial": 1.0}
    if portfolio.name == "ucb":
        suiting |= {"exploration": _EXPLORATION, "pace": _PACE}
    return msgspec.structs.replace(portfolio, arguments=suiting | portfolio.arguments)
