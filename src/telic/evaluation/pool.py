"""Worker processes, seen from the driver: asynchronous, bounded, replaced when they die.

A worker is forked from the driver, so a scorer given as a Python function needs no pickling
and nothing is imported twice. It owns one sandbox and scores what comes out of it. The
driver never waits for a worker without a deadline.
"""

from __future__ import annotations

import asyncio
import math
import os
import socket
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from telic.artifact import Artifact
from telic.candidate import Evaluation, Failure
from telic.errors import ProblemError, SandboxError, TelicError
from telic.evaluation import messages
from telic.evaluation.compiled import known_code
from telic.evaluation.messages import EvaluateTask, Fault, Frames, Ready, RoutineTask
from telic.evaluation.starting import Forked, WorkerMain, end_process, fork_worker

__all__ = ["Pool", "RoutineError"]

_MAX_RESTARTS_WITHOUT_RESULT = 3
_LEAVE_SECONDS = 1.0
_AHEAD_SECONDS = 0.05
"""Jobs shorter than this are handed out one ahead, so that no worker waits for the driver."""


class RoutineError(TelicError):
    """A trusted routine raised; its message is the cause."""


@dataclass(slots=True)
class _Job:
    task: EvaluateTask | RoutineTask
    data: bytes
    """The task as it is sent: what cannot be sent must fail before a worker is to have it."""
    future: asyncio.Future[Any]
    deadline: float | None
    losses: int = 0
    """Workers that died over it."""


@dataclass(slots=True, eq=False)
class _Worker:
    pid: int
    sock: socket.socket
    frames: Frames = field(default_factory=Frames)
    outbox: bytearray = field(default_factory=bytearray)
    jobs: deque[_Job] = field(default_factory=deque[_Job])
    """Sent to it, oldest first: it works on that one."""
    timer: asyncio.TimerHandle | None = None
    is_ready: bool = False
    began: float = 0.0
    """When it began its present job."""
    usual: float = math.inf
    """Seconds that its jobs take, of late."""


