"""Starting a zygote: in bubblewrap, by its own means, or as a plain process.

Which of these this machine allows is found by trying them in that order; the reason why a
better one failed is kept.
"""

from __future__ import annotations

import contextlib
import importlib.util
import itertools
import os
import signal
import socket
import struct
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from telic.errors import SandboxError

from . import frames
from .clearing import empty_folder
from .frames import FRAME, frame
from .view import WORK, View, bubblewrap_command, find_bubblewrap, interpreter_view
from .wire import decode, encode

__all__ = ["Launch", "PackageError", "Recipe", "Started", "attempts", "processes_marked"]

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_BOOT = (
    "import sys; package = type(sys)('telic_sandbox'); package.__path__ = [sys.argv[1]]; "
    "sys.modules['telic_sandbox'] = package; from telic_sandbox.boot import main; main()"
)
_READY_SECONDS = 60.0
_ANSWER_SECONDS = 20
_NUMBERS = itertools.count()
_NOBODY = 65534
_FIRST_IDENTITY = 2_000_000_000
_SETTINGS = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    # Symbols that are looked up once, here, are not looked up again in every fork.
    "LD_BIND_NOW": "1",
    # Threads started before a fork would be missing after it.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
}


class PackageError(SandboxError):
    """A declared package cannot be imported inside; fewer layers would not help."""


@dataclass(frozen=True, slots=True)
class Launch:
    """One way of starting a zygote."""

    mode: str
    """``bwrap``, ``direct`` or ``process``."""
    user_namespace: bool = False
    """Whether it takes a user namespace; the superuser leaves its identity instead."""


@dataclass(slots=True)
class Started:
    """A zygote that is there or on its way."""

    launch: Launch
    pid: int
    sock: socket.socket
    nudges: int
    """Descriptor of the pipe that tells it what to do about a running job."""
    stderr: int
    work: str
    """Its work folder, on the host if it has no namespaces."""
    mark: str
    """A word in the command line of every process that was forked here."""
    own: frozenset[int] = frozenset()
    """Host ids of the zygote and its helpers."""
    report: dict[str, Any] = field(default_factory=dict[str, Any])
    jobs: int = 0
    """How many it has been sent."""
    _received: bytearray = field(default_factory=bytearray)

    def wait(self) -> None:
        """Wait until it is ready.

        Raises:
            SandboxError: if it is not; the text says why.
        """
        try:
            self.sock.settimeout(_READY_SECONDS)
            kind, payload = self.receive()
        except TimeoutError:
            raise SandboxError(f"the sandbox was not ready in {_READY_SECONDS:.0f} s") from None
        except OSError:
            raise SandboxError(self._last_words()) from None
        if kind == frames.NO_PACKAGE:
            raise PackageError(payload.decode("utf-8", "replace"))
        if kind != frames.READY:
            raise SandboxError(payload.decode("utf-8", "replace"))
        self.report = decode(payload)
        self.own = processes_marked(self.mark)
        # The kernel keeps these, so that sending and receiving stay one call each.
        patience = struct.pack("@ll", _ANSWER_SECONDS, 0)
        self.sock.settimeout(None)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, patience)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, patience)

    def send_job(self, job: bytes, descriptors: list[int]) -> None:
        """Have it fork a candidate that gets these descriptors.

        Raises:
            OSError: if it has gone or takes nothing.
        """
        self.jobs += 1
        message = frame(frames.JOB, job)
        sent = socket.send_fds(self.sock, [message], descriptors)
        if sent < len(message):
            self.sock.sendall(message[sent:])

    def nudge(self, what: int, cpu_seconds: float = 0.0) -> None:
        """Tell it what to do about the job that it was sent last.

        Args:
            what: ``KILL`` or ``CHECK`` of :mod:`telic.evaluation.sandbox.frames`.
            cpu_seconds: for a check, the processor time that the candidate has.

        Raises:
            OSError: if it has gone.
        """
        os.write(self.nudges, frames.NUDGE.pack(what, self.jobs, cpu_seconds))

    def receive(self) -> tuple[int, bytes]:
        """Return the next message.

        Raises:
            OSError: if there is none, because the zygote has gone or is late.
        """
        kind, length = FRAME.unpack(self._exactly(FRAME.size))
        return kind, self._exactly(length)

    def _exactly(self, size: int) -> bytes:
        while len(self._received) < size:
            data = self.sock.recv(1 << 16)
            if not data:
                raise ConnectionResetError("the zygote has gone")
            self._received += data
        piece = bytes(self._received[:size])
        del self._received[:size]
        return piece

    def _last_words(self) -> str:
        text = os.pread(self.stderr, 4096, 0).decode("utf-8", "replace").strip()
        return text.splitlines()[-1] if text else "the sandbox process ended without a word"

    def end(self, patience: float) -> None:
        """Close the socket, and kill the zygote if it does not end in ``patience`` seconds."""
        self.sock.close()
        os.close(self.nudges)
        os.close(self.stderr)
        deadline = time.monotonic() + patience
        pause = 0.0005
        try:
            while os.waitpid(self.pid, os.WNOHANG)[0] == 0:
                if time.monotonic() >= deadline:
                    os.kill(self.pid, signal.SIGKILL)
                    os.waitpid(self.pid, 0)
                    break
                time.sleep(pause)
                pause = min(2 * pause, 0.02)
        except ChildProcessError:
            pass  # somebody else reaped it
        if self.launch.mode == "process":
            self._remove_work_folder()

    def _remove_work_folder(self) -> None:
        if os.path.isdir(self.work):  # else the zygote has done it
            empty_folder(self.work)
            with contextlib.suppress(OSError):
                os.rmdir(self.work)


