"""Words are short, exact where it counts, and cannot steer a terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.cli._text import duration, exactly, gap, harmless, number, one_line, plural, rate

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT)
def test_harmless_text_has_no_control_characters_and_can_be_encoded(text: str):
    safe = harmless(text)

    kinds = {unicodedata.category(sign) for sign in safe if sign not in "\t\n"}
    assert not kinds & {"Cc", "Cs", "Zl", "Zp"}
    assert not set(safe) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"])))
def test_ordinary_text_stays_as_it_is(text: str):
    assert harmless(text) == text


def test_an_escape_sequence_is_spelled_out():
    assert harmless("\x1b[2J\x9bm\r") == "\\x1b[2J\\x9bm\\x0d"


@given(ANY_TEXT, st.integers(1, 50))
def test_one_line_is_one_line_of_the_given_width(text: str, width: int):
    line = one_line(text, width)

    assert len(line) <= width
    assert "\n" not in line


@given(st.floats(allow_nan=False))
def test_an_exact_number_reads_back_as_the_same_number(value: float):
    assert float(exactly(value)) == value


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0004, "0.00 s"),
        (0.35, "0.35 s"),
        (5.0, "5.0 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (65, "1 min 5 s"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
        (float("inf"), "unknown"),
    ],
)
def test_durations_read_as_people_say_them(seconds: float, text: str):
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "known", "higher", "text"),
    [
        (2.5, 2.0, True, "0.5 (25.00 %) better than it"),
        (1.5, 2.0, True, "0.5 (25.00 %) short of it"),
        (2.5, 2.0, False, "0.5 (25.00 %) short of it"),
        (-1.5, -2.0, True, "0.5 (25.00 %) better than it"),
        (-1.5, -2.0, False, "0.5 (25.00 %) short of it"),
        (-0.5, 0.0, True, "0.5 short of it"),
        (2.0, 2.0, True, "equal to it"),
    ],
)
def test_the_gap_to_the_best_known_follows_the_direction(
    value: float, known: float, higher: bool, text: str
):
    assert gap(value, known, higher_is_better=higher) == text


def test_numbers_counts_and_rates_are_short():
    assert number(None) == "none"
    assert number(-0.000123456789) == "-0.0001234568"
    assert [plural(n, "line") for n in (0, 1, 1234)] == ["0 lines", "1 line", "1,234 lines"]
    assert [rate(x) for x in (0.1234, 12.34, 1234.5)] == ["0.123/s", "12.3/s", "1,234/s"]
