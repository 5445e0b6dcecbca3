"""What a plug-in's tests are made of: conformance suites and small examples.

A suite is a tuple of plain functions that raise ``AssertionError``; run it whole with
``check_strategy`` and its kind, or give each function to a parametrised test.
"""

from telic.testing._examples import toy_problem, toy_record
from telic.testing._loopback import FAULTS, Fault, LoopbackServer, mock_reply
from telic.testing._operator import OPERATOR_CHECKS, check_operator, toy_context
from telic.testing._portfolio import PORTFOLIO_CHECKS, check_portfolio
from telic.testing._strategy import STRATEGY_CHECKS, check_strategy, toy_history

__all__ = [
    "FAULTS",
    "OPERATOR_CHECKS",
    "PORTFOLIO_CHECKS",
    "STRATEGY_CHECKS",
    "Fault",
    "LoopbackServer",
    "check_operator",
    "check_portfolio",
    "check_strategy",
    "mock_reply",
    "toy_context",
    "toy_history",
    "toy_problem",
    "toy_record",
]
