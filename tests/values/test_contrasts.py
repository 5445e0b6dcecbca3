from __future__ import annotations

import pytest

from telic.errors import MeasurementError
from telic.values.contrasts import contrast, steerability
from telic.values.instrument import Instrument
from telic.values.measurement import Measurement, measure
from telic.values.questions import stance
from telic.values.respondent import Answer, Item
from telic.values.synthetic import RandomChoice, Unreliable

INSTRUMENT = Instrument(
    name="stances", questions=tuple(stance(f"s{k}", "x", tags={"care": 1.0}) for k in range(12))
)


class Leaning:
    """Supports the first ``many`` statements and opposes the rest."""

    def __init__(self, name: str, many: int) -> None:
        self.name, self.many = name, many

    def ask(self, item: Item, seed: int) -> Answer:
        said = "support" if int(item.id[1:]) < self.many else "oppose"
        return Answer("answered", item.options.index(said))


def leaning(many: int) -> Measurement:
    return measure(INSTRUMENT, Leaning(f"lean{many}", many))


def test_a_difference_is_first_minus_second_with_both_denominators() -> None:
    found = contrast(leaning(9), leaning(6))

    care = found.differences["care"]
    assert care is not None
    assert care.value == pytest.approx(0.5)
    assert care.questions == 12
    assert (found.first, found.second) == ("lean9", "lean6")
    assert found.first_replies.asked == found.second_replies.asked == 24


def test_pairing_sees_what_two_separate_profiles_would_not() -> None:
    care = contrast(leaning(8), leaning(3)).differences["care"]

    assert care is not None
    assert care.is_clear
    assert care.low > 0


def test_swapping_turns_the_sign() -> None:
    there = contrast(leaning(9), leaning(6)).differences["care"]
    back = contrast(leaning(6), leaning(9)).differences["care"]

    assert there is not None
    assert back is not None
    assert (back.value, back.low, back.high) == pytest.approx(
        (-there.value, -there.high, -there.low)
    )


def test_a_respondent_deaf_to_the_prompt_is_not_steered() -> None:
    deaf = steerability(leaning(6), leaning(6)).differences["care"]
    steered = steerability(leaning(12), leaning(0)).differences["care"]

    assert deaf is not None
    assert steered is not None
    assert deaf.value == 0
    assert deaf.low < 0 < deaf.high
    assert steered.value == 2


def test_two_random_respondents_rarely_differ_clearly() -> None:
    clear = 0
    for seed in range(60):
        pair = [measure(INSTRUMENT, RandomChoice(name=name), seed=seed) for name in ("a", "b")]
        difference = contrast(pair[0], pair[1]).differences["care"]
        assert difference is not None
        clear += difference.is_clear

    assert clear <= 12  # 10 % are expected


def test_only_questions_answered_in_both_are_compared() -> None:
    part = measure(INSTRUMENT.only([f"s{k}" for k in range(3)]), Leaning("x", 12))

    care = contrast(leaning(12), part).differences["care"]

    assert care is not None
    assert care.questions == 3


def test_one_shared_question_gives_no_interval_but_the_whole_range() -> None:
    part = measure(INSTRUMENT.only(["s0"]), Leaning("x", 12))

    care = contrast(leaning(0), part).differences["care"]

    assert care is not None
    assert (care.value, care.low, care.high) == (-2, -2, 2)


def test_nothing_in_common_or_nothing_answered_is_said() -> None:
    other = Instrument(name="other", questions=(stance("z", "x", tags={"care": 1.0}),))

    with pytest.raises(MeasurementError, match="no question in common"):
        contrast(leaning(6), measure(other, RandomChoice()))
    with pytest.raises(MeasurementError, match="answered no question"):
        contrast(leaning(6), measure(INSTRUMENT, Unreliable(inner=RandomChoice(), error=1.0)))
