"""What a plug-in's tests are made of: conformance suites and small examples.

A suite is a tuple of plain functions that raise ``AssertionError``; run it whole with
``check_strategy`` and its kind, or give each function to a parametrised test.
"""

from telic.testing._examples import toy_problem, toy_record
from telic.testing._operator import OPERATOR_CHECKS, check_operator, toy_context
from telic.testing._portfolio import PORTFOLIO_CHECKS, check_portfolio
from telic.testing._strategy import STRATEGY_CHECKS, check_strategy, toy_history

__all__ = [
    "OPERATOR_CHECKS",
    "PORTFOLIO_CHECKS",
    "STRATEGY_CHECKS",
    "check_operator",
    "check_portfolio",
    "check_strategy",
    "toy_context",
    "toy_history",
    "toy_problem",
    "toy_record",
]
