"""Courses in words say what they stand for, and respondents see as much as they are said to."""

from __future__ import annotations

from random import Random

import pytest

from telic.recipes._courses import asked, chance_of_gap, drawn_course, readings_of, respondent


@pytest.mark.parametrize("is_lineage", [True, False])
def test_who_sees_all_reads_the_true_progress(is_lineage: bool):
    course = drawn_course(Random(0), length=7, succeeds=True, is_lineage=is_lineage)
    sharp = respondent(accuracy=1.0, bias=0.0, seed=0)

    found = readings_of(sharp, [course], seed=0, shuffles=True)[0]

    assert found.correlation == 1.0
    assert found.completions == pytest.approx([100 * n / 6 for n in range(1, 7)], abs=1.0)


def test_who_only_counts_up_reads_progress_into_failures_in_order():
    course = drawn_course(Random(0), length=9, succeeds=False, is_lineage=True)
    counting = respondent(accuracy=0.0, bias=1.0, seed=0)

    assert readings_of(counting, [course], seed=0, shuffles=False)[0].correlation == 1.0


def test_the_chance_of_a_gap_is_exact():
    assert chance_of_gap([3.0, 4.0], [1.0, 2.0]) == pytest.approx(1 / 6)
    assert chance_of_gap([1.0, 1.0], [1.0]) == 1.0
    assert chance_of_gap([], [1.0]) == 1.0


def test_a_real_model_gets_a_table_and_a_null_when_it_cannot_see():
    courses = [
        drawn_course(Random(n), length=4, succeeds=n % 2 == 0, is_lineage=True) for n in range(4)
    ]

    tables, notes = asked("scripted", courses, seed=0)

    assert [row[3] for row in tables[0].rows] == [0] * 4  # it replies with no list at all
    assert all("does not tell them apart" in note for note in notes)
    assert asked("", courses, seed=0)[0] == []
    assert "was not asked" in asked("recorded:path=/nowhere", courses, seed=0)[1][0]
