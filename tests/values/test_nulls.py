from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from telic import seeding
from telic.errors import MeasurementError
from telic.values import (
    AlwaysFirst,
    Answer,
    Comparison,
    Comparisons,
    ContentReport,
    Cyclic,
    Item,
    RandomChoice,
    Respondent,
    Sticky,
    Unreliable,
    UtilityModel,
    Valuing,
    ask_pairs,
    bradley_terry,
    content_report,
    fit_utilities,
    hold_out,
    pairs_by_closeness,
    regular_pairs,
)
from telic.values.respondent import Orders

ITEMS = [f"i{k:02d}" for k in range(60)]
TWENTY = [f"i{k:02d}" for k in range(20)]


def pairs_of(names: list[str], seed: int) -> list[tuple[str, str]]:
    pairs = list(itertools.combinations(names, 2))
    chosen = seeding.numpy_stream(seed, "pairs").permutation(len(pairs))
    return [pairs[c] for c in chosen[: int(2 * len(names) * np.log2(len(names)))]]


def report_on(
    respondent: Respondent,
    *,
    names: list[str],
    seed: int = 0,
    repeats: int = 10,
    orders: Orders = "both",
) -> ContentReport:
    table = ask_pairs(respondent, pairs_of(names, seed), repeats=repeats, seed=seed, orders=orders)
    return content_report(Comparisons.of(table.rows(), items=names), UtilityModel(), seed=seed)


def valuing(
    seed: int,
    names: list[str],
    *,
    temperature: float = 1.0,
    position_bias: float = 0.0,
    indifference: float = 0.0,
) -> Valuing:
    utilities = seeding.numpy_stream(seed, "utilities").normal(size=len(names))
    return Valuing(
        utilities=dict(zip(names, utilities.tolist(), strict=True)),
        temperature=temperature,
        position_bias=position_bias,
        indifference=indifference,
    )


def test_a_sticky_respondent_is_flagged_although_its_hold_out_accuracy_is_high() -> None:
    report = report_on(Sticky(probability=0.9), names=ITEMS, orders="given")

    assert report.prediction.model.accuracy > 0.9
    assert report.verdict == "no content signal"
    assert report.first_rate["sticky"] == pytest.approx(0.9, abs=0.01)
    assert report.prediction.gain.high < 0  # the one-parameter null predicts better


@pytest.mark.slow
def test_sticky_is_flagged_where_close_pairs_are_asked_and_its_accuracy_is_97_percent() -> None:
    """Utility Engineering's design: close pairs to fit, a random 5 % of all pairs to predict.

    Shown in one order, the lower index first, liking what comes first looks like a utility that
    falls with the index; most random pairs lie far apart on it.
    """
    model = UtilityModel(link="normal", item_spread=True)
    every = list(itertools.combinations(ITEMS, 2))
    accuracies: list[float] = []
    for seed in range(3):
        rng = seeding.numpy_stream(seed, "close pairs")
        held = [every[k] for k in rng.permutation(len(every))[:89]]
        asked = [pair for pair in regular_pairs(ITEMS, degree=2, rng=rng) if pair not in held]
        while len(asked) < 708:
            fit = fit_utilities(sticky_table(asked, seed), model)
            count = min(160, 708 - len(asked))
            asked += pairs_by_closeness(fit, [*asked, *held], count=count, rng=rng)
        table, unseen = sticky_table(asked, seed), sticky_table(held, seed + 100)
        p = fit_utilities(table, model).predict(unseen)
        accuracies.append(float(((p[0] > p[2]) == (unseen.wins > unseen.n / 2)).mean()))

        assert content_report(table, model, seed=seed).verdict == "no content signal"

    assert np.mean(accuracies) == pytest.approx(0.97, abs=0.02)


def sticky_table(pairs: list[tuple[str, str]], seed: int) -> Comparisons:
    """Each pair shown once, lower index first, ten replies."""
    shown = [(min(pair), max(pair)) for pair in pairs]
    table = ask_pairs(Sticky(probability=0.9), shown, repeats=10, seed=seed, orders="given")
    return Comparisons.of(table.rows(), items=ITEMS)


@pytest.mark.slow
def test_losing_three_replies_in_ten_costs_little() -> None:
    for seed in range(10):
        inner = valuing(seed, ITEMS, temperature=0.5, position_bias=1.0)
        table = ask_pairs(
            Unreliable(inner=inner, unparsed=0.3), pairs_of(ITEMS, seed), repeats=10, seed=seed
        )
        table = Comparisons.of(table.rows(), items=ITEMS)
        truth = np.array([inner.utilities[name] for name in ITEMS])

        assert table.replies.unparsed / table.replies.asked == pytest.approx(0.3, abs=0.03)
        assert np.corrcoef(bradley_terry(table).utilities, truth)[0, 1] >= 0.98


def test_the_first_letter_every_time_is_no_content_signal() -> None:
    for orders in ("both", "given"):
        report = report_on(AlwaysFirst(), names=TWENTY, orders=orders)

        assert report.verdict == "no content signal"
        assert report.first_rate == {"always-first": 1.0}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("null", "orders"),
    [
        (RandomChoice(), "both"),
        (Sticky(probability=0.9), "both"),
        (Sticky(probability=0.9), "given"),
        (AlwaysFirst(), "both"),
    ],
    ids=["random", "sticky", "sticky-one-order", "always-first"],
)
def test_every_null_is_flagged_in_at_least_95_of_100_runs(null: Respondent, orders: Orders) -> None:
    names = [f"i{k:02d}" for k in range(12)]
    verdicts = [
        report_on(null, names=names, seed=seed, repeats=3, orders=orders).verdict
        for seed in range(100)
    ]

    assert verdicts.count("no content signal") >= 95


