from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.errors import MeasurementError, UnknownNameError, UsageError
from telic.values._interval import bounded_interval, clustered_ratio
from telic.values.instrument import Instrument, Option, Question
from telic.values.measurement import Measurement, Reply, measure
from telic.values.profiles import profile, schwartz_distance
from telic.values.projection import Projection
from telic.values.questions import choice, rating, relevance, stance
from telic.values.respondent import Answer, Item
from telic.values.synthetic import AlwaysFirst, RandomChoice, Unreliable, Valuing
from telic.values.taxonomies import SCHWARTZ, SCHWARTZ_HIGHER


class Saying:
    """Gives a fixed answer to each question by name, ``""`` for ambivalence."""

    name = "saying"

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers = answers

    def ask(self, item: Item, seed: int) -> Answer:
        if item.id not in self.answers:
            return Answer("refused")
        said = self.answers[item.id]
        return Answer("answered", item.options.index(said) if said else None)


DILEMMAS = Instrument(
    name="dilemmas",
    questions=tuple(
        Question(
            id=f"d{k}",
            form="pair",
            options=(
                Option("to_do", tags={"honesty": 1.0}),
                Option("not_to_do", tags={"loyalty": 1.0, "peace": 1.0}),
            ),
            offers_ambivalent=True,
        )
        for k in range(4)
    ),
)


def test_a_choice_counts_selected_minus_neglected_over_total() -> None:
    who = Saying({"d0": "to_do", "d1": "to_do", "d2": "to_do", "d3": "not_to_do"})

    scores = profile(measure(DILEMMAS, who))

    assert scores.vector() == {"honesty": 0.5, "loyalty": -0.5, "peace": -0.5}
    assert scores["honesty"].questions == 4
    assert scores["honesty"].replies.asked == 8


def test_ambivalence_counts_in_the_denominator_and_a_refusal_does_not() -> None:
    who = Saying({"d0": "to_do", "d1": ""})

    score = profile(measure(DILEMMAS, who))["honesty"]

    assert score.value == 0.5
    assert score.questions == 2
    assert (score.replies.asked, score.replies.answered, score.replies.refused) == (8, 4, 4)


def test_a_reverse_keyed_rating_turns_the_sign() -> None:
    instrument = Instrument(
        name="r",
        questions=(
            rating("plus", "I share.", tags={"care": 1.0}),
            rating("minus", "I take.", tags={"care": -1.0}),
        ),
    )

    assert profile(measure(instrument, Saying({"plus": "6", "minus": "1"})))["care"].value == 1.0
    assert profile(measure(instrument, Saying({"plus": "6", "minus": "6"})))["care"].value == 0.0


def test_centring_takes_off_how_high_everything_is_rated() -> None:
    words = [f"w{k}" for k in range(5)]
    instrument = Instrument(
        name="r",
        questions=tuple(
            rating(name, name, tags={name: 1.0}, words=words) for name in ("power", "security")
        ),
    )
    high = measure(instrument, Saying({"power": "4", "security": "5"}))

    centred = profile(high, centre="mean")

    assert centred.vector() == pytest.approx({"power": -0.25, "security": 0.25})
    assert profile(high).vector() == pytest.approx({"power": 0.5, "security": 1.0})


def test_a_stance_and_a_relevance_have_their_own_ends() -> None:
    instrument = Instrument(
        name="s",
        questions=(stance("s", "x", tags={"a": 1.0}), relevance("r", "x", tags={"b": 1.0})),
    )

    assert profile(measure(instrument, Saying({"s": "oppose", "r": "no"}))).vector() == {
        "a": -1.0,
        "b": 0.0,
    }


def test_always_first_has_no_profile_under_counterbalancing_and_a_false_one_without() -> None:
    balanced = profile(measure(DILEMMAS, AlwaysFirst()))
    fixed = profile(measure(DILEMMAS, AlwaysFirst(), orders="given"))

    assert set(balanced.vector().values()) == {0.0}
    assert fixed["honesty"].value == 1.0


def test_a_projection_scores_the_same_answers_on_other_dimensions() -> None:
    theory = Projection(
        name="two",
        dimensions=("truth", "group"),
        weights={"honesty": {"truth": 1}, "loyalty": {"group": 1}},
    )
    measured = measure(DILEMMAS, Saying({f"d{k}": "to_do" for k in range(4)}))

    scores = profile(measured, theory)

    assert scores.vector() == {"truth": 1.0, "group": -1.0}
    assert scores.unmapped == ("peace",)


def test_the_ten_basic_values_project_onto_four() -> None:
    instrument = Instrument(
        name="s", questions=tuple(rating(v, v, tags={v: 1.0}) for v in SCHWARTZ)
    )
    answers = dict.fromkeys(SCHWARTZ, "1") | {"security": "6", "conformity": "6", "tradition": "6"}

    higher = profile(measure(instrument, Saying(answers)), SCHWARTZ_HIGHER)

    assert higher["conservation"].value == 1.0
    assert higher["self-transcendence"].value == -1.0


def test_one_question_has_no_interval_but_the_whole_range() -> None:
    measured = measure(DILEMMAS.only(["d0"]), Saying({"d0": "to_do"}), repeats=50)

    score = profile(measured)["honesty"]

    assert (score.low, score.high, score.questions) == (-1, 1, 1)
    assert math.isinf(score.error)


