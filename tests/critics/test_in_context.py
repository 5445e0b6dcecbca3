"""Progress read in context: what is shown, what is understood, and what shuffling takes away."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from telic.artifact import Artifact
from telic.candidate import Candidate, Record
from telic.critics.in_context import (
    Course,
    Reading,
    course_of,
    lineage,
    progress_prompt,
    read_progress,
    said_completions,
    shown_order,
    value_order_correlation,
)
from telic.errors import JournalError, UsageError
from telic.journal import Header, Journal
from telic.models import Prompt, Reply, Scripted
from telic.testing import toy_problem

COURSE = Course("Count to nine.", tuple(f"The counter shows {n}." for n in range(10)))


def read(model: Scripted, *, seed: int = 0, shuffles: bool = True) -> Reading:
    return asyncio.run(read_progress(model, COURSE, seed=seed, shuffles=shuffles))


def sees(prompt: Prompt) -> str:
    shown = re.findall(r"Observation (\d+):\nThe counter shows (\d)", prompt.messages[-1].text)
    return json.dumps([{"observation": int(n), "completion": 11 * int(c)} for n, c in shown])


def counts_up(prompt: Prompt) -> str:
    places = re.findall(r"Observation (\d+):", prompt.messages[-1].text)
    return json.dumps([{"observation": int(n), "completion": 10 * int(n)} for n in places])


def record(number: int, parents: tuple[int, ...]) -> Record:
    artifact = Artifact.of(f"x = {number}\n")
    return Record(Candidate(number, artifact, parents, "op" if number else "seed"), "evaluated")


@given(st.lists(st.integers(0, 5).map(float) | st.none(), max_size=12))
def test_the_correlation_is_spearmans(values: list[float | None]):
    found = value_order_correlation(values)

    known = [value for value in values if value is not None]
    if len(known) < 3 or len(set(known)) == 1:
        assert found is None
    else:
        result: Any = spearmanr(known, range(len(known)))
        assert found == pytest.approx(result.statistic, abs=1e-9)


@given(st.integers(3, 30), st.integers(0, 50))
def test_the_order_shown_has_all_but_the_first(count: int, seed: int):
    order = shown_order(count, seed=seed)

    assert sorted(order) == list(range(1, count))
    assert order == shown_order(count, seed=seed)


def test_who_sees_is_right_whatever_the_order():
    shuffled, kept = read(Scripted(sees)), read(Scripted(sees), shuffles=False)

    assert shuffled.correlation == kept.correlation == 1.0
    assert shuffled.completions == tuple(11.0 * n for n in range(1, 10))
    assert shuffled.shown != tuple(range(1, 10))


def test_who_only_counts_up_shines_in_order_and_not_shuffled():
    kept = read(Scripted(counts_up), shuffles=False)
    shuffled = [read(Scripted(counts_up), seed=seed).correlation or 0.0 for seed in range(40)]

    assert kept.correlation == 1.0
    assert abs(sum(shuffled) / 40) < 0.2


def test_the_first_observation_is_the_anchor_and_examples_are_solved():
    prompt = progress_prompt(COURSE, (2, 1), examples=[COURSE])

    text = prompt.messages[-1].text
    assert text.count("where the task is 0 % complete:\nThe counter shows 0.") == 2
    assert "Observation 1:\nThe counter shows 2.\n\nObservation 2:\nThe counter shows 1." in text
    assert '"completion": 100' in text


def answer(observation: object, completion: object) -> str:
    return f'{{"observation": {observation}, "completion": {completion}}}'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"[{answer(2, 40)}, {answer(1, 7.5)}]", (7.5, 40)),
        (f"Sure!\n```json\n[{answer(1, 5)}]\n```", (5, None)),
        (f"[1, 2] then [{answer(2, 9)}]", (None, 9)),
        (f'[{answer(1, 5)}, {{"observation": 2, "comp', (5, None)),
        (f"[{answer(1, 5)}, {answer(1, 6)}]", (5, None)),
        (f"[{answer(1, 101)}, {answer(2, -1)}]", (None, None)),
        (f"[{answer(1, 'NaN')}, {answer(2, '1e999')}]", (None, None)),
        (f"[{answer(1, '9' * 5000)}]", (None, None)),
        (f"[{answer('true', 5)}, {answer(3, 5)}]", (None, None)),
        ('[{"a":' * 10_000, (None, None)),
        ("I cannot say.", (None, None)),
    ],
)
def test_replies_are_read_as_far_as_they_can_be(text: str, expected: tuple[float | None, ...]):
    assert said_completions(text, 2) == expected


@given(st.text())
def test_no_reply_raises(text: str):
    assert len(said_completions(text, 3)) == 3


def test_a_failed_reply_is_no_number():
    refused = Scripted(lambda prompt: Reply(model="m", ending="refused", reason="it declined"))

    found = read(refused)

    assert found.completions == (None,) * 9
    assert (found.ending, found.reason, found.correlation) == ("refused", "it declined", None)
    assert read(Scripted(lambda prompt: "no idea")).reason != ""


def test_too_short_a_course_is_refused():
    with pytest.raises(UsageError, match="at least 3"):
        Course("Go.", ("a", "b"))


def test_a_lineage_is_read_from_a_journal_or_from_records(tmp_path: Path):
    records = [record(0, ()), record(1, (0,)), record(2, (0,)), record(3, (1, 2)), record(4, (3,))]
    header = Header(
        run="r",
        created="2025-01-01T00:00:00+00:00",
        telic="0.1.0",
        seed=0,
        problem=toy_problem(),
        components=(),
        settings={},
    )
    with Journal.create(tmp_path / "one.journal", header) as journal:
        journal.extend(records, seconds=0.0)
        from_journal = lineage(journal, 4)
        with pytest.raises(JournalError):
            lineage(journal, 9)
    by_id = {one.candidate.id: one for one in records}

    assert [one.candidate.id for one in from_journal] == [0, 1, 3, 4]
    assert from_journal == lineage(by_id, 4)
    course = course_of(from_journal, goal="Grow.")
    assert course.observations == ("x = 0\n", "x = 1\n", "x = 3\n", "x = 4\n")
    with pytest.raises(UsageError, match="no candidate 9"):
        lineage(by_id, 9)
