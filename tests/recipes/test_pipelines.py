"""The language of list pipelines."""

from random import Random

import pytest

from telic.recipes._pipelines import (
    END,
    LONGEST,
    PLACES,
    TOKENS,
    Task,
    demonstrated,
    draw_task,
    outcome_of,
    state,
)

REVERSE, REST, SUM, LENGTH, FIRST, NEGATE = 0, 2, 14, 15, 18, 22


def task(*program: int, words: tuple[int, ...] = ()) -> Task:
    given = words or tuple(2 * k for k in program)
    return Task(given, program, ((3, 1, 2),), ((3, 1, 2), (5,), (1, 1)))


def test_a_right_program_of_another_form_passes():
    assert outcome_of(task(SUM), (REVERSE, SUM), held_out=True) == "passed"


@pytest.mark.parametrize(
    ("program", "outcome"),
    [
        ((LENGTH,), "failed"),
        ((NEGATE,), "type error"),
        ((SUM, SUM), "type error"),
        ((REST, REST, REST, FIRST), "runtime error"),
        ((), "failed"),
    ],
)
def test_wrong_programs_fail_in_their_own_way(program: tuple[int, ...], outcome: str):
    assert outcome_of(task(SUM), program, held_out=False) == outcome


def test_held_out_tests_see_more_than_the_shown_ones():
    assert outcome_of(task(REVERSE, FIRST), (REST, REST, FIRST), held_out=False) == "passed"
    assert outcome_of(task(REVERSE, FIRST), (REST, REST, FIRST), held_out=True) == "runtime error"


def test_drawn_tasks_are_solved_by_their_programs():
    rng = Random(0)

    for _ in range(30):
        drawn = draw_task(rng, shortest=3)
        assert 3 <= len(drawn.program) <= LONGEST
        assert outcome_of(drawn, drawn.program, held_out=True) == "passed"
        assert demonstrated(drawn, rng, bugs=0.0) == drawn.program


def test_bugs_stand_only_where_a_word_misleads():
    plain, second = (REVERSE, SUM), tuple(2 * k + 1 for k in (REVERSE, SUM))

    assert demonstrated(task(*plain), Random(0), bugs=1.0) == plain
    assert demonstrated(task(*plain, words=second), Random(0), bugs=1.0) == (1, SUM)


def test_a_state_holds_the_words_and_what_is_written():
    tokens = state(task(REVERSE, SUM), (REVERSE,))

    assert len(tokens) == PLACES
    assert tokens[:3] == [1, 29, 0]
    assert tokens[LONGEST:] == [1 + 2 * END, 0, 0, 0, 0, 0]
    assert max(tokens) < TOKENS
