from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import pytest

from telic.errors import MeasurementError
from telic.values.instrument import Instrument
from telic.values.measurement import measure
from telic.values.profiles import profile
from telic.values.questions import affect_probe, pair, stance
from telic.values.textual import Person, Scored, Textual

ITEM = pair("p", "tea", "coffee", text="Breakfast.").item(("tea", "coffee"))


def person(*lines: str) -> tuple[Person, list[object]]:
    feed, shown = iter(lines), list[object]()

    def read(_: str) -> str:
        try:
            return next(feed)
        except StopIteration:
            raise EOFError from None

    return Person(read=read, write=shown.append), shown


def test_a_function_from_text_to_text_is_a_respondent() -> None:
    seen: list[tuple[str, int]] = []

    def complete(prompt: str, seed: int) -> str:
        seen.append((prompt, seed))
        return "B"

    answer = Textual("echo", complete, preamble="You like coffee.").ask(ITEM, 7)

    assert answer.choice == 1
    assert seen[0][1] == 7
    assert seen[0][0].startswith("You like coffee.\n\nBreakfast.")


def test_a_lost_connection_is_an_error_and_not_a_choice() -> None:
    def complete(prompt: str, seed: int) -> str:
        raise TimeoutError("no reply in 30 s")

    answer = Textual("away", complete).ask(ITEM, 0)

    assert (answer.status, answer.text) == ("error", "no reply in 30 s")


def test_a_fault_of_the_function_passes_through() -> None:
    def complete(prompt: str, seed: int) -> str:
        raise KeyError("model")

    with pytest.raises(KeyError):
        Textual("broken", complete).ask(ITEM, 0)


def test_a_person_is_asked_again_until_the_answer_can_be_read() -> None:
    who, shown = person("hm", "tea")

    answer = who.ask(ITEM, 0)

    assert answer.choice == 0
    assert "B) coffee" in str(shown[0])
    assert len(shown) == 2


@pytest.mark.parametrize(("line", "status"), [("skip", "abstained"), ("refuse", "refused")])
def test_a_person_may_skip_or_refuse(line: str, status: str) -> None:
    assert person(line)[0].ask(ITEM, 0).status == status


def test_a_person_who_stays_unreadable_is_unparsed() -> None:
    assert person("?", "??", "???")[0].ask(ITEM, 0).status == "unparsed"


def test_the_end_of_the_input_stops_the_measurement_with_advice() -> None:
    with pytest.raises(MeasurementError, match="measure again with the same record"):
        person()[0].ask(ITEM, 0)


def fixed(*scores: float) -> Scored:
    return Scored(name="fixed", score=lambda prompt, words: scores)


def test_the_most_probable_letter_is_chosen_where_letters_are_shown() -> None:
    seen: list[list[str]] = []

    def score(prompt: str, words: Sequence[str]) -> list[float]:
        seen.append(list(words))
        return [-2.0, -1.0]

    answer = Scored(name="m", score=score).ask(ITEM, 0)

    assert (answer.status, answer.choice) == ("answered", 1)
    assert seen == [[" A", " B"]]


def test_words_are_scored_where_no_letters_are_shown() -> None:
    item = stance("s", "More parks.").item(("oppose", "neutral", "support"))

    def score(prompt: str, words: Sequence[str]) -> list[float]:
        return [0.0 if word == " support" else -5.0 for word in words]

    assert Scored(name="m", score=score).ask(item, 0).choice == 2


def test_sampling_follows_the_probabilities() -> None:
    who = Scored(
        name="m", score=lambda prompt, words: [math.log(0.06), math.log(0.02)], choose="sample"
    )

    shares = Counter(who.ask(ITEM, seed).choice for seed in range(2000))

    assert shares[0] / 2000 == pytest.approx(0.75, abs=0.03)


def test_equal_probabilities_are_a_coin_and_not_the_first() -> None:
    shares = Counter(fixed(-1.0, -1.0).ask(ITEM, seed).choice for seed in range(400))

    assert 150 < shares[0] < 250


def test_a_model_that_is_not_answering_the_question_is_unparsed() -> None:
    vague = Scored(name="m", score=lambda prompt, words: [-3.0, -4.0], least_mass=0.5)

    assert vague.ask(ITEM, 0).status == "unparsed"


@pytest.mark.parametrize("scores", [(math.nan, -1.0), (0.5, -1.0), (-math.inf, -math.inf)])
def test_scores_that_are_no_probabilities_are_an_error(scores: tuple[float, float]) -> None:
    assert fixed(*scores).ask(ITEM, 0).status == "error"


def test_a_missing_score_is_said() -> None:
    with pytest.raises(MeasurementError, match="1 scores for 2 options"):
        fixed(-1.0).ask(ITEM, 0)


def test_the_affect_probe_is_put_as_a_bare_sentence() -> None:
    prompts: list[str] = []

    def score(prompt: str, words: Sequence[str]) -> list[float]:
        prompts.append(prompt)
        return [-1.0, -2.0] if "ended" in prompt else [-2.0, -1.0]

    probe = affect_probe({"rain": "the drought ended", "loss": "the harvest failed"})
    measured = measure(probe, Scored(name="m", score=score))

    assert prompts[0] == "I heard that the drought ended, so I feel very"
    assert measured.counts.asked == 2
    assert profile(measured).vector() == {"rain": 1.0, "loss": -1.0}


def test_an_instrument_of_bare_questions_has_no_order_to_agree_on() -> None:
    probe = affect_probe({"rain": "the drought ended"})

    assert probe.questions[0].orders("both") == (("happy", "sad"),)
    assert isinstance(probe, Instrument)
