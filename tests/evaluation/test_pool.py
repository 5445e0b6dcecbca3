"""Workers die, hang and lie broken; the driver goes on."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from telic.artifact import Artifact
from telic.candidate import Evaluation
from telic.errors import ProblemError, SandboxError
from telic.evaluation import Pool, RoutineError
from telic.evaluation.messages import (
    Evaluated,
    EvaluateTask,
    Fault,
    Frames,
    Ready,
    RoutineDone,
    decode_task,
    frame,
)


class Worker:
    """A worker whose conduct is written in the artifact it is given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, sock: socket.socket) -> None:
        sock.sendall(frame(Ready("none", (), 1)))
        frames = Frames()
        while data := sock.recv(1 << 16):
            for body in frames.feed(data):
                sock.sendall(frame(self.answer(decode_task(body))))

    def answer(self, task: Any) -> Any:
        if not isinstance(task, EvaluateTask):
            if task.function == "fail":
                return Fault(task.id, "routine", "by design")
            return RoutineDone(task.id, {"got": task.arguments})
        text = task.artifact.text
        if text == "die":
            os._exit(3)
        if text == "die once" and not (self.folder / "died").exists():
            (self.folder / "died").touch()
            os._exit(3)
        if text == "hang":
            signal.pause()
        if text == "print":
            os.write(1, b"scorers may print")
        return Evaluated(task.id, Evaluation(metrics={"length": len(text), "pid": os.getpid()}))


async def evaluate(folder: Path, *texts: str, **options: Any) -> list[Evaluation]:
    settings: dict[str, Any] = {"workers": 2, "deadline": 20.0} | options
    async with Pool(Worker(folder), **settings) as pool:
        return await asyncio.gather(*(pool.evaluate(Artifact.of(text), [1]) for text in texts))


def test_answers_go_to_the_question_they_belong_to(tmp_path: Path) -> None:
    texts = ["x" * n for n in range(50)]

    answers = asyncio.run(evaluate(tmp_path, *texts))

    assert [answer.metrics["length"] for answer in answers] == list(range(50))
    assert len({answer.metrics["pid"] for answer in answers}) == 2


def test_a_text_larger_than_a_socket_buffer_arrives(tmp_path: Path) -> None:
    answers = asyncio.run(evaluate(tmp_path, "x" * 3_000_000, "y"))

    assert [answer.metrics["length"] for answer in answers] == [3_000_000, 1]


def test_a_worker_that_dies_is_replaced_and_its_task_tried_again(tmp_path: Path) -> None:
    answers = asyncio.run(evaluate(tmp_path, "a", "die once", "b", "c"))

    assert [answer.failure for answer in answers] == [None] * 4


def test_a_task_that_kills_its_worker_twice_is_a_recorded_failure(tmp_path: Path) -> None:
    answers = asyncio.run(evaluate(tmp_path, "a", "die", "b"))

    assert [answer.failure.kind if answer.failure else None for answer in answers] == [
        None,
        "sandbox",
        None,
    ]


def test_a_task_that_cannot_be_sent_fails_alone(tmp_path: Path) -> None:
    async def play() -> Evaluation:
        async with Pool(Worker(tmp_path), workers=1, deadline=20.0) as pool:
            with pytest.raises(OverflowError):
                await pool.run("echo", {"too large": 2**70})
            return await pool.evaluate(Artifact.of("abc"), [1])

    assert asyncio.run(play()).metrics["length"] == 3


def test_a_silent_worker_is_replaced_and_delays_nobody_else(tmp_path: Path) -> None:
    answers = asyncio.run(evaluate(tmp_path, "hang", "a", "b", deadline=0.3))

    assert answers[0].failure is not None
    assert answers[0].failure.kind == "scorer"
    assert "0.3 s" in answers[0].failure.reason
    assert [answer.failure for answer in answers[1:]] == [None, None]


def test_workers_that_never_live_are_an_error_not_a_hang() -> None:
    def stillborn(sock: socket.socket) -> None:
        os._exit(1)

    async def open_pool() -> None:
        async with Pool(stillborn, workers=2, deadline=1.0):
            pass

    with pytest.raises(SandboxError, match="died"):
        asyncio.run(open_pool())


def test_a_scorer_that_cannot_be_loaded_is_a_problem_error() -> None:
    def refusing(sock: socket.socket) -> None:
        sock.sendall(frame(Fault(-1, "problem", "score.py: no function score")))
        sock.recv(1)

    async def open_pool() -> None:
        async with Pool(refusing, workers=2, deadline=1.0):
            pass

    with pytest.raises(ProblemError, match="no function score"):
        asyncio.run(open_pool())


def test_routines_give_results_and_their_errors(tmp_path: Path) -> None:
    async def routines() -> None:
        async with Pool(Worker(tmp_path), workers=1, deadline=5.0) as pool:
            assert await pool.run("echo", {"a": [1, 2.5]}) == {"got": {"a": [1, 2.5]}}
            with pytest.raises(RoutineError, match="by design"):
                await pool.run("fail", {})

    asyncio.run(routines())


def test_nothing_is_left_over_when_the_pool_closes(tmp_path: Path) -> None:
    answers = asyncio.run(evaluate(tmp_path, *["a"] * 10))

    for pid in {int(answer.metrics["pid"]) for answer in answers}:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_printing_scorer_does_not_write_to_standard_output(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(evaluate(tmp_path, "print"))

    captured = capfd.readouterr()
    assert captured.out == ""
    assert "scorers may print" in captured.err


@pytest.mark.skipif(sys.platform != "linux", reason="needs a parent-death signal")
def test_a_killed_driver_takes_its_busy_workers_along(tmp_path: Path) -> None:
    pids, told = os.pipe()
    driver = os.fork()
    if not driver:

        def hold(sock: socket.socket) -> None:
            sock.sendall(frame(Ready("none", (), 1)))
            sock.recv(1)
            signal.pause()

        async def drive() -> None:
            async with Pool(hold, workers=1, deadline=100) as pool:
                os.write(told, b"%d" % pool._workers[0].pid)
                await pool.evaluate(Artifact.of("x = 1"), (0,))

        try:
            asyncio.run(drive())
        finally:
            os._exit(1)
    worker = int(os.read(pids, 20))
    handle = os.pidfd_open(worker)

    os.kill(driver, signal.SIGKILL)
    os.waitpid(driver, 0)

    assert select.select([handle], [], [], 5)[0]
    for descriptor in (pids, told, handle):
        os.close(descriptor)
