"""Notes and advice: written by models as turns of their own, used in prompts, made again."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from telic import Artifact, Budget, Component, Journal, Plan, Problem, evolve
from telic.candidate import Candidate, Evaluation, Record
from telic.engine.loop import Engine
from telic.engine.notebook import Notebook
from telic.engine.observer import Silent
from telic.engine.progress import Progress
from telic.engine.replay import replay_run
from telic.engine.run import Runtime, continue_run, recorded_plan, start_run
from telic.evaluation import ScoringFunctions
from telic.operators.llm import advice, diff, notes
from telic.scoring import Case
from telic.testing import LoopbackServer


def score(output: Any, case: Case) -> float:
    return float(output)


def answered(body: Mapping[str, Any]) -> str:
    """Play programmer, note-taker and adviser by what the prompt asks for."""
    user = body["messages"][1]["content"]
    if "Write the notes anew" in user:
        return f"Worked: adding. ({len(user)})"
    if "piece of advice" in user:
        return f"Add {body['seed'] % 97} at once."
    shown = re.findall(r"<PROGRAM[^>]*>\n(\S+)\n", user)[-1]
    more = float(shown) + Random(body["seed"]).randint(-2, 5)
    return f"More.\n<<<<<<< SEARCH\n{shown}\n=======\n{more}\n>>>>>>> REPLACE"


def run(server: LoopbackServer, path: Path, evaluations: int, **changes: Any) -> Path:
    settings = {"model": "mock", "url": server.url, "attempts": 1}
    asked = {"model": "mock", "reply_tokens": 100}
    plan = Plan(
        seed=3,
        budget=Budget(evaluations=evaluations),
        models=(Component("model", "openai", settings),),
        operators=(
            Component("operator", "llm-diff", asked),
            Component("operator", "llm-notes", asked | {"every": 5}),
            Component("operator", "llm-advice", asked | {"every": 8}),
        ),
        **({"window": 3} | changes.pop("plan", {})),
    )
    problem = Problem(name="number", seed=Artifact.of("100", "number.txt"), description="Grow it.")
    evolve(problem, score=score, workers=1, journal=path, plan=plan, **changes)
    return path


def records(path: Path) -> list[Record]:
    with Journal.read(path) as journal:
        return list(journal.records())


@pytest.mark.parametrize("mode", ["ordered", "unordered"])
def test_a_run_with_notes_and_advice_is_made_again(tmp_path: Path, mode: str) -> None:
    with LoopbackServer(reply=answered) as server:
        path = run(server, tmp_path / "run.journal", 40, plan={"mode": mode})
        prompts = [body["messages"][1]["content"] for body in server.bodies]

    runtime = Runtime(workers=1, functions=ScoringFunctions((Case(),), score))
    again = asyncio.run(replay_run(path, tmp_path / "again.journal", runtime))

    told = Counter((r.candidate.operator, r.outcome) for r in records(path))
    assert told["notes@mock", "noted"] >= 5
    assert told["advice@mock", "noted"] >= 3
    assert again.agrees
    edits = [prompt for prompt in prompts if "SEARCH" in prompt]
    assert not any("Worked: adding" in prompt for prompt in edits[:4])
    assert "Worked: adding" in edits[-1]
    assert any(re.search(r"^Advice: Add \d+ at once", prompt, re.MULTILINE) for prompt in edits)


def test_what_a_note_costs_is_booked_and_it_takes_no_evaluation(tmp_path: Path) -> None:
    with LoopbackServer(reply=answered) as server:
        path = run(server, tmp_path / "run.journal", 30)

    found = records(path)
    noted = [record for record in found if record.outcome == "noted"]
    assert all(record.candidate.cost.tokens > 0 and record.evaluation is None for record in noted)
    assert sum(record.evaluation is not None for record in found) == 30
    used = {record.advice for record in found if record.candidate.operator == "diff@mock"}
    adviser = {r.candidate.id for r in noted if r.candidate.operator == "advice@mock"}
    assert used <= adviser | {0}
    assert used & adviser


class Stopper(Silent):
    """Ends a run after some records, without waiting for what is in flight."""

    def __init__(self, after: int) -> None:
        self.after = after
        self.engine: Engine | None = None

    def found(self, engine: Engine) -> None:
        self.engine = engine

    def told(self, record: Record, progress: Progress, *, is_best: bool) -> None:
        if progress.told == self.after and self.engine is not None:
            self.engine.stop()
            self.engine.stop()


@pytest.mark.parametrize("after", [8, 13, 21, 26])
def test_a_run_that_was_interrupted_goes_on_with_its_notes(tmp_path: Path, after: int) -> None:
    path, stopper = tmp_path / "run.journal", Stopper(after)
    functions = ScoringFunctions((Case(),), score)
    runtime = Runtime(workers=1, functions=functions, observer=stopper, on_engine=stopper.found)
    with LoopbackServer(reply=answered) as server:
        whole = run(server, tmp_path / "whole.journal", 35)
        with Journal.read(whole) as journal:
            plan, given = recorded_plan(journal), journal.header.problem
        asyncio.run(start_run(given, plan, path, runtime))
        with Journal.resume(path) as journal:
            stopped = journal.count()
            asyncio.run(continue_run(journal, plan, Runtime(workers=1, functions=functions)))

    assert stopped < 30
    with Journal.read(path) as parts, Journal.read(whole) as other:
        assert parts.content_hash() == other.content_hash()


def told(identity: int, fitness: float | None, used: int | None, parent: int = 0) -> Record:
    evaluation = Evaluation(feasible=fitness is not None)
    candidate = Candidate(identity, Artifact.of("x"), parents=(parent,), operator="diff@m")
    return Record(candidate, "evaluated", evaluation, fitness, advice=used)


def notebook() -> Notebook:
    book = Notebook([diff(model="m"), advice(model="m", every=4), notes(model="m", every=3)])
    seed = Candidate(0, Artifact.of("x"))
    book.tell(Record(seed, "evaluated", Evaluation(feasible=True), 1.0), is_best=True)
    return book


def written(identity: int, operator: str, text: str) -> Record:
    return Record(Candidate(identity, Artifact.of("x"), operator=operator), "noted", reason=text)


def test_a_chore_is_due_after_so_many_candidates_and_once_at_a_time() -> None:
    book = notebook()
    for i in range(1, 4):
        assert book.due() is None
        book.tell(told(i, 0.0, None), is_best=False)
    due = book.due()
    assert due is not None
    assert due.name == "notes@m"

    book.opened("notes@m")
    assert book.due() is None
    book.tell(written(4, "notes@m", "Nothing worked."), is_best=False)

    assert book.due() is None
    assert book.page("diff@m", partial(Random, 0)).notes == "Nothing worked."
    assert book.page("constants", partial(Random, 0)).notes == ""


def test_advice_that_brings_gains_is_drawn_more_often() -> None:
    book = notebook()
    book.tell(written(1, "advice@m", "Do well."), is_best=False)
    for i in range(2, 40):
        good = i % 2 == 0
        book.tell(told(i, 1.0 + i if good else 0.5, 1 if good else 0), is_best=False)

    pages = [book.page("diff@m", partial(Random, i)) for i in range(200)]

    drawn = Counter(page.advice.id for page in pages if page.advice is not None)
    assert drawn[1] > 180
    assert pages[0].archive[1].tries == 19
    assert pages[0].archive[1].mean > pages[0].archive[0].mean


def test_the_archive_stays_small_and_keeps_what_works() -> None:
    book = notebook()
    book.tell(written(1, "advice@m", "Best."), is_best=False)
    book.tell(told(2, 5.0, 1), is_best=False)
    for i in range(3, 30):
        book.tell(written(i, "advice@m", f"Number {i}."), is_best=False)

    archive = book.page("diff@m", partial(Random, 0)).archive

    assert len(archive) == 9
    assert [each.id for each in archive[:2]] == [0, 1]
    assert archive[-1].id == 29


def test_every_must_be_positive() -> None:
    with pytest.raises(ValueError, match="every must be 1 or more"):
        notes(model="m", every=0)
