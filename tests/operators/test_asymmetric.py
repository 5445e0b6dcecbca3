from collections import Counter
from random import Random

import pytest

from telic.component import Component
from telic.errors import UsageError
from telic.operators._asymmetric import AsymmetricPortfolio
from telic.registry import build
from telic.seeding import stream
from telic.testing import toy_record


def chosen(
    gains: dict[str, float], *, scale: float = 1.0, turns: int = 400, seed: int = 0
) -> Counter[str]:
    """Let a portfolio choose among arms that gain or lose on their parent, and count."""
    portfolio = AsymmetricPortfolio()
    portfolio.tell(toy_record(0, 0.0, operator="seed"))
    counts: Counter[str] = Counter()
    for index in range(1, turns):
        arm = portfolio.choose(index, sorted(gains), stream(seed, "portfolio", index))
        lucky = Random(f"{seed} {index}").random() < 0.3
        fitness = scale * (gains[arm] if lucky else -5.0)
        portfolio.tell(toy_record(index, fitness, operator=arm, parents=(0,)))
        counts[arm] += 1
    return counts


def test_the_arm_that_gains_most_gets_most_turns() -> None:
    counts = chosen({"good": 1.0, "fair": 0.4, "poor": 0.0})

    assert counts["good"] > counts["fair"] > 0
    assert counts["good"] > counts["poor"] > 0


@pytest.mark.parametrize("scale", [1e-9, 1e6])
def test_the_scale_of_a_score_does_not_matter(scale: float) -> None:
    gains = {"good": 1.0, "poor": 0.1}

    assert chosen(gains, scale=scale) == chosen(gains)


def test_losses_cost_a_turn_and_no_more() -> None:
    mild, heavy = AsymmetricPortfolio(), AsymmetricPortfolio()
    for portfolio, loss in ((mild, -0.1), (heavy, -1e9)):
        portfolio.tell(toy_record(0, 0.0, operator="seed"))
        for index, fitness in ((1, loss), (2, 1.0), (3, loss)):
            arm = "a" if index % 2 else "b"
            portfolio.tell(toy_record(index, fitness, operator=arm, parents=(0,)))

    draws = [
        [portfolio.choose(index, ["a", "b"], stream(0, "p", index)) for index in range(4, 60)]
        for portfolio in (mild, heavy)
    ]
    assert draws[0] == draws[1]


@pytest.mark.parametrize("setting", ["cheapness", "spread", "discount"])
def test_settings_out_of_range_are_refused(setting: str) -> None:
    with pytest.raises(UsageError, match=setting):
        build(Component("portfolio", "asymmetric", {setting: 1.5}))
