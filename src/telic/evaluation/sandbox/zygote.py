"""The process that candidates are forked from.

It enters its surroundings once, imports what the problem declares, confines itself, and then
waits for jobs on one socket. For each it forks a child, watches it against its deadlines, and
afterwards leaves nothing of it alive. It never reads what a candidate produced, only passes
it on. It ends when the socket closes, and everything in its namespaces ends with it.

Only light, built-in modules are imported: every page here is copied by every fork.
"""

from __future__ import annotations

import gc
import os
import select
import sys
import time
from typing import Any, NoReturn

import _socket

from . import frames, landlock, namespaces, system
from .child import Program, run_calls, serve_vectors
from .clearing import empty_folder, kill_descendants
from .confinement import Confinement
from .frames import FRAME, frame, read_exactly, write_all
from .watch import Watch
from .wire import decode, encode

__all__ = ["main"]

_CONTROL = 3
_READ_SIZE = 1 << 16
_SIGKILL = 9


def main() -> NoReturn:
    """Serve jobs from the socket on descriptor 0 until it closes."""
    os.dup2(0, _CONTROL, inheritable=False)
    try:
        kind, length = FRAME.unpack(read_exactly(_CONTROL, FRAME.size))
        zygote = Zygote(decode(read_exactly(_CONTROL, length)))
        write_all(_CONTROL, frame(frames.READY, encode(zygote.report())))
        zygote.serve()
    except EOFError:
        os._exit(0)
    except BaseException as error:
        write_all(_CONTROL, frame(frames.BROKEN, f"{type(error).__name__}: {error}".encode()))
        os._exit(1)


