"""``telic reproduce``: the list, one recipe, and its files."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path

import pytest

from telic import registry
from telic.cli._reproduce import Ticker
from telic.recipes import Report
from tests.cli.conftest import Call


@pytest.fixture(autouse=True)
def example(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A recipe that costs nothing."""
    monkeypatch.setitem(registry._BUILT_IN["recipe"], "example", "tests.recipes.test_report:RECIPE")


def test_without_a_name_every_recipe_is_listed(call: Call):
    called = call("reproduce")

    assert called.code == 0
    first_words = [line.split()[0] for line in called.out.splitlines()]
    assert "alphaevolve" in first_words
    assert all("." in line for line in called.out.splitlines())


def test_the_list_is_an_object_too(call: Call):
    document = call("reproduce", "--json").document

    names = [one["name"] for one in document["recipes"]]
    assert names == sorted(names)
    assert all(one["minutes"] > 0 and one["reference"] for one in document["recipes"])


def test_a_recipe_prints_its_verdict_and_progress_goes_elsewhere(call: Call):
    called = call("reproduce", "example")

    assert called.code == 0
    assert "verdict    reproduced" in called.out
    assert "half" in called.err
    assert "half" not in called.out


def test_json_has_the_documented_keys(call: Call):
    called = call("reproduce", "example", "--seed", "4", "--json", "--quiet")

    assert list(called.document) == list(Report.__struct_fields__)
    assert called.document["seed"] == 4
    assert called.err == ""


def test_the_exit_code_does_not_depend_on_the_verdict(call: Call, monkeypatch: pytest.MonkeyPatch):
    from tests.recipes import test_report

    bad = test_report.Config(gain=-5.0)
    monkeypatch.setattr(test_report, "RECIPE", dataclasses.replace(test_report.RECIPE, full=bad))

    called = call("reproduce", "example")

    assert called.code == 0
    assert "verdict    not reproduced" in called.out


def test_files_are_written_and_named(call: Call):
    called = call("reproduce", "example", "--quick", "--report", "results")

    assert "written: results/example.json" in called.err
    assert {path.name for path in Path("results").iterdir()} == {
        "example.json",
        "example.txt",
        "example-1.svg",
    }


@pytest.mark.parametrize(
    ("tokens", "sentence"),
    [
        (("alphaevolv",), "did you mean 'alphaevolve'?"),
        (("--quick",), "need the NAME of a recipe"),
        (("--seed", "3"), "need the NAME of a recipe"),
    ],
)
def test_mistakes_are_usage_errors(call: Call, tokens: tuple[str, ...], sentence: str):
    called = call("reproduce", *tokens)

    assert called.code == 2
    assert sentence in called.err


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_one_line_is_drawn_and_taken_away():
    stream = Terminal()
    ticker = Ticker(stream, is_quiet=False)

    ticker(0.25, "working")
    ticker.close()

    assert "25%  working" in stream.getvalue()
    assert "\n" not in stream.getvalue()
    assert stream.getvalue().endswith("\r")


def test_in_a_pipe_lines_come_now_and_then():
    stream = io.StringIO()
    ticker = Ticker(stream, is_quiet=False)

    for step in range(1000):
        ticker(step / 1000, "working")
    ticker.close()

    assert stream.getvalue().count("\n") == 1
