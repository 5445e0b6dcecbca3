from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.errors import MeasurementError, UnknownNameError
from telic.values.instrument import Instrument, Option, Question
from telic.values.questions import (
    affect_probe,
    all_pairs,
    choice,
    pair,
    rating,
    relevance,
    stance,
    valence,
)


@given(st.integers(2, 9))
def test_every_option_of_a_choice_stands_in_every_place_equally_often(size: int) -> None:
    question = choice("q", [f"o{k}" for k in range(size)])

    orders = question.orders("both")

    places = Counter((name, place) for order in orders for place, name in enumerate(order))
    assert set(places.values()) == {1}
    assert len(places) == size * size


def test_pairs_and_scales_are_shown_from_either_end() -> None:
    assert pair("p", "x", "y").orders("both") == (("x", "y"), ("y", "x"))
    assert rating("r", "text", tags={}, words=("low", "mid", "high")).orders("both") == (
        ("1", "2", "3"),
        ("3", "2", "1"),
    )


def test_given_order_is_shown_once() -> None:
    assert choice("q", "abc").orders("given") == (("a", "b", "c"),)


@given(st.integers(2, 12))
def test_a_rating_runs_from_minus_one_to_one_in_equal_steps(points: int) -> None:
    question = rating("r", "text", tags={"care": 1.0}, words=[f"w{k}" for k in range(points)])

    values = [option.value for option in question.options]

    assert values[0] == -1
    assert values[-1] == pytest.approx(1)
    steps = [b - a for a, b in pairwise(values)]
    assert steps == pytest.approx([2 / (points - 1)] * (points - 1))


def test_the_urged_option_is_found_in_either_order() -> None:
    question = Question(id="q", form="pair", options=(Option("x"), Option("y")), urged="y")

    urged = [question.item(order).urged for order in question.orders("both")]

    assert urged == [1, 0]


def test_the_prompt_names_what_may_be_answered() -> None:
    question = Question(
        id="q",
        form="pair",
        text="A storm comes.",
        options=(Option("stay", "Stay at sea."), Option("land", "Go ashore.")),
        offers_ambivalent=True,
        offers_abstain=True,
    )

    prompt = question.prompt(("land", "stay"))

    assert prompt.index("A) Go ashore.") < prompt.index("B) Stay at sea.")
    assert prompt.startswith("A storm comes.")
    assert '"ambivalent"' in prompt
    assert '"abstain"' in prompt


def test_scales_ask_for_words_and_no_letters() -> None:
    for question in (stance("s", "t"), valence("v", "t"), relevance("r", "t")):
        assert "A)" not in question.prompt(question.names)
        assert all(f"- {name}" in question.prompt(question.names) for name in question.names)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": ""}, "needs an id"),
        ({"options": (Option("x"),)}, "two or more different"),
        ({"options": (Option("x"), Option("x"))}, "two or more different"),
        ({"options": (Option("x"), Option("y"), Option("z"))}, "is a pair but has 3"),
        ({"truth": "z"}, "truth 'z'"),
        ({"urged": "z"}, "urged 'z'"),
        ({"options": (Option("x", value=2), Option("y"))}, r"lie in \[-1, 1\]"),
        ({"options": (Option("x", tags={"a": float("nan")}), Option("y"))}, "are finite"),
        ({"tags": {"a": float("inf")}}, "are finite"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(change: dict[str, object], message: str) -> None:
    fields: dict[str, object] = {"id": "q", "form": "pair", "options": (Option("x"), Option("y"))}

    with pytest.raises(MeasurementError, match=message):
        Question(**(fields | change))  # pyright: ignore[reportArgumentType]


def test_an_instrument_refuses_no_question_and_an_id_used_twice() -> None:
    with pytest.raises(MeasurementError, match="no question"):
        Instrument(name="i", questions=())
    with pytest.raises(MeasurementError, match="uses the id 'p' twice"):
        Instrument(name="i", questions=(pair("p", "x", "y"), pair("p", "x", "z")))


def test_the_digest_changes_with_any_question_and_with_nothing_else() -> None:
    first = Instrument(name="i", questions=(pair("p", "x", "y"),))
    renamed = Instrument(name="other", questions=first.questions)
    changed = Instrument(name="i", questions=(pair("p", "x", "z"),))

    assert first.digest == renamed.digest
    assert first.digest != changed.digest


def test_a_part_keeps_the_order_and_refuses_unknown_ids() -> None:
    instrument = Instrument(name="i", questions=all_pairs("abc"))

    assert [q.id for q in instrument.only(["p0003", "p0001"]).questions] == ["p0001", "p0003"]
    with pytest.raises(UnknownNameError, match="p0009"):
        instrument.only(["p0009"])


def test_all_pairs_are_each_asked_once() -> None:
    pairs = {frozenset(question.names) for question in all_pairs("abcd")}

    assert len(pairs) == len(all_pairs("abcd")) == 6


def test_the_affect_probe_states_its_limit() -> None:
    probe = affect_probe({"rain": "the drought ended"})

    prompt = probe.questions[0].prompt(("happy", "sad"))
    assert prompt == "I heard that the drought ended, so I feel very"
    assert "not its size" in probe.limits
