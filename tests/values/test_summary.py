from __future__ import annotations

import numpy as np
import pytest

from telic.errors import MeasurementError
from telic.values.informed import Informed, Weighing
from telic.values.instrument import Instrument, Option, Question
from telic.values.loaders import load, sample
from telic.values.measurement import Measurement, measure
from telic.values.questions import all_pairs, rating
from telic.values.respondent import Respondent
from telic.values.summary import agreement, summarise
from telic.values.synthetic import AlwaysFirst, RandomChoice, Sticky, Unreliable, Valuing

WORTH = {f"item {k}": float(w) for k, w in enumerate(np.linspace(-2, 2, 12))}
PAIRS = Instrument(name="pairs", questions=all_pairs(list(WORTH)))
KNOWN = Valuing(name="known", utilities=WORTH, position_bias=0.7)


def test_a_valuing_respondent_has_a_ladder_in_its_order() -> None:
    found = summarise(measure(PAIRS, KNOWN, repeats=8))

    assert found.content is not None
    assert found.content.is_there
    assert found.ladder is not None
    utilities = {rung.item: rung.utility for rung in found.ladder.rungs}
    assert np.corrcoef([utilities[item] for item in WORTH], list(WORTH.values()))[0, 1] > 0.98
    assert found.ladder.position.value == pytest.approx(0.7, abs=0.25)
    assert {rung.asked for rung in found.ladder.rungs} == {11 * 2 * 8}
    assert found.ladder.circular is not None


@pytest.mark.parametrize("null", [RandomChoice(name="n"), AlwaysFirst(name="n"), Sticky(name="n")])
def test_a_respondent_that_values_nothing_gets_no_ladder_but_a_sentence(null: Respondent) -> None:
    found = summarise(measure(PAIRS, null, repeats=4))

    assert found.content is not None
    assert not found.content.is_there
    assert found.ladder is None
    assert "No content signal" in found.notes[0]


def test_nulls_stand_beside_the_respondent() -> None:
    found = summarise(measure(PAIRS, KNOWN, repeats=4))

    rows = {row.respondent: row for row in found.respondents}
    assert list(rows) == ["known", "random", "always-first", "sticky"]
    assert rows["always-first"].first == 1.0
    assert rows["always-first"].agreement == 0.0
    assert rows["random"].agreement == pytest.approx(0.5, abs=0.05)
    assert (rows["known"].agreement or 0) > 0.6
    assert rows["known"].choices == found.replies.answered


def test_agreement_counts_pairs_of_replies_in_different_orders() -> None:
    certain = Valuing(utilities=WORTH, temperature=1e-6)

    assert agreement(measure(PAIRS, certain, repeats=3)) == (66 * 9, 66 * 9)
    assert agreement(measure(PAIRS, certain, orders="given")) == (0, 0)


def test_one_order_only_is_noted() -> None:
    found = summarise(measure(PAIRS, KNOWN, orders="given"))

    assert any("one order only" in note for note in found.notes)


def test_lost_replies_are_noted_and_counted_by_form() -> None:
    mixed = Instrument(
        name="mixed", questions=(*PAIRS.questions[:9], rating("r", "x", tags={"care": 1.0}))
    )
    worth = WORTH | {str(k): 0.0 for k in range(1, 7)}
    lossy = Unreliable(inner=Valuing(utilities=worth), refused=0.3)

    found = summarise(measure(mixed, lossy, repeats=6))

    assert any("were not answers" in note for note in found.notes)
    assert set(found.by_form) == {"pair", "rating"}
    assert sum(part.asked for part in found.by_form.values()) == found.replies.asked == found.asked


def test_dilemmas_have_weights_beside_kinds_and_no_ladder() -> None:
    instrument = load("daily-dilemmas", sample("daily-dilemmas"))
    who = Weighing.of(instrument, {"honesty": 2.0}, kinds={"to_do": 1.0})

    found = summarise(measure(instrument, who, repeats=20))

    assert found.ladder is None
    assert found.profile is not None
    assert found.weights is not None
    assert "to_do" in found.weights.kinds


def test_questions_with_options_of_their_own_have_content_but_no_common_scale() -> None:
    questions = tuple(
        Question(id=f"q{k}", form="pair", text=f"case {k}", options=(Option("yes"), Option("no")))
        for k in range(40)
    )
    instrument = Instrument(name="cases", questions=questions)
    worth = {(f"q{k}", "yes"): (-2.0, 2.0)[k % 2] for k in range(40)}
    who = Weighing(worth=worth | {(f"q{k}", "no"): 0.0 for k in range(40)}, position_bias=0.5)

    found = summarise(measure(instrument, who, repeats=3))

    assert found.content is not None
    assert found.content.is_there
    assert "no common scale" in found.content.sentence
    assert found.ladder is None


def test_questions_with_truth_have_accuracies() -> None:
    instrument = load("clash", sample("clash"))

    found = summarise(measure(instrument, Informed.of(instrument), repeats=2))

    assert found.accuracies["all"].value == 1.0
    assert found.ladder is None


def test_a_scale_alone_has_a_profile_and_no_content_test() -> None:
    instrument = load("questionnaire", sample("questionnaire"))

    found = summarise(measure(instrument, RandomChoice(name="r")))

    assert found.content is None
    assert found.profile is not None
    assert found.respondents[0].first is None


def test_a_partial_measurement_is_summarised_with_its_own_counts() -> None:
    whole = measure(PAIRS, KNOWN, repeats=2)
    part = Measurement(PAIRS, "known", 0, "both", whole.replies[:50])

    found = summarise(part)

    assert found.asked == 50
    assert found.questions == 66


def test_one_item_or_no_answer_is_handled() -> None:
    one = PAIRS.only(["p0001"])

    assert summarise(measure(one, KNOWN)).ladder is None
    with pytest.raises(MeasurementError, match="answered no question"):
        summarise(measure(one, Unreliable(inner=KNOWN, error=1.0)))


def test_pairs_too_few_to_test_are_noted_and_not_judged() -> None:
    few = Instrument(name="few", questions=all_pairs(["tea", "coffee", "milk"]))
    some = Instrument(name="some", questions=all_pairs(["tea", "coffee", "milk", "water"]))

    untested = summarise(measure(few, RandomChoice()))
    undecided = summarise(measure(some, RandomChoice()))

    assert any("was not tested" in note for note in untested.notes)
    assert any("cannot be told" in note for note in undecided.notes)
    assert undecided.ladder is None
