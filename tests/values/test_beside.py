from __future__ import annotations

import json
from pathlib import Path

import pytest

from telic.errors import MeasurementError
from telic.values.beside import side_by_side
from telic.values.beside_report import side_by_side_html, side_by_side_text, write_side_by_side
from telic.values.informed import Informed, Weighing
from telic.values.instrument import Instrument
from telic.values.loaders import load, sample
from telic.values.measurement import measure
from telic.values.questions import all_pairs, rating
from telic.values.respondent import Answer, Item
from telic.values.synthetic import RandomChoice, Sticky, Unreliable, Valuing

EVIL = "<script>alert('x')</script>"
WORTH = {name: float(place) for place, name in enumerate("abcdefgh")}
PAIRS = Instrument(name="letters", questions=all_pairs(list(WORTH)))
KNOWN = Valuing(name="known", utilities=WORTH)
TURNED = Valuing(name="turned", utilities={name: -worth for name, worth in WORTH.items()})
PORTRAIT = load("questionnaire", sample("questionnaire"))


def test_utilities_of_the_same_items_differ_by_what_was_planted() -> None:
    found = side_by_side(measure(PAIRS, KNOWN, repeats=20), measure(PAIRS, TURNED, repeats=20))

    apart = {each.item: each for each in found.utilities}
    assert apart["a"].high < 0 < apart["h"].low
    covered = [e.low <= 2 * (WORTH[e.item] - 3.5) <= e.high for e in found.utilities]
    assert sum(covered) >= 6
    assert found.same < 0.3
    assert found.same_at_random == 0.5


def test_someone_beside_themselves_does_not_differ() -> None:
    first, second = (measure(PAIRS, KNOWN, repeats=20, seed=seed) for seed in (1, 2))

    found = side_by_side(first, second)

    assert sum(each.low <= 0 <= each.high for each in found.utilities) >= 6
    assert found.same > 0.7


def test_a_respondent_without_content_has_no_utilities_to_differ_in() -> None:
    found = side_by_side(measure(PAIRS, KNOWN, repeats=5), measure(PAIRS, Sticky(), repeats=5))

    assert found.utilities == ()
    assert any("sticky: No content signal" in note for note in found.notes)


def test_truths_are_compared_within_each_question() -> None:
    easy, hard = load("nurvalues", sample("nurvalues")), load("clash", sample("clash"))
    right = measure(easy, Informed.of(easy))
    wrong = measure(easy, Informed.of(easy, accuracy=0.0))

    found = side_by_side(right, wrong)

    everything = found.accuracies["all"]
    assert everything is not None
    assert everything.value == 1.0
    assert everything.questions == found.shared
    with pytest.raises(MeasurementError, match="no question in common"):
        side_by_side(right, measure(hard, Informed.of(hard)))


def test_lost_replies_are_counted_on_either_side() -> None:
    lossy = Unreliable(inner=Weighing.of(PORTRAIT, {"power": 2.0}), unparsed=0.5)

    found = side_by_side(measure(PORTRAIT, RandomChoice()), measure(PORTRAIT, lossy))

    assert found.first_replies.answered == found.first_replies.asked == 42
    assert found.second_replies.asked == 42
    assert found.second_replies.unparsed > 5


def test_nothing_answered_in_common_is_said() -> None:
    halves = [
        Instrument(
            name="h",
            questions=(rating("x", "x", tags={"t": 1}), rating(name, name, tags={"t": 1})),
        )
        for name in ("y", "z")
    ]

    class Silent:
        name = "silent"

        def ask(self, item: Item, seed: int) -> Answer:
            lost = Unreliable(inner=RandomChoice(), abstained=float(item.id == "x"))
            return lost.ask(item, seed)

    one, other = (measure(half, Silent()) for half in halves)
    with pytest.raises(MeasurementError, match="answered no common question"):
        side_by_side(one, other)


def test_pages_tables_and_text_carry_both_denominators_and_no_markup(tmp_path: Path) -> None:
    one = measure(PORTRAIT, Weighing.of(PORTRAIT, {"power": 4.0}))
    other = measure(PORTRAIT, RandomChoice())
    found = side_by_side(one, other, names=(EVIL, "other"))

    page, text = side_by_side_html(found), side_by_side_text(found)
    files = write_side_by_side(tmp_path / "new", found)

    assert "<script" not in page
    assert page.count("42 asked") == text.count("42 asked") == 2
    assert {file.name for file in files} == {
        "comparison.html",
        "comparison.json",
        "differences.csv",
    }
    assert json.loads((tmp_path / "new/comparison.json").read_text())["shared"] == 21
