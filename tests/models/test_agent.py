"""Command-line agents: private copies, a deadline that holds, and nothing read that is no file."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from telic.errors import UsageError
from telic.models import Prompt, Reply
from telic.models.agent import Agent, Assignment, Outcome

FILES = {"main.py": "x = 1\n", "lib/help.py": "y = 2\n"}


def ask(code: str, tmp_path: Path, **settings: object) -> tuple[Reply, Outcome]:
    script = tmp_path / "script.py"
    script.write_text(f"import os, sys, time\n{code}")
    agent = Agent(f"{sys.executable} {script} {{task_file}}", **settings)  # pyright: ignore[reportArgumentType]
    work = Assignment("Make it better.", FILES)
    prompt = Prompt(text=msgspec.json.encode(work).decode())
    reply = asyncio.run(agent.generate(prompt))
    return reply, msgspec.json.decode(reply.text, type=Outcome)


def test_changed_files_come_back_and_new_ones_do_not(tmp_path: Path):
    code = "open('main.py', 'a').write('x += 1\\n'); open('new.py', 'w').write('z'); print('done')"
    reply, outcome = ask(code, tmp_path, money=0.25)

    assert reply.ending == "complete"
    assert outcome.files == {"main.py": "x = 1\nx += 1\n"}
    assert outcome.output == "done\n"
    assert reply.money == 0.25


def test_the_task_is_a_file_and_standard_input(tmp_path: Path):
    code = "same = open(sys.argv[1]).read() == sys.stdin.read() == 'Make it better.'\nprint(same)"
    reply, outcome = ask(code, tmp_path)

    assert (reply.ending, outcome.output) == ("empty", "True\n")


def test_the_environment_holds_only_what_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TELIC_TEST_KEY", "secret")
    monkeypatch.setenv("TELIC_TEST_GIVEN", "given")
    _, outcome = ask(
        "print(sorted(os.environ.items()))", tmp_path, environment=["TELIC_TEST_GIVEN"]
    )

    assert "secret" not in outcome.output
    assert "given" in outcome.output


def test_a_key_that_it_is_given_is_neither_in_its_output_nor_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TELIC_TEST_KEY", "sk-telic-5a8e")
    given = ["TELIC_TEST_KEY"]
    say = "print('sent', os.environ['TELIC_TEST_KEY'])"
    cut = "print(os.environ['TELIC_TEST_KEY'] + 'a' * 3991)"

    said, outcome = ask(say, tmp_path, environment=given)
    halved, _ = ask(cut, tmp_path, environment=given)
    failed, _ = ask("sys.exit(os.environ['TELIC_TEST_KEY'])", tmp_path, environment=given)
    write = "open('main.py', 'w').write(os.environ['TELIC_TEST_KEY'])"
    wrote, _ = ask(write, tmp_path, environment=given)

    assert outcome.output == "sent [TELIC_TEST_KEY]\n"
    assert (failed.ending, wrote.ending) == ("unavailable", "malformed")
    assert "[TELIC_TEST_KEY]" in failed.reason
    assert not any("sk-telic-5a8e" in repr(reply) for reply in (said, failed, wrote))
    assert "5a8e" not in repr(halved)


def test_the_whole_group_dies_at_the_deadline(tmp_path: Path):
    mark = tmp_path / "pid"
    code = (
        "import subprocess\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(mark)!r}, 'w').write(str(child.pid))\n"
        "print('begun', flush=True)\ntime.sleep(600)\n"
    )
    reply, outcome = ask(code, tmp_path, deadline=1.5)

    assert reply.ending == "timeout"
    assert outcome.output == "begun\n"
    assert outcome.files == {}
    status = Path(f"/proc/{mark.read_text()}/stat")
    assert not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z"


RUNAWAY = """
import signal, subprocess
from pathlib import Path

STUBBORN = "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
FAR = STUBBORN + "; os.fork() and os._exit(0); os.setsid()"
for program in (STUBBORN, FAR):
    code = f"{program}; open({READY!r}, 'a').write('x'); time.sleep(600)"
    subprocess.Popen([sys.executable, "-c", code, MARK], start_new_session=True)
while not os.path.exists(READY) or len(open(READY).read()) < 2:
    time.sleep(0.01)
