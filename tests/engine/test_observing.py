"""Programs are run without being scored, and a critic chooses by what they did."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest

from telic.artifact import Artifact
from telic.budget import Budget
from telic.component import Component
from telic.critics import behaviour_of
from telic.engine.evolve import evolve
from telic.engine.load import load_problem
from telic.engine.observing import check_observable, observe, observed
from telic.engine.plan import Plan
from telic.errors import UsageError
from telic.evaluation import Pool
from telic.evaluation.bench import Bench, BenchError
from telic.journal import Journal

OPERATORS = ("constants", "expressions", "swaps")


def plan_of(seed: int, evaluations: int, critic: Component | None) -> Plan:
    return Plan(
        seed=seed,
        budget=Budget(evaluations=evaluations),
        operators=tuple(Component("operator", name) for name in OPERATORS),
        critic=critic,
        window=4,
    )


class TwoCases:
    """A bench whose programs return a word of their text for each case, or fail."""

    def outputs(self, artifact: Artifact, seed: int) -> tuple[list[float], ...]:
        if artifact.text == "broken":
            raise BenchError("exception: it is broken")
        return tuple([float(word), float(seed)] for word in artifact.text.split())


class InProcess:
    """A pool that runs the routine at once."""

    async def run(self, function: str, arguments: dict[str, Any]) -> dict[str, Any]:
        assert function.endswith(":observe")
        return observe(arguments, cast("Bench", TwoCases()))


def test_each_program_gets_its_behaviour_in_order() -> None:
    programs = [Artifact.of(text) for text in ("1", "broken", "2", "1")]

    seen = asyncio.run(observed(cast("Pool", InProcess()), programs, 7))

    assert [bool(each.failure) for each in seen] == [False, True, False, False]
    assert seen[0] == seen[3]
    assert seen[0].digest != seen[2].digest


def test_programs_that_differ_in_a_later_case_alone_are_told_apart() -> None:
    programs = [Artifact.of(text) for text in ("1 2", "1 3", "1")]

    seen = asyncio.run(observed(cast("Pool", InProcess()), programs, 7))

    assert len({each.digest for each in seen}) == 3
    assert seen[2] == behaviour_of([1.0, 7.0])


@pytest.mark.parametrize("name", ["triangle-density", "nguyen-1"])
def test_problems_with_an_entry_can_be_observed(name: str) -> None:
    check_observable(load_problem(name))


def test_a_text_cannot_be_run() -> None:
    import msgspec

    problem = msgspec.structs.replace(load_problem("triangle-density"), entry="")

    with pytest.raises(UsageError, match="without scoring"):
        check_observable(problem)


def test_a_run_by_behaviour_holds_what_was_seen_and_can_be_made_again(tmp_path: Path) -> None:
    plan = plan_of(4, 100, Component("critic", "behaviour", {"proposals": 4}))
    problem = load_problem("triangle-density")
    kept: list[list[object]] = []
    for workers in (1, 2):
        path = tmp_path / f"{workers}.db"
        run = evolve(problem, plan=plan, workers=workers, journal=path)
        with Journal.read(path) as journal:
            records = list(journal.records())
        kept.append([(r.candidate.artifact, r.prediction, r.fitness) for r in records])
        screening = run.summary.screening

    assert kept[0] == kept[1]
    said = [record.prediction for record in records if record.prediction]
    assert all(prediction.behaviour is not None for prediction in said)
    assert {prediction.decision for prediction in said} >= {"unknown", "wanted"}
    assert screening is not None
    assert "choices among" in screening.sentence()


def test_a_critic_without_a_say_changes_nothing(tmp_path: Path) -> None:
    never = {"model": "behaviour", "learn": 1000}
    tried: list[list[object]] = []
    for number, critic in enumerate((None, Component("critic", "shuffled", never))):
        plan = plan_of(5, 20, critic)
        path = tmp_path / f"{number}.db"
        evolve(load_problem("triangle-density"), plan=plan, workers=1, journal=path)
        with Journal.read(path) as journal:
            tried.append([(r.candidate.artifact, r.fitness) for r in journal.records()])

    assert tried[0] == tried[1]


def test_what_is_settled_takes_no_evaluation_even_before_the_critic_knows_anything(
    tmp_path: Path,
) -> None:
    plan = plan_of(6, 25, Component("critic", "behaviour", {"learn": 1000}))
    path = tmp_path / "run.db"
    evolve(load_problem("moving-sofa"), plan=plan, workers=1, journal=path)
    with Journal.read(path) as journal:
        records = list(journal.records())

    skipped = [r for r in records if r.outcome == "skipped"]
    assert skipped
    assert all(r.prediction is not None and r.prediction.settled for r in skipped)
    assert not any(r.evaluation for r in skipped)
