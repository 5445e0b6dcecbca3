"""Seccomp filters: which system calls a candidate may make (x86_64 and aarch64).

Two classic BPF programs. :func:`base_filter` refuses what no candidate needs: other
families of sockets, tracing, mounting, new namespaces, kernel keys, BPF, io_uring, and what
would outlive the candidate, as System V memory does. :func:`process_filter` refuses new
processes but allows threads. Both answer with an error, so that a candidate sees an exception.
"""

from __future__ import annotations

import ctypes
import errno
from struct import pack

from .system import IS_LINUX, MACHINE, prctl

__all__ = ["SOCKET_FAMILIES", "Filter", "base_filter", "is_known_machine", "process_filter"]

SOCKET_FAMILIES = {"unix": 1, "inet": 2, "inet6": 10}

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_COLUMN = {"x86_64": 0, "aarch64": 1}
_NEWEST_KNOWN = 450

_LOAD, _EQUAL, _GREATER, _ANY_BIT, _RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
_OFFSET_NUMBER, _OFFSET_ARCH, _OFFSET_ARGUMENT = 0, 4, 16
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000

_CLONE_THREAD = 0x00010000
_CLONE_NAMESPACES = 0x7E020080
_PR_SET_SECCOMP, _MODE_FILTER = 22, 2

_CLONE, _CLONE3, _SOCKET = (56, 220), (435, 435), (41, 198)
# name: (x86_64, aarch64); None where the architecture lacks it.
_NEW_PROCESS: dict[str, tuple[int | None, int | None]] = {
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
}  # fmt: skip
_SIGNAL: dict[str, tuple[int, int]] = {
    "kill": (62, 129), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
}  # fmt: skip
_SIGNAL_BY_HANDLE: dict[str, tuple[int, int]] = {
    "tkill": (200, 130), "pidfd_send_signal": (424, 424),
}  # fmt: skip
_REFUSED: dict[str, tuple[int | None, int | None]] = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": (440, 440), "pidfd_getfd": (438, 438), "kcmp": (312, 272),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "move_mount": (429, 429), "open_tree": (428, 428), "mount_setattr": (442, 442),
    "unshare": (272, 97), "setns": (308, 268),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89),
    "quotactl": (179, 60), "quotactl_fd": (443, 443), "syslog": (103, 116),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171),
    "clock_adjtime": (305, 266), "sethostname": (170, 161), "setdomainname": (171, 162),
    "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None), "vhangup": (153, 58),
    "uselib": (134, None), "lookup_dcookie": (212, 18),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "fanotify_init": (300, 262),
    "mbind": (237, 235), "set_mempolicy": (238, 237), "migrate_pages": (256, 238),
    "move_pages": (279, 239), "personality": (135, 92),
    "shmget": (29, 194), "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180),
    "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),
    "memfd_create": (319, 279), "memfd_secret": (447, 447),
}  # fmt: skip


def is_known_machine() -> bool:
    """Tell whether there is a filter for this kernel and processor."""
    return IS_LINUX and MACHINE in _AUDIT_ARCH


def base_filter(families: tuple[str, ...], *, machine: str = MACHINE) -> bytes:
    """Return the filter that holds for every candidate.

    Args:
        families: keys of :data:`SOCKET_FAMILIES` whose sockets may be made.
        machine: ``x86_64`` or ``aarch64``.
    """
    column = _COLUMN[machine]
    program = [
        pack("<HBBI", _LOAD, 0, 0, _OFFSET_ARCH),
        pack("<HBBI", _EQUAL, 1, 0, _AUDIT_ARCH[machine]),
        _answer(_KILL),
        pack("<HBBI", _LOAD, 0, 0, _OFFSET_NUMBER),
        # Calls of another ABI, and calls too new to be judged, do not exist here.
        pack("<HBBI", _GREATER, 0, 1, _NEWEST_KNOWN),
        _refuse(errno.ENOSYS),
        pack("<HBBI", _EQUAL, 0, 1, _CLONE3[column]),
        _refuse(errno.ENOSYS),
    ]
    for numbers in _REFUSED.values():
        program += _when_called(numbers[column], [_refuse(errno.EPERM)])
    allowed = [SOCKET_FAMILIES[family] for family in families]
    choose = [_load_argument()]
    for position, family in enumerate(allowed):
        choose.append(pack("<HBBI", _EQUAL, len(allowed) - position, 0, family))
    choose += [_refuse(errno.EAFNOSUPPORT), _answer(_ALLOW)]
    program += _when_called(_SOCKET[column], choose)
    make_namespace = [
        _load_argument(),
        pack("<HBBI", _ANY_BIT, 0, 1, _CLONE_NAMESPACES),
        _refuse(errno.EPERM),
        _answer(_ALLOW),
    ]
    program += _when_called(_CLONE[column], make_namespace)
    return b"".join([*program, _answer(_ALLOW)])


def process_filter(only_signal: int | None = None, *, machine: str = MACHINE) -> bytes:
    """Return the filter that refuses new processes and programs, but not threads.

    Args:
        only_signal: the one process that may be sent signals; ``None`` means whichever the
            surroundings allow.
        machine: ``x86_64`` or ``aarch64``.
    """
    column = _COLUMN[machine]
    program = [pack("<HBBI", _LOAD, 0, 0, _OFFSET_NUMBER)]
    for numbers in _NEW_PROCESS.values():
        program += _when_called(numbers[column], [_refuse(errno.EPERM)])
    make_thread = [
        _load_argument(),
        pack("<HBBI", _ANY_BIT, 1, 0, _CLONE_THREAD),
        _refuse(errno.EPERM),
        _answer(_ALLOW),
    ]
    program += _when_called(_CLONE[column], make_thread)
    if only_signal is not None:
        to_itself = [
            _load_argument(),
            pack("<HBBI", _EQUAL, 1, 0, only_signal),
            _refuse(errno.EPERM),
            _answer(_ALLOW),
        ]
        for pair in _SIGNAL.values():
            program += _when_called(pair[column], to_itself)
        for pair in _SIGNAL_BY_HANDLE.values():
            program += _when_called(pair[column], [_refuse(errno.EPERM)])
    return b"".join([*program, _answer(_ALLOW)])


class Filter:
    """A program in memory, ready to be installed by this process or a fork of it.

    Args:
        program: from :func:`base_filter` or :func:`process_filter`.
    """

    def __init__(self, program: bytes) -> None:
        self._program = ctypes.create_string_buffer(program, len(program))
        head = pack("@HP", len(program) // 8, ctypes.addressof(self._program))
        self._head = ctypes.create_string_buffer(head, len(head))
        self._address = ctypes.addressof(self._head)

    def install(self) -> None:
        """Put the calling process under it for good; needs ``no_new_privs``.

        Raises:
            OSError: if the kernel refuses.
        """
        prctl(_PR_SET_SECCOMP, _MODE_FILTER, self._address)


def _when_called(number: int | None, block: list[bytes]) -> list[bytes]:
    if number is None:
        return []
    return [pack("<HBBI", _EQUAL, 0, len(block), number), *block]


def _load_argument() -> bytes:
    return pack("<HBBI", _LOAD, 0, 0, _OFFSET_ARGUMENT)


def _answer(verdict: int) -> bytes:
    return pack("<HBBI", _RETURN, 0, 0, verdict)


def _refuse(code: int) -> bytes:
    return _answer(_ERROR | code)
