"""Linux system calls that the standard library does not offer, through ctypes.

Runs inside the zygote, before any candidate; a failed call raises :class:`OSError`.
"""

from __future__ import annotations

import ctypes
import errno
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
    # Prepared once, because building a call is what costs after a fork.
    _prctl = ctypes.CDLL(None).prctl
    _prctl.argtypes = (ctypes.c_int, *[ctypes.c_ulong] * 4)


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


def prctl(option: int, argument: int, pointer: int = 0) -> int:
    """Call ``prctl``.

    Raises:
        OSError: if the kernel refuses.
    """
    result: int = _prctl(option, argument, pointer, 0, 0)
    if result < 0:
        raise OSError(errno.EINVAL, f"prctl({option}) was refused")
    return result


def set_process_flag(option: int, value: int) -> None:
    """Set a process attribute where the platform has it; elsewhere do nothing."""
    if IS_LINUX:
        prctl(option, value)
