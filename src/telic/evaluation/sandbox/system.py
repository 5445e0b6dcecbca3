"""Linux system calls that the standard library does not offer, through ctypes.

Runs inside the zygote, before any candidate; a failed call raises :class:`OSError`.
"""

from __future__ import annotations

import ctypes
import os
import sys

__all__ = ["IS_LINUX", "MACHINE", "prctl", "set_process_flag", "syscall"]

IS_LINUX = sys.platform == "linux"
MACHINE = os.uname().machine

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38

if IS_LINUX:
    _libc = ctypes.CDLL(None, use_errno=True)
    _libc.syscall.restype = ctypes.c_long


def syscall(number: int, *arguments: int | bytes | None) -> int:
    """Call the kernel; integers are passed as 64-bit words, bytes as pointers.

    Raises:
        OSError: if the kernel refuses.
    """
    words = [
        ctypes.c_long(value) if isinstance(value, int) else ctypes.c_char_p(value)
        for value in arguments
    ]
    result: int = _libc.syscall(ctypes.c_long(number), *words)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


_PRCTL = 157 if MACHINE == "x86_64" else 167


def prctl(option: int, *arguments: int | bytes) -> int:
    """Call ``prctl``.

    Raises:
        OSError: if the kernel refuses.
    """
    padding = (0,) * (4 - len(arguments))
    return syscall(_PRCTL, option, *arguments, *padding)


def set_process_flag(option: int, value: int) -> None:
    """Set a process attribute where the platform has it; elsewhere do nothing."""
    if IS_LINUX:
        prctl(option, value)
