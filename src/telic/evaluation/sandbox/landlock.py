"""Landlock: which files a candidate may open, whatever the mount table says.

A ruleset is built once and applied by each process that confines itself. Reading is limited
to the interpreter and declared folders, writing to the work folder; where the kernel knows
how (ABI 4, 6), TCP, abstract sockets and signals to the outside are refused as well. See
the kernel's ``Documentation/userspace-api/landlock.rst``.
"""

from __future__ import annotations

import errno
import os
import stat
from struct import pack

from .system import IS_LINUX, syscall

__all__ = ["build_ruleset", "landlock_abi", "restrict"]

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION_FLAG = 1
_PATH_BENEATH = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_MAKE_CHAR, _MAKE_BLOCK = 1 << 6, 1 << 11
_TRUNCATE, _IOCTL = 1 << 14, 1 << 15
_ON_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL
_RIGHTS_BY_ABI = {1: 13, 2: 14, 3: 15, 4: 15}  # number of file rights; 16 from ABI 5 on
_TCP = 3
_SCOPES = 3  # abstract sockets, signals


def landlock_abi() -> int:
    """Return the kernel's Landlock version, 0 where there is none."""
    if not IS_LINUX:
        return 0
    try:
        return syscall(_CREATE, None, 0, _VERSION_FLAG)
    except OSError:
        return 0


def build_ruleset(
    *,
    readable: tuple[str, ...],
    writable: tuple[str, ...],
    devices: tuple[str, ...],
    executable: bool,
    network: bool,
) -> int:
    """Return the descriptor of a ruleset; paths that do not exist are left out.

    Args:
        readable: folders and files that may be read.
        writable: folders in which everything but device nodes may be made.
        devices: device files that may be read and written.
        executable: whether programs under those folders may be started.
        network: whether TCP is left to the other layers.

    Raises:
        OSError: if the kernel has no Landlock.
    """
    abi = landlock_abi()
    if not abi:
        raise OSError(errno.ENOSYS, "this kernel has no Landlock")
    handled = (1 << _RIGHTS_BY_ABI.get(abi, 16)) - 1
    words = [handled]
    if abi >= 4:
        words.append(0 if network else _TCP)
    if abi >= 6:
        words.append(_SCOPES)
    attributes = pack(f"<{len(words)}Q", *words)
    ruleset = syscall(_CREATE, attributes, len(attributes), 0)
    run = _EXECUTE if executable else 0
    rules = [
        (readable, _READ_FILE | _READ_DIR | run),
        (writable, handled & ~(_MAKE_CHAR | _MAKE_BLOCK | _EXECUTE | _IOCTL) | run),
        (devices, _READ_FILE | _WRITE_FILE | _IOCTL),
    ]
    for paths, rights in rules:
        for path in paths:
            _allow(ruleset, path, rights & handled)
    return ruleset


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            rights &= _ON_FILES
        syscall(_ADD, ruleset, _PATH_BENEATH, pack("<Qi", rights, descriptor), 0)
    finally:
        os.close(descriptor)


def restrict(ruleset: int) -> None:
    """Put the calling process under a ruleset for good; needs ``no_new_privs``.

    Raises:
        OSError: if the kernel refuses.
    """
    syscall(_RESTRICT, ruleset, 0)
