"""The process that candidates are forked from.

It enters its surroundings once, imports what the problem declares, confines itself, and then
waits for jobs on one socket. For each it forks a child, waits for its end, and afterwards
leaves nothing of it alive. It never sees what a candidate produced: that goes to the client,
through pipes that the client made. It ends when the client goes away, and everything in its
namespaces ends with it.

After a fork every page that either side writes is copied. So only light, built-in modules are
imported, and between two forks as little as possible is done here: the client watches the
deadlines and *nudges* when one has passed, and the child unpacks its own job.
"""

from __future__ import annotations

import _signal  # pyright: ignore[reportMissingImports] - the public module imports enum
import _socket
import fcntl
import gc
import marshal
import os
import sys
import time

from . import frames, landlock, namespaces, system
from .child import (
    Program,
    answer_calls,
    replace_entropy,
    reseed_forks,
    run_calls,
    seed_generators,
    serve_vectors,
)
from .clearing import empty_folder, kill_descendants, reap
from .confinement import Confinement
from .frames import FACTS, FRAME, LEFT, NUDGE, frame
from .wire import decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

    from .clearing import Reaped

__all__ = ["Zygote"]

_READ_SIZE = 1 << 16
_SIGKILL = 9
_MOST_DESCRIPTORS = 256
_LARGE = 1 << 20
_CONFINEMENT_FAILED = 70
_PROCESSOR_CLOCK = 2
_TICK = 0.02
_REHEARSALS = 16