"""
"""Starts a child in a session of its own, and a grandchild in another, whose parent is gone."""


def runaway(tmp_path: Path, last: str) -> str:
    ready = str(tmp_path / "ready")
    return f"MARK, READY = {mark_of(tmp_path)!r}, {ready!r}\n{RUNAWAY}{last}\n"


def mark_of(tmp_path: Path) -> str:
    return f"mark {tmp_path}"


def alive(mark: str) -> list[str]:
    """Return the processes whose command line holds a mark."""
    found: list[str] = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (folder / "cmdline").read_bytes():
                found.append(folder.name)
        except OSError:
            continue  # it ended meanwhile
    return found


on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives orphans back")


@on_linux
@pytest.mark.parametrize(
    ("last", "deadline", "ending"),
    [
        ("open('main.py', 'w').write('x = 2\\n')", 20.0, "complete"),
        ("sys.exit(3)", 20.0, "unavailable"),
        ("time.sleep(600)", 4.0, "timeout"),
    ],
)
def test_nothing_is_left_alive_not_even_in_a_session_of_its_own(
    tmp_path: Path, last: str, deadline: float, ending: str
):
    reply, _ = ask(runaway(tmp_path, last), tmp_path, deadline=deadline)

    assert reply.ending == ending
    assert len((tmp_path / "ready").read_text()) == 2
    assert alive(mark_of(tmp_path)) == []


@on_linux
def test_nothing_is_left_alive_when_telic_is_killed(tmp_path: Path):
    ready, script = tmp_path / "ready", tmp_path / "script.py"
    script.write_text(f"import os, sys, time\n{runaway(tmp_path, 'time.sleep(600)')}")
    caller = (
        "import asyncio, sys\n"
        "from telic.models import Prompt\n"
        "from telic.models.agent import Agent\n"
        "asyncio.run(Agent(sys.argv[1]).generate(Prompt(text=sys.argv[2])))\n"
    )
    prompt = msgspec.json.encode(Assignment("Go.", FILES)).decode()
    agent = f"{sys.executable} {script}"

    victim = subprocess.Popen([sys.executable, "-c", caller, agent, prompt])
    ends = time.monotonic() + 30
    while (not ready.exists() or len(ready.read_text()) < 2) and time.monotonic() < ends:
        os.sched_yield()
    before = alive(mark_of(tmp_path))
    victim.kill()
    victim.wait()
    while alive(mark_of(tmp_path)) and time.monotonic() < ends:
        os.sched_yield()

    assert len(before) == 2
    assert alive(mark_of(tmp_path)) == []


def test_a_long_task_and_a_long_answer_do_not_block_each_other(tmp_path: Path):
    code = "print('a' * 300000, flush=True); open('main.py', 'w').write(str(len(sys.stdin.read())))"
    script = tmp_path / "script.py"
    script.write_text(f"import sys\n{code}")
    work = Assignment("b" * 300_000, FILES)

    reply = asyncio.run(
        Agent(f"{sys.executable} {script}", deadline=20.0).generate(
            Prompt(text=msgspec.json.encode(work).decode())
        )
    )

    assert msgspec.json.decode(reply.text, type=Outcome).files == {"main.py": "300000"}


def test_output_is_bounded(tmp_path: Path):
    _, outcome = ask("print('a' * 200000 + 'end')", tmp_path)

    assert len(outcome.output) <= 4000
    assert outcome.output.endswith("end\n")


@pytest.mark.parametrize(
    ("code", "ending"),
    [
        ("sys.exit('no credit')", "unavailable"),
        ("os.remove('main.py')", "malformed"),
        ("os.remove('main.py'); os.symlink('/etc/hostname', 'main.py')", "malformed"),
        ("os.rename('lib', 'old'); os.symlink('/etc', 'lib')", "malformed"),
        ("open('main.py', 'wb').write(b'\\xff\\xfe')", "malformed"),
        ("open('main.py', 'w').write('a' * 2000000)", "malformed"),
        ("os.remove('main.py'); os.mkfifo('main.py')", "malformed"),
    ],
)
def test_every_failure_is_an_ending_with_a_reason(tmp_path: Path, code: str, ending: str):
    reply, outcome = ask(code, tmp_path)

    assert reply.ending == ending
    assert reply.reason
    assert outcome.files == {}


def test_a_program_that_is_not_there_is_unavailable_and_free():
    agent = Agent("no-such-program-anywhere {task}", money=1.0)
    work = Assignment("Go.", {"a.txt": "1"})
    reply = asyncio.run(agent.generate(Prompt(text=msgspec.json.encode(work).decode())))

    assert (reply.ending, reply.money) == ("unavailable", 0.0)


def test_no_shell_looks_at_the_task(tmp_path: Path):
    agent = Agent(f"{sys.executable} -c 'import sys; print(sys.argv[1])' {{task}}")
    work = Assignment(f"$(touch {tmp_path / 'made'}); `id`", {"a.txt": "1"})
    reply = asyncio.run(agent.generate(Prompt(text=msgspec.json.encode(work).decode())))

    assert msgspec.json.decode(reply.text, type=Outcome).output.strip() == work.task
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("settings", [{"command": ""}, {"command": "a 'b"}, {"deadline": 0}])
def test_settings_that_make_no_sense_are_refused(settings: dict[str, object]):
    with pytest.raises(UsageError, match="agent"):
        Agent(**({"command": "a"} | settings))  # pyright: ignore[reportArgumentType]


def test_a_prompt_for_a_language_model_is_refused():
    with pytest.raises(UsageError, match="assignments"):
        asyncio.run(Agent("true").generate(Prompt.chat("hello")))
