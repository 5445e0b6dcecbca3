"""Running candidates, as the trusted side sees it.

A :class:`Sandbox` owns one zygote and runs one job at a time in a fork of it. What comes back
is plain data that was decoded here, and facts that were observed from outside the candidate.
"""

from __future__ import annotations

import marshal
import math
import socket
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from telic.errors import SandboxError

from . import frames
from .compiling import compiled
from .frames import frame
from .launch import Launch, PackageError, Recipe, Started, attempts, processes_marked
from .session import Session
from .verdict import Facts, failure_of, new_reader
from .view import WORK
from .watch import Watch, read_report

__all__ = ["LAYERS", "Job", "Outcome", "Sandbox"]

LAYERS = ("namespaces", "landlock", "seccomp", "rlimits")
"""What ``full`` stands for."""

_MEGABYTE = 1 << 20
_CLOSE_SECONDS = 2.0
_UNBOUNDED = 1e8


@dataclass(frozen=True, slots=True)
class Job:
    """A program, how to call it, and within which bounds."""

    files: tuple[tuple[str, str], ...]
    """Pairs of relative path and text, main file first; the others lie in the work folder
    and can be imported."""
    entry: str
    """Function of the main file to call."""
    calls: tuple[bytes, ...]
    """Wire form of ``(args, kwargs)`` of each call, made in order in one child."""
    seed: int = 0
    """Of the candidate's random generators."""
    seconds: float = 10.0
    """Wall-clock deadline of all calls together; in a session, of one execution."""
    cpu_seconds: float = 10.0
    """Processor time of all calls together."""
    memory_mb: float = 1024
    """Address space beyond the zygote's own."""
    output_mb: float = 16.0
    """Size of all outputs together."""
    processes: bool = False
    """Whether it may start processes; the sandbox must have been made for that."""
    allow_nonfinite: bool = False
    """Whether outputs may hold NaN and infinities."""
    code: bytes = b""
    """Marshalled code objects that together are the main file's, for the folder :data:`WORK`;
    empty if they are not known. Trusted, as the rest of a job is."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a job gave."""

    outputs: tuple[Any, ...]
    """Plain data, one per call; after a failure those that came before it."""
    failure: tuple[str, str] | None
    """Kind (see :data:`telic.candidate.FailureKind`) and reason, or ``None``."""
    seconds: float = 0.0
    """Wall-clock seconds from sending the job until nothing of it was alive."""
    cpu_seconds: float = 0.0
    """Processor seconds of all its processes."""
    call_seconds: tuple[float, ...] = ()
    """Wall-clock seconds until each output arrived, since the one before it. The first
    includes loading the program."""
    printed: str = ""
    """The last 4,096 bytes that it printed."""


