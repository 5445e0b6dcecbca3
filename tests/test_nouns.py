"""Artifacts, regions, budgets and addresses."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.artifact import Artifact, digest, evolve_regions, frozen_parts, respects_regions
from telic.budget import Budget, Spent, exhausted
from telic.errors import MarkerError, ProblemError, UsageError, suggestion
from telic.problem import Feature, Limits, Problem
from telic.seeding import address, numpy_stream, stream

MARKED = """import math
# EVOLVE-BLOCK-START
a = 1
# EVOLVE-BLOCK-END
b = 2
/* EVOLVE-BLOCK-START */
c = 3
/* EVOLVE-BLOCK-END */
"""


def test_a_file_without_markers_may_change_as_a_whole() -> None:
    (region,) = evolve_regions("a = 1\n")

    assert (region.start, region.end) == (0, 6)


def test_regions_lie_between_their_markers() -> None:
    texts = [MARKED[region.start : region.end] for region in evolve_regions(MARKED)]

    assert texts == ["a = 1\n", "c = 3\n"]


@pytest.mark.parametrize("sign", ["#", "//", "--", "%", ";", "<!--", '"""', "!", "REM ", "  # "])
def test_markers_work_in_any_comment_style(sign: str) -> None:
    text = f"x\n{sign} EVOLVE-BLOCK-START\ny\n{sign} EVOLVE-BLOCK-END\nz\n"

    assert frozen_parts(text)[0].startswith("x\n")
    assert [text[r.start : r.end] for r in evolve_regions(text)] == ["y\n"]


_LINES = ("# EVOLVE-BLOCK-START", "// EVOLVE-BLOCK-END", "x = 1", 'print("EVOLVE-BLOCK-END")', "")


@given(st.lists(st.tuples(st.sampled_from(_LINES), st.sampled_from("\n\r\x0c\u2028")), max_size=9))
def test_regions_are_those_of_a_reading_line_by_line(parts: list[tuple[str, str]]) -> None:
    text = "".join(map("".join, parts)).replace("\r", "\r\n")
    found: list[tuple[int, int]] = []
    offset = opened = 0
    is_open = is_wrong = False
    for line in text.splitlines(keepends=True):
        if line.startswith(("#", "/")):
            is_wrong = is_wrong or is_open == line.startswith("#")
            if line.startswith("#"):
                opened = offset + len(line)
            else:
                found.append((opened, offset))
            is_open = line.startswith("#")
        offset += len(line)

    if is_open or is_wrong:
        with pytest.raises(MarkerError):
            evolve_regions(text)
    else:
        regions = [(region.start, region.end) for region in evolve_regions(text)]
        assert regions == (found or [(0, len(text))])


def test_a_marker_word_within_a_line_of_code_is_no_marker() -> None:
    text = 'print("see EVOLVE-BLOCK-START")\n'

    assert len(evolve_regions(text)) == 1


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("# EVOLVE-BLOCK-START\n# EVOLVE-BLOCK-START\n", 2, "cannot be nested"),
        ("a\n# EVOLVE-BLOCK-END\n", 2, "without a START"),
        ("a\nb\n# EVOLVE-BLOCK-START\n", 3, "without an END"),
    ],
)
def test_wrong_markers_name_their_line(text: str, line: int, message: str) -> None:
    with pytest.raises(MarkerError, match=message) as caught:
        evolve_regions(text, file="seed.py")

    assert caught.value.line == line
    assert str(caught.value).startswith(f"seed.py:{line}:")


@given(st.text(max_size=80), st.text(max_size=80))
def test_only_evolvable_text_may_differ(before: str, after: str) -> None:
    frame = "# head\n# EVOLVE-BLOCK-START\n{}\n# EVOLVE-BLOCK-END\n# tail\n"
    parent = Artifact.of(frame.format(before.replace("EVOLVE", "")))
    child = Artifact.of(frame.format(after.replace("EVOLVE", "")))

    assert respects_regions(parent, child)
    assert not respects_regions(parent, child.with_text(child.text.replace("tail", "tale")))


def test_a_child_with_other_files_does_not_respect_regions() -> None:
    parent = Artifact.of("a")

    assert not respects_regions(parent, Artifact((("main.py", "a"), ("more.py", ""))))


@pytest.mark.parametrize("name", ["/etc/hosts", "../up.py", ""])
def test_a_file_outside_the_tree_is_refused(name: str) -> None:
    with pytest.raises(ProblemError, match="relative path"):
        Artifact(((name, ""),))


def test_a_file_listed_twice_is_refused() -> None:
    with pytest.raises(ProblemError, match="twice"):
        Artifact((("a.py", ""), ("a.py", "")))


def test_digests_tell_files_apart_however_text_is_cut() -> None:
    assert digest(Artifact((("a", "bc"),))) != digest(Artifact((("ab", "c"),)))


def test_zero_means_zero_and_none_means_no_bound() -> None:
    assert exhausted(Budget(evaluations=0), Spent()) == "evaluations"
    assert exhausted(Budget(), Spent(evaluations=10**9)) is None


def test_reserved_evaluations_count_as_spent() -> None:
    assert exhausted(Budget(evaluations=10), Spent(evaluations=4), reserved=6) == "evaluations"
    assert exhausted(Budget(evaluations=10), Spent(evaluations=4), reserved=5) is None


@pytest.mark.parametrize("bound", [-1, math.nan])
def test_a_budget_below_zero_is_refused(bound: float) -> None:
    with pytest.raises(UsageError, match="seconds"):
        Budget(seconds=bound)


def test_addresses_do_not_collide_by_spelling() -> None:
    addresses = {address(1, "a", 2), address(1, "a", "2"), address(12, "a"), address(1, 2, "a")}

    assert len(addresses) == 4


def test_an_address_gives_the_same_numbers_every_time() -> None:
    assert stream(1, "x", 5).random() == stream(1, "x", 5).random()
    assert numpy_stream(1, "x").random() == numpy_stream(1, "x").random()
    assert stream(1, "x", 5).random() != stream(1, "x", 6).random()


def test_a_suggestion_names_the_closest_or_all() -> None:
    assert suggestion("limts", ["limits", "stages"]) == "; did you mean 'limits'?"
    assert suggestion("zzz", ["b", "a"]) == "; known: a, b"


def test_contradictory_declarations_are_refused() -> None:
    with pytest.raises(ProblemError, match=r"limits\.seconds"):
        Limits(seconds=0)
    with pytest.raises(ProblemError, match="low < high"):
        Feature("size", low=2.0, high=1.0)
    with pytest.raises(ProblemError, match="repeats"):
        Problem(name="x", seed=Artifact.of(""), repeats=0)
