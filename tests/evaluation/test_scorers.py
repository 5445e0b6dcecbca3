"""A scorer's file and answers are checked before anything depends on them."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from telic.errors import ProblemError
from telic.evaluation.scorers import load_scorer, mean_score, tidy_score
from telic.scoring import Score


def write(folder: Path, text: str) -> str:
    path = folder / "score.py"
    path.write_text(text)
    return str(path)


def test_a_scorer_without_cases_has_one_without_arguments(tmp_path: Path) -> None:
    functions = load_scorer(write(tmp_path, "def score(output, case): return output"))

    assert [(case.args, case.name) for case in functions.cases] == [((), "case 0")]


def test_tuples_are_cases(tmp_path: Path) -> None:
    text = "def cases(): return [(1, 2), (3, 4)]\ndef score(output, case): return 0"

    assert [case.args for case in load_scorer(write(tmp_path, text)).cases] == [(1, 2), (3, 4)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1", "needs a function score"),
        ("score = 3", "needs a function score"),
        ("1/0", "ZeroDivisionError"),
        ("def score(o, c): return 0\ndef cases(): return []", "gave no case"),
        ("def score(o, c): return 0\ndef cases(): return [3]", "case 0 is a int"),
        ("def score(o, c): return 0\ndef cases(): raise KeyError('gone')", "KeyError"),
    ],
)
def test_a_bad_scorer_is_one_clear_sentence(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        load_scorer(write(tmp_path, text))


@pytest.mark.parametrize("bad", [math.nan, math.inf, "high", None, [1.0]])
def test_a_metric_that_is_no_finite_number_is_refused(bad: object) -> None:
    with pytest.raises(ValueError, match="score"):
        tidy_score({"score": bad}, "score")


def test_a_plain_number_becomes_the_objectives_metric() -> None:
    assert tidy_score(3, "height").metrics == {"height": 3.0}


def test_a_boolean_is_not_a_score() -> None:
    with pytest.raises(ValueError, match="bool"):
        tidy_score(True, "score")


def test_one_infeasible_case_makes_the_whole_infeasible() -> None:
    joined = mean_score([Score({"a": 1.0, "b": 2.0}), Score({"a": 3.0}, feasible=False)])

    assert not joined.feasible
    assert joined.metrics == {"a": 2.0}
