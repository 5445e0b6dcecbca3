"""Whole evaluators inside: programs, pools, threads and temporary files."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from telic.evaluation.sandbox import Sandbox


@pytest.fixture(scope="module", params=["", "namespaces"], ids=["full", "process"])
def foreign(request: pytest.FixtureRequest) -> Generator[Sandbox]:
    with Sandbox(processes=True, forced_off=frozenset(request.param.split())) as sandbox:
        sandbox.wait()
        yield sandbox


BOUNDS: dict[str, Any] = {"processes": True, "memory_mb": 4096, "seconds": 60.0, "cpu_seconds": 60}

PROGRAMS = """
import subprocess, sys
def f():
    done = subprocess.run(
        [sys.executable, '-c', 'import sys, msgspec; print(sys.prefix); sys.exit(3)'],
        capture_output=True, text=True)
    shell = subprocess.run('echo $((6 * 7))', shell=True, capture_output=True, text=True)
    return done.stdout.strip(), done.returncode, done.stderr, shell.stdout.strip()
"""

POOLS = """
import concurrent.futures, multiprocessing, tempfile, threading, os
def square(x):
    return x * x
def f():
    with multiprocessing.Pool(2) as pool:
        a = pool.map(square, [1, 2, 3])
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        b = list(pool.map(square, [4, 5]))
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        c = list(pool.map(square, [6, 7]))
    spawned = multiprocessing.get_context('spawn').Process(target=print, args=('from spawn',),)
    spawned.start()
    spawned.join()
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, 'x'), 'w') as file:
            file.write('y')
        names = os.listdir(folder)
    return a, b, c, spawned.exitcode, names
"""

NUMERIC = """
import numpy, scipy.linalg, multiprocessing
def solve(n):
    return float(scipy.linalg.inv(numpy.eye(n) * 2).sum())
def f():
    here = solve(200)
    with multiprocessing.Pool(2) as pool:
        return here, pool.map(solve, [100, 200])
"""


def test_programs_can_be_started(foreign: Sandbox, job: Any) -> None:
    import sys

    outcome = foreign.run(job(PROGRAMS, **BOUNDS))

    assert outcome.failure is None
    assert outcome.outputs == ((sys.prefix, 3, "", "42"),)


def test_pools_threads_and_temporary_files_work(foreign: Sandbox, job: Any) -> None:
    outcome = foreign.run(job(POOLS, **BOUNDS))

    assert outcome.failure is None, outcome.printed
    assert outcome.outputs == (([1, 4, 9], [16, 25], [36, 49], 0, ["x"]),)
    assert outcome.printed == "from spawn\n"


def test_numeric_libraries_do_not_deadlock_after_a_fork(job: Any) -> None:
    with Sandbox(processes=True, preload=("numpy", "scipy.linalg")) as sandbox:
        outcome = sandbox.run(job(NUMERIC, **BOUNDS))

    assert outcome.failure is None
    assert outcome.outputs == ((100.0, [50.0, 100.0]),)


def test_processes_left_behind_are_ended_and_their_time_is_counted(
    foreign: Sandbox, job: Any
) -> None:
    source = (
        "import subprocess, sys, time\ndef f():\n"
        "    subprocess.Popen([sys.executable, '-c', 'while True: pass'], start_new_session=True)\n"
        "    time.sleep(0.3)\n    return 1"
    )

    outcome = foreign.run(job(source, **BOUNDS))

    assert outcome.outputs == (1,)
    assert outcome.cpu_seconds > 0.05
    assert not foreign.survivors()


def test_a_loop_in_a_grandchild_ends_with_the_deadline(foreign: Sandbox, job: Any) -> None:
    source = (
        "import subprocess, sys\ndef f():\n"
        "    subprocess.run([sys.executable, '-c', 'while True: pass'])"
    )

    outcome = foreign.run(job(source, **{**BOUNDS, "seconds": 0.5}))

    assert outcome.failure == ("timeout", "ran longer than 0.5 s")
    assert not foreign.survivors()


def test_the_host_stays_out_of_reach(foreign: Sandbox, job: Any) -> None:
    source = (
        "import subprocess\ndef f():\n"
        "    shell = 'cat /etc/passwd; env; touch /usr/x /proc/sys/kernel/hostname; ls /root'\n"
        "    return subprocess.run(shell, shell=True, capture_output=True, text=True).stdout"
    )

    output = foreign.run(job(source, **BOUNDS)).outputs[0]

    assert "root:" not in output
    assert {line.partition("=")[0] for line in output.splitlines()} <= {
        "HOME", "LANG", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS", "PATH", "PWD", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED",
        "PYTHONUTF8", "TMPDIR", "_", "SHLVL", "OLDPWD", "LD_LIBRARY_PATH",
    }  # fmt: skip


def test_new_namespaces_and_tracing_stay_refused(foreign: Sandbox, job: Any) -> None:
    source = (
        "import ctypes, platform\ndef f():\n    libc = ctypes.CDLL(None)\n"
        "    x86 = platform.machine() == 'x86_64'\n"
        "    unshare = libc.syscall(272 if x86 else 97, 0x10000000)\n"
        "    clone = libc.syscall(56 if x86 else 220, 0x10000000 | 17, 0, 0, 0, 0)\n"
        "    trace = libc.syscall(101 if x86 else 117, 16, 1, 0, 0)\n"
        "    return unshare, clone, trace"
    )
    if "seccomp" in foreign.missing:
        pytest.skip("needs seccomp")

    assert foreign.run(job(source, **BOUNDS)).outputs == ((-1, -1, -1),)