def processes_marked(mark: str) -> frozenset[int]:
    """Return the host ids of processes with a word in their command line; Linux only."""
    found: set[int] = set()
    if sys.platform == "linux":
        for name in os.listdir("/proc"):
            if name.isdecimal():
                try:
                    with open(f"/proc/{name}/cmdline", "rb") as file:
                        if mark.encode() in file.read().split(b"\0"):
                            found.add(int(name))
                except OSError:
                    continue  # it has ended meanwhile
    return frozenset(found)


def attempts(forced_off: frozenset[str]) -> Iterator[Launch]:
    """Yield ways to start a zygote, the best first; the last one always works."""
    if sys.platform == "linux" and "namespaces" not in forced_off:
        is_superuser = os.geteuid() == 0
        modes = ["direct"]
        if "bwrap" not in forced_off and find_bubblewrap() is not None:
            modes.insert(0, "bwrap")
        if is_superuser:
            yield from (Launch(mode) for mode in modes)
        yield from (Launch(mode, user_namespace=True) for mode in modes)
    yield Launch("process")


@dataclass(frozen=True, slots=True)
class Recipe:
    """What every zygote of one sandbox has in common."""

    preload: tuple[str, ...]
    readable: tuple[str, ...]
    import_path: tuple[str, ...]
    processes: bool
    work_bytes: int
    forced_off: frozenset[str]

    def start(self, launch: Launch) -> Started:
        """Start a zygote without waiting for it."""
        compile_sources()
        packages = _package_paths()
        view = interpreter_view(
            package=_PACKAGE,
            import_paths=(*packages, *self.import_path),
            readable=self.readable,
            processes=self.processes,
            work_bytes=self.work_bytes,
        )
        is_inside = launch.mode != "process"
        work = WORK if is_inside else tempfile.mkdtemp(prefix="telic-")
        is_main = threading.current_thread() is threading.main_thread()
        config = {
            "mode": launch.mode,
            "user_namespace": launch.user_namespace,
            "identities": _identities() if is_inside and not launch.user_namespace else (),
            "view": _plain(view),
            # Its parent is this thread only if there is nothing in between.
            "dies_with_parent": is_main or is_inside,
            "work": work,
            "readable": view.readable,
            "devices": view.devices,
            "processes": self.processes,
            "counts_own_processes": is_inside and _counts_per_namespace(launch),
            "preload": self.preload,
            "import_path": self.import_path,
            "packages": packages,
            "executable": sys.executable,
            "forced_off": tuple(sorted(self.forced_off)),
        }
        mark = f"telic-sandbox-{os.getpid()}-{next(_NUMBERS)}"
        command = [os.path.realpath(sys.executable), "-P", "-s", "-S", "-B", "-u", "-c", _BOOT]
        command += [_PACKAGE, mark]
        if launch.mode == "bwrap":
            bubblewrap = find_bubblewrap()
            assert bubblewrap is not None
            command = [
                *bubblewrap_command(
                    bubblewrap,
                    view,
                    user_namespace=launch.user_namespace,
                    dies_with_parent=is_main,
                ),
                *command,
            ]
        return _spawn(launch, command, config, work, mark)


