from __future__ import annotations

import csv
import json
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from telic.errors import MeasurementError, StorageError
from telic.values._svg import PlotRow, Segment, rows_plot, stacked_bar
from telic.values.informed import Informed, Weighing
from telic.values.instrument import Instrument, Option, Question
from telic.values.loaders import FORMATS, load, sample
from telic.values.measurement import measure
from telic.values.questions import all_pairs
from telic.values.report import summary_html, summary_text, write_report
from telic.values.summary import summarise
from telic.values.synthetic import AlwaysFirst, RandomChoice, Unreliable, Valuing

EVIL = "<script>alert('x')</script>&\"'"
VOID = {"meta", "rect", "line", "circle"}


class Balanced(HTMLParser):
    """Checks that tags are closed in order, and collects them."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(page: str) -> Balanced:
    parser = Balanced()
    parser.feed(page)
    assert parser.open == []
    return parser


def evil_pairs() -> Instrument:
    names = [EVIL, *(f"item {k}" for k in range(5))]
    return Instrument(name=EVIL, questions=all_pairs(names), source=EVIL, limits=EVIL)


def test_text_from_anywhere_is_escaped() -> None:
    instrument = evil_pairs()
    worth = {name: float(k) for k, name in enumerate([EVIL, *(f"item {k}" for k in range(5))])}
    measured = measure(instrument, Valuing(name=EVIL, utilities=worth), repeats=6)

    page = summary_html(summarise(measured))

    assert "&lt;script&gt;" in page
    assert not {"script", "img", "iframe", "a", "link"} & {tag for tag, _ in parsed(page).seen}


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    page = summary_html(summarise(measure(evil_pairs(), RandomChoice())))

    for _, attributes in parsed(page).seen:
        assert not {"src", "href", "onload", "onclick"} & set(attributes)
    assert "url(" not in page
    assert "default-src 'none'" in page


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_a_whole_report(name: str, tmp_path: Path) -> None:
    instrument = load(name, sample(name))
    measured = measure(
        instrument, Weighing.of(instrument, dict.fromkeys(instrument.dimensions, 1.0))
    )

    files = write_report(tmp_path / "out", measured)

    assert {"report.html", "summary.json", "replies.csv"} <= {file.name for file in files}
    page = (tmp_path / "out" / "report.html").read_text()
    parsed(page)
    assert f"{measured.counts.asked:g} asked" in page
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["asked"] == len(
        measured.replies
    )
    with (tmp_path / "out" / "replies.csv").open(newline="") as file:
        assert len(list(csv.DictReader(file))) == len(measured.replies)


def test_a_ladder_has_a_table_with_its_denominators(tmp_path: Path) -> None:
    worth = {f"i{k}": k - 2.0 for k in range(5)}
    measured = measure(
        Instrument(name="p", questions=all_pairs(list(worth))), Valuing(utilities=worth), repeats=9
    )

    write_report(tmp_path, measured)

    with (tmp_path / "utilities.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["item"] for row in rows] == ["i4", "i3", "i2", "i1", "i0"]
    assert {row["asked"] for row in rows} == {"72.0"}
    assert "Position bias" in (tmp_path / "report.html").read_text()


def test_a_position_responder_is_called_one(tmp_path: Path) -> None:
    measured = measure(evil_pairs(), AlwaysFirst(name="small model"), repeats=4)

    text = summary_text(summarise(measured))
    write_report(tmp_path, measured)

    assert "No content signal" in text
    assert "takes the first 1.00" in text
    page = (tmp_path / "report.html").read_text()
    assert "No content signal" in page
    assert "Utility ladder" not in page
    assert not (tmp_path / "utilities.csv").exists()


def test_the_text_names_denominators_and_what_was_not_answered() -> None:
    instrument = load("clash", sample("clash"))
    lossy = Unreliable(inner=Informed.of(instrument), unparsed=0.4)

    text = summary_text(summarise(measure(instrument, lossy, repeats=4)))

    assert "80 asked" in text
    assert "unparsed" in text
    assert "right on ambivalent: 1.00" in text


def test_the_text_cannot_steer_a_terminal() -> None:
    instrument = load("clash", sample("clash"))
    named = Informed(name="a\x1b[2Jb", truths={q.id: q.truth for q in instrument.questions})

    text = summary_text(summarise(measure(instrument, named)))

    assert "\x1b" not in text


def test_a_form_that_cannot_say_the_truth_is_named() -> None:
    instrument = load("clash", sample("clash"), ways=2)

    page = summary_html(summarise(measure(instrument, Informed.of(instrument))))

    assert "does not let the truth be said for: ambivalent" in page


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StorageError, match="cannot write"):
        write_report(tmp_path / "file" / "x", measure(evil_pairs(), RandomChoice()))
    with pytest.raises(MeasurementError, match="answered no question"):
        write_report(tmp_path, measure(evil_pairs(), Unreliable(inner=RandomChoice(), error=1)))


def test_plots_are_well_formed_and_stay_inside() -> None:
    rows = [
        PlotRow(EVIL * 3, 0.5, -9.0, 9.0, EVIL, marks=(0.1, 99.0)),
        PlotRow("none", None, is_null=True),
    ]

    for picture in (
        rows_plot(EVIL, rows, span=(-1.0, 1.0), reference=0.0),
        rows_plot("empty", [], span=(0.0, 1e-6)),
        stacked_bar(EVIL, [Segment(EVIL, 3), Segment("b", 0), Segment("c", 1)]),
        stacked_bar("none", [Segment("a", 0)]),
    ):
        root = ET.fromstring(picture)
        width = float(root.attrib["width"])
        for element in root.iter():
            for key in ("x", "x1", "x2", "cx"):
                assert 0 <= float(element.attrib.get(key, 0)) <= width


def test_a_bar_is_as_wide_as_its_counts() -> None:
    root = ET.fromstring(stacked_bar("t", [Segment("a", 3), Segment("b", 1)]))

    widths = [float(r.attrib["width"]) for r in root.iter("rect") if r.attrib["y"] == "4"]

    assert widths == [570.0, 190.0]


def test_raw_replies_stay_in_the_table_and_out_of_the_page(tmp_path: Path) -> None:
    from telic.values.textual import Textual

    question = Question(id="q", form="pair", options=(Option("x"), Option("y")))
    measured = measure(
        Instrument(name="i", questions=(question,)), Textual("m", lambda prompt, seed: f"A\n{EVIL}")
    )

    write_report(tmp_path, measured)

    with (tmp_path / "replies.csv").open(newline="") as file:
        assert {row["text"] for row in csv.DictReader(file)} == {f"A\n{EVIL}"}
    assert "alert" not in (tmp_path / "report.html").read_text()
