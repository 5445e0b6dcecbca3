"""``telic doctor`` names what holds and what does not, and fails when something leaks."""

from __future__ import annotations

import pytest

from telic.cli._doctor import layer_lines
from telic.evaluation.sandbox import LAYERS, hostile
from telic.evaluation.sandbox.hostile import ATTACKS, AttackResult
from tests.cli.conftest import Call


def test_a_quick_look_names_versions_workers_and_every_layer(call: Call):
    called = call("doctor", "--quick", "--json")

    document = called.document
    assert called.code == 0
    assert set(document["layers"]) == set(LAYERS)
    assert document["workers"] >= 1
    assert document["libraries"]["msgspec"]
    assert (document["attacks"], document["sound"]) == (None, None)
    assert "sandbox layer rlimits: holds" in called.err


@pytest.mark.parametrize("layer", LAYERS)
def test_a_missing_layer_is_named_with_what_to_do(layer: str):
    (line,) = layer_lines({layer: False})

    assert line.startswith(f"sandbox layer {layer}: MISSING; ")
    assert len(line) > 50


@pytest.mark.parametrize(("held", "code"), [(True, 0), (None, 0), (False, 8)])
def test_a_leak_is_told_and_is_the_exit_code(
    call: Call, monkeypatch: pytest.MonkeyPatch, held: bool | None, code: int
):
    def one_result(_sandbox, *, report):
        report(AttackResult("fork bomb", "to fill the process table", held, None, "it\x1b[2J did"))

    monkeypatch.setattr(hostile, "run_hostile_suite", one_result)

    called = call("doctor")

    assert called.code == code
    assert ("LEAK: fork bomb" in called.out) is (held is False)
    assert ("not held here" in called.out) is (held is None)
    assert "\x1b" not in called.out


@pytest.mark.slow
def test_this_machine_holds_what_its_layers_claim(call: Call):
    called = call("doctor", "--json")

    assert called.code == 0
    assert called.document["sound"] is True
    assert len(called.document["attacks"]) == len(ATTACKS)
