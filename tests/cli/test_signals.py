"""Ctrl-C once finishes and reports, twice stops now; nothing recorded is lost, nothing stays."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from telic.journal import Journal

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from telic import registry
from telic.cli import main
registry._BUILT_IN["operator"]["step"] = "tests.engine.parts:Step"
sys.exit(main())
"""
OPTIONS = ("--operators", "step", "--workers", "1", "--window", "2", "--seconds", "60")
COMPARISON = ("--operators", "step", "--workers", "1", "--evaluations", "8", "--seeds", "2")
SLOW_FROM_THE_THIRD = """
import time
calls = 0

def score(output, case):
    global calls
    calls += 1
    time.sleep({seconds} if calls > 3 else 0)
    return float(output)
"""

WAITS_WHILE_IT_IS_IMPORTED = """
import time
open("here", "w").close()
time.sleep(25)

def score(output, case):
    return 0.0
"""


def write_problem(here: Path, score: str) -> None:
    folder = here / "slow"
    folder.mkdir()
    (folder / "problem.toml").write_text('entry = ""\nseed = "seed.txt"\n')
    (folder / "seed.txt").write_text("0\n")
    (folder / "score.py").write_text(score)


def start(here: Path, *options: str, command: str = "run") -> subprocess.Popen[str]:
    shared = OPTIONS if command == "run" else COMPARISON
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, command, "slow/", *shared, *options],
        cwd=here,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for(process: subprocess.Popen[str], words: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if words in line:
            return
    raise AssertionError(f"the run ended without saying {words!r}: {process.communicate()}")


def reason_and_records(here: Path) -> tuple[str, int]:
    with Journal.read(here / "runs/slow-1.journal") as journal:
        stopped = next(event for event in journal.events() if event.kind == "stopped")
        return stopped.data["reason"], journal.count()


def test_the_first_ctrl_c_finishes_what_is_in_flight_and_reports(tmp_path: Path):
    write_problem(tmp_path, SLOW_FROM_THE_THIRD.format(seconds=0.3))
    process = start(tmp_path)
    wait_for(process, "seed score 0")

    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=30)

    assert process.returncode == 130, errors
    assert "finishing what is in flight; Ctrl-C again stops now" in out
    assert "slow: 0 → " in out
    assert "verified again" in out
    reason, records = reason_and_records(tmp_path)
    assert reason == "interrupted"
    assert records >= 1


def test_the_second_ctrl_c_stops_now(tmp_path: Path):
    write_problem(tmp_path, SLOW_FROM_THE_THIRD.format(seconds=25))
    process = start(tmp_path)
    wait_for(process, "seed score 0")

    process.send_signal(signal.SIGINT)
    wait_for(process, "Ctrl-C again stops now")
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=15)

    assert process.returncode == 130, errors
    assert "slow: 0 → " in out
    assert "verified" not in out
    assert reason_and_records(tmp_path)[0] == "interrupted"


def test_a_termination_is_like_the_second_ctrl_c(tmp_path: Path):
    write_problem(tmp_path, SLOW_FROM_THE_THIRD.format(seconds=25))
    process = start(tmp_path, "--json")
    assert process.stderr is not None
    assert "seed score 0" in process.stderr.readline()

    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=15)

    assert process.returncode == 130
    assert '"status": "interrupted"' in out
    assert '"verification": null' in out


def test_ctrl_c_before_the_first_evaluation_leaves_nothing_behind(tmp_path: Path):
    write_problem(tmp_path, WAITS_WHILE_IT_IS_IMPORTED)
    os.mkfifo(tmp_path / "here")
    process = start(tmp_path)
    (tmp_path / "here").open().close()  # waits until the scorer is being imported

    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=15)

    assert process.returncode == 130
    assert errors == "error: interrupted\n"
    assert not (tmp_path / "runs").exists()


def test_in_a_terminal_the_run_is_drawn_and_ctrl_c_works(tmp_path: Path):
    write_problem(tmp_path, SLOW_FROM_THE_THIRD.format(seconds=0.05))
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(tmp_path)
        environment = os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color"}
        command = [sys.executable, "-c", PROGRAM, "run", "slow/", *OPTIONS]
        os.execve(sys.executable, command, environment)

    seen = _read_until(terminal, b"latest improvements")
    os.write(terminal, b"\x03")
    seen += _read_until(terminal, None)
    _, status = os.waitpid(pid, 0)

    text = seen.decode(errors="replace")
    assert os.waitstatus_to_exitcode(status) == 130
    assert "evaluations" in text
    assert "\x1b[?25l" in text
    assert text.rfind("\x1b[?25h") > text.rfind("\x1b[?25l")
    assert "slow: " in text


def _read_until(terminal: int, words: bytes | None) -> bytes:
    """Read what is drawn until ``words`` appear, or to the end."""
    seen = b""
    while words is None or words not in seen:
        try:
            data = os.read(terminal, 65536)
        except OSError:  # Linux's way to say that the other side is closed
            break
        if not data:
            break
        seen += data
    return seen


def test_a_finished_run_leaves_no_process_behind(tmp_path: Path):
    write_problem(tmp_path, SLOW_FROM_THE_THIRD.format(seconds=0))
    process = start(tmp_path, "--evaluations", "5", "--quiet")

    out, errors = process.communicate(timeout=30)

    assert process.returncode == 0, errors
    assert "verified again" in out
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_an_interrupted_comparison_shows_what_it_has(tmp_path: Path):
    write_problem(tmp_path, SLOW_FROM_THE_THIRD.format(seconds=0.05))
    process = start(tmp_path, "--no-baselines", command="compare")
    wait_for(process, "1 of 2")

    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=30)

    assert process.returncode == 130, errors
    assert "interrupted: start it again with -o to go on" in out
    assert "islands" in out
