from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.errors import MeasurementError, UnknownNameError, UsageError
from telic.values.kaleidoscope import (
    Consideration,
    HandTable,
    Kind,
    ModelBackend,
    Valence,
    explain,
    merge_duplicates,
)

FOR, AGAINST, EITHER = Valence(1, 0, 0), Valence(0, 1, 0), Valence(0, 0, 1)


def one(
    text: str, valence: Valence = FOR, relevance: float = 1.0, kind: Kind = "value"
) -> Consideration:
    return Consideration(kind=kind, text=text, relevance=relevance, valence=valence)


def table(*considerations: Consideration) -> HandTable:
    return HandTable({"s": considerations})


PHRASES = st.lists(
    st.builds(
        one,
        st.sampled_from(
            [
                "honesty",
                "being honest",
                "honesty to a friend",
                "honesty to friends",
                "peace at home",
            ]
        ),
        st.sampled_from([FOR, AGAINST, EITHER]),
        st.sampled_from([0.2, 0.5, 0.5, 0.9]),
        st.sampled_from(["value", "duty"]),
    ),
    max_size=10,
)


@given(PHRASES, st.randoms(use_true_random=False), st.floats(0.1, 1))
def test_merging_does_not_depend_on_the_order_of_arrival(
    considerations: list[Consideration], rng: random.Random, similarity: float
) -> None:
    shuffled = list(considerations)
    rng.shuffle(shuffled)

    assert merge_duplicates(shuffled, similarity=similarity) == merge_duplicates(
        considerations, similarity=similarity
    )


@given(PHRASES)
def test_merging_loses_none_and_twice_is_once_for_equal_texts(
    considerations: list[Consideration],
) -> None:
    merged = merge_duplicates(considerations, similarity=1.0)

    assert sum(each.merged for each in merged) == len(considerations)
    assert merge_duplicates(merged, similarity=1.0) == merged


def test_what_says_the_same_is_merged_with_the_weighted_valence() -> None:
    merged = merge_duplicates(
        [one("The honesty of friends", FOR, 0.9), one("honesty of a friend", AGAINST, 0.3)]
    )

    assert [each.text for each in merged] == ["The honesty of friends"]
    assert merged[0].valence.supports == pytest.approx(0.75)
    assert merged[0].relevance == 0.9
    assert merged[0].merged == 2


def test_a_value_and_a_duty_of_the_same_words_stay_apart() -> None:
    assert len(merge_duplicates([one("honesty"), one("honesty", kind="duty")])) == 2


def test_the_decision_is_the_relevance_weighted_valence() -> None:
    found = explain("s", table(one("honesty", FOR, 0.9), one("kindness", AGAINST, 0.6)))

    assert found.decision is not None
    assert found.decision.supports == pytest.approx(0.6)
    assert found.decision.sign == pytest.approx(0.2)


def test_planted_disagreement_orders_ambiguity() -> None:
    clear = explain("s", table(one("a"), one("b"), one("c"))).ambiguity
    leaning = explain("s", table(one("a"), one("b"), one("c", AGAINST))).ambiguity
    split = explain("s", table(one("a"), one("b", AGAINST))).ambiguity
    open_ = explain("s", table(one("a"), one("b", AGAINST), one("c", EITHER))).ambiguity

    assert clear == 0
    assert split == pytest.approx(math.log(2) / math.log(3))
    assert open_ == pytest.approx(1)
    assert 0 < (leaning or 0) < (split or 0) < (open_ or 0)


def test_the_irrelevant_is_dropped_and_counted() -> None:
    found = explain("s", table(one("a"), one("b", AGAINST, 0.1)))
    none = explain("s", table(one("a", relevance=0.0)))

    assert (len(found.considerations), found.dropped) == (1, 1)
    assert none.decision is None
    assert none.ambiguity is None


def test_a_models_lines_are_read_and_the_rest_counted() -> None:
    reply = (
        "Here is what matters:\n"
        "value | Honesty | 0.9 | 0.8 0.1 0.1 | It is the truth | and brave\n"
        "Duty | Duty to protect | 0.7 | 0 2 0 | Harm is near\n"
        "right | To be left alone | much | 0 1 0 | x\n"
        "value | Broken | 0.5 | 0 0 0 | x\n"
        "hope | Rain | 0.5 | 1 0 0 | x\n"
    )

    found, unread = ModelBackend.read(reply)

    assert [each.kind for each in found] == ["value", "duty"]
    assert found[0].explanation == "It is the truth | and brave"
    assert found[1].valence == AGAINST
    assert unread == 4


def test_a_model_is_asked_about_the_situation_with_its_seed() -> None:
    asked: list[tuple[str, int]] = []

    def complete(prompt: str, seed: int) -> str:
        asked.append((prompt, seed))
        return "value | Honesty | 0.9 | 1 0 0 | x"

    found = explain("Telling a lie", ModelBackend(complete, seed=4))

    assert found.considerations[0].text == "Honesty"
    assert "Telling a lie" in asked[0][0]
    assert asked[0][1] == 4


def test_nothing_found_is_said() -> None:
    with pytest.raises(MeasurementError, match="at stake"):
        explain("s", table())
    with pytest.raises(MeasurementError, match="2 other lines"):
        explain("s", ModelBackend(lambda prompt, seed: "I cannot\nhelp"))
    with pytest.raises(UnknownNameError, match="unknown situation 't'"):
        explain("t", table(one("a")))


@pytest.mark.parametrize(
    "parts", [(0.5, 0.5, 0.5), (-0.1, 1.1, 0), (float("nan"), 0, 1), (0, 0, 0)]
)
def test_a_valence_is_a_distribution(parts: tuple[float, float, float]) -> None:
    with pytest.raises(MeasurementError, match="sum to 1"):
        Valence(*parts)


def test_senseless_considerations_and_similarities_are_refused() -> None:
    with pytest.raises(MeasurementError, match="needs a text"):
        one(" ")
    with pytest.raises(MeasurementError, match="relevance"):
        one("a", relevance=1.5)
    with pytest.raises(UsageError, match="similarity"):
        merge_duplicates([one("a")], similarity=0)
