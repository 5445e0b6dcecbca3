"""Runs with language models: replayed bit for bit, paid once, bounded, and silent about keys."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

from telic import Artifact, Budget, Component, Journal, Plan, Problem, evolve
from telic.engine.evolve import Result
from telic.engine.replay import Replay, replay_run
from telic.engine.run import Runtime
from telic.errors import ReplayError, UsageError
from telic.evaluation import ScoringFunctions
from telic.scoring import Case
from telic.testing import FAULTS, LoopbackServer

KEY = "sk-telic-secret-9c1f"
ASKED = {"prompt_tokens": 600, "reply_tokens": 100, "model": "mock"}


def problem(text: str = "100") -> Problem:
    return Problem(name="number", seed=Artifact.of(text, "number.txt"), description="Grow it.")


def score(output: Any, case: Case) -> float:
    return float(output)


def counted(body: Mapping[str, Any]) -> str:
    """Add a little to the number in the last program of the request."""
    shown = re.findall(r"<PROGRAM[^>]*>\n(\S+)\n", body["messages"][1]["content"])[-1]
    more = float(shown) + Random(body["seed"]).randint(-2, 5)
    return f"More.\n<<<<<<< SEARCH\n{shown}\n=======\n{more}\n>>>>>>> REPLACE"


def plan(server: LoopbackServer, *operators: str, **changes: Any) -> Plan:
    """Ask a mock model; every operator that is not built in asks it, too."""
    settings: dict[str, Any] = {"model": "mock", "url": server.url, "attempts": 1, "deadline": 3.0}
    fields: dict[str, Any] = {
        "seed": 5,
        "budget": Budget(evaluations=20),
        "models": (Component("model", "openai", settings | changes.pop("model", {})),),
        "operators": tuple(
            Component("operator", name, dict(ASKED)) for name in operators or ("llm-diff",)
        ),
    }
    return Plan(**(fields | changes))


def run(given: Plan, path: Path, **options: Any) -> Result:
    settings: dict[str, Any] = {"score": score, "workers": 1, "journal": path, "plan": given}
    return evolve(options.pop("problem", problem()), **(settings | options))


def replayed(source: Path, path: Path) -> Replay:
    functions = ScoringFunctions((Case(),), score)
    return asyncio.run(replay_run(source, path, Runtime(workers=1, functions=functions)))


def answers(path: Path) -> Counter[str]:
    with Journal.read(path) as journal:
        return Counter(answer.ending for answer in journal.answers())


def test_a_run_with_a_model_is_made_again_bit_for_bit_without_the_server(tmp_path: Path) -> None:
    with LoopbackServer(reply=counted) as server:
        given = plan(server, "llm-diff", "llm-fix", "llm-reflect")
        first = run(given, tmp_path / "first.journal")

    again = replayed(first.journal, tmp_path / "again.journal")

    assert again.agrees
    assert again.records > 20
    assert first.score is not None
    assert first.score > 100
    assert answers(tmp_path / "again.journal") == answers(first.journal)


def test_results_taken_as_they_come_are_made_again_in_the_same_order(tmp_path: Path) -> None:
    with LoopbackServer(reply=counted, delay=0.02) as server:
        given = plan(server, "llm-diff", "llm-rewrite", mode="unordered", window=3)
        first = run(given, tmp_path / "first.journal")

    assert replayed(first.journal, tmp_path / "again.journal").agrees


def test_a_changed_prompt_says_which_request_is_unknown(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "diff.txt").write_text("You edit.\n---\n{{program}}\nGrow it, and be brief.\n")
    operator = Component("operator", "llm-diff", ASKED | {"templates": str(folder)})
    with LoopbackServer(reply=counted) as server:
        first = run(plan(server, operators=(operator,)), tmp_path / "first.journal")
    (folder / "diff.txt").write_text("You edit.\n---\n{{program}}\nGrow it, and be bold.\n")
    from telic.operators.llm._template import read_template

    read_template.cache_clear()

    with pytest.raises(ReplayError, match=r"candidate 1: .*be brief.*be bold"):
        replayed(first.journal, tmp_path / "again.journal")


def test_every_fault_of_a_server_is_recorded_and_the_run_goes_on(tmp_path: Path) -> None:
    with LoopbackServer(reply=counted, faults=FAULTS) as server:
        result = run(plan(server), tmp_path / "run.journal")

    endings = answers(result.journal)
    assert endings["complete"] >= 19
    del endings["complete"]
    assert endings == {
        "unavailable": 2,
        "timeout": 2,
        "truncated": 2,
        "malformed": 2,
        "refused": 2,
        "empty": 1,
        "rejected": 1,
    }
    with Journal.read(result.journal) as journal:
        records = list(journal.records())
        paid = sum(answer.tokens for answer in journal.answers())
    assert sum(record.candidate.cost.tokens for record in records) == paid
    assert result.summary.tokens == paid
    declined = [record.reason for record in records if record.outcome == "declined"]
    assert sum("the reply is" in reason for reason in declined) == 12


def test_an_edit_that_does_not_apply_is_sent_back_once_with_the_reason(tmp_path: Path) -> None:
    def stubborn(body: Mapping[str, Any]) -> str:
        return "<<<<<<< SEARCH\nnowhere\n=======\n1\n>>>>>>> REPLACE"

    with LoopbackServer(reply=stubborn) as server:
        given = plan(server, budget=Budget(evaluations=5, tokens=1000), window=1)
        result = run(given, tmp_path / "run.journal")

    second = server.bodies[1]["messages"]
    assert [message["role"] for message in second] == ["system", "user", "assistant", "user"]
    assert "not found" in second[3]["content"]
    with Journal.read(result.journal) as journal:
        assert "does not apply" in journal.record(1).reason
        assert journal.record(1).candidate.cost.tokens == 300


@pytest.mark.parametrize("window", [1, 8])
def test_no_more_is_overspent_than_one_reply(tmp_path: Path, window: int) -> None:
    with LoopbackServer(reply=counted, delay=0.01) as server:
        given = plan(
            server,
            budget=Budget(money=1.0),
            window=window,
            model={"price": (1000.0, 1000.0), "deadline": 5.0},
        )
        result = run(given, tmp_path / "run.journal")

    assert result.summary.money == pytest.approx(0.15 * len(server.bodies))
    assert 1.0 <= result.summary.money <= 1.0 + 0.15 + 1e-9
    assert result.summary.stop_reason == "budget: money"


@pytest.mark.parametrize("budget", [Budget(money=0.0), Budget(tokens=0)])
def test_a_budget_of_nothing_makes_no_call(tmp_path: Path, budget: Budget) -> None:
    with LoopbackServer(reply=counted) as server:
        run(plan(server, budget=budget, model={"price": (1.0, 1.0)}), tmp_path / "run.journal")

    assert server.bodies == []


def test_money_is_not_spent_on_a_model_of_unknown_price(tmp_path: Path) -> None:
    with LoopbackServer() as server:
        given = plan(
            server,
            budget=Budget(money=1.0),
            model={"url": "https://model.invalid/v1", "model": "nobody-knows"},
            operators=(Component("operator", "llm-diff", {"model": "nobody-knows"}),),
        )

    with pytest.raises(UsageError, match="price of model 'nobody-knows' is not known"):
        run(given, tmp_path / "run.journal")


def test_an_operator_needs_a_model_that_is_there(tmp_path: Path) -> None:
    with LoopbackServer() as server:
        given = plan(server, operators=(Component("operator", "llm-diff", {"model": "other"}),))

    with pytest.raises(UsageError, match=r"asks the model 'other'; models of this run: mock"):
        run(given, tmp_path / "run.journal")


SNOOP = """import os

