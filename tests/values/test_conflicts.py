from __future__ import annotations

import itertools

import pytest

from telic.errors import MeasurementError, UsageError
from telic.values import (
    AlwaysFirst,
    RandomChoice,
    Sticky,
    Unreliable,
    Weighing,
    attention,
    dilemmas,
    measure,
    priorities,
)
from telic.values.instrument import Instrument
from telic.values.loaders import load, sample

RULES = ("keep promises", "help", "be punctual", "be polite")
WEIGHTS = {rule: float(4 - place) for place, rule in enumerate(RULES)}


def instrument() -> Instrument:
    return dilemmas(list(itertools.combinations(RULES, 2)) * 4)


def reader(position_bias: float = 0.0) -> Weighing:
    return Weighing.of(
        instrument(), WEIGHTS, kinds={"distractor": -9.0}, position_bias=position_bias
    )


@pytest.mark.parametrize("bias", [0.0, 1.5])
def test_the_order_of_priority_is_recovered_whatever_the_position_bias(bias: float) -> None:
    measurement = measure(instrument(), reader(bias), repeats=4, seed=0)

    found = priorities([measurement])

    assert found.order == RULES
    assert found.left_out == ()
    assert found.fit.utility(RULES[0]).low > 0 > found.fit.utility(RULES[3]).high


def test_attention_is_full_with_a_reader_and_none_with_a_random_respondent() -> None:
    reading = attention(measure(instrument(), reader(), seed=0))
    guessing = attention(measure(instrument(), RandomChoice(), repeats=20, seed=0))

    assert reading.looks == 1.0
    assert guessing.looks < 0.15
    assert reading.choices == 24 * 3
    assert reading.chance == pytest.approx(1 / 3)


@pytest.mark.parametrize("null", [RandomChoice(), AlwaysFirst(), Sticky()])
def test_whoever_does_not_read_is_left_out(null: RandomChoice | AlwaysFirst | Sticky) -> None:
    measurements = [measure(instrument(), who, repeats=2, seed=0) for who in (reader(), null)]

    found = priorities(measurements)

    assert found.left_out == (null.name,)
    assert found.order == RULES
    assert found.fit.replies.asked == measurements[0].counts.asked


def test_a_distractor_is_an_abstention_and_lost_replies_keep_their_status() -> None:
    lossy = Unreliable(inner=RandomChoice(), refused=0.3)
    measurement = measure(instrument(), lossy, repeats=4, seed=0)

    replies = priorities([measurement], least_attention=0.0).fit.replies

    assert replies.asked == measurement.counts.asked
    assert replies.refused == measurement.counts.refused > 0
    assert replies.abstained == attention(measurement).distracted > 0


def test_dilemmas_of_the_public_format_serve_as_well() -> None:
    public = load("cvc-dilemmas", sample("cvc-dilemmas"))
    weights = {"One should return what one has borrowed.": 5.0}
    person = Weighing.of(public, weights, kinds={"distractor": -9.0})

    found = priorities([measure(public, person, repeats=5, seed=0)])

    assert found.order[0] == "One should return what one has borrowed."


def test_faults_are_named() -> None:
    with pytest.raises(MeasurementError, match="conflict with itself"):
        dilemmas([("help", "help")])
    pairs = load("daily-dilemmas", sample("daily-dilemmas"))
    with pytest.raises(MeasurementError, match="has a distractor"):
        attention(measure(pairs, RandomChoice(), seed=0))
    with pytest.raises(MeasurementError, match="none of 1 respondents"):
        priorities([measure(instrument(), AlwaysFirst(), seed=0)])
    with pytest.raises(UsageError, match="least_attention"):
        priorities([], least_attention=2.0)
