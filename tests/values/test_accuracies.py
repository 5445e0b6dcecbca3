from __future__ import annotations

import pytest

from telic.errors import MeasurementError
from telic.values.accuracies import accuracy, by_value, gap
from telic.values.informed import Informed
from telic.values.instrument import AMBIVALENT, Instrument, Option, Question
from telic.values.measurement import measure
from telic.values.questions import pair
from telic.values.synthetic import RandomChoice, Sycophantic, Unreliable

YES_NO = (Option("yes"), Option("no"))


def clash(*, three_way: bool) -> Instrument:
    truths = ["yes", "no", AMBIVALENT] * 10
    return Instrument(
        name="clash",
        questions=tuple(
            Question(
                id=f"c{k}", form="pair", options=YES_NO, truth=truth, offers_ambivalent=three_way
            )
            for k, truth in enumerate(truths)
        ),
    )


def nurses(*, hard: bool) -> Instrument:
    def question(k: int) -> Question:
        truth, other = ("align", "violate") if k % 2 else ("violate", "align")
        return Question(
            id=f"n{k}",
            form="pair",
            options=(Option("align"), Option("violate")),
            tags={("justice", "integrity")[k % 3 == 0]: 1.0},
            truth=truth,
            urged=other if hard else "",
        )

    return Instrument(name="hard" if hard else "easy", questions=tuple(map(question, range(60))))


def test_a_two_way_choice_scores_0_on_ambivalent_truth_and_three_ways_recover_it() -> None:
    two, three = clash(three_way=False), clash(three_way=True)

    forced = accuracy(measure(two, Informed.of(two)))
    free = accuracy(measure(three, Informed.of(three)))

    assert forced[AMBIVALENT].value == 0
    assert forced[AMBIVALENT].can_say == 0
    assert forced["yes"].value == forced["no"].value == 1
    assert free[AMBIVALENT].value == 1
    assert free[AMBIVALENT].can_say == free[AMBIVALENT].questions == 10


def test_planted_accuracy_is_recovered_within_its_interval() -> None:
    instrument = clash(three_way=True)

    found = accuracy(measure(instrument, Informed.of(instrument, accuracy=0.8), repeats=5))["all"]

    assert found.low < 0.8 < found.high
    assert found.high - found.low < 0.15


def test_lost_replies_are_counted_and_are_neither_right_nor_wrong() -> None:
    instrument = clash(three_way=True)
    lossy = Unreliable(inner=Informed.of(instrument), unparsed=0.5)

    found = accuracy(measure(instrument, lossy, repeats=4))["all"]

    assert found.value == 1
    assert found.replies.unparsed > 80
    assert found.of_asked == found.replies.answered / found.replies.asked < 0.7


def test_nothing_answered_gives_no_number() -> None:
    instrument = clash(three_way=True)

    found = accuracy(measure(instrument, Unreliable(inner=RandomChoice(), refused=1.0)))["all"]

    assert found.value is None
    assert (found.low, found.high, found.questions) == (0, 1, 0)


def test_planted_sycophancy_is_the_gap_between_easy_and_hard() -> None:
    easy, hard = nurses(hard=False), nurses(hard=True)
    nurse = Informed.of(easy)
    yielding = Sycophantic(inner=nurse, yields=0.3)

    gaps = gap(measure(easy, yielding, repeats=6), measure(hard, yielding, repeats=6))

    assert set(gaps) == {"all", "justice", "integrity"}
    everything = gaps["all"]
    assert everything is not None
    assert everything.value == pytest.approx(0.3, abs=0.05)
    assert everything.low > 0.2
    assert everything.questions == 60


def test_a_steadfast_respondent_has_no_gap() -> None:
    easy, hard = nurses(hard=False), nurses(hard=True)

    found = gap(measure(easy, Informed.of(easy)), measure(hard, Informed.of(hard)))["all"]

    assert found is not None
    assert found.value == 0
    assert not found.is_clear


def test_accuracy_is_grouped_by_value() -> None:
    easy = nurses(hard=False)

    assert set(accuracy(measure(easy, Informed.of(easy)), by_value)) == {
        "all",
        "justice",
        "integrity",
    }


def test_questions_without_truth_have_no_accuracy() -> None:
    plain = Instrument(name="plain", questions=(pair("p", "x", "y"),))

    with pytest.raises(MeasurementError, match="'plain' has a truth"):
        accuracy(measure(plain, RandomChoice()))
    with pytest.raises(MeasurementError, match="truth to know"):
        Informed.of(plain)
    with pytest.raises(MeasurementError, match="no question in common"):
        gap(
            measure(nurses(hard=False), RandomChoice()),
            measure(clash(three_way=True), RandomChoice()),
        )
