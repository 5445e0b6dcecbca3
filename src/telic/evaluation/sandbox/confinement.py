"""What holds a candidate inside: limits, Landlock and seccomp, applied by the processes themselves.

As much as possible is applied once, to the zygote, and inherited by every fork. Where there
are no namespaces the zygote must keep sight of stray processes, so Landlock waits for the fork.
"""

from __future__ import annotations

import mmap
import os
import resource

from . import landlock, seccomp, system

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

__all__ = ["Confinement", "address_space"]

_SIGKILL = 9
_STACK_BYTES = 16 << 20
_OPEN_FILES = 256
_THREADS, _PROCESSES = 64, 256
_PAGE = 4096


class Confinement:
    """The layers of one zygote.

    Args:
        config: the zygote's configuration; see :mod:`telic.evaluation.sandbox.client`.
    """

    def __init__(self, config: Mapping[str, Any]) -> None:
        self.is_inside: bool = config["mode"] != "process"
        self.processes: bool = config["processes"]
        self.work: str = config["work"]
        self._zygote = os.getpid()
        self._base: int | None = None
        self._forced_off: tuple[str, ...] = config["forced_off"]
        self._readable: tuple[str, ...] = config["readable"]
        self._devices: tuple[str, ...] = config["devices"]
        self._counts_own_processes: bool = config["counts_own_processes"]
        self._ruleset: int | None = None
        self._process_filter: seccomp.Filter | None = None
        self.held: list[str] = ["namespaces"] if self.is_inside else []
        self.notes: dict[str, str] = {}

    def apply_to_zygote(self) -> None:
        """Confine the zygote; from here on ``held`` names the layers that candidates will have."""
        system.set_process_flag(system.PR_SET_DUMPABLE, 0)
        system.set_process_flag(system.PR_SET_NO_NEW_PRIVS, 1)
        for layer, apply in (
            ("rlimits", self._limit),
            ("landlock", self._landlock),
            ("seccomp", self._seccomp),
        ):
            if layer in self._forced_off:
                self.notes[layer] = "switched off"
                continue
            try:
                apply()
            except OSError as error:
                self.notes[layer] = f"the kernel refused: {error.strerror}"
            else:
                self.held.append(layer)

    def measure(self) -> None:
        """Take the zygote's present size as what candidates do not have to account for."""
        if self._base is not None:
            self._base = address_space()

    def _limit(self) -> None:
        self._base = address_space()
        limits = [
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_STACK, _STACK_BYTES),
            (resource.RLIMIT_NOFILE, _OPEN_FILES * (4 if self.processes else 1)),
        ]
        if self._counts_own_processes:
            limits.append((resource.RLIMIT_NPROC, _PROCESSES if self.processes else _THREADS))
        for kind, value in limits:
            _, hard = resource.getrlimit(kind)
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (value, value))

    def _landlock(self) -> None:
        ruleset = landlock.build_ruleset(
            readable=(*self._readable, "/proc") if self._sees_own_proc() else self._readable,
            writable=(self.work, *self._shared_memory()),
            devices=self._devices,
            executable=self.processes,
            network=self.processes and self.is_inside,
        )
        if self.is_inside:
            landlock.restrict(ruleset)
            os.close(ruleset)
            return
        trial = os.fork()
        if not trial:
            try:
                landlock.restrict(ruleset)
            except OSError:
                os._exit(1)
            os._exit(0)
        if os.waitpid(trial, 0)[1]:
            raise OSError(0, "a trial process could not be restricted")
        self._ruleset = ruleset

    def _sees_own_proc(self) -> bool:
        return self.is_inside and self.processes

    def _shared_memory(self) -> tuple[str, ...]:
        # Inside namespaces it is the work folder; elsewhere multiprocessing needs the host's.
        return ("/dev/shm",) if self.processes and not self.is_inside else ()

    def _seccomp(self) -> None:
        if not seccomp.is_known_machine():
            raise OSError(0, f"no filter for {system.MACHINE}")
        families: tuple[str, ...] = ()
        if self.processes:
            families = tuple(seccomp.SOCKET_FAMILIES) if self.is_inside else ("unix",)
        seccomp.Filter(seccomp.base_filter(families)).install()
        if not self.processes:
            self._process_filter = seccomp.Filter(seccomp.process_filter())

    def rehearse(self, _memory: int, _cpu_seconds: int, _file_bytes: int) -> None:
        """Do what :meth:`apply_to_child` does, to no effect: it is quicker the next time."""
        if self._base is not None:
            _set_limit(resource.RLIMIT_CORE, 0)
        system.set_process_flag(system.PR_SET_NO_NEW_PRIVS, 1)

    def apply_to_child(self, memory: int, cpu_seconds: int, file_bytes: int) -> None:
        """Confine a freshly forked child.

        Args:
            memory: bytes of address space beyond the zygote's own.
            cpu_seconds: hard limit on processor time.
            file_bytes: largest file.

        Raises:
            OSError: if a layer that holds for the zygote cannot be applied.
        """
        if self._base is not None:
            if self._base:
                _set_limit(resource.RLIMIT_AS, self._base + memory)
            _set_limit(resource.RLIMIT_CPU, cpu_seconds)
            _set_limit(resource.RLIMIT_FSIZE, file_bytes)
        if not self.is_inside:
            system.set_process_flag(system.PR_SET_PDEATHSIG, _SIGKILL)
            if os.getppid() != self._zygote:
                raise OSError(0, "the zygote died before it could be followed")
            if self._ruleset is not None:
                landlock.restrict(self._ruleset)
        if self.processes:
            system.set_process_flag(system.PR_SET_DUMPABLE, 1)
        elif self._process_filter is not None:
            if self.is_inside:
                self._process_filter.install()
            else:
                seccomp.Filter(seccomp.process_filter(os.getpid())).install()


def _set_limit(kind: int, value: int) -> None:
    resource.setrlimit(kind, (value, value))


def address_space() -> int:
    """Return the bytes of address space in use, found by trying limits; 0 if none are enforced.

    The usual source, ``/proc``, is not there in a namespace that has none.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    low, high = 0, 1 << 47
    try:
        if _fits(_PAGE, hard):
            return 0
        while high - low > _PAGE:
            middle = (low + high) // 2 // _PAGE * _PAGE
            if _fits(middle, hard):
                high = middle
            else:
                low = middle
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    return high


def _fits(limit: int, hard: int) -> bool:
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        mmap.mmap(-1, _PAGE).close()
    except (OSError, MemoryError, ValueError):
        return False
    return True
