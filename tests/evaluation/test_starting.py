"""Workers that are forked before anybody needs them."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from telic import load_problem
from telic.evaluation.messages import Frames, Ready, decode_reply
from telic.evaluation.starting import early_worker, end_process, fork_worker


def echo(sock: socket.socket) -> None:
    """Send back what comes first."""
    sock.sendall(sock.recv(100))


def is_child(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return False


def test_a_forked_worker_serves_its_socket_and_leaves():
    taken = fork_worker(echo).take()
    assert taken is not None
    pid, sock = taken
    sock.setblocking(True)

    with sock:
        sock.sendall(b"hello")
        answer = sock.recv(100)

    assert answer == b"hello"
    assert os.waitpid(pid, 0)[1] == 0


def test_a_worker_is_taken_once_and_then_left_alone():
    worker = fork_worker(echo)
    taken = worker.take()
    assert taken is not None
    pid, sock = taken

    assert worker.take() is None
    worker.close()
    assert is_child(pid)

    sock.close()
    end_process(pid)
    assert not is_child(pid)


def test_an_early_worker_gets_ready_by_itself():
    with early_worker(load_problem("nguyen-1")) as worker:
        assert worker is not None
        taken = worker.take()
    assert taken is not None
    pid, sock = taken
    sock.setblocking(True)

    bodies = Frames().feed(sock.recv(1 << 16))

    reply = decode_reply(next(iter(bodies)))
    assert isinstance(reply, Ready)
    sock.close()
    end_process(pid)


def test_an_early_worker_that_nobody_took_is_ended():
    before = children()

    with early_worker(load_problem("nguyen-1")):
        started = children() - before

    assert len(started) == 1
    assert not started & children()


def children() -> set[str]:
    """Return the processes that this one has started."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def test_a_foreign_problem_has_no_early_worker(tmp_path: Path):
    program, evaluator = tmp_path / "initial.py", tmp_path / "evaluator.py"
    program.write_text("def f():\n    return 1\n")
    evaluator.write_text("def evaluate(path):\n    return {'combined_score': 1.0}\n")

    with early_worker(load_problem(str(program), str(evaluator))) as worker:
        assert worker is None
