from __future__ import annotations

import itertools

import numpy as np
import pytest

from telic import seeding
from telic.errors import MeasurementError
from telic.values import (
    Comparison,
    Comparisons,
    Cyclic,
    Incomplete,
    RandomChoice,
    Respondent,
    Sticky,
    Unreliable,
    Valuing,
    ask_pairs,
    completeness,
    transitivity,
)

NAMES = [f"i{k:02d}" for k in range(13)]
PAIRS = list(itertools.combinations(NAMES, 2))


def asked(respondent: Respondent, *, repeats: int = 4, allows_tie: bool = False) -> Comparisons:
    return ask_pairs(respondent, PAIRS, repeats=repeats, seed=1, allows_tie=allows_tie)


def triad(ab: float, bc: float, ca: float) -> Comparisons:
    wins = {"ab": ab, "bc": bc, "ca": ca}
    return Comparisons.of(
        [Comparison(left=p[0], right=p[1], wins=10 * w, n=10) for p, w in wins.items()]
    )


@pytest.mark.parametrize(
    ("shares", "cycle", "cyclic", "strong"),
    [
        ((1.0, 1.0, 1.0), 1.0, 1.0, 0.0),
        ((1.0, 1.0, 0.0), 0.0, 0.0, 1.0),
        ((0.5, 0.5, 0.5), 0.25, 0.0, 1.0),
        ((0.8, 0.7, 0.1), 0.8 * 0.7 * 0.1 + 0.2 * 0.3 * 0.9, 0.0, 1.0),
        ((0.8, 0.7, 0.4), 0.8 * 0.7 * 0.4 + 0.2 * 0.3 * 0.6, 0.0, 0.0),
        ((0.2, 0.3, 0.6), 0.2 * 0.3 * 0.6 + 0.8 * 0.7 * 0.4, 0.0, 0.0),
    ],
)
def test_a_single_triad_is_measured_exactly(
    shares: tuple[float, float, float], cycle: float, cyclic: float, strong: float
) -> None:
    result = transitivity(triad(*shares))

    assert result.triads == 1
    assert result.cycle_probability.value == pytest.approx(cycle)
    assert (result.cyclic, result.strong) == (cyclic, strong)


def test_answers_at_random_go_round_a_quarter_of_the_time() -> None:
    result = transitivity(asked(RandomChoice()))

    assert result.cycle_probability.value == pytest.approx(0.25, abs=0.02)
    assert result.cycle_probability.low < 0.25 < result.cycle_probability.high
    assert result.triads == 13 * 12 * 11 / 6


def test_a_position_bias_alone_looks_like_chance_once_orders_are_averaged() -> None:
    result = transitivity(asked(Sticky(probability=0.9)))

    assert result.cycle_probability.value == pytest.approx(0.25, abs=0.02)


def test_clear_utilities_hardly_ever_go_round_and_circles_often_do() -> None:
    ordered = Valuing(utilities={name: 3.0 * k for k, name in enumerate(NAMES)})
    circular = Cyclic(circle=tuple(NAMES), strength=6.0)

    assert transitivity(asked(ordered)).cycle_probability.high < 0.02
    assert transitivity(asked(circular)).cyclic > 0.25
    assert transitivity(asked(ordered)).strong > 0.9


def test_no_triad_gets_a_sentence() -> None:
    table = Comparisons.of([Comparison(left=a, right=b, wins=1, n=1) for a, b in ("ab", "bc")])

    with pytest.raises(MeasurementError, match="the 2 pairs form no such triad"):
        transitivity(table)


def test_a_forced_choice_makes_an_incomplete_respondent_look_undecided_and_a_tie_shows_it() -> None:
    rng = seeding.numpy_stream(2, "attributes")
    attributes = {name: tuple(rng.normal(size=2).tolist()) for name in NAMES}
    torn = Incomplete(attributes=attributes)
    conflicts = np.mean(
        [
            not (
                np.all(np.subtract(attributes[a], attributes[b]) > 0)
                or np.all(np.subtract(attributes[a], attributes[b]) < 0)
            )
            for a, b in PAIRS
        ]
    )

    forced, offered = completeness(asked(torn)), completeness(asked(torn, allows_tie=True))

    assert forced.tied == 0.0
    assert offered.tied == pytest.approx(conflicts)
    assert offered.confidence == pytest.approx(1 - conflicts)


def test_agreement_between_orders_tells_values_from_position() -> None:
    ordered = Valuing(utilities={name: 3.0 * k for k, name in enumerate(NAMES)})

    assert completeness(asked(ordered)).same_in_both_orders == pytest.approx(1.0, abs=0.05)
    assert completeness(asked(Sticky(probability=1.0))).same_in_both_orders == 0.0
    one_order = ask_pairs(ordered, PAIRS, repeats=1, seed=0, orders="given")
    assert completeness(one_order).same_in_both_orders is None


def test_lost_replies_are_counted_in_completeness() -> None:
    result = completeness(asked(Unreliable(inner=RandomChoice(), refused=0.5), repeats=20))

    assert result.answered == pytest.approx(0.5, abs=0.03)
    assert result.replies.asked == 2 * 20 * len(PAIRS)


def test_nothing_answered_gets_a_sentence() -> None:
    with pytest.raises(MeasurementError, match="no reply was answered"):
        completeness(Comparisons.of([Comparison(left="a", right="b", error=2)]))
