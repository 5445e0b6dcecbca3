from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telic.errors import MeasurementError
from telic.values.affect import margins, separation
from telic.values.instrument import Instrument
from telic.values.loaders import load, sample
from telic.values.measurement import Measurement, measure
from telic.values.report import summary_text
from telic.values.summary import summarise
from telic.values.synthetic import AlwaysFirst
from telic.values.textual import Scored, read_scores

PROBE = load("affect-probe", sample("affect-probe"))
GOOD = {q.text: q.truth == "happy" for q in PROBE.questions}


def leaning(shift: float, size: float) -> Measurement:
    """A model that leans to one word, and tells good news from bad by a margin."""

    def score(prompt: str, words: Sequence[str]) -> list[float]:
        assert list(words) == [" happy", " sad"]
        margin = shift + (size if GOOD[prompt] else -size)
        return [-2.0 - math.log1p(math.exp(-margin)), -2.0 - math.log1p(math.exp(margin))]

    return measure(PROBE, Scored(name="leaning", score=score))


def test_the_probe_has_as_much_good_news_as_bad_and_states_its_limit() -> None:
    assert sum(GOOD.values()) == len(GOOD) / 2 == 15
    assert "not its size" in PROBE.limits


def test_always_the_same_word_is_right_half_the_time() -> None:
    summary = summarise(measure(PROBE, AlwaysFirst()))

    assert summary.accuracies["all"].value == 0.5


def test_a_leaning_model_still_tells_good_news_from_bad_by_its_margin() -> None:
    measured = leaning(shift=3.0, size=1.0)

    found = separation(measured)

    assert summarise(measured).separation == found
    assert "1.000 of 225 pairs" in summary_text(summarise(measured))
    assert summarise(measured).accuracies["all"].value == 0.5
    assert (found.share, found.pairs, found.replies.answered) == (1.0, 225, 30)
    assert margins(measured)["team"] == pytest.approx(4.0, abs=1e-3)


def test_a_deaf_model_separates_nothing() -> None:
    assert separation(leaning(shift=1.0, size=0.0)).share == 0.5


def test_margins_need_probabilities_and_both_kinds_of_news() -> None:
    with pytest.raises(MeasurementError, match="0 good and 0 bad"):
        separation(measure(PROBE, AlwaysFirst()))
    only_good = leaning(0.0, 1.0)
    kept = tuple(r for r in only_good.replies if GOOD[PROBE.question(r.question).text])
    part = Measurement(PROBE.only({r.question for r in kept}), "x", 0, "both", kept)
    with pytest.raises(MeasurementError, match="15 good and 0 bad"):
        separation(part)


@given(
    st.dictionaries(
        st.text(st.characters(categories=("L", "N")), min_size=1),
        st.floats(-1e6, 0.0).map(lambda x: float(f"{x:.4g}")),
        min_size=1,
    )
)
def test_scores_are_read_back_from_the_text_of_a_reply(scores: dict[str, float]) -> None:
    text = ", ".join(f"{word}: {score:.4g}" for word, score in scores.items())

    assert read_scores(text) == scores


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("id,event\na,x\na,y\n", "twice"),
        ("id,event,feeling\na,x,glad\n", "happy or sad"),
        ("id,occasion\na,x\n", "column 'event' is missing"),
    ],
)
def test_malformed_events_get_a_sentence(rows: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    path.write_text(rows)

    with pytest.raises(MeasurementError, match=message):
        load("affect-probe", path)


def test_events_without_a_plain_feeling_have_no_truth(tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    path.write_text("id,event\na,it rained\n")

    probe = load("affect-probe", path)

    assert isinstance(probe, Instrument)
    assert probe.questions[0].truth == ""
