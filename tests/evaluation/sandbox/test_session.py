"""Sessions: many executions of one template in one child."""

from __future__ import annotations

import time
from typing import Any

import pytest

from telic.errors import SandboxError
from telic.evaluation.sandbox import Job, Sandbox, encode

TEMPLATE = """
count = 0
def f(x):
    global count
    count += 1
    return __telic_slots__[0] * x + __telic_slots__[1], count
"""


def template(source: str, *calls: Any, seconds: float = 5.0) -> Job:
    return Job((("main.py", source),), "f", tuple(encode(((c,), {})) for c in calls), 3, seconds)


def test_each_vector_gets_one_output_per_call_from_fresh_globals(shared: Sandbox) -> None:
    with shared.session(template(TEMPLATE, 10, 100)) as session:
        answers = session.run([[1, 0.5], [2, 0.25]])
        more = session.run([[3, 0]])

    assert answers == [
        (((10.5, 1), (100.5, 2)), None),
        (((20.25, 1), (200.25, 2)), None),
    ]
    assert more == [(((30, 1), (300, 2)), None)]


def test_values_keep_their_types(shared: Sandbox) -> None:
    source = "def f(x):\n    return [type(s).__name__ for s in __telic_slots__]"

    with shared.session(template(source, 0)) as session:
        answers = session.run([[1, 2.5], [1.0, 2]])

    assert [outputs[0] for outputs, _ in answers] == [["int", "float"], ["float", "int"]]


def test_a_vector_that_raises_fails_alone(shared: Sandbox) -> None:
    source = "def f(x):\n    return x / __telic_slots__[0]"

    with shared.session(template(source, 1)) as session:
        answers = session.run([[2.0], [0.0], [4.0]])

    assert [outputs for outputs, _ in answers] == [(0.5,), (), (0.25,)]
    assert answers[1][1] is not None
    assert answers[1][1][0] == "exception"
    assert "main.py:2 in f: return x / __telic_slots__[0]" in answers[1][1][1]


def test_arguments_and_randomness_are_fresh_for_each_vector(shared: Sandbox) -> None:
    source = (
        "import random\ndef f(x):\n    x.append(__telic_slots__[0])\n    return x, random.random()"
    )

    with shared.session(template(source, [])) as session:
        answers = session.run([[1], [2], [1]])

    outputs = [outputs[0] for outputs, _ in answers]
    assert [items for items, _ in outputs] == [[1], [2], [1]]
    assert len({draw for _, draw in outputs}) == 1


@pytest.mark.parametrize(
    ("source", "kind", "reason"),
    [
        ("import time\ndef f(x):\n    {}: time.sleep(99)", "timeout", "ran longer than 0.3 s"),
        ("import os\ndef f(x):\n    {}: os._exit(4)", "exit", "left with status 4"),
        ("import ctypes\ndef f(x):\n    {}: ctypes.string_at(0)", "crash", "died by SIGSEGV"),
    ],
)
def test_a_dead_child_costs_the_rest_of_its_batch_only(
    shared: Sandbox, source: str, kind: str, reason: str
) -> None:
    source = source.format("if __telic_slots__[0] == 2") + "\n    return __telic_slots__[0]"

    with shared.session(template(source, 0, seconds=0.3)) as session:
        answers = session.run([[1], [2], [3], [4]])
        after = session.run([[5]])

    assert answers[0] == ((1,), None)
    assert answers[1][1] is not None
    assert answers[1][1][0] == kind
    assert reason in answers[1][1][1]
    assert [failure[0] for _, failure in answers[2:] if failure] == ["sandbox", "sandbox"]
    assert "execution 2 of the batch" in str(answers[3][1])
    assert after == [((5,), None)]
    assert not shared.survivors()


def test_a_batch_has_a_deadline_of_its_own(shared: Sandbox) -> None:
    source = "import time\ndef f(x):\n    time.sleep(0.05)\n    return 1"

    with shared.session(template(source, 0)) as session:
        answers = session.run([[0]] * 100, seconds=0.4)

    done = [answer for answer in answers if answer[1] is None]
    assert 0 < len(done) < 20
    assert answers[len(done)][1] == ("timeout", "the batch ran past its deadline")


def test_a_template_that_does_not_compile_fails_every_vector(shared: Sandbox) -> None:
    with shared.session(template("def f(:", 0)) as session:
        answers = session.run([[1], [2]])

    assert [failure[0] for _, failure in answers if failure] == ["syntax", "syntax"]


def test_a_template_that_writes_to_the_channel_forges_only_its_own_answers(
    shared: Sandbox,
) -> None:
    source = (
        "import os\ndef f(x):\n    for fd in range(3, 50):\n        try:\n"
        "            os.write(fd, b'\\xff' * 100)\n        except OSError:\n            pass\n"
        "    return 42"
    )

    with shared.session(template(source, 0, seconds=1.0)) as session:
        answers = session.run([[1], [2]])
    with shared.session(template("def f(x):\n    return 1", 0)) as session:
        after = session.run([[1]])

    assert all(failure is not None for _, failure in answers)
    assert after == [((1,), None)]


def test_batches_larger_than_the_socket_buffers_pass(shared: Sandbox) -> None:
    source = "def f(x):\n    return list(__telic_slots__)"
    vectors = [[float(i)] * 500 for i in range(1000)]

    with shared.session(template(source, 0)) as session:
        answers = session.run(vectors)

    assert [outputs[0] for outputs, _ in answers] == vectors


def test_jobs_wait_until_the_session_is_closed(shared: Sandbox, job: Any) -> None:
    with shared.session(template("def f(x):\n    return 1", 0)) as session:
        session.run([[1]])
        with pytest.raises(SandboxError, match="session"):
            shared.run(job("def f():\n    return 2"))

    assert shared.run(job("def f():\n    return 2")).outputs == (2,)


def test_an_empty_batch_needs_no_child(shared: Sandbox) -> None:
    with shared.session(template("def f(x):\n    return 1", 0)) as session:
        assert session.run([]) == []


def test_batches_run_ten_thousand_trivial_executions_a_second(shared: Sandbox) -> None:
    source = "def f(x):\n    return x + __telic_slots__[0]"
    vectors = [[float(i)] for i in range(2000)]

    with shared.session(template(source, 1)) as session:
        session.run(vectors[:10])
        began = time.process_time()
        session.run(vectors)
        spent = time.process_time() - began

    # The trusted side's share; the child's runs beside it on another processor.
    assert spent < 2000 / 10_000
