"""Models on the command line: run, replay, note, inject."""

from pathlib import Path

import pytest

from telic.journal import Journal
from tests.cli.conftest import Call

RUN = ("run", "symbolic-regression", "--model", "scripted", "--evaluations", "12", "--quiet")


@pytest.mark.slow
def test_a_run_with_a_model_is_replayed_and_takes_a_note_and_a_candidate(
    call: Call, here: Path
) -> None:
    assert call(*RUN, "--operators", "llm-diff,constants", "-o", "a.journal").code == 0
    again = call("replay", "a.journal", "--json")
    (here / "own.py").write_text(call("best", "a.journal").out)
    noted = call("note", "a.journal", "Use sine.", "--json")
    injected = call("inject", "a.journal", "own.py")

    assert again.code == 0
    assert again.document["agrees"] is True
    assert noted.document == {"journal": "a.journal", "added": "note"}
    assert injected.code == 0
    assert "telic resume a.journal" in injected.out


def test_an_order_is_one_of_two(call: Call, here: Path) -> None:
    refused = call(*RUN, "--ordered", "--unordered")

    assert refused.code == 2
    assert "contradict" in refused.err


def test_a_file_that_is_not_there_cannot_be_injected(call: Call, here: Path) -> None:
    (here / "a.journal").write_text("")

    refused = call("inject", "a.journal", "none.py")

    assert refused.code == 2
    assert "none.py cannot be read" in refused.err


@pytest.mark.slow
def test_strategies_are_compared_with_models_and_hill_climbing_beside_them(
    call: Call, here: Path
) -> None:
    options = ("--evaluations", "8", "--seeds", "1", "--preset", "climb", "--json")

    document = call("compare", "trivial", "--model", "scripted", *options).document

    assert [arm["strategy"] for arm in document["arms"]][:2] == ["climb", "hill-climb"]
    assert {arm["trials"] for arm in document["arms"]} == {1}
    with Journal.read(Path(document["trials"][1]["journal"])) as journal:
        assert next(journal.answers(), None) is not None
