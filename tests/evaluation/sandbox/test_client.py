"""Jobs: what comes back from honest and from failing candidates."""

from __future__ import annotations

import dataclasses
import sys
from typing import Any

import numpy as np
import pytest

from telic.artifact import Artifact
from telic.errors import SandboxError
from telic.evaluation.compiled import known_code
from telic.evaluation.sandbox import Job, Sandbox, encode


def test_every_call_gives_its_output_in_order(shared: Sandbox) -> None:
    calls = tuple(encode(((n,), {"plus": 1})) for n in range(5))
    source = "def f(n, plus):\n    return n * n + plus"

    outcome = shared.run(Job((("main.py", source),), "f", calls))

    assert outcome.outputs == (1, 2, 5, 10, 17)
    assert outcome.failure is None
    assert len(outcome.call_seconds) == 5
    assert 0 < sum(outcome.call_seconds) <= outcome.seconds
    assert outcome.cpu_seconds > 0


def test_calls_are_decoded_afresh_for_every_candidate(shared: Sandbox, job: Any) -> None:
    spoil = job("def f(x):\n    x.append(9)\n    return x", [1, 2])

    assert [shared.run(spoil).outputs for _ in range(3)] == [([1, 2, 9],)] * 3


def test_arrays_cross_both_ways(shared: Sandbox, job: Any) -> None:
    outcome = shared.run(job("def f(a):\n    return a * 2", np.arange(6.0).reshape(2, 3)))

    assert np.array_equal(outcome.outputs[0], np.arange(6.0).reshape(2, 3) * 2)


def test_outputs_before_a_failure_are_kept(shared: Sandbox) -> None:
    calls = tuple(encode(((n,), {})) for n in (4, 2, 0, 1))

    outcome = shared.run(Job((("main.py", "def f(n):\n    return 4 / n"),), "f", calls))

    assert outcome.outputs == (1.0, 2.0)
    assert outcome.failure is not None
    assert outcome.failure[0] == "exception"


def test_code_that_came_with_a_job_is_what_runs(shared: Sandbox, job: Any) -> None:
    source = "import inspect\n\ndef g(x):\n    return 1 / x\n\ndef f(x):\n    return g(x)\n"
    asks = source + "\ndef h(x):\n    return inspect.getsource(g), __doc__, __file__\n"

    for text, entry in ((source, "f"), (asks, "h")):
        plain = job(text, 0, entry=entry)
        known = known_code(Artifact.of(text, "main.py"))
        with_code = dataclasses.replace(plain, code=known)

        assert known or sys.version_info >= (3, 14)
        found, expected = shared.run(with_code), shared.run(plain)
        assert (found.outputs, found.failure) == (expected.outputs, expected.failure)

    other = dataclasses.replace(job("def f(x): return 1", 0), code=known_code(Artifact.of(source)))
    assert shared.run(other).outputs in ((), (1,)[: shared.mode == "process"])


def test_an_exception_is_told_with_the_candidates_own_lines(shared: Sandbox, job: Any) -> None:
    source = "import json\n\ndef g(x):\n    return json.loads(x)\n\ndef f(x):\n    return g(x)\n"

    outcome = shared.run(job(source, "{"))

    assert outcome.failure is not None
    kind, reason = outcome.failure
    assert kind == "exception"
    assert reason.splitlines() == [
        "JSONDecodeError: Expecting property name enclosed in double quotes: "
        "line 1 column 2 (char 1)",
        "  main.py:7 in f: return g(x)",
        "  main.py:4 in g: return json.loads(x)",
    ]


@pytest.mark.parametrize(
    ("source", "kind", "reason"),
    [
        ("def f(x):\n    return (1,\n", "syntax", "SyntaxError: '(' was never closed\n  main.py:2"),
        ("x = 1\0", "syntax", "null bytes"),
        ("def g(x):\n    pass", "syntax", "main.py defines no function 'f'"),
        ("f = 3", "syntax", "'f' in main.py is not a function"),
        ("raise ValueError('at once')", "exception", "ValueError: at once"),
        ("import nothing_of_the_kind", "exception", "ModuleNotFoundError: No module named"),
        ("def f(x):\n    return {1, 2}", "output", "a value of type set is not plain data"),
        ("def f(x):\n    return [0] * 10**10", "memory", "MemoryError"),
        ("import sys\ndef f(x):\n    sys.exit('bye')", "exit", "SystemExit('bye')"),
        ("import os\ndef f(x):\n    os._exit(3)", "exit", "left with status 3 before it had"),
        ("import os\ndef f(x):\n    os.kill(os.getpid(), 11)", "crash", "died by SIGSEGV"),
        ("def f(x):\n    while True: pass", "timeout", "ran longer than 0.3 s"),
        ("def f(x):\n    return 'x' * (3 << 20)", "output", "larger than the limit of 2,097,152"),
    ],
)
def test_each_failure_has_its_kind_and_reason(
    shared: Sandbox, job: Any, source: str, kind: str, reason: str
) -> None:
    seconds = 0.3 if kind == "timeout" else 10.0

    outcome = shared.run(job(source, 1, seconds=seconds, memory_mb=256, output_mb=2))

    assert outcome.failure is not None
    assert outcome.failure[0] == kind
    assert reason in outcome.failure[1]


