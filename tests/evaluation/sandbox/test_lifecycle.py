"""Beginnings and ends: restarts, killed clients, killed zygotes, several sandboxes at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

import pytest

from telic.evaluation.sandbox import Sandbox
from telic.evaluation.sandbox.launch import processes_marked

needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

CLIENT = """
import sys
from telic.evaluation.sandbox import Job, Sandbox, encode
sandbox = Sandbox(forced_off=frozenset(sys.argv[1].split()))
sandbox.wait()
print(sandbox._zygote.mark, len(sandbox._zygote.own), flush=True)
source = "import time\\ndef f():\\n    time.sleep(60)"
if sys.argv[2] == "busy":
    sandbox.run(Job((("main.py", source),), "f", (encode(((), {})),), seconds=60))
else:
    sys.stdin.read()
"""


def wait_until(condition: Any, seconds: float = 10.0) -> bool:
    """Poll what another process does; there is nothing to be notified by."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        os.sched_yield()
    return True


@needs_proc
@pytest.mark.parametrize("state", ["busy", "idle"])
@pytest.mark.parametrize("forced_off", ["", "bwrap", "namespaces"])
def test_nothing_outlives_a_client_that_is_killed(forced_off: str, state: str) -> None:
    client = subprocess.Popen(
        [sys.executable, "-c", CLIENT, forced_off, state],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert client.stdout is not None
    assert client.stdin is not None
    mark, own = client.stdout.readline().split()
    expected = int(own) + (state == "busy")
    assert wait_until(lambda: len(processes_marked(mark)) == expected)

    client.send_signal(signal.SIGKILL)
    client.wait()
    client.stdout.close()
    client.stdin.close()

    assert wait_until(lambda: not processes_marked(mark))


@needs_proc
def test_closing_ends_every_process(job: Any) -> None:
    sandbox = Sandbox()
    sandbox.run(job("def f():\n    return 1"))
    mark = sandbox._zygote.mark  # pyright: ignore[reportOptionalMemberAccess]
    assert processes_marked(mark)

    sandbox.close()

    assert not processes_marked(mark)


def test_a_closed_sandbox_can_be_used_again(job: Any) -> None:
    with Sandbox() as sandbox:
        sandbox.run(job("def f():\n    return 1"))
        sandbox.close()

        assert sandbox.run(job("def f():\n    return 2")).outputs == (2,)


@needs_proc
def test_a_zygote_that_dies_is_a_sandbox_failure_and_is_replaced(job: Any) -> None:
    with Sandbox() as sandbox:
        sandbox.run(job("def f():\n    return 1"))
        zygote = sandbox._zygote
        assert zygote is not None
        for pid in zygote.own:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        outcome = sandbox.run(job("def f():\n    return 2"))
        layers = sandbox.layer

        assert outcome.failure is not None
        assert outcome.failure[0] == "sandbox"
        assert sandbox.run(job("def f():\n    return 3")).outputs == (3,)
        assert sandbox.layer == layers


def test_a_spoiled_zygote_is_replaced(job: Any) -> None:
    litter = (
        "import os\ndef f():\n    open('x', 'w').close()\n"
        "    for i in range(25000):\n        os.link('x', str(i))\n    return 1"
    )

    with Sandbox(forced_off=frozenset({"bwrap", "namespaces"})) as sandbox:
        first = sandbox.run(job("def f():\n    return 1"))
        before = sandbox._zygote
        littered = sandbox.run(job(litter, seconds=30.0))
        after = sandbox.run(job("import os\ndef f():\n    return os.listdir('.')"))

        assert first.outputs == (1,)
        assert littered.outputs == (1,)
        assert sandbox._zygote is not before
        assert after.outputs == ([],)


def test_one_endless_loop_does_not_delay_another_sandbox(job: Any) -> None:
    with Sandbox() as stuck, Sandbox() as free:
        stuck.wait()
        free.wait()
        outcomes: list[Any] = []
        loop = job("def f():\n    while True: pass", seconds=2.0)
        thread = threading.Thread(target=lambda: outcomes.append(stuck.run(loop)))
        thread.start()
        quick = [free.run(job("def f(x):\n    return x", n)) for n in range(10)]
        was_stuck = thread.is_alive()
        thread.join()

    assert [outcome.outputs[0] for outcome in quick] == list(range(10))
    assert was_stuck
    assert outcomes[0].failure[0] == "timeout"


def test_a_deadline_is_kept_closely(shared: Sandbox, job: Any) -> None:
    outcome = shared.run(job("def f():\n    while True: pass", seconds=0.3))

    assert 0.3 <= outcome.seconds < 1.5


def test_a_sandbox_started_from_a_thread_outlives_the_thread(job: Any) -> None:
    sandbox = Sandbox()
    thread = threading.Thread(target=sandbox.wait)
    thread.start()
    thread.join()

    with sandbox:
        before = sandbox._zygote
        assert sandbox.run(job("def f():\n    return 1")).outputs == (1,)
        assert sandbox._zygote is before


def test_an_interrupted_run_leaves_nothing_for_the_next_job(shared: Sandbox, job: Any) -> None:
    class Interrupted(Exception):  # noqa: N818
        pass

    def interrupt(*_: object) -> None:
        raise Interrupted

    previous = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(Interrupted):
            shared.run(job("import time\ndef f():\n    time.sleep(60)\n    return 1"))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)

    assert shared.run(job("def f():\n    return 2")).outputs == (2,)


def test_start_returns_before_packages_are_loaded(job: Any) -> None:
    with Sandbox(preload=("numpy",)) as sandbox:
        sandbox.start()
        first = sandbox._zygote
        sandbox.start()

        assert sandbox._zygote is first
        assert sandbox.run(job("def f():\n    return 1")).outputs == (1,)