def _spawn(
    launch: Launch, command: list[str], config: dict[str, Any], work: str, mark: str
) -> Started:
    environment = {**_SETTINGS, "HOME": work, "TMPDIR": work}
    if "LD_LIBRARY_PATH" in os.environ:
        environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    ours, theirs = socket.socketpair()
    nudges, nudges_in = os.pipe()
    with tempfile.TemporaryFile() as words, theirs:
        stderr = os.dup(words.fileno())
        actions = [
            (os.POSIX_SPAWN_DUP2, theirs.fileno(), 0),
            (os.POSIX_SPAWN_DUP2, stderr, 1),
            (os.POSIX_SPAWN_DUP2, stderr, 2),
        ]
        try:
            pid = os.posix_spawn(
                command[0], command, environment, file_actions=actions, setsid=True
            )
        except OSError as error:
            ours.close()
            for descriptor in (stderr, nudges, nudges_in):
                os.close(descriptor)
            raise SandboxError(f"{command[0]} cannot be started: {error.strerror}") from error
    message = frame(frames.CONFIGURE, encode(config))
    with contextlib.suppress(OSError):  # if it has gone already, waiting for it says why
        socket.send_fds(ours, [message[:1]], [nudges])
        ours.sendall(message[1:])
    os.close(nudges)
    return Started(launch, pid, ours, nudges_in, stderr, work, mark)


def _plain(view: View) -> dict[str, Any]:
    return {name: getattr(view, name) for name in View.__slots__}


def _package_paths() -> tuple[str, ...]:
    """Return this interpreter's folders of installed packages."""
    library = os.path.dirname(os.__file__)
    roots = (sys.prefix, sys.exec_prefix, sys.base_prefix, os.path.expanduser("~/.local/lib"))
    return tuple(
        path
        for path in dict.fromkeys(sys.path)
        if path.startswith(tuple(root + "/" for root in roots))
        and os.path.isdir(path)
        and ("site-packages" in path or "dist-packages" in path)
        and path != library
    )


def _identities() -> tuple[int, ...]:
    """Return user ids to try that own nothing; a container may know few ids."""
    return (_FIRST_IDENTITY + os.getpid() % 100_000_000, _NOBODY)


def _counts_per_namespace(launch: Launch) -> bool:
    """Tell whether a limit on processes would count this sandbox's alone."""
    if not launch.user_namespace:
        return True  # it has an identity of its own
    major, minor = (
        int("".join(filter(str.isdigit, part))) for part in os.uname().release.split(".")[:2]
    )
    return (major, minor) >= (5, 14) and os.geteuid() != 0


def compile_sources() -> None:
    """See to it that the zygote finds its modules compiled, since it may not write them."""
    for name in sorted(os.listdir(_PACKAGE)):
        source = os.path.join(_PACKAGE, name)
        if name.endswith(".py"):
            cached = importlib.util.cache_from_source(source)
            try:
                if os.path.getmtime(cached) >= os.path.getmtime(source):
                    continue
            except OSError:
                pass  # not compiled yet
            import py_compile

            try:
                py_compile.compile(source, doraise=True)
            except OSError:
                return  # a read-only installation starts a little more slowly