def snoop():
    seen = [repr(dict(os.environ))]
    for name in ("self", "1", str(os.getppid())):
        try:
            seen.append(open(f"/proc/{name}/environ").read())
        except OSError as error:
            seen.append(str(error))
    return seen
"""


def test_the_key_is_in_no_journal_no_message_and_no_candidates_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TELIC_API_KEY", KEY)
    seen: list[str] = []

    def looked(output: Any, case: Case) -> float:
        return float(sum(KEY in text for text in output))

    def reply(body: Mapping[str, Any]) -> str:
        seen.append(repr(body))
        return "<<<<<<< SEARCH\n    return seen\n=======\n    return seen * 2\n>>>>>>> REPLACE"

    asked = {"model": "mock"}
    with LoopbackServer(reply=reply, faults=("rejected",)) as server:
        given = plan(
            server,
            budget=Budget(evaluations=3),
            operators=(Component("operator", "llm-diff", asked),),
        )
        nosy = Problem(name="snoop", seed=Artifact.of(SNOOP), entry="snoop")
        result = run(given, tmp_path / "run.journal", problem=nosy, score=looked)

    assert all(KEY in head for head in server.headers)
    assert result.score == 0.0
    with Journal.read(result.journal) as journal:
        stored = [answer.data for answer in journal.answers()]
        assert any(b"[key]" in data for data in stored)
        assert not any(KEY.encode() in data for data in stored)
        assert KEY not in repr(journal.header)
        assert not any(KEY in repr(record) for record in journal.records())
    assert KEY.encode() not in result.journal.read_bytes()
    assert not any(KEY in body for body in seen)
    output, errors = capfd.readouterr()
    assert KEY not in output + errors


@pytest.mark.slow
@pytest.mark.parametrize("order", ["--ordered", "--unordered"])
def test_a_killed_run_pays_for_no_answer_twice(tmp_path: Path, order: str) -> None:
    path = tmp_path / "run.journal"
    environment = os.environ | {"TELIC_API_KEY": KEY}
    with LoopbackServer(delay=0.05) as server:
        spec = f"mock@{server.url}"
        command = [sys.executable, "-m", "telic", "run", "circle-packing-26", "--quiet"]
        options = ["--operators", "llm-diff", "--model", spec, "--evaluations", "40", order]
        killed = subprocess.Popen([*command, *options, "-o", str(path)], env=environment)
        ends = time.monotonic() + 60
        while len(server.bodies) < 20 and time.monotonic() < ends:
            os.sched_yield()
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        before = answers(path).total()
        resumed = [sys.executable, "-m", "telic", "resume", str(path), "--quiet"]
        subprocess.run(resumed, env=environment, check=True, timeout=120)
        sent = len(server.bodies)
        whole = tmp_path / "whole.journal"
        subprocess.run(
            [*command, *options, "-o", str(whole)], env=environment, check=True, timeout=120
        )

    assert before > 0
    with Journal.read(path) as journal, Journal.read(whole) as other:
        keys = [answer.key for answer in journal.answers()]
        told = {record.candidate.id for record in journal.records(with_artifacts=False)}
        used = {answer.candidate for answer in list(journal.answers())[:before]}
        if order == "--ordered":
            assert journal.content_hash() == other.content_hash()
    assert len(set(keys)) == len(keys)
    assert sent - len(keys) <= 2 * 8  # asked and not answered: in flight at the two ends
    assert used <= told
