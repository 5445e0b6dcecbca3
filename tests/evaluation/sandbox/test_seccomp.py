"""The seccomp programs, run by a small interpreter of classic BPF, on both processors."""

from __future__ import annotations

import errno
import struct

import pytest

from telic.evaluation.sandbox.seccomp import base_filter, process_filter

ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
THREAD, NEW_USER, SIGCHLD = 0x10000, 0x10000000, 17
MACHINES = pytest.mark.parametrize("machine", ["x86_64", "aarch64"])


def verdict(program: bytes, number: int, argument: int = 0, *, arch: int) -> int:
    """Run a filter on one system call."""
    data = struct.pack("<IIQ6Q", number, arch, 0, argument, 0, 0, 0, 0, 0)
    steps = list(struct.iter_unpack("<HBBI", program))
    at = value = 0
    while True:
        code, if_true, if_false, k = steps[at]
        at += 1
        if code == 0x20:
            (value,) = struct.unpack_from("<I", data, k)
        elif code == 0x06:
            return k
        else:
            holds = {0x15: value == k, 0x25: value > k, 0x45: bool(value & k)}[code]
            at += if_true if holds else if_false


def refused(code: int) -> int:
    return ERROR | code


@MACHINES
def test_ordinary_calls_are_allowed(machine: str) -> None:
    program = base_filter((), machine=machine)
    ordinary = {"x86_64": [0, 1, 9, 202, 257, 435 - 1], "aarch64": [63, 64, 222, 98, 56]}

    for number in ordinary[machine]:
        assert verdict(program, number, arch=ARCH[machine]) == ALLOW
        assert verdict(process_filter(machine=machine), number, arch=ARCH[machine]) == ALLOW


@MACHINES
def test_another_architecture_is_killed_and_unknown_calls_do_not_exist(machine: str) -> None:
    program = base_filter((), machine=machine)
    other = ARCH["aarch64" if machine == "x86_64" else "x86_64"]

    assert verdict(program, 0, arch=other) == KILL
    for number in (451, 1000, 0x40000000, 0x40000000 + 41, 0xFFFFFFFF):
        assert verdict(program, number, arch=ARCH[machine]) == refused(errno.ENOSYS)


@MACHINES
def test_dangerous_calls_are_refused(machine: str) -> None:
    program = base_filter(("unix",), machine=machine)
    numbers = {
        "x86_64": {"ptrace": 101, "mount": 165, "unshare": 272, "keyctl": 250, "bpf": 321},
        "aarch64": {"ptrace": 117, "mount": 40, "unshare": 97, "keyctl": 219, "bpf": 280},
    }

    for number in numbers[machine].values():
        assert verdict(program, number, arch=ARCH[machine]) == refused(errno.EPERM)
    for number in (425, 426, 427, 428, 442):  # io_uring, mounts
        assert verdict(program, number, arch=ARCH[machine]) == refused(errno.EPERM)
    assert verdict(program, 435, arch=ARCH[machine]) == refused(errno.ENOSYS)  # clone3


@MACHINES
@pytest.mark.parametrize("families", [(), ("unix",), ("unix", "inet", "inet6")])
def test_only_the_given_socket_families_are_allowed(
    machine: str, families: tuple[str, ...]
) -> None:
    program = base_filter(families, machine=machine)
    number = {"x86_64": 41, "aarch64": 198}[machine]
    known = {"unix": 1, "inet": 2, "inet6": 10, "netlink": 16, "packet": 17, "vsock": 40}

    for name, family in known.items():
        expected = ALLOW if name in families else refused(errno.EAFNOSUPPORT)
        assert verdict(program, number, family, arch=ARCH[machine]) == expected


@MACHINES
def test_threads_are_allowed_and_processes_are_not(machine: str) -> None:
    program = process_filter(machine=machine)
    clone = {"x86_64": 56, "aarch64": 220}[machine]
    others = {"x86_64": [57, 58, 59, 322], "aarch64": [221, 281]}

    assert verdict(program, clone, THREAD | 0xF00, arch=ARCH[machine]) == ALLOW
    assert verdict(program, clone, SIGCHLD, arch=ARCH[machine]) == refused(errno.EPERM)
    for number in others[machine]:
        assert verdict(program, number, arch=ARCH[machine]) == refused(errno.EPERM)


@MACHINES
def test_processes_never_get_new_namespaces(machine: str) -> None:
    program = base_filter((), machine=machine)
    clone = {"x86_64": 56, "aarch64": 220}[machine]

    assert verdict(program, clone, SIGCHLD, arch=ARCH[machine]) == ALLOW
    for flag in (0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, NEW_USER, 0x20000000, 0x40000000):
        assert verdict(program, clone, SIGCHLD | flag, arch=ARCH[machine]) == refused(errno.EPERM)


@MACHINES
def test_signals_can_be_limited_to_one_process(machine: str) -> None:
    program = process_filter(4711, machine=machine)
    by_process = {"x86_64": [62, 234, 129, 297], "aarch64": [129, 131, 138, 240]}
    by_handle = {"x86_64": [200, 424], "aarch64": [130, 424]}

    for number in by_process[machine]:
        assert verdict(program, number, 4711, arch=ARCH[machine]) == ALLOW
        for target in (1, 4712, 0, 0xFFFFFFFF):
            assert verdict(program, number, target, arch=ARCH[machine]) == refused(errno.EPERM)
    for number in by_handle[machine]:
        assert verdict(program, number, 4711, arch=ARCH[machine]) == refused(errno.EPERM)
