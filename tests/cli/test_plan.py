"""Options become budgets, targets and components."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.budget import Budget
from telic.cli._plan import (
    budget_of,
    components,
    operators_of,
    replaced_budget,
    split_components,
    target_of,
)
from telic.engine.plan import Plan
from telic.errors import UsageError

NAMES = st.text("abcdefgh-", min_size=1, max_size=6)
SETTINGS = st.lists(st.tuples(NAMES, st.integers(0, 99)), max_size=3)


def test_a_minute_is_the_budget_when_nothing_bounds_a_run():
    assert budget_of(None, None, None, None) == Budget(seconds=60.0)


def test_zero_is_a_bound():
    assert budget_of(None, None, 0, None) == Budget(tokens=0)


def test_a_longer_run_replaces_both_bounds_on_length_and_keeps_what_may_be_paid():
    recorded = Budget(seconds=60.0, money=2.0)

    assert replaced_budget(recorded, 500, None, None, None) == Budget(evaluations=500, money=2.0)
    assert replaced_budget(recorded, None, None, None, 3.0) == Budget(seconds=60.0, money=3.0)
    assert replaced_budget(recorded, None, None, None, None) == recorded


def test_the_declared_target_holds_unless_another_or_none_is_asked_for():
    assert target_of(None, no_target=False, declared=1.0) == 1.0
    assert target_of(0.0, no_target=False, declared=1.0) == 0.0
    assert target_of(None, no_target=True, declared=1.0) is None
    with pytest.raises(UsageError, match="contradict"):
        target_of(1.0, no_target=True, declared=None)


@given(st.lists(st.tuples(NAMES, SETTINGS), min_size=1, max_size=4))
def test_a_list_of_components_with_settings_splits_into_its_parts(parts):
    written = [
        name + (":" + ",".join(f"{key}={value}" for key, value in settings) if settings else "")
        for name, settings in parts
    ]

    assert split_components(",".join(written)) == written


def test_settings_reach_their_component():
    first, second = components("operator", "a:x=1,y=0.5,b")

    assert (first.name, dict(first.arguments)) == ("a", {"x": 1, "y": 0.5})
    assert (second.name, dict(second.arguments)) == ("b", {})


def test_no_operators_means_those_of_a_plan():
    assert operators_of(None) == Plan().operators
