"""The hostile suite, with all layers and with some of them off."""

from __future__ import annotations

import time

import pytest

from telic.evaluation.sandbox import Sandbox
from telic.evaluation.sandbox.hostile import ATTACKS, Attack, AttackResult, run_hostile_suite


def broken(results: list[AttackResult]) -> dict[str, str]:
    return {result.name: result.note for result in results if result.held is False}


@pytest.mark.slow
def test_every_attack_is_held(shared: Sandbox) -> None:
    began = time.monotonic()

    results = run_hostile_suite(shared)

    assert broken(results) == {}
    assert len(results) >= 25
    assert time.monotonic() - began < 60
    if not shared.missing:
        assert all(result.held for result in results)


@pytest.mark.slow
@pytest.mark.parametrize(
    "forced_off",
    ["bwrap", "namespaces", "seccomp", "landlock", "namespaces landlock seccomp rlimits"],
)
def test_what_the_remaining_layers_claim_is_held(forced_off: str) -> None:
    with Sandbox(forced_off=frozenset(forced_off.split())) as sandbox:
        # What no layer holds is the same everywhere, and some of it waits for deadlines.
        attacks = [attack for attack in ATTACKS if attack.held_by or "exit" in attack.ends]
        results = run_hostile_suite(sandbox, attacks=attacks)

    assert broken(results) == {}
    assert any(result.held for result in results)


def test_an_attack_that_no_layer_claims_to_hold_is_not_tried() -> None:
    attacks = [attack for attack in ATTACKS if attack.name == "fork bomb"]

    with Sandbox(forced_off=frozenset({"seccomp"})) as sandbox:
        (result,) = run_hostile_suite(sandbox, attacks=attacks)

    assert result.held is None
    assert result.outcome is None
    assert result.note == "needs seccomp"


def test_the_suite_notices_an_attack_that_succeeds(shared: Sandbox) -> None:
    source = "def attack(x):\n    return ['won']"
    wins = Attack("wins", "to succeed", source, gives=[], may_return=True)
    fails = Attack("fails", "to differ", "def attack(x):\n    1 / 0", ends=("timeout",))

    results = run_hostile_suite(shared, attacks=[wins, fails])

    assert [result.held for result in results] == [False, False]
    assert "won" in results[0].note
    assert "exception" in results[1].note


def test_attacks_have_distinct_names_and_say_what_they_try() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
    assert all(attack.tries.startswith("to ") for attack in ATTACKS)
    assert all(attack.ends or attack.may_return for attack in ATTACKS)
