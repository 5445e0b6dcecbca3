from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from telic.errors import MeasurementError, StorageError, UnknownNameError
from telic.values.custom import read_instrument, scaffold
from telic.values.instrument import Form
from telic.values.measurement import measure
from telic.values.profiles import profile
from telic.values.synthetic import AlwaysFirst

FORMS: tuple[Form, ...] = get_args(Form)


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("suffix", ["toml", "csv"])
def test_a_scaffold_is_an_instrument_of_its_form(form: Form, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"mine.{suffix}"

    scaffold(path, form)
    instrument = read_instrument(path)

    assert {question.form for question in instrument.questions} == {form}
    assert measure(instrument, AlwaysFirst()).counts.answered > 0


def test_a_scaffold_never_overwrites(tmp_path: Path) -> None:
    path = write(tmp_path / "mine.toml", "precious")

    with pytest.raises(StorageError, match="exists already"):
        scaffold(path)
    assert path.read_text() == "precious"


def test_a_scaffold_refuses_unknown_forms_and_suffixes(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'pair'"):
        scaffold(tmp_path / "a.toml", "pairs")  # pyright: ignore[reportArgumentType]
    with pytest.raises(MeasurementError, match=r"\.toml or \.csv"):
        scaffold(tmp_path / "a.yaml")
    with pytest.raises(StorageError, match="cannot write"):
        scaffold(tmp_path / "no" / "a.toml")


def test_a_toml_file_may_mix_forms_and_name_its_own_words(tmp_path: Path) -> None:
    path = write(
        tmp_path / "i.toml",
        """
name = "mixed"
words = ["never", "sometimes", "always"]

[[question]]
id = "walk"
form = "rating"
text = "I walk to work."
tags = { health = 1 }

[[question]]
id = "ride"
form = "choice"
options = ["bicycle", "bus", { name = "car", tags = { health = -1 } }]
offers_ambivalent = true

[[question]]
id = "feel"
form = "valence"
text = "I heard that it rains, so I feel very"
options = [{ name = "happy", value = 1 }, { name = "sad", value = -1 }]
is_bare = true
""",
    )

    instrument = read_instrument(path)

    walk, ride, feel = instrument.questions
    assert feel.prompt(feel.names) == feel.text
    assert [option.text for option in walk.options] == ["never", "sometimes", "always"]
    assert [option.value for option in walk.options] == [-1, 0, 1]
    assert ride.names == ("bicycle", "bus", "car")
    assert instrument.dimensions == ("health",)


def test_a_table_with_a_reverse_keyed_row_is_scored_the_other_way(tmp_path: Path) -> None:
    path = write(
        tmp_path / "i.csv",
        "id,form,text,dimension,keyed\na,stance,Parks.,green,1\nb,stance,Roads.,green,-1\n",
    )

    scores = profile(measure(read_instrument(path), AlwaysFirst(), orders="given"))

    assert scores["green"].value == 0.0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("name = 1", "Expected `str`"),
        ('name = "x"\nquestion = []', "has no question"),
        ('name = "x"\n[[question]]\nid = "a"', "missing required field `form`"),
        ('name = "x"\n[[question]]\nid = "a"\nform = "quiz"', "Invalid enum value"),
        ('name = "x"\n[[question]]\nid = "a"\nform = "pair"', "is a pair and needs options"),
        (
            'name = "x"\n[[question]]\nid = "a"\nform = "stance"\ncolour = 1',
            "unknown field `colour`",
        ),
        ('name = "x\n[[question', "i.toml"),
        (
            'name = "x"\n[[question]]\nid = "a"\nform = "stance"\n'
            '[[question]]\nid = "a"\nform = "stance"',
            "uses the id 'a' twice",
        ),
        ('name = "x"\n[[question]]\nid = "a"\nform = "pair"\noptions = ["x"]', "two or more"),
    ],
)
def test_a_malformed_toml_file_is_refused(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(MeasurementError, match=message):
        read_instrument(write(tmp_path / "i.toml", text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,form,colour\na,stance,red\n", "unknown column 'colour'"),
        ("id\na\n", "'form' is missing"),
        ("id,form\na,quiz\n", "unknown form 'quiz'"),
        ("id,form\n,stance\n", "'id' is empty"),
        ("id,form,keyed\na,stance,much\n", "not a number"),
        ("id,form,ambivalent\na,stance,perhaps\n", "is yes or no"),
        ("id,form,options\na,pair,x|x\n", r"i\.csv:2: .*different options"),
        ("id,form,options\na,pair,x|y\na,pair,x|z\n", "uses the id 'a' twice"),
        ("id,form,options,truth\na,pair,x|y,z\n", "its truth 'z'"),
    ],
)
def test_a_malformed_table_is_refused(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises((MeasurementError, UnknownNameError), match=message):
        read_instrument(write(tmp_path / "i.csv", text))


def test_other_suffixes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MeasurementError, match=r"\.toml or \.csv"):
        read_instrument(tmp_path / "i.yaml")
