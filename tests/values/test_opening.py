from __future__ import annotations

from pathlib import Path

import pytest

from telic.errors import MeasurementError, UnknownNameError, UsageError
from telic.values.custom import scaffold
from telic.values.loaders import FORMATS, sample
from telic.values.measurement import measure
from telic.values.opening import PROJECTIONS, open_instrument, open_projection, open_respondent

CLASH = open_instrument("clash")


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_alone_is_its_sample(name: str) -> None:
    assert open_instrument(name) == open_instrument(f"{name}:{sample(name)}")


def test_options_reach_the_loader() -> None:
    assert open_instrument("clash", ways=2).name == "clash-2way-third"
    with pytest.raises(UsageError, match="no option 'colour'"):
        open_instrument("clash", colour="red")


def test_a_file_of_ones_own_is_an_instrument(tmp_path: Path) -> None:
    scaffold(tmp_path / "mine.toml")

    assert open_instrument(str(tmp_path / "mine.toml")).name == "breakfast"
    with pytest.raises(UsageError, match="has no options"):
        open_instrument(str(tmp_path / "mine.toml"), ways=2)


def test_an_unknown_instrument_is_named_with_the_closest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'daily-dilemmas'"):
        open_instrument("daily-dilemma")


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ("random", "random"),
        ("always-first", "always-first"),
        ("sticky", "sticky"),
        ("sticky:0.8", "sticky-0.8"),
        ("informed", "informed"),
        ("informed:0.5", "informed-0.5"),
        ("person", "person"),
        ("person:ann", "ann"),
    ],
)
def test_respondents_have_short_names(spec: str, name: str) -> None:
    assert open_respondent(spec, CLASH).name == name


def test_recorded_answers_are_a_respondent(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    key = CLASH.questions[0].id
    file.write_text(f"question,choice,respondent\n{key},yes,ann\n{key},no,bob\n")

    measured = measure(CLASH.only([key]), open_respondent(f"{file}#bob", CLASH))

    assert {reply.choice for reply in measured.replies} == {"no"}


def test_senseless_respondents_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'sticky'"):
        open_respondent("stiky", CLASH)
    with pytest.raises(UsageError, match="number from 0 to 1"):
        open_respondent("sticky:2", CLASH)
    with pytest.raises(UsageError, match="number from 0 to 1"):
        open_respondent("informed:much", CLASH)
    with pytest.raises(UsageError, match="takes no argument"):
        open_respondent("random:1", CLASH)
    with pytest.raises(MeasurementError, match="truth to know"):
        open_respondent("informed", open_instrument("daily-dilemmas"))


@pytest.mark.parametrize("name", PROJECTIONS)
def test_projections_have_short_names(name: str) -> None:
    assert open_projection(name).dimensions


def test_a_column_of_a_table_is_a_projection(tmp_path: Path) -> None:
    file = tmp_path / "values.csv"
    file.write_text("value,mine\nkindness,warmth\ncourage,strength\n")

    assert open_projection(f"{file}#mine").dimensions == ("strength", "warmth")
    with pytest.raises(UnknownNameError, match="projection"):
        open_projection("schwarz")
