"""Every way to end has its code, and nobody sees a traceback unasked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import telic.errors
from telic.cli import _exit
from telic.cli._exit import guarded
from telic.errors import TelicError

DOCUMENTED = {
    int(line.split()[0]) for line in (_exit.__doc__ or "").splitlines() if line[:1].isdigit()
}
ERRORS = [
    error
    for error in vars(telic.errors).values()
    if isinstance(error, type) and issubclass(error, TelicError)
]


def raising(error: BaseException):
    def action() -> int:
        raise error

    return action


def test_every_error_of_the_tree_has_a_documented_code():
    assert {error.exit_code for error in ERRORS} <= DOCUMENTED
    assert {_exit.CHECK_FAILED, _exit.FINISHED, _exit.INTERRUPTED, 141} <= DOCUMENTED


def test_an_error_is_one_sentence_and_its_code(capsys: pytest.CaptureFixture[str]):
    code = guarded(raising(TelicError("it is \x1b[31mred")), as_json=False, environment={})

    assert code == 1
    assert capsys.readouterr().err == "error: it is \\x1b[31mred\n"


def test_an_interruption_has_its_own_code(capsys: pytest.CaptureFixture[str]):
    assert guarded(raising(KeyboardInterrupt()), as_json=True, environment={}) == 130
    assert json.loads(capsys.readouterr().out)["error"]["exit_code"] == 130


def test_a_fault_of_telic_says_how_to_see_more(capsys: pytest.CaptureFixture[str]):
    code = guarded(raising(ZeroDivisionError("zero")), as_json=False, environment={})

    told = capsys.readouterr().err
    assert code == 1
    assert "TELIC_DEBUG=1" in told
    assert "Traceback" not in told


def test_with_debugging_on_the_traceback_is_there(capsys: pytest.CaptureFixture[str]):
    guarded(raising(TelicError("no")), as_json=False, environment={"TELIC_DEBUG": "1"})

    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("options", [("--json",), ()])
def test_a_reader_that_goes_away_is_no_reason_to_complain(tmp_path: Path, options: tuple[str, ...]):
    producer = subprocess.Popen(
        [sys.executable, "-m", "telic", "problems", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
    )
    assert producer.stdout is not None
    producer.stdout.close()

    _, errors = producer.communicate(timeout=30)

    assert producer.returncode == 141
    assert errors == b""
