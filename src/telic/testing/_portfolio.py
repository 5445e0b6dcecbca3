"""What every portfolio must keep to; used as the checks for strategies are."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import msgspec

from telic.candidate import Cost, Record
from telic.operators.portfolio import Portfolio
from telic.seeding import stream
from telic.testing._examples import toy_problem, toy_record
from telic.testing._strategy import toy_history

__all__ = ["PORTFOLIO_CHECKS", "MakePortfolio", "check_portfolio"]

MakePortfolio = Callable[[], Portfolio]

_ARMS: tuple[str, ...] = ("alpha", "beta", "gamma", "delta")


def choosing_changes_nothing(make: MakePortfolio) -> None:
    """Choosing, however often, leaves the portfolio as it was."""
    asked, quiet = make(), make()
    for record in _history():
        for portfolio in (asked, quiet):
            portfolio.tell(record)
        index = record.candidate.id + 1
        first = asked.choose(index, _ARMS, Random(index))
        assert first == asked.choose(index, _ARMS, Random(index)), (
            "the same question got two answers; choose must draw from its rng alone"
        )
        assert first == quiet.choose(index, _ARMS, Random(index)), (
            "an earlier choice changed a later one; only tell may change state"
        )


def only_what_is_offered_is_chosen(make: MakePortfolio) -> None:
    """The choice is one of the operators offered, whatever was told before."""
    portfolio = make()
    for record in _history():
        portfolio.tell(record)
        for offered in (("alpha",), ("beta", "delta"), ("new",), ("new", "alpha")):
            chosen = portfolio.choose(record.candidate.id, offered, Random(1))
            assert chosen in offered, f"{chosen!r} was chosen from {offered}"


def clocks_do_not_matter(make: MakePortfolio) -> None:
    """A replay on a slower machine chooses the same."""
    fast, slow = make(), make()
    for record in _history():
        fast.tell(record)
        cost = msgspec.structs.replace(record.candidate.cost, seconds=1e4)
        candidate = msgspec.structs.replace(record.candidate, cost=cost)
        slow.tell(msgspec.structs.replace(record, candidate=candidate))
    choices = [
        [portfolio.choose(index, _ARMS, Random(index)) for index in range(300, 340)]
        for portfolio in (fast, slow)
    ]
    assert choices[0] == choices[1], "measured seconds change the choice"


def every_operator_is_tried(make: MakePortfolio) -> None:
    """None is left out, and none that failed at first is given up for good."""
    portfolio = make()
    problem = toy_problem()
    portfolio.tell(toy_record(0, 1.0, problem=problem))
    turns = dict.fromkeys(_ARMS, 0)
    for index in range(1, 400):
        chosen = portfolio.choose(index, _ARMS, Random(index))
        turns[chosen] += 1
        value = 1.0 + index if chosen == "alpha" else None
        portfolio.tell(toy_record(index, value, problem=problem, operator=chosen))
    assert min(turns.values()) >= 2, f"some operators hardly got a turn: {turns}"


PORTFOLIO_CHECKS: tuple[Callable[[MakePortfolio], None], ...] = (
    choosing_changes_nothing,
    only_what_is_offered_is_chosen,
    clocks_do_not_matter,
    every_operator_is_tried,
)


def check_portfolio(make: MakePortfolio) -> None:
    """Run every check.

    Args:
        make: returns a new portfolio.

    Raises:
        AssertionError: saying which rule is broken.
    """
    for check in PORTFOLIO_CHECKS:
        check(make)


def _history() -> list[Record]:
    """Records of four operators, with costs."""
    rng = stream(3, "portfolio history")
    history: list[Record] = []
    for record in toy_history(120, problem=toy_problem(), seed=3):
        cost = Cost(seconds=rng.random(), trials=rng.randrange(50), money=rng.random() / 100)
        operator = rng.choice(_ARMS) if record.candidate.id else "seed"
        candidate = msgspec.structs.replace(record.candidate, cost=cost, operator=operator)
        history.append(msgspec.structs.replace(record, candidate=candidate))
    return history
