"""Differences name what changed and stay harmless."""

from __future__ import annotations

from telic.artifact import Artifact
from telic.cli._diff import diff_lines


def test_equal_artifacts_have_no_difference():
    assert diff_lines(Artifact.of("a\n"), Artifact.of("a\n"), label="candidate 3") == []


def test_each_line_has_the_role_of_its_sign():
    lines = diff_lines(Artifact.of("a\nb\nc\n"), Artifact.of("a\nB\nc\n"), label="candidate 3")

    assert lines == [
        ("file", "--- main.py, seed"),
        ("file", "+++ main.py, candidate 3"),
        ("place", "@@ -1,3 +1,3 @@"),
        ("same", " a"),
        ("removed", "-b"),
        ("added", "+B"),
        ("same", " c"),
    ]


def test_a_file_of_one_side_only_is_shown_whole():
    before = Artifact((("main.py", "a\n"), ("old.py", "x\n")))
    after = Artifact((("main.py", "a\n"), ("new.py", "y\n")))

    lines = [text for _, text in diff_lines(before, after, label="best")]

    assert [line for line in lines if line[:1] in "+-" and line[:3] not in ("---", "+++")] == [
        "-x",
        "+y",
    ]


def test_control_characters_of_a_candidate_are_spelled_out():
    lines = diff_lines(Artifact.of("a\n"), Artifact.of("\x1b]0;owned\x07\n"), label="best")

    assert ("added", "+\\x1b]0;owned\\x07") in lines
