from __future__ import annotations

import math

import pytest

from telic.errors import MeasurementError, UsageError
from telic.values import (
    AlwaysFirst,
    Cyclic,
    Incomplete,
    Item,
    Lexicographic,
    RandomChoice,
    Respondent,
    Sticky,
    Sycophantic,
    Unreliable,
    Valuing,
)

PAIR = Item(id="q", options=("a", "b"))
TRIES = 4000
MARGIN = 0.03  # over three and a half standard errors of a share over 4,000 tries


def share_of(respondent: Respondent, item: Item, choice: int | None = 0) -> float:
    answers = [respondent.ask(item, seed) for seed in range(TRIES)]
    return sum(a.status == "answered" and a.choice == choice for a in answers) / TRIES


def everyone() -> list[Respondent]:
    attributes = {"a": (1.0, 0.0), "b": (0.0, 1.0)}
    return [
        Valuing(utilities={"a": 1.0, "b": 0.0}),
        Valuing(utilities={"a": 1.0, "b": 0.0}, noise="normal"),
        Lexicographic(attributes=attributes, slip=0.5),
        Incomplete(attributes=attributes),
        Cyclic(circle=("a", "b", "c")),
        RandomChoice(),
        AlwaysFirst(),
        Sticky(),
        Unreliable(inner=Sticky(), refused=0.3, unparsed=0.3),
        Sycophantic(inner=Sticky(), yields=0.5),
    ]


@pytest.mark.parametrize("respondent", everyone(), ids=lambda r: type(r).__name__)
def test_an_answer_depends_on_item_and_seed_alone(respondent: Respondent) -> None:
    backwards = [respondent.ask(PAIR, seed) for seed in reversed(range(50))]

    assert [respondent.ask(PAIR, seed) for seed in range(50)] == backwards[::-1]


@pytest.mark.parametrize("bias", [0.0, 1.0])
@pytest.mark.parametrize("temperature", [0.5, 2.0])
def test_logistic_noise_gives_bradley_terry_choices(temperature: float, bias: float) -> None:
    someone = Valuing(utilities={"a": 0.4, "b": 0.0}, temperature=temperature, position_bias=bias)

    truth = 1 / (1 + math.exp(-(0.4 / temperature + bias)))
    assert share_of(someone, PAIR) == pytest.approx(truth, abs=MARGIN)


def test_normal_noise_gives_thurstone_choices() -> None:
    someone = Valuing(utilities={"a": 0.7, "b": 0.0}, noise="normal")

    truth = 0.5 * (1 + math.erf(0.7 / math.sqrt(2)))
    assert share_of(someone, PAIR) == pytest.approx(truth, abs=MARGIN)


def test_a_choice_among_three_follows_the_softmax() -> None:
    someone = Valuing(utilities={"a": 1.0, "b": 0.0, "c": 0.0})

    truth = math.e / (math.e + 2)
    assert share_of(someone, Item(id="q", options=("a", "b", "c"))) == pytest.approx(
        truth, abs=MARGIN
    )


def test_a_forced_choice_hides_ambivalence_and_a_third_answer_shows_it() -> None:
    torn = Incomplete(attributes={"a": (1.0, 0.0), "b": (0.0, 1.0)})
    level = Valuing(utilities={"a": 0.0, "b": 0.1}, indifference=0.2)
    offered = Item(id="q", options=("a", "b"), allows_tie=True)

    for someone in (torn, level):
        assert share_of(someone, PAIR, None) == 0.0
        assert share_of(someone, PAIR) == pytest.approx(0.5, abs=MARGIN)
        assert share_of(someone, offered, None) == 1.0


def test_an_incomplete_respondent_still_prefers_what_is_better_in_everything() -> None:
    someone = Incomplete(attributes={"a": (1.0, 1.0), "b": (0.0, 1.0)})

    assert share_of(someone, Item(id="q", options=("b", "a"), allows_tie=True), 1) == 1.0


def test_a_later_attribute_counts_for_a_lexicographic_respondent_only_in_a_tie() -> None:
    someone = Lexicographic(attributes={"a": (1, 0), "b": (0, 99), "c": (1, 1)})

    assert someone.ask(PAIR, 0).choice == 0
    assert someone.ask(Item(id="q", options=("a", "c")), 0).choice == 1


def test_a_cyclic_respondent_goes_round() -> None:
    someone = Cyclic(circle=("a", "b", "c"), strength=50.0)

    ahead = [("a", "b"), ("b", "c"), ("c", "a")]
    assert [someone.ask(Item(id="q", options=o), 0).choice for o in ahead] == [0, 0, 0]


@pytest.mark.parametrize(
    ("null", "rate"), [(RandomChoice(), 0.5), (AlwaysFirst(), 1.0), (Sticky(probability=0.8), 0.8)]
)
def test_a_null_takes_the_first_at_its_rate_whatever_it_is(null: Respondent, rate: float) -> None:
    for options in (("a", "b"), ("b", "a")):
        assert share_of(null, Item(id="q", options=options)) == pytest.approx(rate, abs=MARGIN)


def test_lost_replies_come_at_their_rates_and_are_no_choice() -> None:
    someone = Unreliable(inner=AlwaysFirst(), abstained=0.1, refused=0.2, unparsed=0.3, error=0.15)
    answers = [someone.ask(PAIR, seed) for seed in range(TRIES)]

    for status, rate in (
        ("abstained", 0.1),
        ("refused", 0.2),
        ("unparsed", 0.3),
        ("error", 0.15),
        ("answered", 0.25),
    ):
        share = sum(a.status == status for a in answers) / TRIES
        assert share == pytest.approx(rate, abs=MARGIN)
    assert all((a.choice is None) == (a.status != "answered") for a in answers)


def test_the_gap_between_easy_and_hard_items_recovers_the_sycophancy() -> None:
    honest = Valuing(utilities={"a": 3.0, "b": 0.0})
    someone = Sycophantic(inner=honest, yields=0.4)
    urged = Item(id="q", options=("a", "b"), urged=1)

    easy, hard = share_of(someone, PAIR), share_of(someone, urged)
    assert (easy - hard) / easy == pytest.approx(0.4, abs=MARGIN)


def test_an_option_without_values_is_refused_by_name() -> None:
    with pytest.raises(MeasurementError, match="item 'q' shows 'b'"):
        Valuing(utilities={"a": 1.0}).ask(PAIR, 0)
    with pytest.raises(MeasurementError, match="compares two"):
        Cyclic(circle=("a", "c", "d")).ask(PAIR, 0)


def test_a_temperature_of_zero_is_refused() -> None:
    with pytest.raises(UsageError, match="temperature must be positive"):
        Valuing(utilities={}, temperature=0.0)


def test_opposite_options_of_an_even_circle_are_level() -> None:
    someone = Cyclic(circle=("a", "x", "b", "y"))

    assert someone.ask(Item(id="q", options=("a", "b"), allows_tie=True), 0).is_tie
