from __future__ import annotations

import csv
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from telic import seeding
from telic.errors import MeasurementError
from telic.values._graph_svg import Arrow, graph_plot
from telic.values.graph_report import graph_html, graph_text, write_graph_report
from telic.values.graph_summary import summarise_votes
from telic.values.moral_graph import Judgement, Vote

EVIL = "<b>&'x'"
WISE = {"vain": 0.0, "fair": 1.5, "kind": 3.0, EVIL: 4.5}


def planted(people: int = 120, *, unsure: float = 0.1) -> list[Vote]:
    """Votes of people who agree on an order of wisdom, with some noise."""
    votes: list[Vote] = []
    names = list(WISE)
    for person in range(people):
        rng = seeding.stream(5, "votes", person)
        source, to = sorted(rng.sample(names, 2), key=lambda name: WISE[name] + rng.gauss(0, 1))
        answer: Judgement = "unsure" if rng.random() < unsure else "wiser"
        votes.append(Vote(f"p{person}", source, to, answer))
    return votes


def test_the_planted_order_comes_first_and_every_figure_has_its_votes() -> None:
    votes = planted()

    found = summarise_votes(votes, draws=50)

    assert [value.value for value in found.values] == sorted(WISE, key=lambda name: -WISE[name])
    assert sum(value.page_rank for value in found.values) == pytest.approx(1)
    assert sum(value.asked for value in found.values) == 2 * len(votes)
    assert sum(value.decided for value in found.values) == 2 * found.votes.answered
    assert all(0 <= edge.survival <= 1 for edge in found.edges)
    assert [edge.kept for edge in found.edges] == sorted(
        (edge.kept for edge in found.edges), reverse=True
    )


def test_an_unstable_top_unsure_votes_and_circles_are_noted() -> None:
    votes = [
        *(Vote(f"a{k}", "x", "y", "wiser") for k in range(3)),
        *(Vote(f"b{k}", "y", "z", "wiser") for k in range(3)),
        *(Vote(f"c{k}", "z", "x", "wiser") for k in range(3)),
        Vote("d", "x", "y", "unsure"),
    ]

    notes = " ".join(summarise_votes(votes, draws=20).notes)

    assert "resamples of participants" in notes
    assert "1 circles of wiser-than" in notes
    assert "1 of 10 votes were unsure" in notes


@pytest.mark.parametrize("answer", ["unsure", "wiser"])
def test_too_few_who_decide_get_a_sentence(answer: Judgement) -> None:
    with pytest.raises(MeasurementError, match="2 participants or more"):
        summarise_votes([Vote("a", "x", "y", answer), Vote("b", "x", "y", "unsure")])


def test_a_report_is_one_safe_page_with_tables(tmp_path: Path) -> None:
    found = summarise_votes(planted(), draws=20)

    files = write_graph_report(tmp_path / "new", found)
    page, text = graph_html(found), graph_text(found)

    assert EVIL not in page
    assert "&lt;b&gt;" in page
    assert "<script" not in page
    assert f"{found.votes.asked:g} asked" in page
    assert f"{found.votes.asked:g} asked" in text
    assert json.loads(files[1].read_text())["participants"] == 120
    with files[2].open(newline="") as file:
        assert {row["value"] for row in csv.DictReader(file)} == set(WISE)


def test_the_picture_of_a_graph_is_well_formed_and_keeps_opposite_arrows_apart() -> None:
    both = [Arrow("a", EVIL, 1.0), Arrow(EVIL, "a", 0.2)]

    picture = ET.fromstring(graph_plot(EVIL, ["a", EVIL], both))

    paths = [path for path in picture.iter("path") if path.get("class") == "edge"]
    curves = {str(path.get("d")).split("Q")[1].split()[0] for path in paths}
    assert len(paths) == len(curves) == 2
