"""The parts that recipes about values stage for themselves do what their names say."""

from __future__ import annotations

import pytest

from telic.recipes import clash, cvc, intrinsic_values, moral_graph, nurvalues, value_kaleidoscope
from telic.seeding import stream
from telic.values import AlwaysFirst, Informed, MoralGraph, Vote, measure
from telic.values.taxonomies import NURSING, SCHWARTZ


def test_rank_leaks_in_the_published_computation_and_nowhere_else():
    votes = [Vote(f"p{k}", source, "c", "wiser") for k in range(4) for source in ("a", "b")]

    rank, mass = moral_graph.published(votes)

    # a and b keep 0.15/3 each and pass .85 of it on to c, which loses what it has.
    assert rank["a"] == rank["b"] == pytest.approx(0.05)
    assert rank["c"] == pytest.approx(0.05 + 0.85 * 0.1)
    assert mass == pytest.approx(sum(rank.values()))
    assert sum(MoralGraph.of(votes).page_rank.values()) == pytest.approx(1)


def test_a_chain_of_wordings_is_one_in_any_order_but_not_for_the_greedy_way():
    truth = value_kaleidoscope.stakes(stream(0, "stakes"), 0)[:1]
    said = next(
        said
        for seed in range(50)
        if len(said := value_kaleidoscope.listed(truth, stream(seed, "listed"), 0.0)) == 3
    )
    first, middle, last = sorted(said, key=lambda one: len(one.text))
    orders = [(middle, first, last), (first, last, middle)]

    assert len({value_kaleidoscope.grouped(order) for order in orders}) == 1
    assert [len(value_kaleidoscope.greedy(order)) for order in orders] == [1, 2]


def test_the_two_way_form_cannot_be_right_on_an_ambivalent_truth():
    two, three = (clash.perspectives(30, ways=ways, person="third") for ways in (2, 3))

    shares = [
        clash.share(measure(form, Informed.of(form), seed=0), "ambivalent") for form in (two, three)
    ]

    assert shares == [0, 1]


def test_whoever_never_yields_answers_both_levels_alike():
    easy, hard = (nurvalues.level(4, hard=is_hard) for is_hard in (False, True))
    knows = Informed.of(easy)
    rates = dict.fromkeys((question.id for question in easy.questions), 0.0)

    for level in (easy, hard):
        assert nurvalues.share(measure(level, nurvalues.ByValue(knows, rates), seed=0)) == 1
    always = dict.fromkeys(rates, 1.0)
    assert nurvalues.share(measure(hard, nurvalues.ByValue(knows, always), seed=0)) == 0
    assert {value for question in easy.questions for value in question.tags} == set(NURSING)


def test_every_rule_meets_another_and_the_preferred_one_mostly_stands_first():
    config = cvc.Config(preferred_first=1.0)
    truth = {f"r{number:02d}": float(number) for number in range(config.rules)}

    conflicts = cvc.written(truth, config, stream(0, "written"))

    assert {rule for pair in conflicts for rule in pair} == set(truth)
    assert all(truth[first] > truth[second] for first, second in conflicts)
    assert len(set(conflicts)) == config.conflicts


def test_agreement_of_the_first_is_the_share_of_dilemmas_that_begin_with_the_corpus_side():
    truth = {"a": 2.0, "b": 1.0, "c": 0.0}
    instrument = cvc.dilemmas([("a", "b"), ("c", "a"), ("b", "c"), ("a", "c")])

    as_given = measure(instrument, AlwaysFirst(), orders="given")

    assert cvc.agreement([as_given], truth) == 0.75
    assert 0.5 < cvc.expected(instrument, truth) < 1


def test_texts_carry_the_words_of_their_values():
    text = intrinsic_values.written({"security": 1.0, "power": -1.0}, stream(0, "text"))

    assert text.count("securityfor") == text.count("poweragainst") == 3
    target: dict[str, float] = dict.fromkeys(SCHWARTZ, 1.0)
    assert intrinsic_values.stands({"security": 1.0, "power": -1.0}, target) == 0
