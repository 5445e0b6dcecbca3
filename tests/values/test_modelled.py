from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from telic.errors import UnknownNameError, UsageError
from telic.models import Message, Prompt, Reply
from telic.models.base import Ending
from telic.models.local import missing_for_local
from telic.models.scripted import Scripted
from telic.values.instrument import Instrument
from telic.values.loaders import load, sample
from telic.values.measurement import measure, read_measurement
from telic.values.modelled import Modelled, open_model
from telic.values.opening import open_respondent
from telic.values.questions import affect_probe, all_pairs, stance
from telic.values.summary import summarise

PAIRS = Instrument(name="letters", questions=all_pairs([f"item {k}" for k in range(7)]))
ITEM = PAIRS.questions[0].item(("item 0", "item 1"))
PROBE = affect_probe({"win": "our team won", "fire": "my house burnt down"})


@pytest.fixture
def opened() -> Iterator[list[Modelled]]:
    """Respondents to close."""
    models: list[Modelled] = []
    yield models
    for model in models:
        model.close()


def by_letter(_prompt: Prompt, choices: Sequence[str]) -> list[float]:
    """The small model's way: A in nine of ten cases, whatever A is."""
    return [math.log(0.9 if choice == "A" else 0.1 / (len(choices) - 1)) for choice in choices]


def test_by_probability_a_model_that_always_says_a_has_no_content_signal(
    opened: list[Modelled],
) -> None:
    opened.append(Modelled(Scripted(scores=by_letter, name="small")))

    summary = summarise(measure(PAIRS, opened[0], repeats=3))

    assert summary.respondents[0].first == 1.0
    assert summary.content is not None
    assert not summary.content.is_there
    assert any("No content signal" in note for note in summary.notes)


def test_a_chat_is_scored_without_the_blank_and_a_bare_text_with_it(
    opened: list[Modelled],
) -> None:
    seen: list[tuple[Prompt, Sequence[str]]] = []

    def scores(prompt: Prompt, choices: Sequence[str]) -> list[float]:
        seen.append((prompt, choices))
        is_good = "won" in prompt.text
        return [math.log(0.8 if (place == 0) == is_good else 0.1) for place in range(len(choices))]

    opened.append(Modelled(Scripted(scores=scores), persona="You are a pirate."))
    opened[0].ask(ITEM, 1)

    probe = measure(PROBE, opened[0])

    assert seen[0][0].messages[0] == Message("system", "You are a pirate.")
    assert list(seen[0][1]) == ["A", "B"]
    assert list(seen[1][1]) == [" happy", " sad"]
    assert seen[1][0].text.endswith("I heard that our team won, so I feel very")
    assert [reply.choice for reply in probe.replies] == ["happy", "sad"]


def test_by_sampling_replies_are_written_and_parsed(opened: list[Modelled]) -> None:
    prompts: list[Prompt] = []

    def script(prompt: Prompt) -> str:
        prompts.append(prompt)
        return "The answer is B."

    opened.append(Modelled(Scripted(script), by="sampling"))

    measured = measure(PAIRS.only(["p0001"]), opened[0], repeats=2)

    assert {reply.choice for reply in measured.replies} == {"item 0", "item 1"}
    assert len({prompt.seed for prompt in prompts}) == 2
    assert all(prompt.temperature == 1.0 for prompt in prompts)


@pytest.mark.parametrize(
    ("ending", "text", "status"),
    [
        ("complete", "B", "answered"),
        ("truncated", "B) because", "answered"),
        ("truncated", "Well, on the one hand", "unparsed"),
        ("refused", "", "refused"),
        ("empty", "", "unparsed"),
        ("malformed", "", "error"),
        ("timeout", "", "error"),
        ("unavailable", "", "error"),
        ("rejected", "", "error"),
    ],
)
def test_every_way_an_answer_ends_has_its_status(
    opened: list[Modelled], ending: Ending, text: str, status: str
) -> None:
    reply = Reply(model="m", ending=ending, text=text, reason="so it was")
    opened.append(Modelled(Scripted(lambda prompt: reply), by="sampling"))

    answer = opened[0].ask(ITEM, 1)

    assert answer.status == status


def test_words_are_scored_where_a_scale_is_shown(opened: list[Modelled]) -> None:
    def scores(_prompt: Prompt, choices: Sequence[str]) -> list[float]:
        return [math.log(0.7 if choice == "oppose" else 0.1) for choice in choices]

    opened.append(Modelled(Scripted(scores=scores)))
    instrument = Instrument(name="s", questions=(stance("t", "Taxes.", tags={"state": 1.0}),))

    measured = measure(instrument, opened[0])

    assert [reply.choice for reply in measured.replies] == ["oppose", "oppose"]


def test_answers_too_improbable_together_are_unparsed(opened: list[Modelled]) -> None:
    model = Scripted(scores=lambda _prompt, choices: [math.log(0.1)] * len(choices))
    opened.append(Modelled(model, least_mass=0.5))

    assert opened[0].ask(ITEM, 1).status == "unparsed"


@pytest.mark.slow
@pytest.mark.skipif(bool(missing_for_local()), reason="the local model is not installed")
def test_the_packaged_model_feels_the_news_and_has_no_view_on_letters(
    opened: list[Modelled],
) -> None:
    opened.append(open_model("local"))
    probe = load("affect-probe", sample("affect-probe"))
    news = probe.only(["team", "wedding", "puppy", "fire", "crash", "dog"])
    letters = Instrument(
        name="letters", questions=all_pairs(["a sunny day", "a broken leg", "a gift", "a war"])
    )

    feelings = summarise(measure(news, opened[0]))
    choices = summarise(measure(letters, opened[0]))

    assert feelings.separation is not None
    assert feelings.separation.share >= 8 / 9
    assert feelings.replies.answered == 6
    assert choices.respondents[0].first in (0.0, 1.0)  # one letter, whatever it stands for
    assert choices.ladder is None


def test_a_model_without_probabilities_must_be_sampled() -> None:
    with pytest.raises(UsageError, match="try sampled:NAME"):
        Modelled(Scripted(lambda prompt: "A"))


def test_models_are_opened_by_name_and_personas_are_other_respondents(
    opened: list[Modelled], tmp_path: Path
) -> None:
    for persona in ("", "You are a pirate."):
        found = open_respondent("sampled:scripted", PAIRS, persona=persona)
        assert isinstance(found, Modelled)
        opened.append(found)

    measure(PAIRS.only(["p0001"]), opened[0], record=tmp_path / "r")

    assert opened[0].name == "scripted sampled"
    assert opened[1].name.startswith("scripted sampled persona ")
    assert read_measurement(tmp_path / "r").respondent == "scripted sampled"
    with pytest.raises(UnknownNameError, match="model"):
        open_model("skripted")
    with pytest.raises(UsageError, match="persona is for models"):
        open_respondent("random", PAIRS, persona="You are a pirate.")