class Sandbox:
    """A zygote and whatever replaces it.

    Args:
        preload: packages imported once, before candidates are forked.
        readable: files and folders that candidates may read, beside the interpreter's.
        import_path: folders in front of the candidate's ``sys.path``; they become readable.
        processes: whether jobs may start processes; shows the system's programs and ``/proc``.
        work_mb: size of the work folder; ``None`` means 64, or 1,024 with processes. It takes
            memory only as it fills.
        forced_off: layers to leave off: ``bwrap``, ``namespaces``, ``landlock``, ``seccomp``,
            ``rlimits``.
    """

    def __init__(
        self,
        *,
        preload: Sequence[str] = (),
        readable: Sequence[str] = (),
        import_path: Sequence[str] = (),
        processes: bool = False,
        work_mb: int | None = None,
        forced_off: frozenset[str] = frozenset(),
    ) -> None:
        if work_mb is None:
            work_mb = 1024 if processes else 64
        self._recipe = Recipe(
            preload=tuple(preload),
            readable=(*readable, *import_path),
            import_path=tuple(import_path),
            processes=processes,
            work_bytes=work_mb * _MEGABYTE,
            forced_off=forced_off,
        )
        self._ways = list(attempts(forced_off))
        self._zygote: Started | None = None
        self._is_ready = False
        self._calls: tuple[bytes, ...] | None = None
        self._in_session = False
        self.layer = ""
        """Layers that hold, once ready: ``full`` or their names joined by ``+``."""
        self.missing: tuple[str, ...] = ()
        """Layers that do not hold."""
        self.notes: dict[str, str] = {}
        """Why, for each layer or way of starting that failed."""
        self.mode = ""
        """``bwrap``, ``direct`` or ``process``."""
        self.landlock_abi = 0
        """The kernel's Landlock version."""

    def start(self) -> None:
        """Start the zygote without waiting for it.

        Raises:
            SandboxError: if not even a plain process could be started.
        """
        if self._zygote is None:
            self._zygote = self._recipe.start(self._ways[0])
            self._is_ready = False
            self._calls = None

    def wait(self) -> tuple[str, tuple[str, ...]]:
        """Wait until the zygote is ready; return :attr:`layer` and :attr:`missing`.

        Raises:
            SandboxError: if no way of starting it works.
        """
        while not self._is_ready:
            try:
                self.start()
                assert self._zygote is not None
                self._zygote.wait()
            except SandboxError as error:
                self._discard()
                self._give_up_way(error)
                continue
            self._is_ready = True
            # Whatever replaces it later must not have fewer layers.
            self._ways = self._ways[:1]
            self._describe(self._zygote)
        return self.layer, self.missing

    def _give_up_way(self, error: SandboxError) -> None:
        """Note why the present way of starting failed and turn to the next.

        Raises:
            SandboxError: the error, if there is none or it would not help.
        """
        if len(self._ways) == 1:
            raise error
        if isinstance(error, PackageError) and self._ways[1].mode == "process":
            raise error
        self.notes[_name(self._ways.pop(0))] = str(error)

    def _describe(self, zygote: Started) -> None:
        held = zygote.report["held"]
        self.missing = tuple(layer for layer in LAYERS if layer not in held)
        self.layer = "+".join(layer for layer in LAYERS if layer in held) or "process"
        if not self.missing:
            self.layer = "full"
        self.mode = zygote.launch.mode
        self.notes |= zygote.report["notes"]
        self.landlock_abi = zygote.report["landlock_abi"]

    def run(self, job: Job) -> Outcome:
        """Run a job to its end and return what it gave. One at a time.

        Raises:
            SandboxError: if no zygote can be started.
        """
        if self._in_session:
            raise SandboxError("a session of this sandbox is open; close it first")
        refusal = self._refusal(job)
        if refusal is not None:
            return Outcome((), refusal)
        self.wait()
        zygote = self._zygote
        assert zygote is not None
        reader = new_reader(job)
        try:
            facts = Watch(zygote, job, reader).run(self._message(zygote, job))
        except OSError as error:
            self._discard()
            reason = "the zygote did not answer" if isinstance(error, TimeoutError) else str(error)
            return Outcome(tuple(reader.outputs), ("sandbox", reason))
        except BaseException:
            self._discard()  # interrupted: what it still has to say belongs to no later job
            raise
        if facts.spoiled:
            self._discard()
        return Outcome(
            outputs=tuple(reader.outputs),
            failure=failure_of(facts, reader, job),
            seconds=facts.seconds,
            cpu_seconds=facts.cpu_seconds,
            call_seconds=reader.call_seconds(),
            printed=facts.printed.decode("utf-8", "replace"),
        )

    def _refusal(self, job: Job) -> tuple[str, str] | None:
        if job.processes and not self._recipe.processes:
            return "sandbox", "this sandbox was not made for jobs that start processes"
        try:
            for _, text in job.files:
                text.encode()
        except UnicodeEncodeError:
            return "syntax", "the text is not valid Unicode"
        return None

    def _message(self, zygote: Started, job: Job, *, cpu_seconds: float | None = None) -> bytes:
        """Send the calls if they are new, and return the rest of a job."""
        if job.calls != self._calls:
            zygote.sock.sendall(frame(frames.CALLS, marshal.dumps(job.calls)))
            self._calls = job.calls
        name, text = job.files[0]
        stem = name.rpartition("/")[2].removesuffix(".py")
        cpu_seconds = job.cpu_seconds if cpu_seconds is None else cpu_seconds
        memory = int(job.memory_mb * _MEGABYTE)
        return marshal.dumps(
            (
                (job.code if zygote.work == WORK else b"")
                or compiled(text, f"{zygote.work}/{name}"),
                stem if stem.isidentifier() else "",
                job.entry,
                job.seed % 2**63,
                (memory, math.ceil(cpu_seconds) + 1, self._recipe.work_bytes),
                (int(job.output_mb * _MEGABYTE), job.allow_nonfinite),
                marshal.dumps(job.files),
                len(job.files) > 1 or self._recipe.processes,
            )
        )

    @contextmanager
    def session(self, job: Job) -> Generator[Session]:
        """Keep one child for many executions of a template; see :class:`Session`.

        Args:
            job: its main file reads tuned literals from ``__telic_slots__``; ``seconds`` is
                the deadline of one execution.
        """
        session = Session(job, self._open_channel, self._close_channel)
        self._in_session = True
        try:
            yield session
        finally:
            session.end()
            self._in_session = False

    def _open_channel(self, job: Job) -> socket.socket:
        """Fork a child for a session and return the socket to it.

        Raises:
            SandboxError: if no zygote can be started.
        """
        self.wait()
        zygote = self._zygote
        assert zygote is not None
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                message = self._message(zygote, job, cpu_seconds=_UNBOUNDED)
                zygote.send_job(message, [theirs.fileno()])
            except OSError as error:
                ours.close()
                self._discard()
                raise SandboxError("the zygote died") from error
        return ours

    def _close_channel(self) -> Facts | None:
        """End the session's child; return what was seen of it, if the zygote still answers."""
        zygote = self._zygote
        if zygote is None:
            return None
        try:
            zygote.nudge(frames.KILL)
            kind, report = zygote.receive()
        except OSError:
            kind, report = frames.BROKEN, b""
        if kind != frames.REPORT:
            self._discard()
            return None
        facts = read_report(report)
        if facts.spoiled:
            self._discard()
        return facts

    def survivors(self) -> frozenset[int]:
        """Return host ids of processes that candidates left behind; there should be none."""
        if self._zygote is None or not self._is_ready:
            return frozenset()
        return processes_marked(self._zygote.mark) - self._zygote.own

    def close(self) -> None:
        """End the zygote and everything in it."""
        self._discard()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _discard(self) -> None:
        if self._zygote is not None:
            self._zygote.end(_CLOSE_SECONDS)
            self._zygote = None
        self._is_ready = False


def _name(launch: Launch) -> str:
    return launch.mode + (" in a user namespace" if launch.user_namespace else "")
