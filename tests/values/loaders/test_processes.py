from __future__ import annotations

import json
from pathlib import Path

import pytest

from telic.errors import MeasurementError
from telic.values.loaders import sample
from telic.values.loaders.processes import read_processes
from telic.values.measurement import measure
from telic.values.synthetic import RandomChoice

SAMPLE = sample("clash").with_name("processes.json")


def test_a_process_names_its_states_by_what_is_seen() -> None:
    (process,) = read_processes(SAMPLE)

    assert process.ends == ("The tree bears fruit.", "The tree withers.")
    assert process.transitions["You water the seedling."]["The tree bears fruit."] == 0.9
    assert set(process.transitions) == set(process.states) - set(process.ends)
    assert measure(process.instrument(), RandomChoice()).comparisons().items == process.states


@pytest.mark.parametrize(
    ("transitions", "message"),
    [
        ({"0": [[2, 0.9]]}, "do not sum to 1"),
        ({"0": [[9, 1.0]]}, "no pair of its states"),
        ({"9": [[2, 1.0]]}, "no pair of its states"),
        ({"0": [[2, 0.5], [2, 0.5]]}, "repeated"),
        ({"0": [[2, 1.5], [3, -0.5]]}, "no probability"),
        ({"0": [[2]]}, "Expected `array` of length 2"),
    ],
)
def test_malformed_processes_are_refused(transitions: object, message: str, tmp_path: Path) -> None:
    content = json.loads(SAMPLE.read_text())
    content["MarkovProcesses"][0]["transitions"] = transitions
    path = tmp_path / "p.json"
    path.write_text(json.dumps(content))

    with pytest.raises(MeasurementError, match=message):
        read_processes(path)


def test_another_file_or_a_cut_one_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text('{"Garden": ["x"]}')
    with pytest.raises(MeasurementError, match="MarkovProcesses"):
        read_processes(path)
    path.write_text(SAMPLE.read_text()[:200])
    with pytest.raises(MeasurementError, match="cut off"):
        read_processes(path)


def test_repeated_states_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text(SAMPLE.read_text().replace("The tree withers.", "The tree bears fruit."))

    with pytest.raises(MeasurementError, match="two or more different states"):
        read_processes(path)
