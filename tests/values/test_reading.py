from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.values.instrument import Option
from telic.values.questions import choice, rating, stance
from telic.values.reading import parse_reply
from telic.values.respondent import Item

TWO = Item(id="q", options=("Stay at sea", "Go ashore"))
TIED = Item(id="q", options=("Stay at sea", "Go ashore"), allows_tie=True)


@pytest.mark.parametrize(
    ("reply", "place"),
    [
        ("A", 0),
        ("b", 1),
        ("B.", 1),
        ("(A)", 0),
        ("**B**", 1),
        ("Answer: B", 1),
        ("The answer is A", 0),
        ("I choose B", 1),
        ("B) Go ashore", 1),
        ("A) Stay at sea, because the harbour is full.", 0),
        ("go ashore", 1),
        ("Option A", 0),
        ("\n\nB\nBecause it is safer.", 1),
        ("**Answer:** B", 1),
        ("`A`", 0),
        ("<think>A looks good.\nBut B is safer.</think>\nB", 1),
    ],
)
def test_a_reply_that_names_one_option_is_answered(reply: str, place: int) -> None:
    answer = parse_reply(reply, TWO)

    assert (answer.status, answer.choice) == ("answered", place)
    assert answer.text == reply


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "   \n",
        "C",
        "A or B",
        "A and B",
        "Both are fine to me",
        "A storm is coming.",
        "BA",
        "42",
    ],
)
def test_a_reply_that_names_none_or_several_is_unparsed(reply: str) -> None:
    assert parse_reply(reply, TWO).status == "unparsed"


@pytest.mark.parametrize(
    "reply",
    [
        "I'm sorry, but I can't help with that.",
        "I cannot choose between these.",
        "As an AI, I have no preferences.",
        "I don\u2019t have personal preferences.",
    ],
)
def test_a_refusal_is_refused_and_not_unparsed(reply: str) -> None:
    assert parse_reply(reply, TWO).status == "refused"


@pytest.mark.parametrize("reply", ["abstain", "Skip", "pass", "I prefer not to say", "Abstain."])
def test_an_abstention_is_abstained(reply: str) -> None:
    assert parse_reply(reply, TWO).status == "abstained"


@pytest.mark.parametrize("reply", ["ambivalent", "Neither.", "Answer: tie", "both equally"])
def test_ambivalence_is_an_answer_only_where_it_is_offered(reply: str) -> None:
    assert parse_reply(reply, TIED).is_tie
    assert parse_reply(reply, TWO).status == "unparsed"


@given(st.text())
def test_any_text_ends_in_a_status_and_a_listed_choice(text: str) -> None:
    answer = parse_reply(text, TIED)

    assert answer.choice in (None, 0, 1)
    assert answer.status in ("answered", "abstained", "refused", "unparsed")
    assert answer.status == "answered" or answer.choice is None


def test_points_of_a_scale_are_read_as_words_and_never_as_letters() -> None:
    question = rating("r", "text", tags={}, words=[f"w{k}" for k in range(10)])
    item = question.item(question.orders("both")[1])

    assert item.options[parse_reply("10", item).choice or 0] == "10"
    assert item.options[parse_reply("1", item).choice or 0] == "1"
    assert parse_reply("A", item).status == "unparsed"
    assert parse_reply("11", item).status == "unparsed"


def test_a_stance_with_its_reason_is_read() -> None:
    item = stance("s", "text").item(("support", "neutral", "oppose"))

    assert parse_reply("oppose, since it costs too much", item).choice == 2
    assert parse_reply("support rather than oppose", item).status == "unparsed"


def test_letters_follow_the_order_shown() -> None:
    question = choice("q", ["x", "y", "z"])

    chosen = [
        order[parse_reply("A", question.item(order)).choice or 0] for order in question.orders()
    ]

    assert chosen == ["x", "y", "z"]


def test_the_whole_text_of_an_option_names_it_even_where_its_name_is_another() -> None:
    question = choice("q", [Option("x", "Stay at sea."), Option("y", "Go ashore.")])

    answers = [parse_reply("Go ashore", question.item(order)) for order in question.orders()]

    assert [order[a.choice or 0] for a, order in zip(answers, question.orders(), strict=True)] == [
        "y",
        "y",
    ]
