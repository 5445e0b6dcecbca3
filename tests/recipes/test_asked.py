"""What recipes about values share."""

from __future__ import annotations

from pathlib import Path

import pytest

from telic.recipes import quiet
from telic.recipes._asked import arms_of, asked, mean_of, rank_correlation, table_of, trials
from telic.values.loaders import load, sample


def test_nobody_is_asked_without_a_name():
    tables, notes = asked(load("clash", sample("clash")), "", seed=0)

    assert tables == []
    assert notes == ["Respondents are synthetic, of known truth; none is a language model."]


def test_a_respondent_that_cannot_be_had_is_a_note_with_the_reason():
    tables, notes = asked(load("clash", sample("clash")), "no-such-model", seed=0)

    assert tables == []
    assert notes[0].startswith("'no-such-model' was not asked: ")


@pytest.mark.parametrize("name", ["utility-options", "daily-dilemmas", "clash", "nurvalues"])
def test_whoever_takes_the_first_is_found_to_have_no_content(name: str):
    tables, notes = asked(load(name, sample(name)), "always-first", seed=0)

    assert tables[0].rows[0][:2] == ["always-first", 1.0]
    assert notes[0].startswith(
        f"always-first on {tables[0].title.split(chr(39))[1]}: No content signal"
    )


def test_the_same_answer_to_every_question_is_said(tmp_path: Path):
    instrument = load("affect-probe", sample("affect-probe"))
    rows = "\n".join(f"{question.id},sad" for question in instrument.questions)
    answers = tmp_path / "gloomy.csv"
    answers.write_text(f"question,choice\n{rows}\n")

    _, notes = asked(instrument, str(answers), seed=0)

    assert f"each of {len(instrument.questions)} answers was 'sad'" in notes[0]
    assert "right in 0 of 15 answers whose truth is happy" in notes[-1]


def test_somebody_who_knows_the_truths_is_right():
    _, notes = asked(load("clash", sample("clash")), "informed", seed=0)

    assert "right in 4 of 4 answers whose truth is yes" in notes[-1]
    assert not any("No content signal" in note for note in notes)


def test_trials_go_through_seeds_and_tell_how_far_they_are():
    shares: list[float] = []

    rows = trials(3, 7, lambda share, _doing: shares.append(share), lambda seed: {"x": seed})

    assert [row["x"] for row in rows] == [7, 8, 9]
    assert shares == [0, 1 / 3, 2 / 3]
    assert mean_of(rows, "x") == 8
    assert arms_of(rows, {"x": "seeds"})["x"].values == [7, 8, 9]
    assert trials(0, 0, quiet, lambda _seed: {}) == []


def test_ranks_correlate_whatever_the_scale():
    assert rank_correlation([1, 2, 30], [0.1, 5, 6]) == pytest.approx(1)
    assert rank_correlation([1, 2, 3], [9, 8, 7]) == pytest.approx(-1)


def test_a_table_takes_rows_of_any_kind():
    assert table_of("t", ("a", "b"), [("x", 1), ["y", 2.0]]).rows == [["x", 1], ["y", 2.0]]
