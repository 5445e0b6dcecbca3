"""Attacks on time, memory, processes and output."""

from __future__ import annotations

from .attack import Attack

__all__ = ["RESOURCES"]

RESOURCES = (
    Attack(
        "endless loop",
        "to run for ever",
        """
def attack(x):
    while True:
        pass
""",
        ends=("timeout",),
        seconds=0.3,
    ),
    Attack(
        "endless import",
        "to run for ever before the function is even called",
        """
while True:
    pass
""",
        ends=("timeout",),
        seconds=0.3,
    ),
    Attack(
        "uninterruptible loop",
        "to survive its deadline by catching everything and ignoring signals",
        """
import signal
def attack(x):
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue
""",
        ends=("timeout",),
        seconds=0.3,
    ),
    Attack(
        "processor hog",
        "to use more processor time than it has, within its wall-clock time",
        """
import threading
def attack(x):
    def spin():
        while True:
            sum(range(1000))
    for _ in range(4):
        threading.Thread(target=spin, daemon=True).start()
    spin()
""",
        ends=("timeout",),
        cpu_seconds=0.3,
    ),
    Attack(
        "sleeper",
        "to wait for ever without using the processor",
        """
import time
def attack(x):
    while True:
        time.sleep(1000)
""",
        ends=("timeout",),
        seconds=0.3,
    ),
    Attack(
        "stops itself",
        "to hang the one who waits for it",
        """
import os, signal
def attack(x):
    os.kill(os.getpid(), signal.SIGSTOP)
""",
        ends=("timeout",),
        seconds=0.3,
    ),
    Attack(
        "30 GB at once",
        "to exhaust memory in one allocation",
        """
def attack(x):
    return len(bytearray(30 << 30))
""",
        ends=("memory",),
        held_by=("rlimits",),
    ),
    Attack(
        "memory hoarder",
        "to keep allocating and to swallow the error",
        """
def attack(x):
    hoard = []
    while True:
        try:
            hoard.append(bytearray(1 << 20))
        except MemoryError:
            if len(hoard) > 100000:
                return 'unlimited'
            raise
""",
        ends=("memory", "timeout"),
        held_by=("rlimits",),
    ),
    Attack(
        "fork bomb",
        "to multiply until the machine stands still",
        """
import os
def attack(x):
    while True:
        try:
            os.fork()
        except BlockingIOError:
            continue
""",
        ends=("exception", "timeout"),
        held_by=("seccomp",),
        seconds=0.5,
    ),
    Attack(
        "daemon",
        "to leave a process behind that has its own session",
        """
import os, time
def attack(x):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True:
                time.sleep(1)
        os._exit(0)
    return []
""",
        ends=("exception",),
        gives=[],
        may_return=True,
        held_by=("seccomp", "namespaces"),
    ),
    Attack(
        "hundred daemons",
        "to leave many processes behind and to keep the result channel open in them",
        """
import os, time
def attack(x):
    for _ in range(30):
        if os.fork() == 0:
            os.setsid()
            while True:
                time.sleep(1)
    return []
""",
        ends=("exception",),
        gives=[],
        may_return=True,
        held_by=("seccomp", "namespaces"),
    ),
    Attack(
        "thread bomb",
        "to start threads without end",
        """
import threading, time
def attack(x):
    count = 0
    while count < 5000:
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
        count += 1
    return ['started 5000 threads']
""",
        ends=("exception", "memory", "timeout"),
        held_by=("rlimits",),
        seconds=2.0,
    ),
    Attack(
        "lingering thread",
        "to keep a thread running after it has returned",
        """
import threading, time
def attack(x):
    threading.Thread(target=lambda: time.sleep(1000)).start()
    return 42
""",
        gives=42,
        may_return=True,
    ),
    Attack(
        "segmentation fault",
        "to take the process down with it",
        """
import ctypes
def attack(x):
    ctypes.string_at(0)
""",
        ends=("crash",),
    ),
    Attack(
        "abort",
        "to die by its own hand",
        """
import os
def attack(x):
    os.abort()
""",
        ends=("crash",),
    ),
    Attack(
        "deep recursion",
        "to overflow the interpreter's stack",
        """
def attack(x):
    return attack(x)
""",
        ends=("exception",),
    ),
    Attack(
        "bottomless recursion",
        "to overflow the machine's stack",
        """
import sys
def attack(x):
    sys.setrecursionlimit(10**9)
    class Bottomless:
        def __getattr__(self, name):
            return getattr(self, name)
    return Bottomless().x
""",
        ends=("crash", "exception", "memory"),
    ),
    Attack(
        "nested source",
        "to overflow the compiler",
        "attack = " + "-" * 200_000 + "1\n",
        ends=("syntax", "memory", "crash", "exception"),
    ),
    Attack(
        "gigabyte result",
        "to return more than it may",
        """
def attack(x):
    return b'x' * (200 << 20)
""",
        ends=("output", "memory"),
    ),
    Attack(
        "doubling result",
        "to return a small object that is huge when written out",
        """
def attack(x):
    nested = ['x' * 100]
    for _ in range(50):
        nested = [nested, nested]
    return nested
""",
        ends=("output",),
    ),
    Attack(
        "endless printing",
        "to fill whatever keeps its output",
        """
def attack(x):
    while True:
        print('x' * 1000)
""",
        ends=("output", "timeout"),
        seconds=3.0,
    ),
    Attack(
        "gigabyte printed",
        "to print a gigabyte in one go",
        """
import os
def attack(x):
    block = b'x' * (1 << 20)
    for _ in range(1024):
        os.write(2, block)
    return []
""",
        ends=("output",),
    ),
    Attack(
        "full disk",
        "to write without end",
        """
def attack(x):
    with open('big', 'wb') as file:
        while True:
            file.write(b'x' * (1 << 20))
""",
        ends=("exception",),
        held_by=("rlimits",),
    ),
    Attack(
        "many files",
        "to leave more files than can be cleared away in time",
        """
def attack(x):
    for number in range(30000):
        open(f'{number}', 'w').close()
    return 42
""",
        ends=("exception", "timeout"),
        gives=42,
        may_return=True,
    ),
)