class Zygote:
    """Forks, watches and clears away candidates.

    Args:
        config: see :meth:`telic.evaluation.sandbox.client.Sandbox.start`.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        self.work: str = config["work"]
        self.spoiled = ""
        self._enter(config)
        self._take_descriptors()
        self._import(config)
        self.confinement = Confinement(config)
        self.confinement.apply_to_zygote()
        self._calls: tuple[bytes, ...] = ()
        self._decoded: list[Any] = []
        self._socket = _socket.socket(fileno=_CONTROL)
        self._buffer = b""
        self._passed: list[int] = []
        self._poll = select.poll()
        self._poll.register(_CONTROL, select.POLLIN)
        compile("", "", "exec")
        gc.collect()
        gc.freeze()

    def _enter(self, config: dict[str, Any]) -> None:
        if config["mode"] == "direct":
            user_namespace = config["user_namespace"]
            namespaces.enter(config["view"], self.work, user_namespace=user_namespace)
        if config["identities"]:
            namespaces.become_nobody(config["identities"])
        if config["dies_with_parent"]:
            system.set_process_flag(system.PR_SET_PDEATHSIG, _SIGKILL)
        if config["mode"] == "process":
            system.set_process_flag(system.PR_SET_CHILD_SUBREAPER, 1)
        os.chdir(self.work)

    def _take_descriptors(self) -> None:
        nowhere = os.open("/dev/null", os.O_RDWR)
        os.dup2(nowhere, 0)
        os.dup2(nowhere, 1)
        os.close(nowhere)

    def _import(self, config: dict[str, Any]) -> None:
        for name in [name for name in sys.modules if name.partition(".")[0] == __package__]:
            del sys.modules[name]
        sys.path[:0] = config["import_path"]
        sys.path += config["packages"]
        sys.executable = config["executable"]
        sys.argv = [""]
        for name in config["preload"]:
            try:
                __import__(name)
            except Exception as error:
                raise ImportError(
                    f"package {name!r} cannot be imported in the sandbox: "
                    f"{type(error).__name__}: {error}"
                ) from error
        sys.path.insert(0, self.work)

    def report(self) -> dict[str, Any]:
        """Return what the client wants to know once this is ready."""
        os.dup2(0, 2)
        return {
            "held": tuple(self.confinement.held),
            "notes": self.confinement.notes,
            "landlock_abi": landlock.landlock_abi(),
        }

    def serve(self) -> NoReturn:
        """Run jobs until the client goes away."""
        while True:
            kind, payload = self._receive()
            if kind == frames.STOP:
                continue  # it crossed the end of its session
            job = decode(payload, allow_nonfinite=True)
            if job["calls"] is not None:
                self._calls = job["calls"]
                self._decoded = []
            if kind == frames.SESSION:
                self._run(job, channel=self._passed.pop())
            else:
                if len(self._decoded) != len(self._calls):
                    self._decoded = [decode(c, allow_nonfinite=True) for c in self._calls]
                self._run(job, channel=None)

    def _receive(self) -> tuple[int, bytes]:
        while True:
            if len(self._buffer) >= FRAME.size:
                kind, length = FRAME.unpack_from(self._buffer)
                end = FRAME.size + length
                if len(self._buffer) >= end:
                    payload = self._buffer[FRAME.size : end]
                    self._buffer = self._buffer[end:]
                    return kind, payload
            self._read_control()

    def _read_control(self) -> None:
        data, ancillary, _, _ = self._socket.recvmsg(_READ_SIZE, 64)
        for _, _, packed in ancillary:
            self._passed.append(int.from_bytes(packed[:4], sys.byteorder))
        if not data:
            self._die()
        self._buffer += data

    def _die(self) -> NoReturn:
        """End with everything that was forked: the client has gone."""
        if not self.confinement.is_inside:
            kill_descendants(None, killed=True)
        os._exit(0)

    def _run(self, job: dict[str, Any], channel: int | None) -> None:
        """Fork a candidate, watch it, clear away, report."""
        start = time.monotonic()
        printed, printed_in = os.pipe()
        result, result_in = (-1, channel) if channel is not None else os.pipe()
        pid = os.fork()
        if not pid:
            self._become_candidate(job, printed_in, result_in)
        watch = Watch(
            job,
            pid=pid,
            start=start,
            result=result,
            printed=printed,
            control=_CONTROL,
            stop_requested=self._stop_requested,
            forward=self._socket.sendall,
        )
        cause = watch.until_end()
        status, cpu_seconds = self._clear(pid, killed=cause != frames.ENDED)
        seconds = time.monotonic() - start
        watch.drain()
        for descriptor in (printed, printed_in, result, result_in):
            if descriptor >= 0:
                os.close(descriptor)
        self.spoiled = self.spoiled or empty_folder(self.work)
        facts = (cause, status, seconds, cpu_seconds, watch.was_stopped, watch.tail, self.spoiled)
        self._socket.sendall(watch.take_chunks() + frame(frames.END, encode(facts)))

    def _stop_requested(self) -> bool:
        self._read_control()
        if self._buffer[:1] == frame(frames.STOP)[:1] and len(self._buffer) >= FRAME.size:
            self._buffer = self._buffer[FRAME.size :]
            return True
        return False

    def _become_candidate(self, job: dict[str, Any], printed: int, result: int) -> NoReturn:
        try:
            os.dup2(printed, 1)
            os.dup2(printed, 2)
            os.setsid()
            program = Program(job["files"], job["entry"], self.work)
            program.write_files()
            self.confinement.apply_to_child(job["memory"], job["cpu_limit"], job["file_bytes"])
            os.closerange(3, result)
            os.closerange(result + 1, 256)
            if job["is_session"]:
                serve_vectors(
                    program,
                    self._calls,
                    channel=result,
                    seed=job["seed"],
                    limit=job["output"],
                    allow_nonfinite=job["allow_nonfinite"],
                )
            run_calls(
                program,
                self._decoded,
                result=result,
                seed=job["seed"],
                limit=job["output"],
                allow_nonfinite=job["allow_nonfinite"],
            )
        finally:
            os._exit(70)

    def _clear(self, pid: int, *, killed: bool) -> tuple[int, float]:
        """Leave nothing alive; return the child's wait status and all processor seconds."""
        if not self.confinement.is_inside:
            status, cpu_seconds, self.spoiled = kill_descendants(pid, killed=killed)
            return status, cpu_seconds
        if killed:
            os.kill(-1, _SIGKILL)
        _, status, usage = os.wait4(pid, 0)
        cpu_seconds = usage.ru_utime + usage.ru_stime
        try:
            os.kill(-1, _SIGKILL)
            while True:
                _, _, usage = os.wait4(-1, 0)
                cpu_seconds += usage.ru_utime + usage.ru_stime
        except (ProcessLookupError, ChildProcessError):
            return status, cpu_seconds
