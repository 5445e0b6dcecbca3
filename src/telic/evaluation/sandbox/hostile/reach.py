"""Attacks on what lies outside: files, the network, other processes, the kernel."""

from __future__ import annotations

from .attack import Attack

__all__ = ["REACH"]

_KERNEL_CALLS = """
import ctypes, os, platform
libc = ctypes.CDLL(None, use_errno=True)
X86 = platform.machine() == 'x86_64'
def attack(x):
    won = []
    def attempt(name, numbers, *arguments):
        number = numbers[0] if X86 else numbers[1]
        if libc.syscall(number, *arguments) >= 0:
            won.append(name)
    null = ctypes.c_void_p(0)
%s
    return won
"""

REACH = (
    Attack(
        "reads the environment",
        "to find keys among the environment variables",
        """
import os
def attack(x):
    return sorted(set(os.environ) - {
        'HOME', 'LANG', 'LD_LIBRARY_PATH', 'MKL_NUM_THREADS', 'NUMEXPR_NUM_THREADS',
        'OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'PATH', 'PWD', 'PYTHONDONTWRITEBYTECODE',
        'PYTHONHASHSEED', 'PYTHONUTF8', 'TMPDIR', 'LC_CTYPE', '__CF_USER_TEXT_ENCODING',
    })
""",
        gives=[],
        may_return=True,
    ),
    Attack(
        "reads the host",
        "to read accounts, home folders, other processes and the folders above its own",
        """
import os
def attack(x):
    won = []
    for path in ('/etc/passwd', '/etc/hostname', '/etc/hosts', '/etc/shadow', '/proc/1/environ',
                 '/proc/self/environ', '/proc/self/mounts', '/proc/cpuinfo', '/sys/kernel',
                 '/root', '/home', '/var', '/etc', '/', '/dev/mem', '/dev/kmsg'):
        try:
            if os.path.isdir(path):
                found = os.listdir(path)
            else:
                found = open(path, 'rb').read(1)
            if found:
                won.append(path)
        except OSError:
            pass
    return won
""",
        gives=[],
        may_return=True,
        held_by=("landlock",),
    ),
    Attack(
        "reads accounts",
        "to read the list of accounts and the environment of the process that started it",
        """
def attack(x):
    won = []
    for path in ('/etc/passwd', '/etc/hostname', '/proc/1/environ', '/proc/1/mem'):
        try:
            open(path, 'rb').read(1)
            won.append(path)
        except OSError:
            pass
    return won
""",
        gives=[],
        may_return=True,
        held_by=("landlock", "namespaces"),
    ),
    Attack(
        "writes outside",
        "to write into the interpreter, the system and temporary folders",
        """
import os, sys
def attack(x):
    won = []
    places = ['/', '/etc', '/usr', '/usr/lib', '/var/tmp', '/dev', '/lib', '/root', '/home',
              sys.prefix, sys.base_prefix, os.path.dirname(os.__file__), '/proc', '/sys',
              *[path for path in sys.path if path != os.getcwd()]]
    for place in places:
        try:
            path = os.path.join(place, 'telic-was-here')
            open(path, 'w').close()
            os.unlink(path)
            won.append(place)
        except OSError:
            pass
    try:
        open(os.__file__, 'a').close()
        won.append(os.__file__)
    except OSError:
        pass
    return won
""",
        gives=[],
        may_return=True,
        held_by=("landlock", "namespaces"),
    ),
    Attack(
        "symbolic links",
        "to be led outside by links, or to lead the one who clears away",
        """
import os
def attack(x):
    os.symlink('/', 'root')
    os.symlink('/etc/passwd', 'accounts')
    os.symlink('..', 'up')
    os.makedirs('a/b/c')
    os.symlink('/', 'a/b/c/root')
    os.chmod('a/b', 0)
    won = []
    for path in ('root/etc/passwd', 'accounts', 'up/etc/passwd'):
        try:
            open(path).read()
            won.append(path)
        except OSError:
            pass
    return won
""",
        gives=[],
        may_return=True,
        held_by=("landlock", "namespaces"),
    ),
    Attack(
        "opens sockets",
        "to reach the network, local services and abstract sockets",
        """
import socket
def attack(x):
    won = []
    for family, kind, address in (
        (socket.AF_INET, socket.SOCK_STREAM, ('127.0.0.1', 22)),
        (socket.AF_INET, socket.SOCK_DGRAM, ('8.8.8.8', 53)),
        (socket.AF_INET6, socket.SOCK_STREAM, ('::1', 22)),
        (socket.AF_UNIX, socket.SOCK_STREAM, '/run/dbus/system_bus_socket'),
        (socket.AF_UNIX, socket.SOCK_DGRAM, '/dev/log'),
    ):
        try:
            with socket.socket(family, kind) as sock:
                sock.connect(address)
            won.append(str(address))
        except OSError:
            pass
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
            sock.bind(('0.0.0.0', 0))
            sock.listen()
        won.append('listens')
    except OSError:
        pass
    return won
""",
        gives=[],
        may_return=True,
        held_by=("seccomp",),
    ),
    Attack(
        "resolves a name",
        "to send data out inside a name lookup",
        """
import socket
def attack(x):
    try:
        return [socket.getaddrinfo('example.org', 80)[0][4][0]]
    except OSError:
        return []
""",
        gives=[],
        may_return=True,
        held_by=("seccomp", "namespaces"),
    ),
    Attack(
        "kills its parent",
        "to end or stop the zygote",
        """
import os, signal
def attack(x):
    for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, signal.SIGSEGV):
        try:
            os.kill(os.getppid(), number)
        except OSError:
            pass
    return 42
""",
        gives=42,
        may_return=True,
        held_by=("namespaces", "seccomp"),
    ),
    Attack(
        "kills everything",
        "to end every process that it may signal",
        """
import os, signal
def attack(x):
    for target in (-1, 0):
        try:
            os.kill(target, signal.SIGKILL)
        except OSError:
            pass
    return 42
""",
        ends=("crash",),
        gives=42,
        may_return=True,
        held_by=("namespaces", "seccomp"),
    ),
    Attack(
        "traces its parent",
        "to read and change the zygote's memory",
        _KERNEL_CALLS
        % """
    parent = os.getppid()
    attempt('ptrace attach', (101, 117), 16, parent, null, null)
    attempt('ptrace seize', (101, 117), 0x4206, parent, null, null)
    local = ctypes.create_string_buffer(8)
    vector = (ctypes.c_size_t * 2)(ctypes.addressof(local), 8)
    remote = (ctypes.c_size_t * 2)(id(attack), 8)
    attempt('process_vm_readv', (310, 270), parent, vector, 1, remote, 1, 0)
    attempt('process_vm_writev', (311, 271), parent, vector, 1, remote, 1, 0)
""",
        gives=[],
        may_return=True,
        held_by=("seccomp",),
    ),
    Attack(
        "breaks out",
        "to change mounts, roots and namespaces",
        _KERNEL_CALLS
        % """
    attempt('unshare user', (272, 97), 0x10000000)
    attempt('unshare mount', (272, 97), 0x20000)
    attempt('mount', (165, 40), b'none', b'/', b'tmpfs', 0, null)
    attempt('umount', (166, 39), os.getcwd().encode(), 2)
    attempt('chroot', (161, 51), b'/')
    attempt('pivot_root', (155, 41), b'/', b'/')
    attempt('open_tree', (428, 428), -100, b'/', 1)
    attempt('fsopen', (430, 430), b'tmpfs', 0)
    attempt('setns', (308, 268), 0, 0)
""",
        gives=[],
        may_return=True,
        held_by=("seccomp",),
    ),
    Attack(
        "pokes the kernel",
        "to use the kernel's rarely needed and often broken doors",
        _KERNEL_CALLS
        % """
    attempt('keyctl', (250, 219), 0, -3, 1)
    attempt('add_key', (248, 217), b'user', b'telic', b'x', 1, -3)
    attempt('bpf', (321, 280), 0, null, 0)
    attempt('perf_event_open', (298, 241), null, 0, -1, -1, 0)
    attempt('io_uring_setup', (425, 425), 1, ctypes.create_string_buffer(256))
    attempt('userfaultfd', (323, 282), 1)
    attempt('personality', (135, 92), 0x0040000)
    attempt('memfd_create', (319, 279), b'x', 0)
    attempt('sethostname', (170, 161), b'owned', 5)
    attempt('reboot', (169, 142), 0xfee1dead, 672274793, 0, null)
    attempt('syslog', (103, 116), 10, null, 0)
    attempt('init_module', (175, 105), null, 0, b'')
    attempt('kexec_load', (246, 104), 0, 0, null, 0)
""",
        gives=[],
        may_return=True,
        held_by=("seccomp",),
    ),
    Attack(
        "shared memory",
        "to leave a segment that outlives it, for the next candidate to read",
        _KERNEL_CALLS
        % """
    attempt('shmget', (29, 194), 4711, 4096, 0o1666)
    attempt('msgget', (68, 186), 4711, 0o1666)
    attempt('semget', (64, 190), 4711, 1, 0o1666)
""",
        gives=[],
        may_return=True,
        held_by=("seccomp",),
    ),
    Attack(
        "starts programs",
        "to run a shell, or to become another program",
        """
import os, subprocess, sys
def attack(x):
    won = []
    for command in (['/bin/sh', '-c', 'true'], ['/usr/bin/env'], [sys.executable, '-c', '']):
        try:
            subprocess.run(command, timeout=2)
            won.append(command[0])
        except (OSError, subprocess.SubprocessError):
            pass
    if os.system('true') == 0:
        won.append('system')
    try:
        os.execv(sys.executable, [sys.executable, '-c', 'print(1)'])
    except OSError:
        pass
    return won
""",
        gives=[],
        may_return=True,
        held_by=("seccomp",),
    ),
    Attack(
        "raises its limits",
        "to lift the limits that were set for it",
        """
import resource
def attack(x):
    won = []
    for name in ('RLIMIT_AS', 'RLIMIT_CPU', 'RLIMIT_FSIZE', 'RLIMIT_NOFILE', 'RLIMIT_CORE'):
        kind = getattr(resource, name)
        for limits in ((-1, -1), (1 << 50, 1 << 50)):
            try:
                resource.setrlimit(kind, limits)
                won.append(name)
            except (OSError, ValueError):
                pass
    return won
""",
        gives=[],
        may_return=True,
        held_by=("rlimits",),
    ),
)
