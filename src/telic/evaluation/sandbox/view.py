"""What a candidate can see of the machine, and the command that builds that view.

Everything is read-only but one work folder, a small file system in memory. The interpreter,
its packages and the shared libraries keep their paths, so that nothing needs to be rewritten.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

__all__ = ["WORK", "View", "bubblewrap_command", "find_bubblewrap", "interpreter_view"]

WORK = "/candidate"
"""The work folder inside namespaces; also ``HOME``, ``TMPDIR`` and, if it can be, ``/tmp``."""

_LIBRARIES = ("/lib", "/lib32", "/lib64", "/libx32", "/usr/lib", "/usr/lib32", "/usr/lib64")
_LOADER = ("/etc/ld.so.cache", "/etc/alternatives")
_PROGRAMS = ("/bin", "/sbin", "/usr")
_SYSTEM_PREFIXES = ("/", "/usr", "/usr/local")
_DEVICES = ("null", "zero", "full", "random", "urandom")


@dataclass(frozen=True, slots=True)
class View:
    """A file system made of read-only pieces of the host's."""

    readable: tuple[str, ...]
    """Paths bound read-only at their own place, parents before children."""
    links: tuple[tuple[str, str], ...]
    """Pairs of target and path of symbolic links."""
    devices: tuple[str, ...]
    """Device nodes taken from the host."""
    work_bytes: int
    """Size of the work folder."""
    process_files: bool
    """Whether ``/proc`` is mounted."""


def interpreter_view(
    *,
    package: str,
    import_paths: tuple[str, ...],
    readable: tuple[str, ...],
    processes: bool,
    work_bytes: int,
) -> View:
    """Return the view that lets this interpreter run.

    Args:
        package: folder of the sandbox's own code.
        import_paths: entries of the candidate's ``sys.path`` beside the standard library.
        readable: further paths to show.
        processes: whether programs of the system are shown too.
        work_bytes: size of the work folder.
    """
    wanted = [*_LIBRARIES, *_LOADER, package, *import_paths, *readable]
    prefixes = {sys.base_prefix, sys.base_exec_prefix}
    if processes:
        wanted += _PROGRAMS
        prefixes |= {sys.prefix, sys.exec_prefix}
    for prefix in prefixes:
        parts = ("bin", "lib", "lib64") if prefix in _SYSTEM_PREFIXES else ("",)
        wanted += [os.path.join(prefix, part).rstrip("/") for part in parts]
    wanted.append(os.path.realpath(sys.executable))
    wanted += [entry for entry in os.environ.get("LD_LIBRARY_PATH", "").split(":") if entry]
    links, real = [], set[str]()
    for path in wanted:
        if not os.path.exists(path):
            continue
        if os.path.dirname(path) == "/" and os.path.islink(path):
            links.append((os.readlink(path), path))
        else:
            real.add(path)
        real.add(os.path.realpath(path))
    bound = _without_nested(real)
    if not any(path == "/tmp" or path.startswith("/tmp/") for path in bound):
        links.append((WORK, "/tmp"))
    links += [(WORK, "/dev/shm"), ("/proc/self/fd", "/dev/fd")]
    return View(
        readable=bound,
        links=tuple(dict.fromkeys(links)),
        devices=tuple(f"/dev/{name}" for name in _DEVICES if os.path.exists(f"/dev/{name}")),
        work_bytes=work_bytes,
        process_files=processes,
    )


def _without_nested(paths: set[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for path in sorted(paths):
        if not any(path == other or path.startswith(other + "/") for other in kept):
            kept.append(path)
    return tuple(kept)


def _parents(paths: tuple[str, ...]) -> list[str]:
    """Return the folders above paths; bubblewrap would make them private to the superuser."""
    found: set[str] = set()
    for path in paths:
        parent = os.path.dirname(path)
        while parent != "/":
            found.add(parent)
            parent = os.path.dirname(parent)
    return sorted(found)


def find_bubblewrap() -> str | None:
    """Return the path of ``bwrap``, if it is installed."""
    for folder in os.get_exec_path():
        path = os.path.join(folder, "bwrap")
        if os.access(path, os.X_OK):
            return path
    return None


def bubblewrap_command(
    bubblewrap: str, view: View, *, user_namespace: bool, dies_with_parent: bool
) -> list[str]:
    """Return the command line that enters the view; the program to run is to be appended.

    Args:
        bubblewrap: path of the program.
        view: what to show.
        user_namespace: needed by ordinary users. The superuser does without, so that the
            zygote can leave that identity for one that owns nothing.
        dies_with_parent: whether it ends with the thread that started it.
    """
    command = [bubblewrap, "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    command += ["--unshare-cgroup-try", "--as-pid-1", "--hostname", "sandbox"]
    command += ["--cap-drop", "ALL"]
    if user_namespace:
        command += ["--unshare-user", "--disable-userns"]
    else:
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    if dies_with_parent:
        command.append("--die-with-parent")
    for path in _parents((*view.readable, *view.devices)):
        command += ["--perms", "0755", "--dir", path]
    for path in view.readable:
        command += ["--ro-bind", path, path]
    for path in view.devices:
        command += ["--dev-bind", path, path]
    for target, path in view.links:
        command += ["--symlink", target, path]
    if view.process_files:
        command += ["--proc", "/proc", "--remount-ro", "/proc"]
    command += ["--perms", "0777", "--size", str(view.work_bytes), "--tmpfs", WORK]
    return [*command, "--remount-ro", "/", "--chdir", WORK]
