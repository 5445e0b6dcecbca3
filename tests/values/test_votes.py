from __future__ import annotations

from pathlib import Path

import pytest

from telic.errors import MeasurementError
from telic.values.moral_graph import Vote
from telic.values.votes import read_votes


def test_votes_are_read_in_our_words_and_in_the_public_ones(tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours.csv", tmp_path / "theirs.json"
    ours.write_text("participant,source,to,answer,context\n7,1,2,wiser,war\n7,2,3,unsure,\n")
    theirs.write_text(
        '[{"userId": 7, "fromId": 1, "toId": 2, "relationship": "upgrade", "context": "war"},'
        '{"userId": 7, "fromId": 2, "toId": 3, "relationship": "not_sure", "context": ""}]'
    )

    assert read_votes(ours) == read_votes(theirs)
    assert read_votes(ours)[0] == Vote("7", "1", "2", "wiser", "war")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("participant,source,to\n1,2,3\n", "column 'answer' is missing"),
        ("participant,source,to,answer\n1,2,3,maybe\n", "'maybe' is none of"),
        ("participant,source,to,answer\n1,2,2,wiser\n", "v.csv:2: .* with itself"),
        ("participant,source,to,answer\n1,2,,wiser\n", "'to' is empty"),
        ("participant,source,to,answer\n1,2,3\n", "cut off"),
        ("participant,source,to,answer\n1,2,3,wiser\n1,2,3,unsure\n", "v.csv:3: .* twice"),
        ("participant,source,to,answer\n", "at least one"),
    ],
)
def test_malformed_votes_get_a_sentence_with_the_place(
    rows: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "v.csv"
    path.write_text(rows)

    with pytest.raises(MeasurementError, match=message):
        read_votes(path)
