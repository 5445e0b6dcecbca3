from __future__ import annotations

import numpy as np
import pytest

from telic.errors import MeasurementError
from telic.values.instrument import Instrument, Option, Question
from telic.values.measurement import measure
from telic.values.profiles import profile
from telic.values.questions import pair, stance
from telic.values.respondent import Answer, Item
from telic.values.synthetic import AlwaysFirst, RandomChoice, Valuing
from telic.values.weights import value_weights

VALUES = ("honesty", "loyalty", "safety")


def dilemmas(size: int = 150) -> Instrument:
    """Dilemmas whose "to do" side is mostly the honest one."""
    rng = np.random.default_rng(11)
    questions: list[Question] = []
    for k in range(size):
        act = "honesty" if rng.random() < 0.7 else str(rng.choice(VALUES[1:]))
        leave = str(rng.choice([value for value in VALUES if value != act]))
        options = (
            Option(f"to_do{k}", tags={act: 1.0}, kind="to_do"),
            Option(f"not{k}", tags={leave: 1.0}, kind="not_to_do"),
        )
        questions.append(Question(id=f"d{k}", form="pair", options=options))
    return Instrument(name="dilemmas", questions=tuple(questions))


def planted(
    instrument: Instrument, weights: dict[str, float], *, to_do: float = 0, first: float = 0
) -> Valuing:
    worth = {
        option.name: sum(weights.get(tag, 0) for tag in option.tags)
        + (to_do if option.kind == "to_do" else 0)
        for question in instrument.questions
        for option in question.options
    }
    return Valuing(utilities=worth, position_bias=first)


def test_a_bias_to_act_is_reported_and_does_not_leak_into_values() -> None:
    instrument = dilemmas()
    active = measure(instrument, planted(instrument, {}, to_do=1.5), repeats=4)

    found = value_weights(active)
    leaked = profile(active)["honesty"]

    assert leaked.low > 0.2  # the plain score mistakes acting for honesty
    assert found.kinds["to_do"].value == pytest.approx(1.5, abs=0.25)
    assert all(abs(weight.value) < 0.25 for weight in found.weights.values())
    assert found.reference == "not_to_do"


def test_planted_weights_and_biases_are_recovered_together() -> None:
    instrument = dilemmas()
    truth = {"honesty": 1.0, "loyalty": -0.5, "safety": -0.5}
    mixed = planted(instrument, truth, to_do=-0.8, first=0.6)

    found = value_weights(measure(instrument, mixed, repeats=6))

    for name, weight in truth.items():
        assert found.weights[name].value == pytest.approx(weight, abs=0.2)
    assert found.kinds["to_do"].value == pytest.approx(-0.8, abs=0.2)
    assert found.position.value == pytest.approx(0.6, abs=0.15)


@pytest.mark.parametrize("null", [RandomChoice(), AlwaysFirst()])
def test_respondents_that_value_nothing_have_no_weights(null: RandomChoice | AlwaysFirst) -> None:
    found = value_weights(measure(dilemmas(), null, repeats=2))

    assert all(abs(weight.value) < 0.35 for weight in found.weights.values())
    assert abs(found.kinds["to_do"].value) < 0.35


def test_options_of_one_name_in_different_questions_stay_apart() -> None:
    questions = tuple(
        Question(
            id=f"q{k}",
            form="pair",
            options=(Option("yes", tags={value: 1.0}), Option("no")),
        )
        for k, value in enumerate(("honesty", "loyalty") * 20)
    )
    instrument = Instrument(name="yes-no", questions=questions)

    class Honest:
        name = "honest"

        def ask(self, item: Item, seed: int) -> Answer:
            said = "yes" if int(item.id[1:]) % 2 == 0 else "no"
            return Answer("answered", item.options.index(said))

    found = value_weights(measure(instrument, Honest()))

    assert found.weights["honesty"].low > 0 > found.weights["loyalty"].high
    assert found.questions == 40


def test_what_cannot_be_weighed_is_said() -> None:
    plain = Instrument(name="plain", questions=(pair("p", "x", "y"),))
    scale = Instrument(name="scale", questions=(stance("s", "x", tags={"a": 1.0}),))

    with pytest.raises(MeasurementError, match="neither values nor kinds"):
        value_weights(measure(plain, RandomChoice()))
    with pytest.raises(MeasurementError, match="no pair"):
        value_weights(measure(scale, RandomChoice()))
