"""The process that candidates are forked from.

It enters its surroundings once, imports what the problem declares, confines itself, and then
waits for jobs on one socket. For each it forks a child, watches it against its deadlines, and
afterwards leaves nothing of it alive. It never reads what a candidate produced, only passes
it on. It ends when the socket closes, and everything in its namespaces ends with it.

Only light, built-in modules are imported: every page here is copied by every fork.
"""

from __future__ import annotations

import _socket
import gc
import os
import sys

from . import frames, landlock, namespaces, system
from .child import Program, reseed, reseed_forks, run_calls, serve_vectors
from .clearing import empty_folder, kill_descendants, reap
from .confinement import Confinement
from .frames import FACTS, FRAME, JOB_LIMITS, frame
from .watch import Watch
from .wire import decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from .clearing import Reaped

__all__ = ["Zygote"]

_READ_SIZE = 1 << 16
_SIGKILL = 9
_MOST_DESCRIPTORS = 256
_LARGE = 1 << 20
_CONFINEMENT_FAILED = 70


class Zygote:
    """Forks, watches and clears away candidates.

    Args:
        config: see :mod:`telic.evaluation.sandbox.launch`.
        control: descriptor of the socket to the client.
    """

    def __init__(self, config: dict[str, Any], control: int) -> None:
        self._control = control
        self.work: str = config["work"]
        self.spoiled = ""
        self._enter(config)
        self._take_descriptors()
        self._import(config)
        self.confinement = Confinement(config)
        self.confinement.apply_to_zygote()
        self._limits: list[Any] = []
        self._files: tuple[tuple[str, str], ...] = ()
        self._entry = ""
        self._calls: tuple[bytes, ...] = ()
        self._decoded: list[Any] = []
        self._socket = _socket.socket(fileno=control)
        self._buffer = bytearray()
        self._passed: list[int] = []
        self._pid: int | None = None
        self._has_handles = "pidfd" not in config["forced_off"]
        # The first use of the compiler makes its types: better here than in every fork.
        compile("", "", "exec")
        gc.disable()
        gc.collect()
        gc.freeze()

    def _enter(self, config: dict[str, Any]) -> None:
        if config["mode"] == "direct":
            user_namespace = config["user_namespace"]
            namespaces.enter(config["view"], self.work, user_namespace=user_namespace)
        if config["identities"]:
            namespaces.become_nobody(config["identities"])
        if config["dies_with_parent"]:
            # After the change of identity, which clears it.
            system.set_process_flag(system.PR_SET_PDEATHSIG, _SIGKILL)
        if config["mode"] == "process":
            system.set_process_flag(system.PR_SET_CHILD_SUBREAPER, 1)
        os.chdir(self.work)
        self._untouched = _look_of(self.work) if config["mode"] != "process" else None

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
        os.environ.pop("LD_BIND_NOW", None)  # of no use to what a candidate starts
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
        if config["processes"]:
            reseed_forks()

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
            self._take_job(payload)
            del payload  # it would count as memory that candidates need not account for
            if kind == frames.SESSION:
                self._run(self._passed.pop())
            else:
                if len(self._decoded) != len(self._calls):
                    self._decode_calls()
                self._run(None)

    def _decode_calls(self) -> None:
        """Decode arguments here, once, for all the candidates that get them from the fork."""
        known = len(sys.modules)
        self._decoded = [decode(call, allow_nonfinite=True) for call in self._calls]
        gc.freeze()
        if len(sys.modules) != known or sum(map(len, self._calls)) > _LARGE:
            self.confinement.measure()

    def _take_job(self, payload: bytes) -> None:
        *limits, has_calls = JOB_LIMITS.unpack_from(payload)
        self._limits = limits
        self._files, self._entry, calls = decode(payload[JOB_LIMITS.size :])
        if has_calls:
            self._calls = calls
            self._decoded = []

    def _receive(self) -> tuple[int, bytes]:
        while True:
            if len(self._buffer) >= FRAME.size:
                kind, length = FRAME.unpack_from(self._buffer)
                end = FRAME.size + length
                if len(self._buffer) >= end:
                    payload = bytes(self._buffer[FRAME.size : end])
                    del self._buffer[:end]
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
            kill_descendants(self._pid, None, killed=True)
            empty_folder(self.work)
            os.chdir("/")
            _remove(self.work)
        os._exit(0)

    def _run(self, channel: int | None) -> None:
        """Fork a candidate, watch it, clear away, report."""
        _, seconds, cpu_seconds, _, _, _, room, *_ = self._limits
        printed, printed_in = os.pipe()
        result, result_in = (-1, channel) if channel is not None else os.pipe()
        watch = Watch(
            seconds=seconds,
            cpu_seconds=cpu_seconds,
            room=room,
            result=result,
            printed=printed,
            control=self._control,
            stop_requested=self._stop_requested,
            forward=self._socket.sendall,
        )
        program = Program(self._files, self._entry, self.work)
        program.compile_early()
        reseed(self._limits[0])
        self._pid = pid = os.fork()
        if not pid:
            self._become_candidate(program, printed_in, result_in)
        cause = watch.until_end(pid, has_handles=self._has_handles)
        status, cpu_used = self._clear(pid, watch.reaped, killed=cause != frames.ENDED)
        self._pid = None
        cause = cause or watch.drain()
        took = watch.seconds()
        for descriptor in (printed, printed_in, result, result_in):
            if descriptor >= 0:
                os.close(descriptor)
        if _look_of(self.work) != self._untouched:
            self.spoiled = self.spoiled or empty_folder(self.work)
        spoiled = self.spoiled.encode()[:1000]
        facts = FACTS.pack(cause, status, took, cpu_used, watch.was_stopped, len(spoiled))
        report = frame(frames.END, facts + spoiled + watch.tail)
        self._socket.sendall(watch.take_chunks() + report)

    def _stop_requested(self) -> bool:
        self._read_control()
        if len(self._buffer) < FRAME.size or self._buffer[0] != frames.STOP:
            return False
        del self._buffer[: FRAME.size]
        return True

    def _become_candidate(self, program: Program, printed: int, result: int) -> NoReturn:
        try:
            seed, _, _, cpu_limit, memory, output, _, file_bytes, is_session, allow = self._limits
            os.dup2(printed, 1)
            os.dup2(printed, 2)
            os.setsid()
            if len(self._files) > 1 or self.confinement.processes:
                program.write_files()
            self.confinement.apply_to_child(memory, cpu_limit, file_bytes)
            os.closerange(3, result)
            os.closerange(result + 1, _MOST_DESCRIPTORS)
            gc.enable()
            bounds: Any = {"limit": output, "allow_nonfinite": allow}
            if is_session:
                serve_vectors(program, self._calls, result, seed=seed, **bounds)
            run_calls(program, self._decoded, result, **bounds)
        finally:
            os._exit(_CONFINEMENT_FAILED)

    def _clear(self, pid: int, reaped: Reaped | None, *, killed: bool) -> Reaped:
        """Leave nothing alive; return the child's wait status and all processor seconds."""
        if not self.confinement.is_inside:
            reaped, self.spoiled = kill_descendants(pid, reaped, killed=killed)
            return reaped
        if killed:
            os.kill(-1, _SIGKILL)
        status, cpu_seconds = reaped or reap(pid)
        try:
            os.kill(-1, _SIGKILL)
            while True:
                cpu_seconds += reap(-1)[1]
        except (ProcessLookupError, ChildProcessError):
            return status, cpu_seconds


def _look_of(folder: str) -> tuple[int, int]:
    """Return the mode and size of a folder; one in memory tells by its size if it is empty."""
    seen = os.stat(folder)
    return seen.st_mode, seen.st_size


def _remove(folder: str) -> None:
    """Remove an empty folder; one that is not empty stays for its owner to see."""
    try:
        os.rmdir(folder)
    except OSError:
        return
