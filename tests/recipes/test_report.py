"""Reports: computed verdicts, text, files and drawings."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

from telic.errors import MeasurementError, StorageError, UnknownNameError, UsageError
from telic.recipes import (
    Arm,
    Plot,
    Recipe,
    Report,
    Series,
    Settings,
    Table,
    arms_plot,
    compare_arms,
    draw,
    lines,
    load,
    names,
    quiet,
    write_report,
)
from telic.recipes import Progress as Telling


class Config(Settings, frozen=True, kw_only=True):
    sizes: tuple[int, ...] = (1, 2)
    gain: float = 1.0


def run(config: Config, progress: Telling) -> Report:
    progress(0.5, "half")
    base = Arm(name="base", metric="points", values=[1.0, 2.0, 3.5])
    own = Arm(name="own", metric="points", values=[v + config.gain for v in (1.0, 2.0, 3.0)])
    return RECIPE.report(
        config,
        arms=[own, base],
        effects=[compare_arms("own is better", own, base)],
        tables=[Table("more <figures>", ["name", "value"], [["x", 1.5], ["y", None]])],
        plots=[arms_plot("points & arms", [own, base])],
        notes=["a note"],
    )


RECIPE = Recipe(
    name="example",
    claim="Own beats base.",
    reference="Nobody (2001)",
    measured="Three numbers.",
    run=run,
    full=Config(),
    quick=Config(sizes=(1,)),
    minutes=0.1,
)


def report(gain: float = 1.0) -> Report:
    return RECIPE.reproduce(Config(gain=gain), quiet)


@pytest.mark.parametrize(
    ("gain", "verdict"), [(2.0, "reproduced"), (0.3, "direction only"), (-1.0, "not reproduced")]
)
def test_the_verdict_follows_from_the_numbers(gain: float, verdict: str):
    assert report(gain).verdict == verdict


def test_a_verdict_written_by_hand_does_not_stand():
    written = msgspec.structs.replace(report(-1.0), verdict="reproduced")

    assert written.verdict == "not reproduced"


def test_a_report_survives_json():
    one = report()

    assert msgspec.json.decode(msgspec.json.encode(one), type=Report) == one


def test_settings_and_form_are_told():
    quick = RECIPE.reproduce(RECIPE.form(is_quick=True, seed=9), quiet)

    assert quick.is_quick
    assert quick.seed == 9
    assert quick.settings == {"sizes": "1", "gain": 1.0}
    assert not report().is_quick
    assert report().settings["sizes"] == "1, 2"


def test_the_text_holds_every_number_and_the_verdict():
    text = "\n".join(lines(report()))

    assert "own against base +0.8333" in text
    assert "3 seed pairs" in text
    assert "Own beats base." in text
    assert "none" in text
    assert any(line.startswith("verdict    reproduced") for line in lines(report()))
    assert all(line == line.rstrip() for line in lines(report()))


def test_files_are_written_and_written_again(tmp_path: Path):
    folder = tmp_path / "new" / "folder"

    files = write_report(report(), folder)

    assert [path.name for path in files] == ["example.json", "example.txt", "example-1.svg"]
    assert msgspec.json.decode(files[0].read_bytes(), type=Report).verdict == "reproduced"
    assert write_report(report(), folder) == files


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path):
    (tmp_path / "file").write_text("")

    with pytest.raises(StorageError, match="cannot be written"):
        write_report(report(), tmp_path / "file")


def test_an_effect_of_an_arm_that_is_not_there_is_refused():
    one = report()

    with pytest.raises(MeasurementError, match="'base'"):
        msgspec.structs.replace(one, arms=one.arms[:1])
    with pytest.raises(MeasurementError, match="name of its own"):
        msgspec.structs.replace(one, arms=[one.arms[0], *one.arms])


def test_an_uneven_table_is_refused():
    with pytest.raises(MeasurementError, match="2 columns"):
        Table("t", ["a", "b"], [["only one"]])


@pytest.mark.parametrize("kind", ["lines", "points"])
def test_a_drawing_is_xml_with_a_mark_for_each_point(kind: str):
    series = [
        Series(name="<one>", x=[0.0, 1.0, 2.0], y=[5.0, 5.0, 5.0]),
        Series(name="two", x=[1.0], y=[-3.0], low=[-4.0], high=[-2.0]),
    ]
    plot = msgspec.convert(
        {"title": "a & b", "x_label": "x", "y_label": "y", "kind": kind, "series": series},
        Plot,
        from_attributes=True,
    )

    root = ElementTree.fromstring(draw(plot))

    circles = root.findall("{http://www.w3.org/2000/svg}circle")
    assert len(circles) == 4 + len(series)
    texts = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "a & b" in texts
    assert "<one>" in texts


def test_a_single_point_can_be_drawn():
    plot = Plot(title="t", x_label="x", y_label="y", series=[Series(name="s", x=[3.0], y=[0.0])])

    assert ElementTree.fromstring(draw(plot)) is not None


@pytest.mark.parametrize(
    "series",
    [
        [],
        [Series(name="s", x=[], y=[])],
        [Series(name="s", x=[1.0], y=[])],
        [Series(name="s", x=[1.0], y=[float("nan")])],
        [Series(name="s", x=[1.0], y=[1.0], low=[0.0, 1.0])],
    ],
)
def test_a_plot_that_cannot_be_drawn_is_refused(series: list[Series]):
    with pytest.raises(MeasurementError):
        Plot(title="t", x_label="x", y_label="y", series=series)


def test_an_unknown_recipe_gets_a_suggestion():
    with pytest.raises(UnknownNameError, match="did you mean 'alphaevolve'"):
        load("alphaevolv")


def test_names_are_sorted_and_a_plug_in_must_be_a_recipe(monkeypatch: pytest.MonkeyPatch):
    from telic import registry

    monkeypatch.setitem(registry._BUILT_IN["recipe"], "zero", "telic.recipes:quiet")
    registry.known.cache_clear()

    assert list(names()) == sorted(names())
    with pytest.raises(UsageError, match=r"not a telic\.recipes\.Recipe"):
        load("zero")
    registry.known.cache_clear()