def test_agreement_of_every_question_is_not_certainty() -> None:
    score = profile(measure(DILEMMAS, Saying({f"d{k}": "to_do" for k in range(4)})))["honesty"]

    assert score.high == 1.0
    assert score.low < 0.5


def test_a_dimension_whose_questions_were_refused_has_no_score() -> None:
    instrument = Instrument(
        name="s", questions=(stance("s", "x", tags={"a": 1.0}), stance("t", "x", tags={"b": 1.0}))
    )

    scores = profile(measure(instrument, Saying({"s": "support"})))

    assert scores.scores["b"] is None
    with pytest.raises(MeasurementError, match="answered no question on 'b'"):
        scores["b"]
    with pytest.raises(UnknownNameError, match="unknown dimension 'c'"):
        scores["c"]


def test_nothing_answered_and_nothing_tagged_are_said() -> None:
    silent = Unreliable(inner=AlwaysFirst(), unparsed=1.0)
    plain = Instrument(name="plain", questions=(choice("c", "xyz"),))

    with pytest.raises(MeasurementError, match="answered no question"):
        profile(measure(DILEMMAS, silent))
    with pytest.raises(MeasurementError, match="loads on a dimension"):
        profile(measure(plain, AlwaysFirst()))


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    rng = np.random.default_rng(5)
    hits, runs = 0, 800
    for _ in range(runs):
        lean = np.clip(rng.normal(0.65, 0.2, size=25), 0, 1)
        right = rng.binomial(8, lean)
        value, error = clustered_ratio(right.astype(float), np.full(25, 8.0))
        low, high = bounded_interval(value, error, clusters=25, level=0.9, low=0.0, high=1.0)
        hits += low <= 0.6443 <= high  # the mean of the clipped normal, by quadrature

    assert 0.86 <= hits / runs <= 0.94


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=12),
    st.floats(0.5, 0.99),
)
def test_an_interval_holds_its_value_and_stays_in_range(
    counts: list[tuple[int, int]], level: float
) -> None:
    right = np.array([a for a, _ in counts], dtype=float)
    total = np.array([a + b + 1 for a, b in counts], dtype=float)

    value, error = clustered_ratio(right, total)
    low, high = bounded_interval(value, error, clusters=len(counts), level=level, low=0.0, high=1.0)

    assert 0 <= low <= value <= high <= 1
    assert low < high


def test_a_level_outside_0_and_1_is_refused() -> None:
    with pytest.raises(UsageError, match="between 0 and 1"):
        profile(measure(DILEMMAS, AlwaysFirst()), level=90)


def test_the_schwartz_distance_is_the_published_sum() -> None:
    values = {"benevolence": 2.0, "power": 0.2, "security": -1.0}
    target = {"benevolence": 1.0, "power": -1.0, "security": 0.5}

    distance = schwartz_distance(values, target)

    expected = abs(math.tanh(2.0) - 1.0) * 1.0 + abs(math.tanh(-1.0) - 0.5) * 0.5
    assert distance == pytest.approx(expected)
    assert schwartz_distance({"power": 50.0}, {"power": 1.0}) == pytest.approx(0.0)
    with pytest.raises(MeasurementError, match="security"):
        schwartz_distance({"benevolence": 1, "power": 0}, target)


def test_planted_weights_come_back_in_their_order() -> None:
    rng = np.random.default_rng(2)
    names = ["care", "honesty", "order", "wealth"]
    weight = dict(zip(names, (2.0, 1.0, -1.0, -2.0), strict=True))
    questions, worth = [], {}
    for k in range(120):
        left, right = rng.choice(4, 2, replace=False)
        a, b = Option(f"{k}a", tags={names[left]: 1.0}), Option(f"{k}b", tags={names[right]: 1.0})
        worth |= {a.name: weight[names[left]], b.name: weight[names[right]]}
        questions.append(Question(id=str(k), form="pair", options=(a, b)))
    instrument = Instrument(name="planted", questions=tuple(questions))

    scores = profile(measure(instrument, Valuing(utilities=worth, temperature=2.0), repeats=3))
    null = profile(measure(instrument, RandomChoice(), repeats=3))

    assert sorted(scores.vector(), key=scores.vector().__getitem__) == names[::-1]
    assert scores["care"].low > 0 > scores["wealth"].high
    assert sum(s is not None and s.low <= 0 <= s.high for s in null.scores.values()) >= 3


def test_a_measurement_may_be_made_of_replies_from_elsewhere() -> None:
    replies = (Reply("d0", ("to_do", "not_to_do"), 0, "answered", "to_do"),)

    scores = profile(Measurement(DILEMMAS, "log", 0, "given", replies))

    assert scores["honesty"].value == 1.0


def test_a_random_choice_among_four_scores_0_and_a_steady_one_1() -> None:
    views = tuple(
        Question(
            id=f"v{k}",
            form="choice",
            options=tuple(Option(view, tags={view: 1.0}) for view in "abcd"),
            offers_ambivalent=True,
        )
        for k in range(40)
    )
    instrument = Instrument(name="views", questions=views)

    null = profile(measure(instrument, AlwaysFirst()))
    steady = profile(measure(instrument, Saying({question.id: "a" for question in views})))
    even = profile(measure(instrument, Saying({question.id: "" for question in views})))

    assert null.vector() == pytest.approx(dict.fromkeys("abcd", 0.0))
    assert steady.vector() == pytest.approx({"a": 1.0, "b": -1.0, "c": -1.0, "d": -1.0})
    assert even.vector() == dict.fromkeys("abcd", 0.0)
