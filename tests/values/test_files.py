from __future__ import annotations

from pathlib import Path

import pytest

from telic.errors import MeasurementError, UnknownNameError
from telic.values import Comparison, Comparisons, read_comparisons, write_comparisons

ROWS = [
    Comparison(left="tea, green", right='"b"', shown="left", respondent="x", wins=2, n=3),
    Comparison(left="c", right="a", shown="right", wins=0.25, ties=1, n=2, context="at home"),
    Comparison(left="c", right="ä", refused=3, unparsed=1, error=2, abstained=1),
]


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_what_is_written_is_read_back_unchanged(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"table{suffix}"

    write_comparisons(Comparisons.of(ROWS), path)

    assert list(read_comparisons(path).rows()) == ROWS


def test_one_reply_per_row_is_read_with_its_status(tmp_path: Path) -> None:
    text = "left,right,winner,status\na,b,left,\na,b,tie,answered\nb,a,right,\na,b,,refused\n"

    table = read_comparisons(write(tmp_path, "votes.csv", text)).pooled()

    assert table.replies.answered == 3
    assert table.replies.refused == 1
    assert [(r.left, r.wins, r.ties, r.n) for r in table.rows()] == [("a", 1, 1, 2), ("b", 0, 0, 1)]


def test_the_item_shown_first_may_be_named(tmp_path: Path) -> None:
    text = "left,right,shown,n\na,b,b,1\na,b,a,1\na,b,,1\n"

    table = read_comparisons(write(tmp_path, "t.csv", text))

    assert table.shown.tolist() == [-1, 1, 0]


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("t.csv", "", "empty; expected a header"),
        ("t.csv", "left,right,n\n", "holds no comparison"),
        ("t.jsonl", "\n", "holds no comparison"),
        ("t.csv", "left,right\na,b\n", "column 'n' is missing"),
        ("t.csv", "left,left,n\na,b,1\n", "'left' appears twice"),
        ("t.csv", "left,right,n\na,b,1,9\na,b,1\n", "t.csv:2: 4 cells under 3 columns"),
        ("t.csv", "left,right,n\na,b\na,b,1\n", "t.csv:2: 2 cells under 3 columns"),
        (
            "t.csv",
            "id,left,right,n\n7,a,b,1\n7,a,c,1\n",
            "t.csv:3: id '7' was already used on line 2",
        ),
        ("t.csv", "left,right,shown,n\na,b,c,1\n", "neither 'left', 'right' nor one of"),
        ("t.csv", "left,right,wins,n\na,b,3,2\n", "contradict 2 answered"),
        ("t.csv", "left,right,wins,n\na,b,-1,2\n", "contradict 2 answered"),
        ("t.csv", "left,right,n\na,a,1\n", "'a' is compared with itself"),
        ("t.csv", "left,right,n\na,b,many\n", "t.csv:2: Expected `float`"),
        ("t.csv", "left,right,winner\na,b,both\n", "winner must be one of left, right, tie"),
        ("t.csv", "left,right,winner\na,b,\n", "needs a winner"),
        ("t.csv", "left,right,winner,status\na,b,left,refused\n", "needs a winner"),
        ("t.jsonl", "[1]\n", "t.jsonl:1: expected a JSON object"),
        ("t.jsonl", '{"left"\n{"left": "a", "right": "b", "n": 1}\n', "t.jsonl:1: not a JSON"),
        ("t.txt", "left,right,n\n", "read from .csv or .jsonl"),
    ],
)
def test_bad_files_get_a_sentence_with_the_place(
    tmp_path: Path, name: str, text: str, sentence: str
) -> None:
    with pytest.raises(MeasurementError, match=sentence):
        read_comparisons(write(tmp_path, name, text))


def test_an_unknown_column_is_named_with_the_nearest_known_one(tmp_path: Path) -> None:
    path = write(tmp_path, "t.csv", "left,right,win,n\na,b,1,1\n")

    with pytest.raises(UnknownNameError, match="unknown column 'win'; did you mean 'wins'"):
        read_comparisons(path)


def test_columns_may_be_ignored_by_name(tmp_path: Path) -> None:
    path = write(tmp_path, "t.csv", "left,right,prompt,n\na,b,why?,1\n")

    assert len(read_comparisons(path, ignore=["prompt"])) == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("t.csv", "left,right,wins,n\na,b,1,1\na,b,1,2\na,b"),
        ("t.csv", 'left,right,wins,n\na,b,1,1\na,b,1,2\n"a,b'),
        ("t.jsonl", '{"left":"a","right":"b","n":1}\n{"left":"a","right":"b","n":2}\n{"left":"a"'),
    ],
)
def test_a_file_that_is_cut_off_says_so_and_its_complete_rows_can_be_kept(
    tmp_path: Path, name: str, text: str
) -> None:
    path = write(tmp_path, name, text)

    with pytest.raises(MeasurementError, match=r"cut off.*keep the 2 complete rows"):
        read_comparisons(path)
    assert read_comparisons(path, cut="drop").n.tolist() == [1, 2]


def test_a_missing_file_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(MeasurementError, match="cannot be read"):
        read_comparisons(tmp_path / "none.csv")


def test_only_the_two_formats_are_written(tmp_path: Path) -> None:
    with pytest.raises(MeasurementError, match=r"written to \.csv or \.jsonl"):
        write_comparisons(Comparisons.of(ROWS), tmp_path / "t.parquet")