class Zygote:
    """Forks candidates and clears them away.

    Args:
        config: see :mod:`telic.evaluation.sandbox.launch`.
        control: descriptor of the socket to the client.
        nudges: descriptor of the pipe from the client that is read when a signal says so.
    """

    def __init__(self, config: dict[str, Any], control: int, nudges: int) -> None:
        self._nudges = nudges
        self.work: str = config["work"]
        self.spoiled = ""
        self._enter(config)
        self._take_descriptors()
        self._import(config)
        self.confinement = Confinement(config)
        self.confinement.apply_to_zygote()
        self._calls: list[Any] = []
        self._packed: list[bytes] = []
        self._socket = _socket.socket(fileno=control)
        self._rest = b""
        self._passed: list[int] = []
        self._number = 0
        self._pid: int | None = None
        self._early = 0
        self._used_up = False
        self._was_stopped = False
        self._listen(is_signalled="nudges" not in config["forced_off"])
        self._rehearse()
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
        replace_entropy()
        sys.path.insert(0, self.work)
        if config["processes"]:
            reseed_forks()

    def _listen(self, *, is_signalled: bool) -> None:
        """Have a signal interrupt whatever this process waits for when a nudge arrives."""
        os.set_blocking(self._nudges, False)
        if is_signalled:
            try:
                _signal.signal(_signal.SIGIO, self._be_nudged)
                fcntl.fcntl(self._nudges, fcntl.F_SETOWN, os.getpid())
                flags = fcntl.fcntl(self._nudges, fcntl.F_GETFL)
                fcntl.fcntl(self._nudges, fcntl.F_SETFL, flags | os.O_ASYNC)
            except (AttributeError, OSError):
                pass
            else:
                return
        # Where pipes raise no signal they are looked at now and then.
        _signal.signal(_signal.SIGALRM, self._be_nudged)
        _signal.setitimer(_signal.ITIMER_REAL, _TICK, _TICK)

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
            if kind == frames.JOB:
                self._run(payload)
                continue
            self._packed = marshal.loads(payload)
            del payload  # it would count as memory that candidates need not account for
            self._decode_calls()

    def _decode_calls(self) -> None:
        """Decode arguments here, once, for all the candidates that get them from the fork."""
        known = len(sys.modules)
        self._calls = [decode(call, allow_nonfinite=True) for call in self._packed]
        gc.freeze()
        if len(sys.modules) != known or sum(map(len, self._packed)) > _LARGE:
            self.confinement.measure()

    def _receive(self) -> tuple[int, bytes]:
        data, self._rest = self._rest, b""
        missing = 0
        while True:
            if len(data) >= FRAME.size:
                kind, length = FRAME.unpack_from(data)
                end = FRAME.size + length
                missing = end - len(data)
                if missing <= 0:
                    self._rest = data[end:]
                    return kind, data[FRAME.size : end]
            flags = _socket.MSG_WAITALL if missing else 0
            more, ancillary, _, _ = self._socket.recvmsg(missing or _READ_SIZE, 64, flags)
            if not more:
                self._die()
            for _, _, packed in ancillary:
                self._passed += memoryview(packed).cast("i")
            data = data + more if data else more

    def _die(self) -> NoReturn:
        """End with everything that was forked: the client has gone."""
        if not self.confinement.is_inside:
            kill_descendants(self._pid, None, killed=True)
            empty_folder(self.work)
            os.chdir("/")
            _remove(self.work)
        os._exit(0)

    def _run(self, job: bytes) -> None:
        """Fork a candidate, wait for its end, clear away, report."""
        self._number += 1
        self._used_up = self._was_stopped = False
        pid = os.fork()
        if not pid:
            self._become_candidate(job)
        self._pid = pid
        for descriptor in self._passed:
            os.close(descriptor)
        self._passed = []
        if self._early == self._number:
            self._end_child(pid)
        status, cpu_seconds = self._clear(reap(pid), pid)
        self._pid = None
        if _look_of(self.work) != self._untouched:
            self.spoiled = self.spoiled or empty_folder(self.work)
        facts = FACTS.pack(status, cpu_seconds, self._used_up, self._was_stopped)
        self._socket.sendall(frame(frames.REPORT, facts + self.spoiled.encode()[:1000]))

    def _be_nudged(self, *_: object) -> None:
        """Read what the client wants done about a job that it has sent."""
        try:
            data = os.read(self._nudges, 100 * NUDGE.size)
        except BlockingIOError:
            return
        if not data:
            self._die()
        for what, number, cpu_seconds in NUDGE.iter_unpack(data):
            pid = self._pid
            if pid is None or number != self._number:
                self._early = number  # it is not forked yet, or over
            elif what == frames.KILL:
                self._end_child(pid)
            else:
                left = cpu_seconds - _processor_seconds(pid)
                if left <= 0:
                    self._used_up = True
                    self._end_child(pid)
                else:
                    self._socket.sendall(frame(frames.STILL_RUNS, LEFT.pack(left)))

    def _end_child(self, pid: int) -> None:
        self._was_stopped = _is_stopped(pid)
        try:
            os.kill(-1 if self.confinement.is_inside else pid, _SIGKILL)
        except ProcessLookupError:
            return  # it has just ended by itself

    def _become_candidate(self, job: bytes) -> NoReturn:
        try:
            result, printed = self._passed if len(self._passed) > 1 else (*self._passed, 0)
            os.setsid()
            prepared = self._prepare(job, printed, self.confinement.apply_to_child)
            program, seed, bounds = prepared
            os.closerange(3, result)
            os.closerange(result + 1, _MOST_DESCRIPTORS)
            gc.enable()
            if printed:
                run_calls(program, self._calls, result, *bounds)
            serve_vectors(program, self._packed, result, seed, *bounds)
        finally:
            os._exit(_CONFINEMENT_FAILED)

    def _prepare(
        self, job: bytes, printed: int, confine: Callable[[int, int, int], None]
    ) -> tuple[Program, int, tuple[int, bool]]:
        """Unpack a job and confine this process."""
        os.dup2(printed, 1)
        os.dup2(printed, 2)
        code, module, entry, seed, limits, bounds, packed, writes_files = marshal.loads(job)
        program = Program(packed, code, module, entry, self.work)
        if writes_files:
            program.write_files()
        confine(*limits)
        seed_generators(seed)
        return program, seed, bounds

    def _rehearse(self) -> None:
        """Do a few times what candidates do first.

        The interpreter makes code quicker once it has run, and what it then changes would be
        copied, and lost, in every fork.
        """
        text = "def f(x):\n    return [x + 1.0]\n"
        code = marshal.dumps((compile(text, "", "exec"),))
        files = marshal.dumps((("", text),))
        job = marshal.dumps((code, "", "f", 0, (0, 0, 0), (100, False), files, False))
        nowhere = os.open("/dev/null", os.O_WRONLY)
        for _ in range(_REHEARSALS):
            program, _, bounds = self._prepare(job, 2, self.confinement.rehearse)
            answer_calls(program, [((1.0,), {})] * 2, nowhere, *bounds)
            del sys.modules["candidate"]
        os.dup2(0, 1)
        os.close(nowhere)

    def _clear(self, reaped: Reaped, pid: int) -> Reaped:
        """Leave nothing alive; return the child's wait status and all processor seconds."""
        if not self.confinement.is_inside:
            reaped, self.spoiled = kill_descendants(pid, reaped, killed=False)
            return reaped
        status, cpu_seconds = reaped
        try:
            os.kill(-1, _SIGKILL)
            while True:
                cpu_seconds += reap(-1)[1]
        except (ProcessLookupError, ChildProcessError):
            return status, cpu_seconds


def _is_stopped(pid: int) -> bool:
    try:
        return os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None
    except (AttributeError, OSError):
        return False


def _processor_seconds(pid: int) -> float:
    """Return the processor time of a running child; 0 where it cannot be asked."""
    try:
        return time.clock_gettime((~pid << 3) | _PROCESSOR_CLOCK)
    except OSError:
        return 0.0


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
