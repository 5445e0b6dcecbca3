from __future__ import annotations

from pathlib import Path

import pytest

from telic.errors import MeasurementError
from telic.values.instrument import Instrument, Option, Question
from telic.values.measurement import measure
from telic.values.questions import pair
from telic.values.recorded import read_recorded

QUESTIONS = Instrument(
    name="i",
    questions=(
        pair("p", "tea", "coffee"),
        Question(
            id="q",
            form="pair",
            options=(Option("sea"), Option("land")),
            offers_ambivalent=True,
        ),
    ),
)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_recorded_answers_count_in_either_order(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "question,choice\np,coffee\nq,ambivalent\n")

    measured = measure(QUESTIONS, read_recorded(file))

    assert [reply.choice for reply in measured.replies] == ["coffee", "coffee", "", ""]
    assert measured.counts.answered == 4


def test_an_answer_to_one_order_is_none_to_the_other(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "question,choice,shown\np,coffee,tea\n")

    measured = measure(QUESTIONS.only(["p"]), read_recorded(file))

    assert [reply.status for reply in measured.replies] == ["answered", "error"]


def test_a_blank_is_an_abstention_and_a_status_is_kept(tmp_path: Path) -> None:
    file = write(
        tmp_path / "a.jsonl",
        '{"question": "p", "choice": ""}\n{"question": "q", "choice": null, "status": "refused"}\n',
    )

    measured = measure(QUESTIONS, read_recorded(file), orders="given")

    assert [reply.status for reply in measured.replies] == ["abstained", "refused"]


def test_one_of_several_people_is_chosen_by_name(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "question,choice,respondent\np,tea,ann\np,coffee,bob\n")

    assert measure(QUESTIONS.only(["p"]), read_recorded(file, respondent="bob")).replies[
        0
    ].choice == ("coffee")
    with pytest.raises(MeasurementError, match="answers of 2 respondents; name one"):
        read_recorded(file)
    with pytest.raises(MeasurementError, match="no answers of 'eve'"):
        read_recorded(file, respondent="eve")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("question,choise\np,tea\n", "column 'choice' is missing; did you mean 'choise'"),
        ("question,choice\np,tea\np,coffee\n", "a.csv:3: question 'p' is answered twice"),
        ("question,choice,status\np,tea,lost\n", "status 'lost' is none of"),
        ("question,choice,status\np,tea,refused\n", "contradicts status 'refused'"),
        ("question,choice\np\n", "a.csv:2: 1 cells under 2 columns"),
        ('question,choice\np,"te', "cut off"),
        ("question,choice\n", "holds no row"),
        ("", "is empty"),
        ("question,question\n", "appears twice in the header"),
        (",tea\nquestion,choice\n", "column 'question' is missing"),
    ],
)
def test_a_malformed_file_is_refused_in_a_sentence(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(MeasurementError, match=message):
        read_recorded(write(tmp_path / "a.csv", text))


def test_a_choice_that_was_not_offered_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", "question,choice\np,milk\nq,sea\n")

    with pytest.raises(MeasurementError, match="'milk', which is none of"):
        measure(QUESTIONS, read_recorded(file))


def test_a_cut_json_line_and_a_missing_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(MeasurementError, match=r"a\.jsonl:2: not JSON"):
        read_recorded(write(tmp_path / "a.jsonl", '{"question": "p", "choice": "tea"}\n{"que'))
    with pytest.raises(MeasurementError, match="there is no file"):
        read_recorded(tmp_path / "none.csv")
