"""Logs are stand-ins in inspect_ai's JSON form; tasks are tried where it is installed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from telic.errors import MeasurementError, UsageError
from telic.values.informed import Informed
from telic.values.inspecting import inspect_task, read_inspect_log
from telic.values.instrument import Instrument
from telic.values.loaders import load, sample
from telic.values.measurement import measure
from telic.values.summary import summarise

CLASH = load("clash", sample("clash")).only(
    [question.id for question in load("clash", sample("clash")).questions[:3]]
)


def sample_of(name: str, epoch: int, content: object, **more: Any) -> dict[str, Any]:
    choice = {"message": {"role": "assistant", "content": content}, "stop_reason": "stop"}
    return {"id": name, "epoch": epoch, "output": {"choices": [choice]}, **more}


def write_log(path: Path, samples: list[dict[str, Any]], **run: Any) -> Path:
    run = {"model": "mockllm/model", "metadata": {"digest": CLASH.digest}, **run}
    path.write_text(
        json.dumps({"version": 2, "status": "success", "eval": run, "samples": samples})
    )
    return path


def whole(instrument: Instrument, content: object = "yes") -> list[dict[str, Any]]:
    return [
        sample_of(f"{question.id}@{place}", 1, content)
        for question in instrument.questions
        for place in range(2)
    ]


def test_a_log_is_a_measurement_with_every_ending_kept(tmp_path: Path) -> None:
    samples = whole(CLASH)
    samples[1] = sample_of(samples[1]["id"], 1, "I'm sorry, I can't answer that.")
    samples[2] = sample_of(samples[2]["id"], 1, "")
    samples[3] = {**samples[3], "error": {"message": "out of memory"}}
    samples[4] = sample_of(samples[4]["id"], 1, [{"type": "text", "text": "Ambivalent"}])

    measured = read_inspect_log(write_log(tmp_path / "log.json", samples[:5]), CLASH)

    statuses = [reply.status for reply in measured.replies]
    assert statuses == ["answered", "refused", "unparsed", "error", "answered", "error"]
    assert measured.respondent == "mockllm/model"
    assert measured.counts.asked == 6  # the sample that is not in the log counts
    assert measured.replies[4].choice == ""  # ambivalence is an answer
    assert summarise(measured).replies.answered == 2


def test_epochs_are_replies_and_one_order_is_noticed(tmp_path: Path) -> None:
    names = [f"{question.id}@0" for question in CLASH.questions]
    samples = [sample_of(name, epoch, "no") for name in names for epoch in (1, 2)]

    measured = read_inspect_log(
        write_log(tmp_path / "l.json", samples[:-1], config={"epochs": 2}), CLASH
    )

    assert measured.orders == "given"
    assert measured.counts.asked == 6
    assert measured.counts.error == 1
    assert {reply.repeat for reply in measured.replies} == {0, 1}


def test_a_filtered_reply_is_a_refusal(tmp_path: Path) -> None:
    samples = whole(CLASH)
    samples[0]["output"]["choices"][0]["stop_reason"] = "content_filter"

    measured = read_inspect_log(write_log(tmp_path / "l.json", samples), CLASH)

    assert measured.counts.refused == 1


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("l.eval", "", "inspect log convert"),
        ("l.json", "[]", "no log of inspect_ai"),
        ("l.json", "{", "cut off"),
        ("l.json", '{"eval": {}}', "holds no samples"),
        ("l.json", '{"eval": {}, "samples": [{"id": 1}]}', "without id or epoch"),
        ("l.json", '{"eval": {}, "samples": [{"id": "x", "epoch": 1}]}', "does not ask"),
        ("l.json", '{"eval": {"metadata": {"digest": "x"}}}', "other questions"),
    ],
)
def test_other_files_get_a_sentence(tmp_path: Path, name: str, content: str, message: str) -> None:
    path = tmp_path / name
    path.write_text(content)

    with pytest.raises(MeasurementError, match=message):
        read_inspect_log(path, CLASH)


def test_a_task_needs_its_library_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "inspect_ai", None)

    with pytest.raises(UsageError, match=r"telic\[inspect\]"):
        inspect_task(CLASH)


def test_a_task_run_by_inspect_gives_the_measurement_back(tmp_path: Path) -> None:
    inspect_ai: Any = pytest.importorskip("inspect_ai")
    models: Any = pytest.importorskip("inspect_ai.model")
    known = measure(CLASH, Informed.of(CLASH), repeats=1)
    outputs = [
        models.ModelOutput.from_content("mockllm", reply.choice or "ambivalent")
        for reply in known.replies
    ]
    for output in outputs:  # else inspect_ai counts tokens with a file from the network
        output.usage = models.ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
    model = models.get_model("mockllm/model", custom_outputs=outputs)
    logs = inspect_ai.eval(
        inspect_task(CLASH, persona="Answer briefly."),
        model=model,
        log_dir=str(tmp_path),
        log_format="json",
        display="none",
        max_connections=1,
    )

    measured = read_inspect_log(Path(logs[0].location), CLASH)

    assert logs[0].status == "success"
    assert logs[0].results.scores[0].metrics["mean"].value == 1.0
    assert [(r.question, r.choice) for r in measured.replies] == [
        (r.question, r.choice) for r in known.replies
    ]