def test_all_outputs_together_are_bounded(shared: Sandbox) -> None:
    calls = (encode(((), {})),) * 8

    outcome = shared.run(
        Job((("main.py", "def f():\n    return 'x' * (1 << 19)"),), "f", calls, output_mb=2)
    )

    assert outcome.failure == ("output", "output: larger than the limit of 2 MB")
    assert len(outcome.outputs) < 8


def test_processor_time_is_bounded_apart_from_wall_time(shared: Sandbox, job: Any) -> None:
    outcome = shared.run(job("def f():\n    while True: pass", seconds=30, cpu_seconds=0.2))

    assert outcome.failure == ("timeout", "used more than 0.2 s of processor time")
    assert outcome.cpu_seconds < 1


def test_text_that_is_not_unicode_is_a_syntax_failure(shared: Sandbox, job: Any) -> None:
    assert shared.run(job("x = '\ud800'")).failure == ("syntax", "the text is not valid Unicode")


def test_the_tail_of_what_was_printed_is_kept(shared: Sandbox, job: Any) -> None:
    source = (
        "import sys\ndef f():\n"
        "    print('x' * 20000)\n    print('to error', file=sys.stderr)\n    print('last')"
    )

    printed = shared.run(job(source)).printed

    assert len(printed) == 4096
    assert printed.endswith("last\n")
    assert "to error" in printed


def test_printing_of_a_failed_candidate_is_kept(shared: Sandbox, job: Any) -> None:
    outcome = shared.run(job("def f():\n    print('on the way')\n    raise ValueError"))

    assert outcome.printed == "on the way\n"


RANDOM = """
import os, random, uuid
import numpy as np
def f():
    return [
        random.random(), random.Random().random(), np.random.random(),
        np.random.default_rng().random(), uuid.uuid4().hex, os.urandom(4),
        list({'a', 'b', 'c', 'd', 'e'}),
    ]
"""


def test_randomness_is_a_function_of_the_seed(shared: Sandbox, job: Any) -> None:
    # random.Random() takes entropy that cannot be replaced; the rest can.
    first, again, other = (
        [v for i, v in enumerate(shared.run(job(RANDOM, seed=seed)).outputs[0]) if i != 1]
        for seed in (5, 5, 6)
    )

    assert first == again
    assert all(a != b for a, b in zip(first[:-1], other[:-1], strict=True))
    with Sandbox(preload=("numpy",)) as second:
        elsewhere = second.run(job(RANDOM, seed=5)).outputs[0]
        assert elsewhere[-1] == first[-1]
        assert elsewhere[0] == first[0]


def test_several_files_can_be_imported_and_read(shared: Sandbox, job: Any) -> None:
    files = (
        ("main.py", "from helper import twice\nimport deep.inner\ndef f(x):\n"
         "    return twice(x), deep.inner.NAME, open('data/table.txt').read(), __file__[-8:]"),
        ("helper.py", "def twice(x):\n    return 2 * x"),
        ("deep/__init__.py", ""),
        ("deep/inner.py", "NAME = 'inner'"),
        ("data/table.txt", "1 2 3"),
    )  # fmt: skip

    assert shared.run(job("", 4, files=files)).outputs == ((8, "inner", "1 2 3", "/main.py"),)
    assert shared.run(job("import os\ndef f():\n    return os.listdir('.')")).outputs == ([],)


def test_a_sibling_with_wrong_syntax_is_a_syntax_failure(shared: Sandbox, job: Any) -> None:
    files = (("main.py", "import helper\ndef f():\n    pass"), ("helper.py", "def ("))

    failure = shared.run(job("", files=files)).failure

    assert failure is not None
    assert failure[0] == "syntax"
    assert "helper.py:1" in failure[1]


