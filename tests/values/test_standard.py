from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.errors import MeasurementError
from telic.values.instrument import Instrument
from telic.values.measurement import measure
from telic.values.profiles import Profile, profile
from telic.values.questions import stance
from telic.values.respondent import Answer, Item
from telic.values.standard import (
    Adoption,
    Norm,
    Standard,
    Threshold,
    ValueCard,
    compare,
    judge,
)

NURSE = Standard(
    role="nurse",
    norms=(Norm("Protect dignity.", "dignity", "duty"), Norm("Be quick.", "speed")),
    thresholds={"dignity": Threshold(at_least=0.0)},
)
SCORES = st.fixed_dictionaries({"dignity": st.floats(-1, 1), "speed": st.floats(-1, 1)})


def measured(supported: int, size: int = 20, dimension: str = "dignity") -> Profile:
    class Leaning:
        name = "leaning"

        def ask(self, item: Item, seed: int) -> Answer:
            said = "support" if int(item.id[1:]) < supported else "oppose"
            return Answer("answered", item.options.index(said))

    questions = tuple(stance(f"s{k}", "x", tags={dimension: 1.0}) for k in range(size))
    return profile(measure(Instrument(name="i", questions=questions), Leaning()))


@pytest.mark.parametrize(
    ("supported", "outcome"), [(20, "met"), (18, "met"), (11, "undecided"), (2, "missed")]
)
def test_a_threshold_is_met_only_where_the_whole_interval_is_inside(
    supported: int, outcome: str
) -> None:
    assert judge(NURSE, measured(supported)).outcome == outcome


def test_what_was_not_measured_is_not_missed() -> None:
    verdict = judge(NURSE, measured(20, dimension="other"))

    assert verdict.outcome == "unmeasured"
    assert verdict.findings[0].margin is None


def test_an_interval_across_a_whole_band_is_undecided() -> None:
    band = Standard(
        role="r",
        norms=(Norm("n", "dignity"),),
        thresholds={"dignity": Threshold(at_least=0.04, at_most=0.06)},
    )

    assert judge(band, measured(11)).outcome == "undecided"
    assert judge(band, measured(20)).outcome == "missed"


@given(SCORES)
def test_everything_equals_itself(scores: dict[str, float]) -> None:
    assert compare(NURSE, scores, scores) == "equal"


@given(SCORES, SCORES)
def test_comparison_is_antisymmetric(left: dict[str, float], right: dict[str, float]) -> None:
    turned = {"better": "worse", "worse": "better"}
    there = compare(NURSE, left, right)

    assert compare(NURSE, right, left) == turned.get(there, there)


@given(SCORES, SCORES, SCORES)
def test_better_is_transitive(
    a: dict[str, float], b: dict[str, float], c: dict[str, float]
) -> None:
    if compare(NURSE, a, b) == compare(NURSE, b, c) == "better":
        assert compare(NURSE, a, c) == "better"


def test_norms_are_not_traded_so_some_things_are_not_comparable() -> None:
    gentle, quick = {"dignity": 0.5, "speed": 0.1}, {"dignity": -0.5, "speed": 0.9}

    assert compare(NURSE, gentle, quick) == "not comparable"
    assert compare(NURSE, gentle, {"dignity": 0.5, "speed": 0.0}) == "better"


def test_inside_a_threshold_more_is_not_better() -> None:
    assert compare(NURSE, {"dignity": 0.9, "speed": 0}, {"dignity": 0.1, "speed": 0}) == "equal"
    assert compare(NURSE, {"dignity": -0.1, "speed": 0}, {"dignity": -0.9, "speed": 0}) == "better"


def test_another_role_or_a_missing_score_is_not_comparable() -> None:
    scores = {"dignity": 0.5, "speed": 0.5}

    assert compare(NURSE, scores, scores, role="pilot") == "not comparable"
    assert compare(NURSE, scores, scores, role="nurse") == "equal"
    assert compare(NURSE, scores, {"dignity": 0.5}) == "not comparable"
    assert compare(NURSE, scores, {"dignity": 0.5, "speed": float("nan")}) == "not comparable"


def test_adoption_keeps_groups_apart_and_the_least_support() -> None:
    adoption = Adoption(
        in_favour={"nurses": 9, "patients": 2},
        against={"nurses": 1, "patients": 2},
        abstained={"patients": 6},
    )

    assert adoption.support("nurses") == 0.9
    assert adoption.least_support == 0.5
    assert Adoption(in_favour={"a": 1}, abstained={"b": 3}).least_support is None
    assert Adoption().least_support is None
    with pytest.raises(MeasurementError, match="-1 votes"):
        Adoption(against={"a": -1})


@pytest.mark.parametrize(("low", "high"), [(None, None), (float("nan"), None), (1.0, 0.0)])
def test_a_threshold_needs_bounds_that_leave_room(low: float | None, high: float | None) -> None:
    with pytest.raises(MeasurementError):
        Threshold(low, high)


def test_a_standard_that_makes_no_sense_is_refused() -> None:
    norm = Norm("n", "d")
    with pytest.raises(MeasurementError, match="needs a role and norms"):
        Standard(role="", norms=(norm,), thresholds={})
    with pytest.raises(MeasurementError, match="needs a role and norms"):
        Standard(role="r", norms=(), thresholds={})
    with pytest.raises(MeasurementError, match="two norms on one dimension"):
        Standard(role="r", norms=(norm, Norm("m", "d")), thresholds={})
    with pytest.raises(MeasurementError, match="has no norm for it"):
        Standard(role="r", norms=(norm,), thresholds={"e": Threshold(0.0)})
    with pytest.raises(MeasurementError, match="attends to"):
        ValueCard("c", "Care", ())
    assert ValueCard("c", "Care", ("What they need now",)).context == ""