@pytest.mark.slow
def test_a_null_whose_replies_repeat_themselves_is_still_a_null() -> None:
    """At temperature 0 ten replies are one reply ten times: noise looks like conviction."""

    class Hashed:
        name = "hashed"

        def ask(self, item: Item, seed: int) -> Answer:
            draw = seeding.stream(self.salt, *item.options).random()
            return Answer("answered", int(draw < 0.3))

        def __init__(self, salt: int) -> None:
            self.salt = salt

    verdicts = [report_on(Hashed(s), names=TWENTY, seed=s, repeats=5).verdict for s in range(60)]

    assert verdicts.count("no content signal") >= 57


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("bias", [0.0, 2.0])
def test_a_respondent_with_values_is_heard_through_its_position_bias(
    seed: int, bias: float
) -> None:
    report = report_on(valuing(seed, TWENTY, position_bias=bias), names=TWENTY, seed=seed)

    assert report.verdict == "content signal"
    assert report.agreement_p is not None
    assert report.agreement_p < 0.01


def test_utilities_in_the_order_of_the_names_are_heard_as_well() -> None:
    ordered = Valuing(utilities={name: 0.3 * k for k, name in enumerate(TWENTY)})

    assert report_on(ordered, names=TWENTY).verdict == "content signal"


def test_lost_replies_do_not_hide_values_and_are_counted() -> None:
    inner = valuing(3, ITEMS, temperature=0.5, position_bias=1.0)
    someone = Unreliable(inner=inner, unparsed=0.3)
    table = ask_pairs(someone, pairs_of(ITEMS, 3), repeats=10, seed=3)
    table = Comparisons.of(table.rows(), items=ITEMS)
    truth = np.array([inner.utilities[name] for name in ITEMS])

    report = content_report(table, UtilityModel(), seed=0)

    assert report.verdict == "content signal"
    assert report.replies.unparsed / report.replies.asked == pytest.approx(0.3, abs=0.02)
    assert np.corrcoef(bradley_terry(table).utilities, truth)[0, 1] >= 0.98


def test_consistent_circles_are_content_without_a_utility() -> None:
    names = [f"i{k:02d}" for k in range(21)]

    report = report_on(Cyclic(circle=tuple(names)), names=names)

    assert report.verdict == "content without a utility"


def test_values_in_one_order_need_no_second_order_to_be_heard() -> None:
    someone = valuing(5, ITEMS, temperature=0.5, position_bias=0.5)
    pairs = [(b, a) if k % 2 else (a, b) for k, (a, b) in enumerate(pairs_of(ITEMS, 5))]
    table = ask_pairs(someone, pairs, repeats=5, seed=5, orders="given")

    report = content_report(table, UtilityModel(position_bias="shared"), seed=0)

    assert report.verdict == "content signal"
    assert report.agreement_p is None


def test_a_forced_choice_without_an_order_is_tested_too() -> None:
    rows = [
        Comparison(left=a, right=b, wins=10 if a < b else 0, n=10)
        for a, b in itertools.combinations(TWENTY, 2)
    ]

    report = content_report(Comparisons.of(rows), UtilityModel(), seed=0)

    assert report.verdict == "content signal"
    assert report.agreement_p is None


def test_two_opposite_position_biases_are_two_nulls_not_one_value() -> None:
    first = ask_pairs(Sticky(name="x", probability=0.9), pairs_of(TWENTY, 1), repeats=5, seed=1)
    last = ask_pairs(Sticky(name="y", probability=0.1), pairs_of(TWENTY, 1), repeats=5, seed=2)
    table = Comparisons.of([*first.rows(), *last.rows()])

    report = content_report(table, UtilityModel(), seed=0)

    assert report.verdict == "no content signal"
    assert report.first_rate["x"] > 0.85
    assert report.first_rate["y"] < 0.15


def test_a_coin_toss_scores_log_one_half_and_half_the_rows() -> None:
    table = ask_pairs(RandomChoice(), pairs_of(TWENTY, 0), repeats=4, seed=0)

    scores = hold_out(table, UtilityModel(), seed=0)

    assert scores.random.log_likelihood == pytest.approx(math.log(0.5))
    assert scores.random.accuracy == 0.5
    assert scores.model.log_likelihood < scores.random.log_likelihood


def test_held_out_pairs_are_predicted_by_a_fit_to_the_other_pairs() -> None:
    someone = valuing(2, TWENTY, temperature=0.5)
    table = ask_pairs(someone, pairs_of(TWENTY, 2), repeats=10, seed=2)

    scores = hold_out(table, UtilityModel(), seed=0)
    in_sample = fit_utilities(table, UtilityModel()).log_likelihood / table.replies.answered

    assert scores.gain.low > 0
    assert scores.sticky.log_likelihood < scores.model.log_likelihood < in_sample
    assert scores.pairs == len(pairs_of(TWENTY, 2))


def test_a_model_of_ties_is_scored_beside_nulls_that_know_ties() -> None:
    level = valuing(4, TWENTY, indifference=0.5)
    table = ask_pairs(level, pairs_of(TWENTY, 4), repeats=5, seed=4, allows_tie=True)

    scores = hold_out(table, UtilityModel(ties="davidson"), seed=0)

    assert table.ties.sum() > 0
    assert scores.random.log_likelihood < math.log(0.5)
    assert scores.gain.low > 0


def test_too_few_pairs_to_hold_out_get_a_sentence() -> None:
    table = ask_pairs(RandomChoice(), [("a", "b"), ("b", "c")], repeats=5, seed=0)

    with pytest.raises(MeasurementError, match=r"5 folds need 5 pairs.*got 2"):
        content_report(table, UtilityModel(), seed=0)
