"""``telic compare``: a table over strategies and seeds, with baselines."""

from __future__ import annotations

from pathlib import Path

import pytest

from telic.engine.compare import BASELINES
from tests.cli.conftest import Call

STEP = ("--operators", "step", "--workers", "1", "--evaluations", "10", "--seeds", "2")


def test_baselines_stand_beside_what_was_asked_for(call: Call, number: str):
    document = call("compare", number, *STEP[:-1], "1", "--json").document

    assert [arm["strategy"] for arm in document["arms"]] == ["islands", *BASELINES]
    assert {arm["trials"] for arm in document["arms"]} == {1}
    assert document["is_complete"] is True
    assert document["budget"]["evaluations"] == 10
    assert document["folder"] == "runs/compare-number-1"


def test_the_table_has_a_row_for_each_strategy(call: Call, number: str):
    options = ("--strategies", "random,islands:islands=2", "--no-baselines")

    called = call("compare", number, *STEP, *options)

    assert called.code == 0
    assert "4 of 4  islands:islands=2" in called.out
    rows = [line.split() for line in called.out.splitlines()]
    assert ["yardstick"] in [row[-3:-2] for row in rows if row[:1] == ["random"]]
    assert "mean" in called.out
    assert "95 % interval" in called.out


def test_a_quiet_comparison_gives_the_table_alone(call: Call, number: str):
    called = call("compare", number, *STEP, "--no-baselines", "--quiet")

    assert " of 2 " not in called.out
    assert "yardstick" in called.out


def test_a_comparison_goes_on_in_a_given_folder(call: Call, number: str):
    first = call("compare", number, *STEP, "--no-baselines", "-o", "mine", "--json").document
    again = call("compare", number, *STEP, "--no-baselines", "-o", "mine", "--json").document

    assert again == first
    assert len(list(Path("mine").glob("*.journal"))) == 2


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--seeds", "0"), "--seeds must be 1 or more"),
        (("--strategies", "islands,islnds"), "did you mean 'islands'?"),
        (("--strategies", "islands:isles=3"), "has no setting 'isles'; did you mean 'islands'?"),
        (("--strategies", "random,random"), "each strategy must be given once"),
    ],
)
def test_mistakes_are_told_before_anything_runs(
    call: Call, number: str, options: tuple[str, ...], sentence: str
):
    called = call("compare", number, *options)

    assert called.code == 2
    assert sentence in called.err
    assert not Path("runs").exists()
