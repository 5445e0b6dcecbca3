"""Entering fresh namespaces without a helper program.

The order follows bubblewrap: unshare, put a small file system in memory at the root, bind
the pieces of the host read-only, let go of the host. Runs in the zygote's first moments,
while it has one thread.
"""

from __future__ import annotations

import os
from struct import pack

from .system import MACHINE, syscall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

__all__ = ["become_nobody", "enter"]

_NEW_USER, _NEW_REST = 0x10000000, 0x20000 | 0x20000000 | 0x40000000 | 0x8000000 | 0x4000000
_NEW_CGROUP = 0x2000000
_READ_ONLY, _NO_SUID, _NO_DEVICES, _NO_EXEC = 1, 2, 4, 8
_REMOUNT, _BIND, _RECURSIVE, _PRIVATE = 32, 4096, 16384, 1 << 18
_DETACH = 2
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_CAPABILITY_VERSION = 0x20080522

_MOUNT, _UNMOUNT, _PIVOT, _UNSHARE, _SETHOSTNAME, _CAPSET = (
    (165, 166, 155, 272, 170, 126) if MACHINE == "x86_64" else (40, 39, 41, 97, 161, 91)
)
_MOUNT_SETATTR = 442


def enter(view: Mapping[str, Any], work: str, *, user_namespace: bool) -> None:
    """Move into fresh namespaces; returns in a new process, which is the first of its kind.

    The calling process stays behind, does nothing but wait, and ends with the new one.

    Args:
        view: fields of :class:`telic.evaluation.sandbox.view.View`.
        work: where the work folder is to be.
        user_namespace: see :func:`~telic.evaluation.sandbox.view.bubblewrap_command`.

    Raises:
        OSError: if the kernel refuses.
    """
    user, group = os.getuid(), os.getgid()
    try:
        syscall(_UNSHARE, _NEW_REST | _NEW_CGROUP | (_NEW_USER if user_namespace else 0))
    except OSError as error:
        raise OSError(error.errno, f"no new namespaces: {error.strerror}") from error
    if user_namespace:
        _write("/proc/self/setgroups", "deny")
        _write("/proc/self/uid_map", f"{user} {user} 1")
        _write("/proc/self/gid_map", f"{group} {group} 1")
        _write("/proc/sys/user/max_user_namespaces", "0")
    child = os.fork()
    if child:
        _wait_for(child)
    syscall(_SETHOSTNAME, b"sandbox", 7)
    _build_root(view, work)
    if user_namespace:
        _drop_capabilities()


def _wait_for(child: int) -> None:
    os.closerange(0, 256)
    try:
        os.waitpid(child, 0)
    finally:
        os._exit(0)


def _build_root(view: Mapping[str, Any], work: str) -> None:
    _mount("none", "/", "", _RECURSIVE | _PRIVATE)
    base = "/tmp"
    _mount("tmpfs", base, "tmpfs", _NO_SUID | _NO_DEVICES, "size=1m,mode=0755")
    os.chdir(base)
    os.mkdir("new")
    os.mkdir("old")
    syscall(_PIVOT, b".", b"old")
    os.chdir("/")
    _mount("tmpfs", "/new", "tmpfs", _NO_SUID | _NO_DEVICES, "size=1m,mode=0755")
    for path in view["readable"]:
        _bind(path, _READ_ONLY | _NO_SUID | _NO_DEVICES)
    for path in view["devices"]:
        _bind(path, _NO_SUID | _NO_EXEC)
    for target, path in view["links"]:
        os.makedirs(os.path.dirname("/new" + path), exist_ok=True)
        os.symlink(target, "/new" + path)
    if view["process_files"]:
        os.makedirs("/new/proc", exist_ok=True)
        _mount("proc", "/new/proc", "proc", _READ_ONLY | _NO_SUID | _NO_DEVICES | _NO_EXEC)
    os.makedirs("/new" + work)
    options = f"size={view['work_bytes']},nr_inodes=16384,mode=0777"
    _mount("tmpfs", "/new" + work, "tmpfs", _NO_SUID | _NO_DEVICES, options)
    _mount("none", "/new", "", _REMOUNT | _BIND | _READ_ONLY | _NO_SUID | _NO_DEVICES)
    os.chdir("/new")
    syscall(_UNMOUNT, b"/old", _DETACH)
    syscall(_PIVOT, b".", b".")
    syscall(_UNMOUNT, b".", _DETACH)
    os.chdir(work)


def _bind(path: str, flags: int) -> None:
    source, place = "/old" + path, "/new" + path
    if os.path.isdir(source):
        os.makedirs(place, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        os.close(os.open(place, os.O_CREAT | os.O_RDONLY | os.O_CLOEXEC, 0o444))
    _mount(source, place, "", _BIND | _RECURSIVE)
    # MOUNT_ATTR_RDONLY, NOSUID, NODEV and NOEXEC have the values of their MS_ namesakes.
    attributes = pack("<QQQQ", flags, 0, 0, 0)
    syscall(
        _MOUNT_SETATTR,
        _AT_FDCWD,
        place.encode(),
        _AT_RECURSIVE,
        attributes,
        len(attributes),
    )


def become_nobody(candidates: tuple[int, ...]) -> None:
    """Leave the superuser's identity for the first of ``candidates`` that can be had.

    Raises:
        OSError: if none can.
    """
    os.setgroups([])
    for identity in candidates[:-1]:
        try:
            os.setresgid(identity, identity, identity)
            os.setresuid(identity, identity, identity)
        except OSError:
            continue
        else:
            return
    os.setresgid(candidates[-1], candidates[-1], candidates[-1])
    os.setresuid(candidates[-1], candidates[-1], candidates[-1])


def _drop_capabilities() -> None:
    syscall(_CAPSET, pack("<Ii", _CAPABILITY_VERSION, 0), pack("<6I", 0, 0, 0, 0, 0, 0))


def _mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    syscall(
        _MOUNT,
        source.encode(),
        target.encode(),
        kind.encode() or None,
        flags,
        options.encode() or None,
    )


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)