class Pool:
    """A fixed number of workers that evaluate artifacts and run routines.

    Use as an asynchronous context manager.

    Args:
        main: what a worker process does with its socket; never returns control.
        workers: number of processes, 1 or more.
        deadline: seconds after which a silent worker is presumed lost to its scorer and is
            replaced.
        first: a worker with the same ``main`` that has been forked already.
    """

    def __init__(
        self, main: WorkerMain, *, workers: int, deadline: float, first: Forked | None = None
    ) -> None:
        self.layer = ""
        self.missing: tuple[str, ...] = ()
        self.cases = 0
        self._main = main
        self._first = first
        self._size = workers
        self._deadline = deadline
        self._workers: list[_Worker] = []
        self._queue: deque[_Job] = deque()
        self._next_id = 0
        self._restarts = 0
        self._fatal: TelicError | None = None
        self._ready: asyncio.Future[None] | None = None

    async def __aenter__(self) -> Pool:
        self._ready = asyncio.get_running_loop().create_future()
        # One first: its evaluations can begin while the others still import their packages.
        self._spawn()
        try:
            await self._ready
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close idle workers gently, so that they wait for their sandboxes; kill busy ones."""
        self._fail_all(asyncio.CancelledError("the pool was closed"))
        workers, self._workers = self._workers, []
        leaving = [w for w in workers if not w.jobs and w.is_ready]
        for worker in workers:
            self._discard(worker, kill=worker not in leaving)
        deadline = asyncio.get_running_loop().time() + _LEAVE_SECONDS
        while leaving and asyncio.get_running_loop().time() < deadline:
            leaving = [worker for worker in leaving if not _has_ended(worker.pid)]
            await asyncio.sleep(0.002)
        for worker in leaving:
            end_process(worker.pid)

    async def evaluate(self, artifact: Artifact, seeds: Sequence[int]) -> Evaluation:
        """Evaluate an artifact once for each seed; failures of the candidate are in the result.

        Raises:
            ProblemError: if the scorer cannot be loaded.
            SandboxError: if no worker can be kept alive.
        """
        task = EvaluateTask(self._take_id(), artifact, tuple(seeds), known_code(artifact))
        return await self._submit(task, self._deadline * max(1, len(seeds)))

    async def run(self, function: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Run a trusted routine (``"package.module:name"``) in a worker.

        Raises:
            RoutineError: if the routine raises.
            SandboxError: if no worker can be kept alive.
        """
        return await self._submit(RoutineTask(self._take_id(), function, dict(arguments)), None)

    def _take_id(self) -> int:
        self._next_id += 1
        return self._next_id

    async def _submit(self, task: EvaluateTask | RoutineTask, deadline: float | None) -> Any:
        if self._fatal is not None:
            raise self._fatal
        data = messages.frame(task)
        job = _Job(task, data, asyncio.get_running_loop().create_future(), deadline)
        self._queue.append(job)
        self._dispatch()
        return await job.future

    def _dispatch(self) -> None:
        while self._queue:
            worker = self._free_worker()
            if worker is None:
                return
            job = self._queue.popleft()
            if job.future.done():
                continue
            worker.jobs.append(job)
            if len(worker.jobs) == 1:
                self._begin(worker)
            self._send(worker, job.data)

    def _free_worker(self) -> _Worker | None:
        """Return an idle worker, else one whose jobs are so short that it may have one ahead."""
        ready = [worker for worker in self._workers if worker.is_ready]
        idle = next((worker for worker in ready if not worker.jobs), None)
        if idle is not None:
            return idle
        quick = (w for w in ready if len(w.jobs) == 1 and w.usual < _AHEAD_SECONDS)
        return next(quick, None)

    def _begin(self, worker: _Worker) -> None:
        """Start the clock of a worker's oldest job."""
        loop = asyncio.get_running_loop()
        job = worker.jobs[0]
        worker.began = loop.time()
        if job.deadline is not None:
            worker.timer = loop.call_later(job.deadline, self._overdue, worker)

    def _send(self, worker: _Worker, data: bytes) -> None:
        if not worker.outbox:
            try:
                sent = worker.sock.send(data)
            except BlockingIOError:
                sent = 0
            except OSError:
                return  # the reader sees the end of the stream and replaces the worker
            data = data[sent:]
            if not data:
                return
            asyncio.get_running_loop().add_writer(worker.sock, self._flush, worker)
        worker.outbox += data

    def _flush(self, worker: _Worker) -> None:
        try:
            sent = worker.sock.send(worker.outbox)
        except BlockingIOError:
            return
        except OSError:
            sent = len(worker.outbox)
        del worker.outbox[:sent]
        if not worker.outbox:
            asyncio.get_running_loop().remove_writer(worker.sock)

    def _receive(self, worker: _Worker) -> None:
        try:
            data = worker.sock.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._lost(worker, "the worker process died")
            return
        for body in worker.frames.feed(data):
            self._handle(worker, messages.decode_reply(body))
        self._dispatch()

    def _handle(self, worker: _Worker, reply: Any) -> None:
        if isinstance(reply, Ready):
            worker.is_ready = True
            self.layer, self.missing, self.cases = reply.layer, reply.missing, reply.cases
            if self._ready is not None and not self._ready.done():
                self._ready.set_result(None)
                for _ in range(self._size - 1):
                    self._spawn()
            return
        if isinstance(reply, Fault) and reply.id < 0:
            error = ProblemError if reply.kind == "problem" else SandboxError
            self._stop_with(error(reply.message))
            return
        job = self._finish(worker)
        self._restarts = 0
        if job is None or job.future.done():
            return
        if isinstance(reply, Fault):
            job.future.set_exception(RoutineError(reply.message))
        elif isinstance(reply, messages.Evaluated):
            job.future.set_result(reply.evaluation)
        else:
            job.future.set_result(reply.result)

    def _finish(self, worker: _Worker) -> _Job | None:
        """Take a worker's oldest job from it and go on to the next."""
        if worker.timer is not None:
            worker.timer.cancel()
            worker.timer = None
        job = worker.jobs.popleft() if worker.jobs else None
        took = asyncio.get_running_loop().time() - worker.began
        worker.usual = took if worker.usual == math.inf else 0.8 * worker.usual + 0.2 * took
        if worker.jobs:
            self._begin(worker)
        return job

    def _overdue(self, worker: _Worker) -> None:
        job = self._finish(worker)
        if job is not None and not job.future.done():
            reason = f"the scorer gave no answer within {job.deadline:g} s"
            job.future.set_result(Evaluation(failure=Failure("scorer", reason)))
        self._replace(worker)

    def _lost(self, worker: _Worker, reason: str) -> None:
        job = self._finish(worker)
        if job is not None and not job.future.done():
            job.losses += 1
            if job.losses < 2:
                self._queue.appendleft(job)
            elif isinstance(job.task, EvaluateTask):
                job.future.set_result(Evaluation(failure=Failure("sandbox", f"{reason} twice")))
            else:
                job.future.set_exception(RoutineError(f"{reason} twice"))
        self._restarts += 1
        if self._restarts > _MAX_RESTARTS_WITHOUT_RESULT * self._size:
            self._stop_with(SandboxError(f"{reason}, {self._restarts} times without a result"))
            return
        self._replace(worker)

    def _replace(self, worker: _Worker) -> None:
        self._discard(worker)
        self._queue.extendleft(reversed(worker.jobs))  # what it was to do next
        worker.jobs.clear()
        if worker in self._workers:
            self._workers.remove(worker)
            self._spawn()
        self._dispatch()

    def _stop_with(self, error: TelicError) -> None:
        self._fatal = error
        if self._ready is not None and not self._ready.done():
            self._ready.set_exception(error)
        self._fail_all(error)

    def _fail_all(self, error: BaseException) -> None:
        jobs = [*self._queue, *(job for worker in self._workers for job in worker.jobs)]
        self._queue.clear()
        for job in jobs:
            if job.future.done():
                continue
            if isinstance(error, asyncio.CancelledError):
                job.future.cancel()
            else:
                job.future.set_exception(error)

    def _spawn(self) -> None:
        taken = self._first.take() if self._first is not None else None
        taken = taken or fork_worker(self._main).take()
        assert taken is not None
        worker = _Worker(*taken)
        self._workers.append(worker)
        asyncio.get_running_loop().add_reader(worker.sock, self._receive, worker)

    def _discard(self, worker: _Worker, *, kill: bool = True) -> None:
        loop = asyncio.get_running_loop()
        if worker.timer is not None:
            worker.timer.cancel()
        loop.remove_reader(worker.sock)
        loop.remove_writer(worker.sock)
        worker.sock.close()
        if kill:
            end_process(worker.pid)


def _has_ended(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return True
