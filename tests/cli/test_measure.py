"""Measuring from the command line: records, reports, people, comparisons and moral graphs."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from telic.cli._measure import settings_of
from telic.cli._values import CompareDocument, GraphDocument, MeasureDocument
from telic.errors import UsageError
from telic.values import Answer, Item, read_measurement
from tests.cli.conftest import Call


def only_record(folder: Path) -> Path:
    (path,) = (folder / "runs").glob("*.replies")
    return path


def test_a_measurement_prints_its_figures_and_leaves_a_record(call: Call, here: Path):
    called = call("measure", "clash", "--respondent", "informed")

    assert called.code == 0
    assert "right on ambivalent: 1.00" in called.out
    assert "20 asked, 20 answered" in called.out
    assert "20 of 20 replies" in called.err
    assert read_measurement(only_record(here)).counts.answered == 20


def test_the_same_command_goes_on_where_it_stopped_and_asks_nothing_twice(call: Call, here: Path):
    command = ("measure", "utility-options", "--respondent", "random", "--quiet")
    whole = call(*command, "--json").document
    record = only_record(here)
    lines = record.read_bytes().splitlines(keepends=True)
    record.write_bytes(b"".join(lines[:12]) + lines[12][:9])

    again = call(*command[:-1], "--json")

    assert "11 of 42 replies are known from the record" in again.err
    assert again.document == whole
    assert record.read_bytes() == b"".join(lines)


def test_an_interruption_keeps_every_reply_and_says_how_to_go_on(
    call: Call, here: Path, monkeypatch: pytest.MonkeyPatch
):
    from telic.values.synthetic import RandomChoice

    asked: list[str] = []
    answer = RandomChoice.ask

    def ask(self: RandomChoice, item: Item, seed: int) -> Answer:
        if len(asked) == 5:
            raise KeyboardInterrupt
        asked.append(item.id)
        return answer(self, item, seed)

    monkeypatch.setattr(RandomChoice, "ask", ask)

    called = call("measure", "utility-options", "--respondent", "random")

    assert called.code == 130
    assert "the same command goes on from there" in called.err
    assert len(read_measurement(only_record(here)).replies) == 5


def test_json_has_exactly_the_documented_keys(call: Call, here: Path):
    document = call("measure", "questionnaire", "--respondent", "random", "--json").document

    assert list(document) == list(MeasureDocument.__struct_fields__)
    assert document["replies"]["answered"] == document["asked"] == 42
    assert document["record"] == str(only_record(here).relative_to(here))


def test_a_report_is_written_and_named(call: Call, here: Path):
    called = call("measure", "clash", "--respondent", "sticky:0.8", "--report", "out")

    assert {path.name for path in (here / "out").iterdir()} == {
        "report.html",
        "summary.json",
        "replies.csv",
    }
    assert "out/report.html" in called.out
    assert "sticky-0.8" in only_record(here).name


def test_another_number_is_another_respondent(call: Call, here: Path):
    call("measure", "clash", "--respondent", "sticky:0.8", "--quiet")
    call("measure", "clash", "--respondent", "sticky:0.6", "--quiet")

    assert len(list((here / "runs").iterdir())) == 2


def test_a_record_of_something_else_is_refused(call: Call, here: Path):
    call("measure", "clash", "--respondent", "random", "--record", "r", "--quiet")

    called = call("measure", "clash", "--respondent", "random", "--seed", "2", "--record", "r")

    assert called.code == 7
    assert "records a measurement with seed 0, not 2" in called.err


def test_options_and_a_limit_reach_the_instrument(call: Call, here: Path):
    options = ("--respondent", "random", "--options", "ways=2", "--limit", "3", "--json")

    document = call("measure", "clash", *options).document

    assert document["instrument"] == "clash-2way-third"
    assert document["questions"] == 3
    assert settings_of("a=1, b=x") == {"a": 1, "b": "x"}
    with pytest.raises(UsageError, match="name=value"):
        settings_of("ways")


def test_without_an_instrument_everything_that_can_be_named_is_listed(call: Call, here: Path):
    from telic.values.loaders import FORMATS

    text, document = call("measure").out, call("measure", "--json").document

    assert all(name in text for name in FORMATS)
    assert {line["name"] for line in document["instruments"]} == set(FORMATS)


def test_a_scaffold_can_be_asked_at_once_and_is_never_overwritten(call: Call, here: Path):
    made = call("measure", "mine.csv", "--scaffold", "--form", "rating", "--json")
    again = call("measure", "mine.csv", "--scaffold")
    asked = call("measure", "mine.csv", "--respondent", "random")

    assert made.document == {"folder": ".", "files": ["mine.csv"]}
    assert again.code == 5
    assert asked.code == 0
    assert call("measure", "x.toml", "--scaffold", "--form", "rhyme").code == 2
    assert call("measure", "--scaffold").code == 2


def test_a_person_answers_at_the_terminal_and_goes_on_later(
    call: Call, here: Path, monkeypatch: pytest.MonkeyPatch
):
    (here / "mine.csv").write_text("id,form,options\nq,pair,tea|coffee\nr,pair,cat|dog\n")
    monkeypatch.setattr("sys.stdin", io.StringIO("tea\nwhat?\ncoffee\n"))
    first = call("measure", "mine.csv", "--respondent", "person:ann")
    monkeypatch.setattr("sys.stdin", io.StringIO("skip\nrefuse\n"))

    second = call("measure", "mine.csv", "--respondent", "person:ann", "--json")

    assert first.code == 7
    assert "the input ended at question 'r'" in first.err
    assert first.out == ""
    counts = second.document["replies"]
    assert (counts["answered"], counts["abstained"], counts["refused"]) == (2, 1, 1)
    assert second.document["respondent"] == "ann"


def test_what_a_person_is_shown_cannot_steer_the_terminal(
    call: Call, here: Path, monkeypatch: pytest.MonkeyPatch
):
    (here / "mine.toml").write_text(
        'name = "evil"\n[[question]]\nid = "q"\nform = "pair"\ntext = "\\u001b[2Jhello"\n'
        'options = ["tea", "coffee"]\n'
    )
    monkeypatch.setattr("sys.stdin", io.StringIO("tea\ntea\n"))

    called = call("measure", "mine.toml", "--respondent", "person")

    assert "\x1b" not in called.err
    assert "hello" in called.err


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("clas", 2, "did you mean 'clash'"),
        ("clash --respondent stiky", 2, "did you mean 'sticky'"),
        ("clash --respondent random --persona pirate", 2, "a persona is for models"),
        ("clash --respondent random --limit 0", 2, "--limit must be 1 or more"),
        ("clash --respondent random --projection cvc", 2, "did you mean"),
        ("clash --respondent random --projection world-values", 7, "no question of"),
        ("clash --respondent none.csv", 7, "no file none.csv"),
        ("clash:none.csv --respondent random", 7, "no file none.csv"),
    ],
)
def test_mistakes_get_a_sentence_and_a_code(
    call: Call, here: Path, line: str, code: int, words: str
):
    called = call("measure", *line.split())

    assert called.code == code
    assert words in called.err
    assert "unexpected" not in called.err


INSTRUMENT = "id,form,options\nq,pair,tea|coffee\nr,pair,cat|dog\n"


@pytest.mark.parametrize(
    ("instrument", "answers", "words"),
    [
        ("id,form,options\nq,pair", "question,choice\nq,tea\n", "cut off"),
        ("id,form,optoins\nq,pair,a|b\n", "", "did you mean 'options'"),
        ("id,form,options\nq,pair,a|b\nq,pair,c|d\n", "", "'q'"),
        ("id,form,options\nq,pair,a\n", "", "two or more different options"),
        ("id,form,options\n", "", "at least one"),
        ("", "", "mine.csv"),
        (INSTRUMENT, "question,chioce\nq,tea\n", "did you mean"),
        (INSTRUMENT, "question,choice\nq,tea\nq,coffee\n", "answered twice"),
        (INSTRUMENT, "question,choice,shown\nq,tea,cofee\n", "0 answered, 4 error"),
        (INSTRUMENT, "question,choice\nq,\nr,\n", "0 answered, 4 abstained"),
        (INSTRUMENT, "question,choice,status\nq,tea,refused\n", "contradicts"),
        (INSTRUMENT, "question,choice\nq,te", "which is none of"),
    ],
)
def test_bad_input_gets_one_clear_sentence(
    call: Call, here: Path, instrument: str, answers: str, words: str
):
    (here / "mine.csv").write_text(instrument)
    (here / "ann.csv").write_text(answers or "question,choice\nq,tea\n")

    called = call("measure", "mine.csv", "--respondent", "ann.csv", "--quiet")

    assert called.code in (2, 7)
    assert words in called.err
    assert called.err.count("\n") == 1
    assert called.err.startswith("error: ")
    assert "unexpected" not in called.err


def test_one_question_only_is_reported_without_a_utility(call: Call, here: Path):
    (here / "mine.csv").write_text("id,form,options\nq,pair,tea|coffee\n")

    called = call("measure", "mine.csv", "--respondent", "random", "--report", "out")

    assert called.code == 0
    assert "1 questions, 2 asked, 2 answered" in called.out
    assert not (here / "out/utilities.csv").exists()


def test_nothing_answered_is_an_error_and_the_record_stays(call: Call, here: Path):
    (here / "none.csv").write_text("question,choice\nother,yes\n")

    called = call("measure", "clash", "--respondent", "none.csv", "--record", "kept")

    assert called.code == 7
    assert "20 asked, 0 answered, 20 error" in called.err
    assert len(read_measurement(here / "kept").replies) == 20


def test_show_gives_a_partial_record_again(call: Call, here: Path):
    call("measure", "utility-options", "--respondent", "random", "--record", "r", "--quiet")
    lines = (here / "r").read_bytes().splitlines(keepends=True)
    (here / "r").write_bytes(b"".join(lines[:11]))

    called = call("values", "show", "r")

    assert called.code == 0
    assert "10 asked, 10 answered" in called.out


def test_compare_pairs_two_records_by_question(call: Call, here: Path):
    for who in ("random", "always-first"):
        call("measure", "questionnaire", "--respondent", who, "--record", who, "--quiet")

    text = call("values", "compare", "random", "always-first", "--report", "out")
    document = call("values", "compare", "random", "always-first", "--json").document

    assert text.code == 0
    assert "paired by the 21 questions" in text.out
    assert (here / "out/comparison.html").exists()
    assert list(document) == list(CompareDocument.__struct_fields__)
    assert document["first_replies"]["answered"] == 42


def test_two_records_of_one_respondent_go_by_their_files(call: Call, here: Path):
    for seed in ("1", "2"):
        call(
            *("measure", "questionnaire", "--respondent", "random", "--seed", seed),
            *("--record", f"seed-{seed}.replies", "--quiet"),
        )

    document = call("values", "compare", "seed-1.replies", "seed-2.replies", "--json").document

    assert (document["first"], document["second"]) == ("seed-1", "seed-2")


def test_graph_ranks_the_values_of_votes(call: Call, here: Path):
    rows = [f"p{k},rash,kind,wiser,\np{k},kind,wise,wiser," for k in range(6)]
    (here / "votes.csv").write_text("participant,source,to,answer,context\n" + "\n".join(rows))

    text = call("values", "graph", "votes.csv", "--report", "out", "--draws", "20")
    document = call("values", "graph", "votes.csv", "--json", "--draws", "20").document

    assert text.out.index("wise:") < text.out.index("kind:") < text.out.index("rash:")
    assert "12 asked, 12 answered" in text.out
    assert (here / "out/graph.html").exists()
    assert list(document) == list(GraphDocument.__struct_fields__)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("show", 2),
        ("show a b", 2),
        ("compare a", 2),
        ("show missing", 7),
        ("graph missing.csv", 7),
        ("drift a", 2),
        ("compare a b --level 2", 2),
        ("graph a --draws 1", 2),
    ],
)
def test_mistakes_about_records_get_a_sentence_and_a_code(
    call: Call, here: Path, line: str, code: int
):
    called = call("values", *line.split())

    assert called.code == code
    assert called.err.startswith("error: ")
    assert "unexpected" not in called.err
