"""Layers forced off: candidates still run, and what is missing is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from telic.evaluation.sandbox import LAYERS, Job, Sandbox, encode, probe
from telic.evaluation.sandbox.view import find_bubblewrap


@pytest.fixture(scope="module")
def available() -> set[str]:
    missing = probe().missing
    return {layer for layer in LAYERS if layer not in missing}


@pytest.mark.parametrize(
    "forced_off",
    [
        {"bwrap"},
        {"namespaces"},
        {"landlock"},
        {"seccomp"},
        {"rlimits"},
        {"nudges"},
        {"namespaces", "landlock"},
        {"landlock", "seccomp"},
        {"namespaces", "landlock", "seccomp", "rlimits", "nudges"},
    ],
    ids=lambda names: "+".join(sorted(names)),
)
def test_it_runs_without_some_layers_and_names_them(
    available: set[str], job: Any, forced_off: set[str]
) -> None:
    with Sandbox(forced_off=frozenset(forced_off)) as sandbox:
        layer, missing = sandbox.wait()
        outputs = [sandbox.run(job("def f(x):\n    return x + 1", n)).outputs for n in range(3)]
        loop = sandbox.run(job("def f():\n    while True: pass", seconds=0.2))
        session_job = Job(
            (("main.py", "def f():\n    return __telic_slots__[0]"),), "f", (encode(((), {})),)
        )
        with sandbox.session(session_job) as session:
            answers = session.run([[1], [2]])
        survivors = sandbox.survivors()

    held = available - forced_off
    assert set(missing) == set(LAYERS) - held
    assert layer == ("full" if not missing else "+".join(n for n in LAYERS if n in held)) or (
        not held and layer == "process"
    )
    assert outputs == [(1,), (2,), (3,)]
    assert loop.failure == ("timeout", "ran longer than 0.2 s")
    assert answers == [((1,), None), ((2,), None)]
    assert not survivors
    for name in forced_off & (set(LAYERS) - {"namespaces"}):
        assert sandbox.notes[name] == "switched off"


def test_without_bubblewrap_namespaces_are_entered_directly(available: set[str]) -> None:
    if "namespaces" not in available:
        pytest.skip("needs namespaces")

    assert probe(forced_off=frozenset({"bwrap"})).mode == "direct"
    if find_bubblewrap() is not None:
        assert probe().mode == "bwrap"


def test_the_probe_tells_what_failed_and_why() -> None:
    found = probe(forced_off=frozenset({"seccomp"}))

    assert dict(found.notes)["seccomp"] == "switched off"
    assert "seccomp" in found.missing
    assert found.start_seconds > 0


def test_the_process_layer_kills_the_group_of_a_candidate(job: Any) -> None:
    daemons = (
        "import os, time\ndef f():\n    for _ in range(3):\n        if os.fork() == 0:\n"
        "            os.setsid()\n            time.sleep(60)\n    return 1"
    )

    with Sandbox(forced_off=frozenset({"namespaces", "seccomp", "landlock"})) as sandbox:
        outcome = sandbox.run(job(daemons))
        survivors = sandbox.survivors()

    assert outcome.outputs == (1,)
    assert not survivors


def test_a_work_folder_on_the_host_is_removed(job: Any) -> None:
    with Sandbox(forced_off=frozenset({"namespaces"})) as sandbox:
        source = "import os\ndef f():\n    open('x', 'w').close()\n    return os.getcwd()"
        folder = Path(sandbox.run(job(source)).outputs[0])
        left = list(folder.iterdir())

    assert left == []
    assert not folder.exists()
