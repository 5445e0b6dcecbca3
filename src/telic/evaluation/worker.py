"""The main function of a worker process: a judge, its sandbox, and a socket to the driver."""

from __future__ import annotations

import importlib
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from telic.errors import TelicError
from telic.evaluation.bench import Bench
from telic.evaluation.judge import Foreign, Judge
from telic.evaluation.messages import (
    Evaluated,
    EvaluateTask,
    Fault,
    Frames,
    Ready,
    RoutineDone,
    RoutineTask,
    decode_task,
    frame,
)
from telic.evaluation.sandbox import Sandbox
from telic.evaluation.scorers import ScoringFunctions, load_scorer
from telic.problem import Problem
from telic.scoring import Case

__all__ = ["WorkerPlan"]


@dataclass(frozen=True)
class WorkerPlan:
    """Everything a worker needs; called with its socket in the forked process."""

    problem: Problem
    functions: ScoringFunctions | None = None
    """The scorer when it was given as Python functions; else it is loaded from its path."""
    foreign: Foreign | None = None
    readable: tuple[str, ...] = ()
    """Folders that foreign evaluators may read."""
    import_path: tuple[str, ...] = ()
    """Folders in front of the sandbox's import path."""
    forced_off: frozenset[str] = frozenset()
    """Sandbox layers to leave off, to test how Telic copes without them."""

    def __call__(self, sock: socket.socket) -> None:
        """Serve tasks until the driver closes the socket."""
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            os.environ.setdefault(name, "1")  # there is a worker for each processor already
        sandbox = self._make_sandbox()
        try:
            if sandbox is not None:
                sandbox.start()  # it imports the preloaded packages while the scorer loads
            functions = self._load_functions()
            layer, missing = ("text", ()) if sandbox is None else sandbox.wait()
        except TelicError as error:
            kind = "problem" if error.exit_code == 3 else "sandbox"
            sock.sendall(frame(Fault(-1, kind, str(error))))
            sock.recv(1)  # the driver reads the reason, then closes
            return
        sock.sendall(frame(Ready(layer, missing, len(functions.cases))))
        judge = Judge(self.problem, functions, sandbox, self.foreign)
        try:
            _serve(sock, judge)
        except (BrokenPipeError, ConnectionResetError):
            return  # the driver was killed; so is this worker's work
        finally:
            if sandbox is not None:
                sandbox.close()

    def _make_sandbox(self) -> Sandbox | None:
        if not self.problem.entry and self.foreign is None:
            return None
        return Sandbox(
            preload=self.problem.preload,
            readable=self.readable,
            import_path=self.import_path,
            processes=self.problem.limits.processes,
            forced_off=self.forced_off,
        )

    def _load_functions(self) -> ScoringFunctions:
        if self.foreign is not None:
            return ScoringFunctions((Case(),), _no_score)
        if self.functions is not None:
            return self.functions
        assert self.problem.scorer.path is not None
        return load_scorer(self.problem.scorer.path)


def _no_score(_output: Any, _case: Case) -> float:
    raise AssertionError("a foreign problem scores itself")


def _serve(sock: socket.socket, judge: Judge) -> None:
    frames = Frames()
    while data := sock.recv(1 << 16):
        for body in frames.feed(data):
            task = decode_task(body)
            if isinstance(task, EvaluateTask):
                evaluation = judge.evaluate(task.artifact, task.seeds, code=task.code)
                reply: msgspec.Struct = Evaluated(task.id, evaluation)
            else:
                reply = _run_routine(task, judge)
            sock.sendall(frame(reply))


def _run_routine(task: RoutineTask, judge: Judge) -> RoutineDone | Fault:
    module, _, name = task.function.partition(":")
    try:
        routine: Callable[[dict[str, Any], Bench], dict[str, Any]]
        routine = getattr(importlib.import_module(module), name)
        return RoutineDone(task.id, routine(task.arguments, Bench(judge)))
    except Exception as error:
        if sys.flags.dev_mode:
            raise
        return Fault(task.id, "routine", f"{task.function}: {type(error).__name__}: {error}")
