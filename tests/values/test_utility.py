"""Fits against brute force, against other packages' numbers and against planted truth."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, ndtr

from telic import seeding
from telic.errors import MeasurementError, UnknownNameError, UsageError
from telic.values import (
    Comparison,
    Comparisons,
    UtilityFit,
    UtilityModel,
    Valuing,
    ask_pairs,
    bradley_terry,
    fit_utilities,
    thurstone,
)
from telic.values._design import build_design
from telic.values.comparison import Shown

Floats = NDArray[np.floating]


def small_table(seed: int, *, items: int = 4, raters: int = 2) -> Comparisons:
    """A random table in which everybody has beaten everybody and tied with them."""
    rng = seeding.numpy_stream(seed, "small table")
    rows: list[Comparison] = []
    for left, right in itertools.permutations(range(items), 2):
        for rater in range(raters):
            wins, ties, losses = rng.integers(1, 5, size=3)
            shown = ("left", "right", "")[rng.integers(3)]
            rows.append(
                Comparison(
                    left=f"i{left}",
                    right=f"i{right}",
                    shown=shown,
                    respondent=f"r{rater}",
                    wins=float(wins),
                    ties=float(ties),
                    n=float(wins + ties + losses),
                )
            )
    return Comparisons.of(rows)


def all_models(**extra: float) -> list[UtilityModel]:
    models: list[UtilityModel] = []
    for link, ties, bias, skill, spread in itertools.product(
        ("logistic", "normal"),
        ("half", "davidson", "threshold"),
        ("none", "shared", "respondent"),
        (False, True),
        (False, True),
    ):
        if (link == "logistic" and spread) or (link == "normal" and ties == "davidson"):
            continue
        models.append(
            UtilityModel(
                link=link,
                ties=ties,
                position_bias=bias,
                rater_skill=skill,
                item_spread=spread,
                **extra,
            )
        )
    return models


def named(model: UtilityModel) -> str:
    parts = [model.link, model.ties, model.position_bias]
    return "-".join(parts + ["skill"] * model.rater_skill + ["spread"] * model.item_spread)


@pytest.mark.parametrize("model", all_models(), ids=named)
def test_gradient_and_hessian_agree_with_finite_differences(model: UtilityModel) -> None:
    table = small_table(1)
    design = build_design(table, model, features=None, cluster=np.arange(len(table)))
    rng = seeding.numpy_stream(0, "point", named(model))
    theta, weights = rng.normal(size=design.size), rng.uniform(0.5, 1.5, design.counts.shape[1])
    steps = 1e-5 * np.eye(design.size)

    loss, gradient = design.loss(theta, weights)
    by_value = [
        (design.loss(theta + s, weights)[0] - design.loss(theta - s, weights)[0]) / 2e-5
        for s in steps
    ]
    by_gradient = [
        (design.loss(theta + s, weights)[1] - design.loss(theta - s, weights)[1]) / 2e-5
        for s in steps
    ]

    assert gradient == pytest.approx(np.array(by_value), rel=1e-6, abs=1e-8 * abs(loss))
    hessian = design.hessian(theta, weights)
    assert np.abs(hessian - by_gradient).max() < 1e-6 * np.abs(hessian).max()


def plain_log_likelihood(
    table: Comparisons, model: UtilityModel, u: Floats, bias: Floats, tie: float
) -> float:
    """The same likelihood written out reply by reply, with none of the shared design."""
    cdf = expit if model.link == "logistic" else ndtr
    total = 0.0
    for row in table.rows():
        gap = u[table.items.index(row.left)] - u[table.items.index(row.right)]
        place = table.respondents.index(row.respondent) if len(bias) > 1 else 0
        sign = {"left": 1, "right": -1, "": 0}[row.shown]
        gap += sign * (bias[place] if len(bias) else 0.0)
        if model.ties == "half":
            p_left, p_tie = cdf(gap), 1.0
            counts = (row.wins + row.ties / 2, 0.0, row.n - row.wins - row.ties / 2)
            p_right = 1 - p_left
        elif model.ties == "davidson":
            weights = np.array([np.exp(gap / 2), np.exp(tie), np.exp(-gap / 2)])
            p_left, p_tie, p_right = weights / weights.sum()
            counts = (row.wins, row.ties, row.n - row.wins - row.ties)
        else:
            p_left, p_right = cdf(gap - np.exp(tie)), cdf(-gap - np.exp(tie))
            p_tie = 1 - p_left - p_right
            counts = (row.wins, row.ties, row.n - row.wins - row.ties)
        total += float(counts @ np.log([p_left, p_tie, p_right]))
    return total


@pytest.mark.parametrize(
    "model",
    [m for m in all_models(ridge=0.0) if not m.rater_skill and not m.item_spread],
    ids=named,
)
def test_fits_agree_with_a_likelihood_written_out_in_full(model: UtilityModel) -> None:
    table = small_table(2)
    biases = {"none": 0, "shared": 1, "respondent": 2}[model.position_bias]

    def loss(theta: Floats) -> float:
        u = np.append(theta[:3], -theta[:3].sum())
        return -plain_log_likelihood(table, model, u, theta[3 : 3 + biases], theta[-1])

    start = np.zeros(4 + biases)
    found = minimize(loss, start, method="BFGS", options={"gtol": 1e-7})
    fit = fit_utilities(table, model)

    assert fit.log_likelihood == pytest.approx(-found.fun, abs=1e-8)
    assert fit.utilities[:3] == pytest.approx(found.x[:3], abs=1e-5)
    if model.ties != "half":
        assert fit.tie().value == pytest.approx(found.x[-1], abs=1e-5)


def of_wins(wins: list[tuple[int, int]], size: int) -> Comparisons:
    rows = (Comparison(left=str(a), right=str(b), wins=1, n=1) for a, b in wins)
    return Comparisons.of(rows, items=[str(i) for i in range(size)])


# Reference values of choix 0.4.1. The first two are its published test cases
# (tests/data/testcase-pairwise-{1,2}.json, "ml_est"), the third its introductory notebook's
# data; the rest are choix.opt_pairwise(n, data, alpha=..., tol=1e-12). choix adds
# alpha·Σθ² to the loss, which is a ridge of 2·alpha.
NOTEBOOK = [(1, 0), (0, 4), (3, 1), (0, 2), (2, 4), (4, 3)]
# fmt: off
SIXTY = [(1, 4), (4, 0), (5, 3), (2, 1), (4, 3), (4, 1), (0, 2), (1, 3), (1, 0), (5, 2), (3, 1),
         (3, 4), (3, 1), (3, 0), (5, 4), (1, 2), (2, 1), (1, 4), (4, 0), (2, 0), (4, 5), (5, 1),
         (3, 5), (3, 4), (3, 0), (4, 2), (5, 3), (5, 1), (5, 0), (0, 5), (5, 0), (0, 3), (5, 0),
         (5, 2), (2, 4), (0, 3), (4, 1), (4, 3), (2, 3), (3, 2), (5, 1), (5, 1), (3, 4), (5, 4),
         (0, 1), (4, 3), (1, 3), (2, 0), (5, 4), (4, 2), (1, 4), (0, 4), (1, 2), (5, 3), (2, 0),
         (1, 4), (0, 2), (5, 2), (5, 3), (5, 3)]
# fmt: on
CHOIX = [
    ([(0, 1), (1, 2), (2, 0)], 0.0, [0.0, 0.0, 0.0]),
    ([(0, 1), (0, 1), (1, 2), (2, 0)], 0.0, [0.419617624, -0.419617624, 0.0]),
    (NOTEBOOK, 0.0, [0.5828135692, 0.1942711897, 0.0, -0.1942711897, -0.5828135692]),
    (
        SIXTY,
        0.0,
        [-0.4350500689, -0.2006874836, -0.4046953890, -0.2568266226, -0.2061571542, 1.5034167183],
    ),
    (
        SIXTY,
        0.05,
        [-0.4216012238, -0.1938132752, -0.3904945826, -0.2512090430, -0.1993070524, 1.4564251770],
    ),
]


@pytest.mark.parametrize(("wins", "alpha", "expected"), CHOIX)
def test_bradley_terry_agrees_with_choix(
    wins: list[tuple[int, int]], alpha: float, expected: list[float]
) -> None:
    fit = fit_utilities(of_wins(wins, len(expected)), UtilityModel(ridge=2 * alpha))

    assert fit.utilities == pytest.approx(np.array(expected), abs=1e-5)


# Reference values of evalica 0.4.2 on its public simple.csv and food.csv:
# log scores of evalica.bradley_terry (ties are half wins) and evalica.newman (whose v is half
# of Davidson's parameter), both with tolerance=1e-13, limit=100000, less their mean.
# Each letter pair below is one vote: left item, right item, and w(in), l(oss) or t(ie).
SIMPLE = "01t 02l 02t 04t 10w 12t 12t 13t 24t 30w 31w 32w 34t 34t 40w 43w"
FOOD = (  # b(urger), p(asta), z (pizza), s(ushi), t(acos)
    "zsw bpl tzw stl bzw psl tbw zpt sbl ptw bsl tzw spt btw zbl "
    "ptl bsl tpw ztl sbw pzl bsl tpw zsw sbl ptl tzw bpl stw zbl"
)
EVALICA = [
    (
        SIMPLE,
        "01234",
        [-1.1442781174, -0.1958210472, -0.1917501495, 0.7475845249, 0.7842647892],
        [-3.9457175928, -0.6603351745, -0.6578831405, 2.6230299442, 2.6409059635],
        3.4609991142,
    ),
    (
        FOOD,
        "bpzst",
        [-0.1567633439, -0.3005897766, -0.5589017960, 0.0963606427, 0.9198942738],
        [-0.1699225368, -0.3254570805, -0.6052897287, 0.1035695636, 0.9970997824],
        0.0786419123,
    ),
]


def of_votes(votes: str, items: str) -> Comparisons:
    rows = (
        Comparison(left=v[0], right=v[1], wins=v[2] == "w", ties=v[2] == "t", n=1)
        for v in votes.split()
    )
    return Comparisons.of(rows, items=items)


@pytest.mark.parametrize(("votes", "items", "halves", "davidson", "v"), EVALICA)
def test_ties_agree_with_evalica_as_half_wins_and_as_an_outcome(
    votes: str, items: str, halves: list[float], davidson: list[float], v: float
) -> None:
    table = of_votes(votes, items)

    as_halves = fit_utilities(table, UtilityModel(ridge=0.0))
    as_outcome = fit_utilities(table, UtilityModel(ties="davidson", ridge=0.0))

    assert as_halves.utilities == pytest.approx(np.array(halves), abs=1e-5)
    assert as_outcome.utilities == pytest.approx(np.array(davidson), abs=1e-5)
    assert np.exp(as_outcome.tie().value) == pytest.approx(2 * v, abs=1e-5)


ITEMS = [f"i{k:02d}" for k in range(60)]


def sixty(seed: int) -> tuple[dict[str, float], list[tuple[str, str]]]:
    """Utilities of 60 items and 2·N·log2 N pairs, the design of Utility Engineering."""
    rng = seeding.numpy_stream(seed, "sixty items")
    utilities = rng.normal(size=60)
    pairs = list(itertools.combinations(ITEMS, 2))
    chosen = rng.permutation(len(pairs))[: int(2 * 60 * np.log2(60))]
    return dict(zip(ITEMS, utilities.tolist(), strict=True)), [pairs[c] for c in chosen]


def fit_sixty(seed: int, bias: float) -> tuple[UtilityFit, Floats]:
    utilities, pairs = sixty(seed)
    someone = Valuing(utilities=utilities, temperature=0.5, position_bias=bias)
    table = ask_pairs(someone, pairs, repeats=10, seed=seed)
    table = Comparisons.of(table.rows(), items=ITEMS)
    truth = np.array([utilities[name] for name in ITEMS]) / 0.5
    return bradley_terry(table), truth - truth.mean()


@pytest.mark.slow
@pytest.mark.parametrize("bias", [0.0, 1.0])
def test_utilities_and_position_bias_are_recovered_with_honest_intervals(bias: float) -> None:
    covered: list[float] = []
    for seed in range(10):
        fit, truth = fit_sixty(seed, bias)
        low, high = fit.intervals(level=0.9).T

        assert np.corrcoef(fit.utilities, truth)[0, 1] >= 0.99
        assert fit.position_bias().value == pytest.approx(bias, abs=0.1)
        covered.append(float(((low <= truth) & (truth <= high)).mean()))

    assert 0.85 <= np.mean(covered) <= 0.95


def test_thurstone_recovers_utilities_in_its_own_unit() -> None:
    fits: list[UtilityFit] = []
    for item_spread in (False, True):
        utilities, pairs = sixty(3)
        someone = Valuing(utilities=utilities, noise="normal", position_bias=0.5)
        table = ask_pairs(someone, pairs, repeats=10, seed=3)
        table = Comparisons.of(table.rows(), items=ITEMS)
        fits.append(thurstone(table, item_spread=item_spread))
        truth = np.array([utilities[name] for name in ITEMS])
        slope = np.polyfit(truth, fits[-1].utilities, 1)[0]

        assert np.corrcoef(fits[-1].utilities, truth)[0, 1] > 0.99
        assert slope == pytest.approx(1.0, abs=0.1)

    # The Gumbel part of the respondent's position bias is 0; its unit is the link's.
    assert fits[0].position_bias().value == pytest.approx(0.5, abs=0.1)


def test_planted_item_spreads_are_told_apart() -> None:
    rng = seeding.numpy_stream(4, "spreads")
    size = 12
    truth, wide = rng.normal(size=size), np.arange(size) % 2 == 0
    sigma = np.where(wide, 1.5, 0.4)
    left, right = np.triu_indices(size, 1)
    p = ndtr((truth[left] - truth[right]) / np.hypot(sigma[left], sigma[right]))
    wins = rng.binomial(300, p).astype(float)
    table = Comparisons.of_counts(
        [str(i) for i in range(size)], left, right, wins=wins, n=np.full(len(left), 300.0)
    )

    spreads = fit_utilities(table, UtilityModel(link="normal", item_spread=True)).spreads()

    assert spreads[wide].min() > spreads[~wide].max()


@pytest.mark.parametrize("ties", ["davidson", "threshold"])
def test_a_planted_tie_parameter_is_recovered(ties: str) -> None:
    rng = seeding.numpy_stream(5, "ties", ties)
    truth = rng.normal(size=20)
    left, right = np.triu_indices(20, 1)
    gap = truth[left] - truth[right]
    if ties == "davidson":
        weights = np.stack([np.exp(gap / 2), np.full(len(gap), np.exp(0.3)), np.exp(-gap / 2)])
    else:
        win, loss = expit(gap - np.exp(0.3)), expit(-gap - np.exp(0.3))
        weights = np.stack([win, 1 - win - loss, loss])
    counts = rng.multinomial(40, (weights / weights.sum(axis=0)).T)
    rows = [
        Comparison(left=f"{a:02d}", right=f"{b:02d}", wins=w, ties=t, n=40)
        for a, b, (w, t, _) in zip(left, right, counts.tolist(), strict=True)
    ]

    model = UtilityModel(ties="davidson" if ties == "davidson" else "threshold")
    fit = fit_utilities(Comparisons.of(rows), model)

    assert fit.tie().low < 0.3 < fit.tie().high
    assert fit.tie().value == pytest.approx(0.3, abs=0.1)
    assert np.corrcoef(fit.utilities, truth)[0, 1] > 0.98


@pytest.mark.parametrize("seed", range(3))
def test_planted_rater_skills_and_guesses_are_recovered(seed: int) -> None:
    """Raters look with probability ``skill``, else take the first with probability ``guess``."""
    rng = seeding.numpy_stream(seed, "raters")
    truth = 2.5 * rng.normal(size=20)
    skills = np.array([0.95, 0.8, 0.6, 0.5, 0.7, 0.3])
    guesses = np.array([0.5, 0.95, 0.05, 0.95, 0.5, 0.05])
    left, right = np.nonzero(~np.eye(20, dtype=np.bool_))
    looked = expit(truth[left] - truth[right])
    rows: list[Comparison] = []
    for rater, (skill, guess) in enumerate(zip(skills, guesses, strict=True)):
        wins = rng.binomial(8, skill * looked + (1 - skill) * guess)
        rows += [
            Comparison(
                left=f"{a:02d}", right=f"{b:02d}", shown="left", respondent=f"r{rater}", wins=w, n=8
            )
            for a, b, w in zip(left, right, wins.tolist(), strict=True)
        ]
    table = Comparisons.of(rows, items=[f"{k:02d}" for k in range(20)])

    fit = fit_utilities(table, UtilityModel(rater_skill=True))

    found = np.array([fit.skill(f"r{k}").value for k in range(6)])
    assert found == pytest.approx(skills, abs=0.08)
    biased = skills < 0.9  # a rater who nearly always looks shows little of how it guesses
    found = np.array([fit.guess(f"r{k}").value for k in range(6)])
    assert found[biased] == pytest.approx(guesses[biased], abs=0.08)
    assert np.corrcoef(fit.utilities, truth)[0, 1] > 0.98


def test_each_respondent_may_have_a_position_bias_of_its_own() -> None:
    utilities, pairs = sixty(6)
    tables = [
        ask_pairs(
            Valuing(name=f"r{b}", utilities=utilities, position_bias=b),
            pairs[:300],
            repeats=10,
            seed=6,
        )
        for b in (-1.0, 0.0, 2.0)
    ]
    table = Comparisons.of(row for t in tables for row in t.rows())

    fit = fit_utilities(table, UtilityModel(position_bias="respondent"))

    for bias in (-1.0, 0.0, 2.0):
        assert fit.position_bias(f"r{bias}").value == pytest.approx(bias, abs=0.15)


def test_a_bias_to_do_is_reported_and_does_not_leak_into_the_values_served() -> None:
    """Acting is always the left option; each option serves some of four values."""
    rng = seeding.numpy_stream(7, "to do")
    served = rng.integers(0, 2, size=(400, 4)).astype(float)
    weights = np.array([1.0, 0.5, -0.5, -1.0])
    acting = np.arange(0, 400, 2)
    p = expit((served[acting] - served[acting + 1]) @ weights + 1.2)
    table = Comparisons.of_counts(
        [str(i) for i in range(400)],
        acting,
        acting + 1,
        wins=rng.binomial(20, p).astype(float),
        n=np.full(200, 20.0),
        shown=np.ones(200, dtype=np.int8),
    )

    fit = fit_utilities(table, UtilityModel(position_bias="shared"), features=served)

    assert fit.position_bias().value == pytest.approx(1.2, abs=0.15)
    assert fit.weights() == pytest.approx(weights, abs=0.15)


def test_replies_without_an_answer_change_counts_and_nothing_else() -> None:
    table = small_table(8)
    lost = [Comparison(left="i0", right="i1", refused=9, unparsed=5)]

    plain = bradley_terry(table)
    with_lost = bradley_terry(Comparisons.of([*table.rows(), *lost]))

    assert with_lost.utilities == pytest.approx(plain.utilities, abs=1e-12)
    assert with_lost.replies.refused == 9
    assert with_lost.replies.asked == plain.replies.asked + 14


@pytest.mark.parametrize("model", all_models(), ids=named)
def test_swapping_the_sides_of_every_row_changes_nothing(model: UtilityModel) -> None:
    table = small_table(9)
    mirror: dict[Shown, Shown] = {"left": "right", "right": "left", "": ""}
    swapped = Comparisons.of(
        [
            Comparison(
                left=r.right,
                right=r.left,
                shown=mirror[r.shown],
                respondent=r.respondent,
                wins=r.n - r.wins - r.ties,
                ties=r.ties,
                n=r.n,
            )
            for r in table.rows()
        ],
        items=table.items,
    )

    fit, twin = fit_utilities(table, model), fit_utilities(swapped, model)

    assert twin.utilities == pytest.approx(fit.utilities, abs=1e-7)
    assert twin.predict(swapped) == pytest.approx(fit.predict(table)[::-1], abs=1e-7)


@pytest.mark.parametrize("model", all_models(), ids=named)
def test_predicted_outcomes_are_probabilities_and_utilities_sum_to_zero(
    model: UtilityModel,
) -> None:
    table = small_table(10)

    fit = fit_utilities(table, model)
    p = fit.predict(table)

    assert p.sum(axis=0) == pytest.approx(np.ones(len(table)), abs=1e-9)
    assert (p >= 0).all()
    assert fit.utilities.sum() == pytest.approx(0, abs=1e-9)
    assert np.abs(fit.covariance.sum(axis=0)).max() < 1e-9
    assert np.linalg.eigvalsh(fit.covariance).min() > -1e-10


def test_predictions_follow_the_fit_where_the_right_item_comes_first() -> None:
    fit = fit_utilities(of_votes("abw abw abw abl", "ab"), UtilityModel(ridge=0.0))
    asked = Comparisons.of([Comparison(left="b", right="a", n=1)], items="ab")

    assert fit.predict(asked)[:, 0] == pytest.approx([0.25, 0.0, 0.75])


def test_an_interval_widens_with_its_level_and_a_difference_knows_the_covariance() -> None:
    fit = bradley_terry(small_table(11))

    narrow, wide = fit.utility("i0", level=0.5), fit.utility("i0", level=0.99)
    there, back = fit.difference("i0", "i1"), fit.difference("i1", "i0")

    assert wide.low < narrow.low < narrow.value < narrow.high < wide.high
    assert there.value == pytest.approx(-back.value)
    assert there.error == pytest.approx(back.error)
    assert fit.difference("i0", "i0").error == pytest.approx(0, abs=1e-9)


def test_separate_groups_are_named_and_need_a_ridge() -> None:
    table = of_votes("abw abl cdw cdl", "abcd")

    fit = bradley_terry(table)

    assert fit.connected.groups == (("a", "b"), ("c", "d"))
    assert "2 groups that were never compared" in fit.sentences[0]
    with pytest.raises(MeasurementError, match="without a ridge"):
        fit_utilities(table, UtilityModel(ridge=0.0))


def test_an_item_that_never_loses_needs_a_ridge() -> None:
    table = of_votes("abw acw bcw bcl", "abc")

    fit = bradley_terry(table)

    assert fit.connected.is_connected
    assert not fit.connected.is_mutual
    assert np.isfinite(fit.utilities).all()
    assert "bounded by the prior alone" in fit.sentences[0]
    with pytest.raises(MeasurementError, match="would be infinite"):
        fit_utilities(table, UtilityModel(ridge=0.0))


def test_a_well_connected_table_needs_no_warning() -> None:
    assert bradley_terry(small_table(12)).sentences == ()


def test_no_answer_at_all_gets_a_sentence_with_the_counts() -> None:
    table = Comparisons.of([Comparison(left="a", right="b", refused=3, unparsed=4)])

    with pytest.raises(MeasurementError, match="7 asked, 0 answered, 3 refused, 4 unparsed"):
        bradley_terry(table)


def test_one_item_only_gets_a_sentence() -> None:
    with pytest.raises(MeasurementError, match="at least two items; got 'a' only"):
        bradley_terry(Comparisons.of([], items=["a"]))


def test_models_refuse_terms_that_do_not_go_together() -> None:
    with pytest.raises(UsageError, match="ridge must be 0 or more"):
        UtilityModel(ridge=-1.0)
    with pytest.raises(UsageError, match="Davidson ties need the logistic link"):
        UtilityModel(link="normal", ties="davidson")
    with pytest.raises(UsageError, match="item spreads need the normal link"):
        UtilityModel(item_spread=True)


def test_asking_for_what_a_fit_does_not_have_gets_a_sentence() -> None:
    fit = fit_utilities(small_table(13), UtilityModel())

    with pytest.raises(UnknownNameError, match="unknown item 'i9'"):
        fit.utility("i9")
    with pytest.raises(UsageError, match="no bias term"):
        fit.position_bias("r0")
    with pytest.raises(UsageError, match="no skill term"):
        fit.skill("r0")
    with pytest.raises(UsageError, match="between 0 and 1"):
        fit.intervals(level=1.0)
    with pytest.raises(MeasurementError, match="the fit's items"):
        fit.predict(of_votes("abw", "ab"))


def test_replies_that_disagree_with_every_term_still_give_finite_numbers() -> None:
    table = Comparisons.of([Comparison(left="a", right="b", shown="left", wins=1000, n=1000)])

    for model in all_models():
        fit = fit_utilities(table, model)
        assert np.isfinite(fit.utilities).all()
        assert np.isfinite(fit.covariance).all()


def test_features_that_say_the_same_twice_need_a_ridge() -> None:
    table = small_table(14)
    doubled = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])

    with pytest.raises(MeasurementError, match="undecided"):
        fit_utilities(table, UtilityModel(ridge=0.0), features=doubled)
    with_ridge = fit_utilities(table, UtilityModel(), features=doubled)
    assert with_ridge.weights()[0] == pytest.approx(with_ridge.weights()[1])


def test_the_bias_of_an_unknown_respondent_is_refused_by_name() -> None:
    fit = fit_utilities(small_table(15), UtilityModel(position_bias="respondent"))

    with pytest.raises(UnknownNameError, match="unknown respondent 'r9'"):
        fit.position_bias("r9")
