from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.errors import MeasurementError
from telic.values import Stakeholder, acceptance, negotiate

PEOPLE = [
    Stakeholder("patients", {"privacy": 0.5}),
    Stakeholder("patients", {"privacy": 0.2}),
    Stakeholder("doctors", {"speed": 0.4}),
]


def test_an_option_that_everyone_accepts_needs_no_concession() -> None:
    options = {"slow": {"privacy": 0.9, "speed": 0.1}, "fair": {"privacy": 0.6, "speed": 0.5}}

    found = negotiate("clerk", PEOPLE, options)

    assert (found.option, found.concession) == ("fair", 0.0)
    assert found.standard.thresholds["privacy"].at_least == 0.5
    assert found.standard.adoption.least_support == 1.0


def test_the_standard_gives_way_only_as_far_as_some_option_needs() -> None:
    options = {"fast": {"privacy": 0.3, "speed": 0.9}, "slow": {"privacy": 0.9, "speed": 0.1}}

    found = negotiate("clerk", PEOPLE, options)

    assert (found.option, found.concession) == ("fast", 0.5)
    assert found.standard.thresholds["privacy"].at_least == 0.2
    assert found.standard.adoption.support("patients") == 0.5
    assert found.standard.adoption.support("doctors") == 1.0


def test_among_options_that_meet_the_standard_the_largest_least_margin_wins() -> None:
    options = {"a": {"privacy": 0.5, "speed": 0.9}, "b": {"privacy": 0.6, "speed": 0.6}}

    assert negotiate("clerk", PEOPLE, options).option == "b"


def test_where_no_bound_can_be_met_everything_gives_way() -> None:
    found = negotiate("clerk", PEOPLE, {"only": {"privacy": 0.0, "speed": 0.0}})

    assert found.concession == 1.0
    assert acceptance(PEOPLE, {"privacy": 0.0, "speed": 0.0}) == {"patients": 0.0, "doctors": 0.0}


scores = st.fixed_dictionaries({"privacy": st.floats(-1, 1), "speed": st.floats(-1, 1)})


@given(st.dictionaries(st.text(min_size=1, max_size=3), scores, min_size=1, max_size=6))
def test_the_option_meets_its_standard_and_no_other_needs_less(
    options: dict[str, dict[str, float]],
) -> None:
    found = negotiate("clerk", PEOPLE, options)

    chosen = options[found.option]
    bounds = found.standard.thresholds
    assert all(bounds[each].margin(chosen[each]) >= 0 for each in bounds)
    unanimous = any(all(person.accepts(each) for person in PEOPLE) for each in options.values())
    assert (found.concession == 0) == unanimous


def test_faults_are_named() -> None:
    with pytest.raises(MeasurementError, match="ask for something"):
        negotiate("clerk", [], {"a": {}})
    with pytest.raises(MeasurementError, match="'a' has no score on 'privacy'"):
        negotiate("clerk", PEOPLE, {"a": {"speed": 1.0}})