def test_common_introspection_works(shared: Sandbox, job: Any) -> None:
    source = (
        "import dataclasses, inspect, typing\n"
        "@dataclasses.dataclass\nclass P:\n    x: 'int'\n"
        "def f():\n"
        "    return typing.get_type_hints(P)['x'].__name__, inspect.getsource(f).count('\\n')\n"
    )

    assert shared.run(job(source)).outputs == (("int", 2),)


def test_files_of_one_candidate_are_gone_for_the_next(shared: Sandbox, job: Any) -> None:
    litter = (
        "import os\ndef f():\n    os.makedirs('a/b')\n    open('a/b/c', 'w').write('x')\n"
        "    os.symlink('/', 'a/root')\n    os.chmod('a/b', 0)\n    return len(os.listdir('.'))"
    )

    assert shared.run(job(litter)).outputs == (1,)
    assert shared.run(job("import os\ndef f():\n    return os.listdir('.')")).outputs == ([],)


def test_not_a_number_crosses_only_if_allowed(shared: Sandbox, job: Any) -> None:
    nan = job("def f():\n    return [float('nan')]")

    refused = shared.run(nan)
    allowed = shared.run(dataclasses.replace(nan, allow_nonfinite=True))

    assert refused.failure == ("output", "output[0]: nan is not a finite number")
    assert allowed.failure is None
    assert allowed.outputs[0][0] != allowed.outputs[0][0]


def test_declared_packages_are_loaded_before_the_fork(job: Any) -> None:
    source = "import sys\nloaded = 'fractions' in sys.modules\ndef f():\n    return loaded"

    with Sandbox(preload=("fractions",)) as sandbox:
        assert sandbox.run(job(source)).outputs == (True,)


def test_a_package_that_cannot_be_imported_is_an_error_not_a_weaker_layer(job: Any) -> None:
    with (
        Sandbox(preload=("nothing_of_the_kind",)) as sandbox,
        pytest.raises(SandboxError, match="package 'nothing_of_the_kind' cannot be imported"),
    ):
        sandbox.wait()


def test_memory_is_counted_beyond_what_packages_and_inputs_take(job: Any) -> None:
    source = "def f(data):\n    return len(bytearray(24 << 20))"

    with Sandbox(preload=("numpy",)) as sandbox:
        data = np.zeros(10 << 17)  # 10 MB
        assert sandbox.run(job(source, data, memory_mb=32)).failure is None
        failure = sandbox.run(job(source, data, memory_mb=16)).failure
    assert failure is not None
    assert failure[0] == "memory"


def test_large_inputs_arrive_whole(shared: Sandbox, job: Any) -> None:
    outcome = shared.run(job("def f(x):\n    return len(x), x[-1]", b"x" * (20 << 20) + b"y"))

    assert outcome.outputs == (((20 << 20) + 1, ord("y")),)


def test_a_job_with_processes_needs_a_sandbox_made_for_them(shared: Sandbox, job: Any) -> None:
    failure = shared.run(job("def f():\n    return 1", processes=True)).failure

    assert failure == ("sandbox", "this sandbox was not made for jobs that start processes")


def test_readable_folders_and_import_path_are_visible_and_read_only(
    tmp_path: Any, job: Any
) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "theirs.py").write_text("VALUE = 7")
    (tmp_path / "data.txt").write_text("shown")
    (tmp_path / "secret.txt").write_text("hidden")
    source = (
        "import os, theirs\ndef f(folder):\n    seen = [theirs.VALUE]\n"
        "    for name, mode in (('data.txt', 'r'), ('secret.txt', 'r'), ('data.txt', 'w')):\n"
        "        try:\n            seen.append(open(os.path.join(folder, name), mode).read())\n"
        "        except OSError as error:\n            seen.append(type(error).__name__)\n"
        "    return seen"
    )

    with Sandbox(
        readable=(str(tmp_path / "data.txt"),), import_path=(str(tmp_path / "lib"),)
    ) as sandbox:
        if "namespaces" in sandbox.wait()[1]:
            pytest.skip("needs namespaces")
        outcome = sandbox.run(job(source, str(tmp_path)))

    assert outcome.outputs == ([7, "shown", "FileNotFoundError", "OSError"],)
    assert (tmp_path / "data.txt").read_text() == "shown"
